"""From a fault's cause in a server to the page's own stream, and back to green: real processes, sockets, seconds.

The bound is that of virtual time (`tests/fault_rows.py`), with room for a busy machine, for a few codes of several
hops. What they say is heard as a browser hears it, from `/events`.
"""

import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import trio

from agent.simulators.base.presence import Absence
from agent.simulators.mews.operations import GET_ALL_ACTIVE
from tests.e2e.processes import PATIENCE, AgentProcess, RealHotel, real_hotel
from tests.fault_rows import SOON

POLL = 1.0  # s; real seconds have more in them than the waits that virtual time counts
BUSY = 1.0  # s that a machine may add which does much else at the same time


class Page:
    """What a browser would show: the panels as `/events` tells them."""

    def __init__(self) -> None:
        self._panels: dict[str, str] = {}
        self._changed = trio.Event()

    async def follow(self, agent: AgentProcess) -> None:
        """Hear the stream until cancelled."""
        kind = ""
        async with (
            httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as web,
            web.stream("GET", (await agent.wait_page()) + "events") as answer,
        ):
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: ") and kind == "panels":
                    self._panels |= json.loads(line.removeprefix("data: "))
                    self._changed.set()
                    self._changed = trio.Event()

    async def seconds_until(self, words: str, *, is_there: bool) -> float:
        """How long it takes until some panel has these words (a pattern), or none has."""
        began = time.monotonic()
        with trio.fail_after(PATIENCE):
            while any(re.search(words, html) for html in self._panels.values()) is not is_there:
                await self._changed.wait()
        return time.monotonic() - began


@asynccontextmanager
async def shown(folder: Path) -> AsyncIterator[tuple[RealHotel, Page]]:
    """A hotel that is well, and its page."""
    page = Page()
    async with (
        real_hotel(folder, has_printers=True, poll_seconds=POLL) as hotel,
        hotel.agent() as agent,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(page.follow, agent)
        wanted = {"mews", "lock-server:coder-bridge", "printer:Office"}
        await agent.wait_snapshot(lambda seen: {hop.id for hop in seen.hops if hop.last_answer} >= wanted)
        await page.seconds_until("has not answered yet", is_there=False)
        yield hotel, page
        nursery.cancel_scope.cancel()


Act = Callable[[RealHotel], object]


@pytest.mark.parametrize(
    ("cause", "end", "words"),
    [
        (
            lambda hotel: hotel.mews.presence.leave(Absence.REFUSE),
            lambda hotel: hotel.mews.presence.come_back(),
            "E-MEWS-UNREACHABLE",
        ),
        (
            lambda hotel: hotel.mews.presence.leave(Absence.HANG),
            lambda hotel: hotel.mews.presence.come_back(),
            "Mews was asked",
        ),
        (
            lambda hotel: hotel.mews.fail("500", GET_ALL_ACTIVE),
            lambda hotel: hotel.mews.heal(),
            "E-MEWS-ANSWER",
        ),
        (
            lambda hotel: hotel.bridge.presence.leave(Absence.REFUSE),
            lambda hotel: hotel.bridge.presence.come_back(),
            "E-LOCK-UNREACHABLE",
        ),
        (
            lambda hotel: hotel.bridge.presence.leave(Absence.HANG),
            lambda hotel: hotel.bridge.presence.come_back(),
            "The lock server was asked",
        ),
        (
            lambda hotel: hotel.printer.presence.leave(Absence.REFUSE),
            lambda hotel: hotel.printer.presence.come_back(),
            "E-PRINTER-UNREACHABLE",
        ),
    ],
    ids=["mews-away", "mews-silent", "mews-odd", "bridge-away", "bridge-silent", "printer-away"],
)
async def test_a_cause_is_on_the_stream_within_three_seconds_and_so_is_its_end(
    tmp_path: Path, cause: Act, end: Act, words: str
) -> None:
    async with shown(tmp_path) as (hotel, page):
        cause(hotel)
        assert await page.seconds_until(words, is_there=True) <= SOON + BUSY
        await trio.sleep(POLL)  # it goes on for a while
        end(hotel)
        assert await page.seconds_until(words, is_there=False) <= SOON + BUSY
