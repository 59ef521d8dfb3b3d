"""The keys whose stays last, in memory and in the journal: which order joins which, and what can be cancelled.

A row goes to the disk with its order's outcome. Holds no guest; forgets a key a day after its end. Never are two
keys of a stay both its first: the later of two that are wanted at the same time waits for the other.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

import msgspec
import trio

from agent.commands.driver import KeyJob
from agent.commands.issued import CARD_PERHAPS, IssuedKey, is_of_stay, issued

_DAY = 24 * 3600  # s
_STANDARD_STAY = 60 * _DAY  # s; for a key that ends as the lock system's stays do: longer than any


class IssuedKeys:
    """`keep` takes a row for the next commit, `at` gives Unix seconds by Mews' clock, `servers` the hops of the
    file's lock systems: the keys of one that it has no longer, or by another name, count for all.
    """

    def __init__(
        self,
        keep: Callable[[IssuedKey], None],
        at: Callable[[], int],
        servers: Callable[[], AbstractSet[str]],
    ) -> None:
        self._keep, self._at, self._servers = keep, at, servers
        self._keys: dict[str, IssuedKey] = {}
        self._leaving: dict[str, IssuedKey] = {}  # over, and Mews still has their numbers
        self.on_change: Callable[[], None] = lambda: None  # hears that there are other keys now
        self._firsts: dict[str, tuple[IssuedKey, trio.Event]] = {}  # being made, by their orders

    def remember(self, keys: Iterable[IssuedKey]) -> None:
        """What the journal had; keys of this run are newer."""
        kept = tuple(keys)
        self._keys = {key.id: key for key in kept if not key.over} | self._keys
        self._leaving |= {key.id: key for key in kept if key.over}
        self.on_change()

    def joins(self, server: str, job: KeyJob) -> bool:
        """Whether the guests that this is for have a key of that lock system already."""
        now, others = self._at(), self._servers() - {server}
        return any(
            is_of_stay(key, job) and key.server not in others and _last(key) > now for key in self._keys.values()
        )

    def first_ahead(self, server: str, job: KeyJob) -> trio.Event | None:
        """The end of the stay's first key, which is being made: until then no other of it may begin."""
        firsts = self._firsts.values()
        return next((end for key, end in firsts if key.server == server and is_of_stay(key, job)), None)

    @contextmanager
    def first(self, order_id: str, server: str, job: KeyJob) -> Iterator[None]:
        """While the first key of a stay is made."""
        end = trio.Event()
        self._firsts[order_id] = issued(order_id, server, job, "", 0), end
        try:
            yield
        finally:
            del self._firsts[order_id]
            end.set()

    def add(self, order_id: str, server: str, job: KeyJob, key: str) -> None:
        """A key was made; `key` is what the lock system calls it."""
        made = issued(order_id, server, job, key, self._at())
        self._keys[made.id] = made
        self._keep(made)
        self.on_change()

    def of_room(self, room: str) -> tuple[IssuedKey, ...]:
        """The keys for a room that can be cancelled, the newest first."""
        return tuple(key for key in reversed(self._keys.values()) if key.key and key.opens(room))

    def of_order(self, id: str) -> tuple[IssuedKey, ...]:
        """The keys of an order that can be cancelled, the first one first."""
        return tuple(key for key in self._keys.values() if key.key and key.is_of_order(id))

    def of_stay(self, reservation: str) -> tuple[IssuedKey, ...]:
        """The keys of a stay that can be cancelled."""
        return tuple(key for key in self._keys.values() if key.key and key.reservation == reservation)

    def end(self, id: str) -> None:
        """It was cancelled."""
        key = self._keys.pop(id, None)
        if key is None:
            return
        over = msgspec.structs.replace(key, over=max(1, self._at()))
        self._keep(over)
        if over.card:
            self._leaving[id] = over
            self.on_change()

    @property
    def unnumbered(self) -> tuple[IssuedKey, ...]:
        """Those of a reservation with a number of their own and an end, which Mews was not surely told."""
        return tuple(
            key
            for key in self._keys.values()
            if key.key and key.reservation and key.end and key.card in ("", CARD_PERHAPS)
        )

    @property
    def leaving(self) -> tuple[IssuedKey, ...]:
        """Those that are over, and whose numbers Mews still has, or may have."""
        return tuple(self._leaving.values())

    def heir(self, over: IssuedKey) -> IssuedKey | None:
        """A good key of the same stay with the same number, such as the same card cut once more."""
        good = self._keys.values()
        return next((key for key in good if (key.reservation, key.key) == (over.reservation, over.key)), None)

    def numbering(self, id: str) -> bool:
        """Mews is about to be told its number, which from now on has to be taken back. False: it is over."""
        if id not in self._keys:
            return False
        self.numbered(id, CARD_PERHAPS)
        return True

    def numbered(self, id: str, card: str) -> None:
        """Mews has its number, and calls it `card`; "": no more."""
        keys = self._keys if id in self._keys else self._leaving
        if id not in keys:
            return
        key = keys[id] = msgspec.structs.replace(keys[id], card=card)
        self._keep(key)
        if key.is_over:
            del self._leaving[id]

    def look(self) -> None:
        """Forget those that ended long ago."""
        now = self._at()
        for id in [key.id for key in self._keys.values() if _last(key) + _DAY < now]:
            self.end(id)


def _last(key: IssuedKey) -> int:
    """When it stops to open its doors, as far as that is known."""
    return key.end or key.made + _STANDARD_STAY
