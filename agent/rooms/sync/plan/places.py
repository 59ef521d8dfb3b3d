"""Where a stay is: which rooms of the room management a room or a bed of Mews stands for.

Of a reservation its id, its rooms and its state are kept, nothing else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from agent.commands.routing import Door
from agent.foundation.reading.text import plain
from agent.mews.records import Space, SpaceKind, Stay, StayState

_NUMBER = 160  # characters; no lock id of an order has more than 80


class Place(msgspec.Struct, frozen=True):
    """What people call it, and its rooms at the room management; none where the file maps it to none."""

    name: str
    rooms: tuple[str, ...]


class Sighting(msgspec.Struct, frozen=True):
    """A stay as Mews has it: in house or not (None: in a state that this version does not know), in which rooms.

    `moment` (Unix seconds) is when that last changed, as far as Mews tells, `end` when one that is in house will
    leave by plan; `unmapped` is the name of a room that the room management has no name for, `is_new_space`: what
    its room is, Mews' lists did not say yet.
    """

    stay: str
    is_in: bool | None
    rooms: tuple[str, ...] = ()
    moment: float = 0.0
    unmapped: str = ""
    is_new_space: bool = False
    end: float | None = None


class Places:
    """The rooms and beds of Mews by their ids. `doors` are the file's by lock id, `rms_name` what the room
    management calls a room of the lock system."""

    def __init__(self, spaces: Iterable[Space], doors: Mapping[str, Door], rms_name: Callable[[str], str]) -> None:
        self._spaces = {space.id: space for space in spaces}
        self._doors, self._rms_name = doors, rms_name
        self._places = {space.id: self._place(space) for space in self._spaces.values()}

    def find(self, space_id: str) -> Place | None:
        """The place of a room or bed, or of what is neither (without a name); None for one that is not known."""
        return self._places.get(space_id)

    def _place(self, space: Space) -> Place | None:
        if not is_sure(space):
            return None
        if space.kind is SpaceKind.OTHER:
            return Place("", ())
        rooms = self._rooms(space)
        return None if rooms is None else Place(plain(space.number, _NUMBER) or space.id, rooms)

    def _rooms(self, space: Space) -> tuple[str, ...] | None:
        """Of a bed those of the room that it stands in, unless the file says by `rms` what is meant; None where
        that room is not known."""
        number = plain(space.number, _NUMBER)
        door = self._doors.get(number, Door((number,) if number else ()))
        names = tuple(dict.fromkeys(self._rms_name(room) for room in door.rooms))
        if space.kind is not SpaceKind.BED or not space.parent or set(names) - set(door.rooms):
            return names
        parent = self._spaces.get(space.parent)
        if parent is None or not is_sure(parent):
            return None
        return self._rooms(parent) if parent.kind is SpaceKind.ROOM else names


def is_sure(space: Space) -> bool:
    """Whether Mews has said what it is: a list of categories with a gap makes of a room what is neither."""
    return space.kind is not SpaceKind.OTHER or bool(space.category)


def completed(now: Iterable[Space], before: Iterable[Space]) -> tuple[Space, ...]:
    """The spaces of a list, and of those before what it does not tell: what is missing once is no less there."""
    known = {space.id: space for space in before}
    known.update({space.id: space for space in now if is_sure(space) or space.id not in known})
    return tuple(known.values())


def sightings(stays: Iterable[Stay], places: Places) -> Iterator[Sighting]:
    """What the reservations say of rooms; the newest of those that stand there twice comes last."""
    for stay in sorted(stays, key=lambda stay: stay.updated.timestamp() if stay.updated else 0.0):
        yield _sighting(stay, places)


def _sighting(stay: Stay, places: Places) -> Sighting:
    if stay.state is StayState.UNKNOWN:
        return Sighting(stay.id, None)
    is_in = stay.state is StayState.STARTED
    moment = (stay.updated or (stay.start if is_in else stay.end)).timestamp()
    if not is_in:
        return Sighting(stay.id, is_in, moment=moment)
    place, end = places.find(stay.space) if stay.space else Place("", ()), stay.end.timestamp()
    if place is None:
        return Sighting(stay.id, is_in, (), moment, plain(stay.space, _NUMBER), is_new_space=True, end=end)
    return Sighting(stay.id, is_in, place.rooms, moment, "" if place.rooms else place.name, end=end)
