"""The box's network and clock for the page. Read while somebody looks, not otherwise: a box at rest is at rest.

The clock is asked about by a program of its own, so in a thread, and seldom. Nothing in here is ever an error.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import trio

from agent.status.snapshot.surroundings import Network
from board.base import Board

if TYPE_CHECKING:
    from board.clock_state import ClockState
    from board.report import Report

NETWORK_SECONDS = 10.0  # s that a reading of some files counts
CLOCK_SECONDS = 60.0  # s between two questions about the clock, each of which starts a program


class NetworkFacts:
    """`mews_now` is the time at Mews, `wall` the box's own."""

    def __init__(
        self, board: Board, mews_now: Callable[[], datetime | None], wall: Callable[[], datetime]
    ) -> None:
        self._board, self._mews_now, self._wall = board, mews_now, wall
        self._report: Report | None = None
        self._read_at = float("-inf")
        self._clock: ClockState | None = None
        self._wanted = trio.Event()

    def network(self, ntp: tuple[str, ...], now: float) -> Network:
        """As it was read last; `ntp` are the file's time servers, `now` monotonic seconds."""
        self._wanted.set()
        if self._report is None or now - self._read_at > NETWORK_SECONDS:
            self._report, self._read_at = self._board.interfaces(), now
        wire, clock = self._board.network(), self._clock
        return Network(
            host=self._board.host_name,
            interface=wire.interface,
            addresses=wire.addresses,
            gateway=next(iter(self._report.gateways), ""),
            dns=tuple(dict.fromkeys(server for each in self._report.interfaces for server in each.dns)),
            ntp=ntp,
            clock=clock.source if clock is not None else "",
            is_clock_set=clock.is_set if clock is not None else None,
            clock_offset_mews=self._ahead_of_mews(),
            clock_offset_ntp=clock.offset_seconds if clock is not None else None,
        )

    async def watch(self) -> None:
        """Ask about the clock while somebody looks."""
        while True:
            await self._wanted.wait()
            self._clock = await trio.to_thread.run_sync(self._board.clock_state, abandon_on_cancel=True)
            await trio.sleep(CLOCK_SECONDS)
            self._wanted = trio.Event()

    def _ahead_of_mews(self) -> float | None:
        """Mews' clock tells whole seconds, and so does this."""
        at_mews = self._mews_now()
        return None if at_mews is None else float(round((self._wall() - at_mews).total_seconds()))
