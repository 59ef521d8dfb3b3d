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
from agent.commands.issued import IssuedKey, is_of_stay, issued

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
        self._firsts: dict[str, tuple[IssuedKey, trio.Event]] = {}  # being made, by their orders

    def remember(self, keys: Iterable[IssuedKey]) -> None:
        """What the journal had; keys of this run are newer."""
        self._keys = {key.id: key for key in keys} | self._keys

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

    def of_room(self, room: str) -> tuple[IssuedKey, ...]:
        """The keys for a room that can be cancelled, the newest first."""
        return tuple(key for key in reversed(self._keys.values()) if key.key and key.opens(room))

    def of_order(self, id: str) -> tuple[IssuedKey, ...]:
        """The keys of an order that can be cancelled, the first one first."""
        return tuple(key for key in self._keys.values() if key.key and key.is_of_order(id))

    def end(self, id: str) -> None:
        """It was cancelled."""
        key = self._keys.pop(id, None)
        if key is not None:
            self._keep(msgspec.structs.replace(key, over=max(1, self._at())))

    def look(self) -> None:
        """Forget those that ended long ago."""
        now = self._at()
        for id in [key.id for key in self._keys.values() if _last(key) + _DAY < now]:
            self.end(id)


def _last(key: IssuedKey) -> int:
    """When it stops to open its doors, as far as that is known."""
    return key.end or key.made + _STANDARD_STAY
