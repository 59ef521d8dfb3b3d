"""Rooms and lock ids against the doors that the lock systems list: what each opens, and what is left over.

An order names a lock id, which is a room's number in Mews; one that [doors] has not is the room of that name.
A key is made at one lock system, so that one has to know all of its rooms.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from agent.foundation.reading.text import plain, quoted
from agent.mews.records import Space, SpaceKind, Spaces
from agent.rooms.audit.findings import Finding, LockList, Proposal, Subject
from agent.rooms.audit.proposals import door_line
from provisioning.model import Door
from provisioning.rules.doors import LOCK_CHARACTERS, rooms_of

_SHOWN = 80  # characters of a name in a sentence


def door_findings(
    doors: Mapping[str, Door], locks: Sequence[LockList], spaces: Spaces | None
) -> Iterator[Finding]:
    """What is wrong with rooms and lock ids. Without a lock system, or without Mews' rooms, less can be told."""
    if not locks:
        return
    rooms = {} if spaces is None else by_number(spaces)
    look = _Look(doors, locks, rooms)
    yield from look.unopened()
    if spaces is not None:
        yield from look.unnamed(spaces)
        yield from look.idle()


def is_room(space: Space) -> bool:
    """Whether it counts: a room or a bed that is sold."""
    return space.is_active and space.kind in (SpaceKind.ROOM, SpaceKind.BED)


def lock_id(space: Space) -> str:
    """What an order calls it."""
    return plain(space.number, _SHOWN * 2)


def by_number(spaces: Spaces) -> dict[str, Space]:
    """The rooms and beds that count by what an order calls them, the first of each."""
    found: dict[str, Space] = {}
    for space in filter(is_room, spaces.spaces):
        if lock_id(space):
            found.setdefault(lock_id(space), space)
    return found


class _Look:
    """The lock ids of `rooms` and of the file's `doors`, and what the lock systems list."""

    def __init__(self, doors: Mapping[str, Door], locks: Sequence[LockList], rooms: Mapping[str, Space]) -> None:
        self._doors, self._rooms = doors, rooms
        self._lists = [frozenset(lock.doors) for lock in locks if lock.doors is not None]
        self._is_all_told = len(self._lists) == len(locks)
        self._numbers = {space.id: number for number, space in rooms.items()}
        self._ids = tuple(dict.fromkeys([*rooms, *(id for id, door in doors.items() if rooms_of(door))]))
        self._good = {id for id in self._ids if self._is_known(self._opens(id))}
        used = set(chain.from_iterable(self._opens(id) for id in self._good))
        self._unused = frozenset(chain.from_iterable(self._lists)) - used
        self._wanted = Counter(_form(room) for id in self._ids if id not in self._good for room in self._opens(id))
        self._proposed: set[str] = set()

    def unopened(self) -> Iterator[Finding]:
        """Lock ids that open nothing, as far as the lists tell."""
        if not self._is_all_told:
            return
        for id in self._ids:
            if id not in self._good:
                subject = Subject.ROOM if id in self._rooms else Subject.DOOR
                yield Finding(subject, id, self._sentence(id), self._proposal(id))

    def unnamed(self, spaces: Spaces) -> Iterator[Finding]:
        """Rooms of Mews that no order can name."""
        for space in filter(is_room, spaces.spaces):
            if not lock_id(space):
                yield Finding(
                    Subject.ROOM, space.id, f"The room {space.id} has no number in Mews: no order names it."
                )

    def idle(self) -> Iterator[Finding]:
        """Lock ids of the file, and doors of the lock systems, that lead to no room of Mews."""
        told = self._good if self._is_all_told else self._ids
        for id in self._doors:
            if id in told and id not in self._rooms:
                sentence = f"The file lists the lock id {_named(id)}, and Mews has no such room that is sold."
                yield Finding(Subject.IDLE_LOCK_ID, id, sentence)
        for name in self._unused - self._proposed:
            sentence = f"A lock system lists the door {_named(name)}, and no room of Mews opens it."
            yield Finding(Subject.IDLE_DOOR, name, sentence)

    def _opens(self, id: str) -> tuple[str, ...]:
        """The rooms of a lock id, in the lock system's words; () for one that opens an area alone."""
        return rooms_of(self._doors[id]) if id in self._doors else (id,)

    def _is_known(self, rooms: Sequence[str]) -> bool:
        return any(listed.issuperset(rooms) for listed in self._lists)

    def _sentence(self, id: str) -> str:
        if len(id) > LOCK_CHARACTERS:
            return f"No key could be cut for {_named(id)}: its number in Mews is too long for an order to name it."
        missing = [room for room in self._opens(id) if not self._is_known((room,))]
        why = (
            f"no lock system lists {' or '.join(map(_named, missing))}"
            if missing
            else ("no one lock system lists all of its rooms")
        )
        if id not in self._rooms:
            return f"The lock id {_named(id)} of the file opens nothing: {why}."
        what = "bed" if self._rooms[id].kind is SpaceKind.BED else "room"
        return f"No key could be cut for {what} {_named(id)}: {why}."

    def _proposal(self, id: str) -> Proposal | None:
        door = self._renamed(id) or self._parents(id)
        proposal = None if door is None else door_line(id, door, is_there=id in self._doors)
        if door is not None and proposal is not None:
            self._proposed.update(rooms_of(door))
        return proposal

    def _renamed(self, id: str) -> Door | None:
        """The same door, by the names that a lock system surely means by them."""
        rooms = self._opens(id)
        for listed in self._lists:
            names = [room if room in listed else self._alike(room, listed) for room in rooms]
            door = _with_rooms(self._doors.get(id, Door()), names)
            if all(names) and self._agrees(door):
                return door
        return None

    def _agrees(self, door: Door) -> bool:
        """Whether the room management calls its rooms as other doors of the file say."""
        others = (other.rms for other in self._doors.values() if set(rooms_of(other)) & set(rooms_of(door)))
        return not door.rms or all(rms in (None, door.rms) for rms in others)

    def _alike(self, room: str, listed: frozenset[str]) -> str:
        """The one unused name of a list that is written a little differently; "" if there is none, or if several
        rooms or names would fit."""
        form = _form(room)
        found = [name for name in listed & self._unused if _form(name) == form]
        return found[0] if form and len(found) == 1 and self._wanted[form] == 1 else ""

    def _parents(self, id: str) -> Door | None:
        """The door of the room that a bed stands in."""
        space = self._rooms.get(id)
        parent = self._numbers.get(space.parent) if space and space.kind is SpaceKind.BED else None
        if parent is None:
            return None
        return self._doors.get(parent, Door(room=parent)) if parent in self._good else self._renamed(parent)


def _with_rooms(door: Door, names: Sequence[str]) -> Door:
    if len(names) == 1:
        return msgspec.structs.replace(door, room=names[0], rooms=())
    return msgspec.structs.replace(door, rooms=tuple(names))


_WORDS = ("room", "zimmer", "chambre", "camera", "habitacion", "door", "zi", "rm")  # in front of a number


def _form(name: str) -> str:
    """What is left of a name without the ways in which people write the same one: "Zimmer 0101" is "101"."""
    letters = "".join(each for each in name.casefold() if each.isalnum())
    for word in _WORDS:
        if letters.startswith(word) and letters.removeprefix(word).isdigit():
            letters = letters.removeprefix(word)
    return letters.lstrip("0")


def _named(name: str) -> str:
    return quoted(plain(name, _SHOWN))
