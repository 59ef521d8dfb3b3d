"""Who is in which room, as Mews has told so far.

Absence is no departure: a stay leaves its rooms when Mews says that it has ended, or that it is in another one.
A list with gaps would else check the whole hotel out, and cancel the keys of guests in house. One that Mews no
longer knows is gone a week after its planned end, and only by a list that is whole and has most of the others.
"""

from collections.abc import Collection, Iterable, Iterator

from agent.rooms.sync.plan.places import Sighting

MARGIN_SECONDS = 7 * 86400.0  # s; after the planned end: longer than guests stay on without a new plan
NOT_LISTED = "Mews does not list the guest"
NO_ROOM = "Mews does not tell the guest's room"


class House:
    """The stays in house by room, and back."""

    def __init__(self) -> None:
        self._stays: dict[str, tuple[str, ...]] = {}  # stay -> its rooms
        self._rooms: dict[str, dict[str, None]] = {}  # room -> its stays, in the order of their arrival
        self._absent: set[str] = set()  # stays that Mews has not told of, or tells of no more
        self._adrift: set[str] = set()  # stays in a room that is not known: they are where they were
        self._ends: dict[str, float] = {}  # stay -> its planned end, Unix seconds
        self._unmapped: dict[str, str] = {}  # stay -> the room that has no name at the room management

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Taken rooms that the room management has no name for."""
        return tuple(sorted(set(self._unmapped.values())))

    @property
    def taken(self) -> int:
        """How many rooms are taken."""
        return len(self._rooms)

    @property
    def held(self) -> dict[str, str]:
        """The rooms that are kept as they were because Mews' lists have gaps, and which."""
        why = dict.fromkeys(self._absent, NOT_LISTED) | dict.fromkeys(self._adrift, NO_ROOM)
        return dict(sorted((room, words) for stay, words in why.items() for room in self.rooms_of(stay)))

    def is_held(self, room: str) -> bool:
        """Whether Mews does not tell of any who are in it."""
        return self._absent.issuperset(self.stays_in(room))

    def end_of(self, stay: str) -> float | None:
        """Its planned end, Unix seconds; None where it is not known."""
        return self._ends.get(stay)

    def stays_in(self, room: str) -> tuple[str, ...]:
        """Those who are in it."""
        return tuple(self._rooms.get(room, ()))

    def rooms_of(self, stay: str) -> tuple[str, ...]:
        """Where they are."""
        return self._stays.get(stay, ())

    def put(self, stay: str, rooms: Collection[str]) -> set[str]:
        """They are in these rooms and no others; the rooms for which that is news."""
        before = self._stays.pop(stay, ())
        for room in before:
            del self._rooms[room][stay]
        for room in rooms:
            self._rooms.setdefault(room, {})[stay] = None
        if rooms:
            self._stays[stay] = tuple(rooms)
        for room in before:
            if not self._rooms[room]:
                del self._rooms[room]
        return set(before) ^ set(rooms)

    def remember(self, stay: str, room: str) -> None:
        """They were in it before a restart."""
        self.put(stay, {*self.rooms_of(stay), room})
        self._absent.add(stay)

    def see(self, sightings: Iterable[Sighting]) -> Iterator[tuple[str, float]]:
        """Take over what changed; each room for which something did, and when."""
        for seen in sightings:
            is_back = seen.stay in self._absent
            self._absent.discard(seen.stay)
            if seen.is_in is None:
                continue
            self._forget(seen.stay)
            if seen.end is not None:
                self._ends[seen.stay] = seen.end
            if seen.is_in and not seen.rooms:
                self._leave_where_it_was(seen)
                continue
            news = self.put(seen.stay, seen.rooms)
            for room in news.union(seen.rooms if is_back else ()):
                yield room, seen.moment

    def _leave_where_it_was(self, seen: Sighting) -> None:
        was_in = self.rooms_of(seen.stay)
        if was_in:
            self._adrift.add(seen.stay)
        if seen.unmapped and not (was_in and seen.is_new_space):
            self._unmapped[seen.stay] = seen.unmapped

    def lacking(self, listed: Collection[str]) -> tuple[str, ...]:
        """Those in house who are not among these."""
        return tuple(sorted(self._all - set(listed)))

    def miss(
        self, listed: Collection[str], found: Collection[str], now: float, *, is_whole: bool
    ) -> Iterator[str]:
        """A whole look is over, and has listed these stays and `found` others by themselves.

        The rooms of those who are surely gone; `now` in Unix seconds.
        """
        everyone = self._all
        self._absent = everyone - set(listed) - set(found)
        if not (is_whole and _has_most(len(everyone), len(everyone & set(listed)), bool(listed))):
            return
        for stay in sorted(self._absent):
            if now >= self._ends.setdefault(stay, now) + MARGIN_SECONDS:
                self._forget(stay)
                self._absent.discard(stay)
                yield from self.put(stay, ())

    @property
    def _all(self) -> set[str]:
        return self._stays.keys() | self._unmapped.keys()

    def _forget(self, stay: str) -> None:
        self._unmapped.pop(stay, None)
        self._ends.pop(stay, None)
        self._adrift.discard(stay)


def _has_most(everyone: int, listed: int, has_any: bool) -> bool:
    """Whether a list that lacks one of them has most of the others, and anything at all."""
    return has_any and (everyone == 1 or 2 * listed > everyone - 1)
