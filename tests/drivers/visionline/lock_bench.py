"""A VisiOnline driver wired to the simulator in one trio loop, for the driver's tests and the contract suite."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import trio
from msgspec import Struct

from agent.commands.model import Outcome
from agent.drivers.visionline.driver import VisionlineDriver, hop_of
from agent.drivers.visionline.protocol.requests import CardRules
from agent.drivers.visionline.protocol.signing import Rules
from agent.drivers.visionline.web_api import Means, WebApi
from agent.foundation.errors import NotSent
from agent.foundation.http import Peer
from agent.foundation.reach import server_at
from agent.health.health import Health
from agent.simulators.visionline.simulator import VisionlineSimulator
from tests.drivers.visionline.jobs import account, job
from tests.in_process import SimulatorTransport

SERVER = "https://10.4.5.7/api/v1"
HOP = "lock-server:10.4.5.7"
USER, PASSWORD = "night-porter", "visionline-password"
NAMES = {"FrontDesk1": "Front desk", "Bar": "Bar"}
VIENNA = ZoneInfo("Europe/Vienna")


class Network(Struct):
    """What the driver finds of the network: addresses by name, open ports; `asked` are the names looked up."""

    names: dict[str, tuple[str, ...]] = {}
    open_ports: set[int] = set()
    asked: list[str] = []

    async def look_up(self, host: str) -> Sequence[str]:
        """The addresses of a name. Raises `NotSent`."""
        await trio.lowlevel.checkpoint()
        self.asked.append(host)
        if host not in self.names:
            raise NotSent("its name could not be looked up")
        return self.names[host]

    async def is_open(self, _address: str, port: int) -> bool:
        """Whether a port takes connections."""
        await trio.lowlevel.checkpoint()
        return port in self.open_ports


class LockBench:
    """A server, a driver, and what the page would show."""

    def __init__(
        self,
        peer: Peer,
        now: Callable[[], datetime],
        *,
        server: str = SERVER,
        username: str = USER,
        password: str = PASSWORD,
        rules: Rules | None = None,
        cards: CardRules | None = None,
        encoders: Mapping[str, str] = NAMES,
        pin: str = "",
    ) -> None:
        self.health = Health(trio.current_time)
        self.network = Network()
        means = Means(trio.current_time, now, self.network.look_up, self.network.is_open)
        own = account(server, username, password)
        api = WebApi(peer, server_at(server, pin or None), own, rules or Rules(), means)
        self.driver = VisionlineDriver(api, cards or CardRules(VIENNA), self.health, encoders, pin)

    async def cut(self, **changes: Any) -> Outcome:
        """Have one card made."""
        return await self.driver.carry_out(job(**changes))

    async def watched(self, seconds: float = 30.0) -> set[str]:
        """The server's faults after it was watched for so long."""
        with trio.move_on_after(seconds):
            await self.driver.watch()
        return self.faults()

    def faults(self, hop: str = "") -> set[str]:
        """The codes that hold at a hop (the server's), hidden ones left out."""
        return {fault.kind.code for fault in self.health.active() if fault.hop == (hop or self.driver.hop)}

    def text(self, code: str) -> str:
        """What the page says about a fault that holds."""
        return next(fault.text for fault in self.health.active() if fault.kind.code == code)

    def shown(self) -> str:
        """All that the page would show."""
        return repr(self.health.active())


class SimulatedBench(LockBench):
    """With the simulator at the other end."""

    def __init__(
        self, simulator: VisionlineSimulator, peer: Peer, now: Callable[[], datetime], **driver: Any
    ) -> None:
        super().__init__(peer, now, **driver)
        self.simulator = simulator


@asynccontextmanager
async def lock_bench(
    switches: dict[str, Any] | None = None, *, clock_off: float = 0.0, **driver: Any
) -> AsyncIterator[SimulatedBench]:
    """A bench whose simulator has these switches; the box's clock goes `clock_off` seconds before the server's;
    `driver` are the driver's own settings."""
    simulator = VisionlineSimulator()
    simulator.switch(**{"card_seconds": 0.5, **(switches or {})})

    def now() -> datetime:
        return simulator.clock.now() + timedelta(seconds=clock_off)

    server = driver.get("server", SERVER)
    async with Peer(server, transport=SimulatorTransport(simulator)) as peer:
        yield SimulatedBench(simulator, peer, now, **driver)


Answer = Callable[[httpx.Request], httpx.Response]


class Scripted(httpx.AsyncBaseTransport):
    """A server that opens and closes sessions as it should, and gives a test's own answer to all else.

    `asked` holds what it was asked, in order; a test may have an answer of its own to the `log_in` too.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.log_in: Answer = self._opened
        self.asked: list[httpx.Request] = []

    @property
    def card_calls(self) -> int:
        """How many requests asked for a card."""
        return sum(request.url.path.endswith("/cards") for request in self.asked)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As httpx wants it."""
        await request.extensions["trace"]("http11.send_request_headers.started", {})
        request = await _whole(request)
        self.asked.append(request)
        if request.url.path.endswith("/sessions"):
            return self.log_in(request)
        return replied(200) if request.method == "DELETE" else self._answer(request)

    def _opened(self, _request: httpx.Request) -> httpx.Response:
        return replied(201, b'{"id": "s-%d", "accessKey": "canary-key"}' % len(self.asked))


def replied(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> httpx.Response:
    """An answer as a transport gives it: its body is still to be read."""
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))


async def _whole(request: httpx.Request) -> httpx.Request:
    """The same with a body that can be read again."""
    assert isinstance(request.stream, httpx.AsyncByteStream)
    body = b"".join([piece async for piece in request.stream])
    whole = httpx.Request(request.method, request.url, headers=request.headers, content=body)
    whole.extensions = request.extensions
    return whole


@asynccontextmanager
async def scripted_bench(answer: Answer, **driver: Any) -> AsyncIterator[tuple[LockBench, Scripted]]:
    """A bench with a `Scripted` server."""
    transport = Scripted(answer)
    server = driver.get("server", SERVER)
    async with Peer(server, transport=transport) as peer:
        yield LockBench(peer, lambda: datetime(2026, 11, 21, 14, tzinfo=VIENNA), **driver), transport


assert hop_of(SERVER) == HOP
