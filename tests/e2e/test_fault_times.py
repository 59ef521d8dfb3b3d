"""From a fault's cause in a server to the page's own stream, and back to green: real processes, sockets, seconds.

The bound is that of virtual time (`tests/fault_rows.py`), with room for a busy machine, for a few codes of several
hops. What they say is heard as a browser hears it, from `/events`.
"""

import json
import re
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio

from agent.simulators.base.certificates import Tls
from agent.simulators.base.presence import Absence
from agent.simulators.base.simulator import Simulator
from agent.simulators.mews.operations import GET_ALL_ACTIVE
from tests.e2e.processes import PATIENCE, AgentProcess, RealHotel, real_hotel
from tests.fault_rows import SOON
from tests.fault_rows_of_lines import ACTING

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


Prepare = Callable[[RealHotel], dict[str, str]]


@asynccontextmanager
async def shown(
    folder: Path, prepare: Prepare = lambda hotel: {}
) -> AsyncIterator[tuple[RealHotel, AgentProcess, Page]]:
    """A hotel that is well, its agent in the environment that `prepare` wants, and its page."""
    page = Page()
    async with (
        real_hotel(folder, has_printers=True, poll_seconds=POLL) as hotel,
        hotel.agent(environment=prepare(hotel)) as agent,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(page.follow, agent)
        wanted = {"mews", "lock-server:coder-bridge", "printer:Office"}
        await agent.wait_snapshot(lambda seen: {hop.id for hop in seen.hops if hop.last_answer} >= wanted)
        await page.seconds_until("has not answered yet", is_there=False)
        yield hotel, agent, page
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
    async with shown(tmp_path) as (hotel, _, page):
        cause(hotel)
        assert await page.seconds_until(words, is_there=True) <= SOON + BUSY
        await trio.sleep(POLL)  # it goes on for a while
        end(hotel)
        assert await page.seconds_until(words, is_there=False) <= SOON + BUSY


def replaced(hotel: RealHotel, old: str, new: str) -> None:
    text = hotel.config.read_text()
    assert old in text
    hotel.config.write_text(text.replace(old, new))


def mews_in_tls(hotel: RealHotel) -> dict[str, str]:
    """The agent trusts who signs Mews' certificates, and no one else."""
    shown_there = hotel.mews.certificates
    authorities = hotel.config.with_name("authorities.pem")
    authorities.write_text(shown_there.pem(Tls.OWN) + shown_there.pem(Tls.EXPIRED))
    hotel.mews.switch(tls=Tls.OWN)
    replaced(hotel, 'platform = "http:', 'platform = "https:')
    return {"SSL_CERT_FILE": str(authorities)}


def bridge_in_tls(hotel: RealHotel) -> dict[str, str]:
    """The file has the fingerprint of the bridge's certificate."""
    hotel.bridge.switch(tls=Tls.OWN)
    address, pin = f"127.0.0.1:{hotel.ports[1]}", hotel.bridge.certificates.sha256(Tls.OWN)
    replaced(hotel, f"http://{address}", f'https://{address}"\ncertificate_sha256 = "{pin}')
    return {}


def printer_in_tls(hotel: RealHotel) -> dict[str, str]:
    """Likewise of the printer's."""
    hotel.printer.switch(tls=Tls.OWN)
    assert hotel.printer_ports is not None
    address, pin = f"127.0.0.1:{hotel.printer_ports[0]}", hotel.printer.certificates.sha256(Tls.OWN)
    replaced(hotel, f'ipp://{address}/ipp/print"', f'ipps://{address}/ipp/print"\ncertificate_sha256 = "{pin}"')
    return {}


@pytest.mark.needs("openssl")
@pytest.mark.parametrize(
    ("prepare", "of", "bad", "code"),
    [
        (mews_in_tls, lambda hotel: hotel.mews, Tls.EXPIRED, "E-MEWS-CERTIFICATE"),
        (mews_in_tls, lambda hotel: hotel.mews, Tls.CHANGED, "E-MEWS-CERTIFICATE"),
        (bridge_in_tls, lambda hotel: hotel.bridge, Tls.CHANGED, "E-LOCK-CERTIFICATE"),
        (printer_in_tls, lambda hotel: hotel.printer, Tls.CHANGED, "E-PRINTER-CERTIFICATE"),
    ],
    ids=["mews-expired", "mews-foreign", "bridge", "printer"],
)
async def test_a_server_that_comes_back_with_another_certificate_is_told_within_three_seconds_and_so_is_its_own(
    tmp_path: Path, prepare: Prepare, of: Callable[[RealHotel], Simulator[Any]], bad: Tls, code: str
) -> None:
    async with shown(tmp_path, prepare) as (hotel, _, page):
        server = of(hotel)
        for kind, is_there in ((bad, True), (Tls.OWN, False)):
            server.presence.leave(Absence.REFUSE)
            await page.seconds_until(code.replace("CERTIFICATE", "UNREACHABLE"), is_there=True)
            server.switch(tls=kind)
            server.presence.come_back()
            assert await page.seconds_until(code, is_there=is_there) <= SOON + BUSY
            await page.seconds_until(code.replace("CERTIFICATE", "UNREACHABLE"), is_there=False)


@pytest.mark.needs("openssl")
async def test_a_port_that_is_taken_is_told_and_the_page_that_acts_is_served_as_soon_as_it_is_free(
    tmp_path: Path,
) -> None:
    async with shown(tmp_path) as (hotel, agent, page):
        with socket.create_server(("127.0.0.1", 0)) as other:
            hotel.config.write_text(hotel.config.read_text() + ACTING.format(port=other.getsockname()[1]))
            agent.send(signal.SIGHUP)
            assert await page.seconds_until("E-PAGE-ACTING", is_there=True) <= SOON + BUSY
        assert await page.seconds_until("E-PAGE-ACTING", is_there=False) <= SOON + BUSY
        await agent.wait_line("page for acting at")
