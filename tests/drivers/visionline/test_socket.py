"""The driver on real sockets: a pinned certificate and a renewed one, a closed web API, a server that hangs up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
import trio

from agent.commands.model import Verdict
from agent.drivers.visionline.driver import VisionlineDriver
from agent.drivers.visionline.protocol.requests import CardRules
from agent.drivers.visionline.protocol.signing import Rules
from agent.drivers.visionline.web_api import Means, WebApi
from agent.foundation.http import Peer
from agent.foundation.reach import server_at
from agent.health.health import Health
from agent.simulators.base.certificates import Tls
from agent.simulators.base.presence import Absence
from agent.simulators.base.server import serve, serve_silence
from agent.simulators.visionline.simulator import VisionlineSimulator
from provisioning.model import SignedTarget
from tests.drivers.visionline.jobs import account, job
from tests.drivers.visionline.lock_bench import NAMES, PASSWORD, USER, VIENNA

pytestmark = pytest.mark.needs("openssl")


class OnSockets:
    """A simulator on a port, and drivers for it."""

    def __init__(self, simulator: VisionlineSimulator, port: int, pms_port: int) -> None:
        self.simulator, self.port, self.pms_port = simulator, port, pms_port
        self.health = Health(trio.current_time)

    @property
    def pin(self) -> str:
        """The fingerprint of the simulator's own certificate."""
        return self.simulator.certificates.sha256(Tls.OWN)

    @asynccontextmanager
    async def driver(
        self, pin: str, host: str = "127.0.0.1", rules: Rules | None = None
    ) -> AsyncIterator[VisionlineDriver]:
        """A driver that holds the server to a pin."""
        base = f"https://{host}:{self.port}/api/v1"

        async def look_up(_host: str) -> tuple[str, ...]:
            await trio.lowlevel.checkpoint()
            return ("127.0.0.1",)

        async with Peer(base, certificate_sha256=pin) as peer:
            means = Means(trio.current_time, lambda: datetime.now(UTC), look_up, pms_port=self.pms_port)
            api = WebApi(peer, server_at(base, pin), account(base, USER, PASSWORD), rules or Rules(), means)
            yield VisionlineDriver(api, CardRules(VIENNA), self.health, NAMES, pin)

    def faults(self) -> dict[str, str]:
        """The texts of what holds, by code."""
        return {fault.kind.code: fault.text for fault in self.health.active()}


@pytest.fixture
async def on_sockets(nursery: trio.Nursery) -> OnSockets:
    simulator = VisionlineSimulator()
    simulator.switch(card_seconds=0.0)
    port = await nursery.start(serve, simulator)
    return OnSockets(simulator, port, await nursery.start(serve_silence, simulator.pms_presence))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_behind_the_pinned_certificate_cards_are_made(on_sockets: OnSockets, host: str) -> None:
    async with on_sockets.driver(on_sockets.pin, host) as driver:
        outcome = await driver.carry_out(job())
        assert (outcome.verdict, outcome.key) == (Verdict.DONE, on_sockets.simulator.cards[0].id)
        assert on_sockets.simulator.counts()["open_sessions"] == 0


@pytest.mark.parametrize("form", ["escaped", "raw"])
async def test_an_encoder_with_a_blank_is_signed_as_the_site_wants_it(on_sockets: OnSockets, form: str) -> None:
    on_sockets.simulator.switch(signed_target=form)
    rules = Rules(signed_target=SignedTarget.ESCAPED if form == "escaped" else SignedTarget.PLAIN)
    async with on_sockets.driver(on_sockets.pin, rules=rules) as driver:
        assert (await driver.carry_out(job(encoder="Front desk 1"))).verdict is Verdict.DONE


async def test_behind_a_renewed_certificate_nothing_is_sent_and_the_page_shows_both_fingerprints(
    on_sockets: OnSockets,
) -> None:
    simulator = on_sockets.simulator
    simulator.switch(tls="changed")
    async with on_sockets.driver(on_sockets.pin) as driver:
        outcome = await driver.carry_out(job())
    assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-KEY-CERTIFICATE")
    assert not simulator.calls
    text = on_sockets.faults()["E-LOCK-CERTIFICATE"]
    assert simulator.certificates.sha256(Tls.CHANGED) in text
    assert on_sockets.pin in text


async def test_a_closed_web_api_is_told_from_a_server_that_is_down(on_sockets: OnSockets) -> None:
    on_sockets.simulator.presence.leave(Absence.REFUSE)
    async with on_sockets.driver(on_sockets.pin) as driver:
        await trio.testing.wait_all_tasks_blocked()
        assert (await driver.carry_out(job())).code == "E-KEY-WEB-API"
        assert set(on_sockets.faults()) == {"E-LOCK-WEB-API"}
        on_sockets.simulator.pms_presence.leave(Absence.REFUSE)
        await trio.testing.wait_all_tasks_blocked()
        assert (await driver.carry_out(job())).code == "E-KEY-UNREACHABLE"
        assert set(on_sockets.faults()) == {"E-LOCK-UNREACHABLE"}


async def test_a_connection_that_breaks_after_the_card_leaves_it_open(on_sockets: OnSockets) -> None:
    on_sockets.simulator.fail("reset", "cards", when="after")
    async with on_sockets.driver(on_sockets.pin) as driver:
        assert (await driver.carry_out(job())).verdict is Verdict.UNKNOWN
    assert len(on_sockets.simulator.cards) == 1
    assert on_sockets.simulator.calls["cards"] == 1


async def test_a_server_that_speaks_no_tls_is_told_by_what_it_speaks(on_sockets: OnSockets) -> None:
    on_sockets.simulator.switch(tls="plain")
    async with on_sockets.driver(on_sockets.pin) as driver:
        assert (await driver.carry_out(job())).code == "E-KEY-ADDRESS"
    assert set(on_sockets.faults()) == {"E-LOCK-ADDRESS"}
    assert not on_sockets.simulator.calls
