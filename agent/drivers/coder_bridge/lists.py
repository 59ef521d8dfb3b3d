"""The lists of the Coder Bridge: checkout times and special areas, read when first needed and then kept for hours.

Never fetched for each key (the vendor's text asks for that), and never in a key's way: what cannot be read is a
warning, and the key goes on without it. Facts: reference/coder-bridge.md, sections 1 and 2 (rows 3 and 4).
"""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import trio
from msgspec import Struct

from agent.commands.driver import LockArea, LockTime
from agent.drivers.coder_bridge.bridge import Bridge
from agent.drivers.coder_bridge.bridge_faults import BridgeFaults
from agent.drivers.coder_bridge.protocol import lists, verdicts, wire
from agent.drivers.coder_bridge.protocol.objections import Rules
from agent.drivers.coder_bridge.protocol.session import NoList
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.foundation.errors import CallFailed, NoAnswer

RETRY_SECONDS = 300.0  # s; a list that could not be read holds up no key for as long
_JUST_READ_SECONDS = 60.0  # s; before a key is refused for an area, an older list is read once more
_TIMES, _AREAS = "checkout times", "special areas"
Row = TypeVar("Row", bound=Struct)


class BridgeLists:
    """Both lists of one bridge. `clock` gives monotonic seconds; while not `active` nothing is sent."""

    def __init__(
        self, bridge: Bridge, rules: Rules, faults: BridgeFaults, clock: Callable[[], float], *, active: bool
    ) -> None:
        self._bridge, self._rules, self._faults, self._active = bridge, rules, faults, active
        seconds = rules.profile.limits.lists_seconds.value
        self.times = Kept(self._times, seconds, clock)
        self.areas = Kept(self._areas, seconds, clock)

    def permit(self, slot: Slot, what: str) -> None:
        """Raise `NoList` where this list may not be asked for."""
        if not self._active:
            raise NoList("the link to the lock system is switched off on this box")
        if not self._rules.may_ask(slot):
            raise NoList(f"how this lock system is asked for its {what} has not been confirmed yet")

    async def _times(self) -> tuple[LockTime, ...]:
        profile = self._rules.profile

        def read(body: bytes) -> tuple[LockTime, ...] | None:
            return lists.times(body, profile.lists.checkout_times, profile.answers)

        return await self._ask(Slot.CONFIG_CHECKOUT_TIMES, _TIMES, read)

    async def _areas(self) -> tuple[LockArea, ...]:
        profile = self._rules.profile

        def read(body: bytes) -> tuple[LockArea, ...] | None:
            return lists.areas(body, profile.lists.special_areas, profile.answers)

        return await self._ask(Slot.CONFIG_SPECIAL_AREAS, _AREAS, read)

    async def _ask(
        self, slot: Slot, what: str, read: Callable[[bytes], tuple[Row, ...] | None]
    ) -> tuple[Row, ...]:
        self.permit(slot, what)
        short = self._rules.profile.limits.short_seconds.value
        try:
            said = await self._bridge.ask(slot, {}, deadline=short, cap=wire.ROOMS_CAP)
            rows = verdicts.listed(said.status, said.reading, read(said.body), self._bridge.clean)
        except (NoAnswer, NoList) as error:  # other trouble is told by whatever is asked next
            self._faults.list_unread(what, error)
            raise
        self._faults.list_read(what)
        return tuple(map(self._bridge.clean_row, rows))


class Kept(Generic[Row]):
    """One list with its age: `ask` reads it, after `seconds` it is too old for a key."""

    def __init__(
        self, ask: Callable[[], Awaitable[tuple[Row, ...]]], seconds: float, clock: Callable[[], float]
    ) -> None:
        self._ask, self._seconds, self._clock = ask, seconds, clock
        self._rows: tuple[Row, ...] = ()
        self._read_at = self._failed_at = -float("inf")
        self._lock = trio.Lock()

    async def fetch(self) -> tuple[Row, ...]:
        """The list as it is now. Raises `CallFailed`, with a reason fit to be shown."""
        async with self._lock:
            return await self._fetch()

    async def for_key(self) -> tuple[Row, ...] | None:
        """The list for a key: the kept one unless it is too old; None where there is none to be had."""
        return await self._younger_than(self._seconds)

    async def just_read(self) -> tuple[Row, ...] | None:
        """The list as it was a minute ago at the most; None where there is none to be had."""
        return await self._younger_than(_JUST_READ_SECONDS)

    async def _younger_than(self, seconds: float) -> tuple[Row, ...] | None:
        async with self._lock:
            if self._clock() - self._read_at < seconds:
                return self._rows
            if self._clock() - self._failed_at < RETRY_SECONDS:
                return None
            try:
                return await self._fetch()
            except CallFailed:
                return None

    async def _fetch(self) -> tuple[Row, ...]:
        try:
            self._rows = await self._ask()
        except CallFailed:
            self._failed_at = self._clock()
            raise
        self._read_at, self._failed_at = self._clock(), -float("inf")
        return self._rows
