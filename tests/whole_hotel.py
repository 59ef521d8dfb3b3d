"""A whole hotel in one trio loop: simulated Mews and lock systems, and the agent as it is composed for real.

Only the wires are replaced, and the journal's thread where time is virtual (it would look idle to the clock).
"""

import errno
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import trio

from agent.commands.record import Record
from agent.control.words.events import Event, OrderChanged
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.visionline.web_api import PMS_PORT
from agent.foundation.http import Peer
from agent.foundation.reach import Server
from agent.foundation.websocket import WebSocket
from agent.hotel import log
from agent.hotel.app import App
from agent.hotel.drivers import Means, OpenDrivers, Opened, open_drivers
from agent.hotel.options import Options
from agent.hotel.site import MEWS_CONNECTIONS, Wires, one_line
from agent.journal.work import Commit, RunSync, Work
from agent.simulators.base.presence import SimulatedClock
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import DEMO_CLIENT_TOKEN, DEMO_TOKEN, Dialect, MewsSwitches
from agent.simulators.visionline.simulator import VisionlineSimulator
from board.fake import FakeBoard
from provisioning.model import Provisioning
from provisioning.rules.mews import OFF
from tests.in_process import SimulatorTransport

FILE = """
format = 1
[box]
name = "aurora-desk"
timezone = "Europe/Vienna"
[mews]
dialect = "{dialect}"
platform = "http://127.0.0.1:9001"
{tokens}
poll_seconds = {poll_seconds}
{mews}
[coder_bridge]
active = true
server = "http://127.0.0.1:9002"
username = "{username}"
password = "{password}"
allow_unconfirmed = true
{profile}
{encoders}
{more}
"""
ENCODER = """
[[coder_bridge.encoders]]
name = "Desk {number}"
identifier = "{number}"
key_cutters = ["{number}"]
"""
VISIONLINE = """
[[visionline]]
server = "{server}"
username = "{username}"
password = "{password}"
certificate_sha256 = "{pin}"
"""
VISIONLINE_ENCODER = """
[[visionline.encoders]]
name = "Bar {number}"
identifier = "BAR{number}"
key_cutters = ["bar{number}"]
"""
VISIONLINE_SERVER = "https://10.4.5.7"
VISIONLINE_HOP = "lock-server:10.4.5.7"
MEWS_ACCOUNT = "visionline-user:visionline-password"  # what the simulated Mews' orders bring along for VisiOnline


async def run_at_once(work: Work) -> Any:
    """The journal's thread for virtual time: none."""
    await trio.lowlevel.checkpoint()
    return work()


def provisioning_text(
    bridge: CoderBridgeSimulator,
    *,
    encoders: int = 3,
    signs_in: bool = True,
    dialect: Dialect = Dialect.V2016,
    has_push: bool = False,
    token: str = DEMO_TOKEN,
    **values: Any,
) -> str:
    """A provisioning file for the simulators. `signs_in` says something in the dialect of 2016 alone.

    With `has_push` nothing is said of push, as in most files: the box listens at the platform's own host.
    """
    blocks = "".join(ENCODER.format(number=number) for number in range(1, encoders + 1))
    known = {
        "dialect": dialect,
        "tokens": _tokens(dialect, token, signs_in=signs_in, has_push=has_push),
        "poll_seconds": 1.0,
        "username": bridge.switches.client_id,
        "password": bridge.switches.client_pw,
        "encoders": blocks,
        "mews": "",
        "profile": "",
        "more": "",
    }
    return FILE.format(**known | values)


def _tokens(dialect: Dialect, token: str, *, signs_in: bool, has_push: bool) -> str:
    if dialect is Dialect.CURRENT:
        push = "" if has_push else f'\npush = "{OFF}"'
        return f'access_token = "{token}"\nclient_token = "{DEMO_CLIENT_TOKEN}"{push}'
    return f'{"connector_token" if signs_in else "access_token"} = "{token}"'


def visionline_text(
    visionline: VisionlineSimulator, *, server: str = VISIONLINE_SERVER, pin: str = "0" * 64, encoders: int = 2
) -> str:
    """What a provisioning file has of a VisiOnline: what `more` takes in `provisioning_text`."""
    switches = visionline.switches
    words = {"server": server, "username": switches.username, "password": switches.password, "pin": pin}
    blocks = (VISIONLINE_ENCODER.format(number=number) for number in range(1, encoders + 1))
    return VISIONLINE.format(**words) + "".join(blocks)


class Hotel:
    """The parts of a test: `mews`, `bridge`, `visionline` where the file names it, and the agent, which can be
    started, stopped and killed."""

    def __init__(
        self,
        folder: Path,
        *,
        mews: MewsSwitches | None = None,
        bridge: CoderBridgeSwitches | None = None,
        dialect: Dialect = Dialect.V2016,
        has_push: bool = False,
    ):
        self.has_push = has_push
        self.mews = MewsSimulator(msgspec.structs.replace(mews or MewsSwitches(), dialect=dialect))
        self.bridge = CoderBridgeSimulator(bridge)
        self.visionline = VisionlineSimulator()
        self.visionline.switch(card_seconds=2.0, more_accounts=(MEWS_ACCOUNT,))
        self.mews_line = SimulatorTransport(self.mews)
        self.bridge_line = SimulatorTransport(self.bridge)
        self.visionline_line = SimulatorTransport(self.visionline)
        self.config = folder / "provisioning.toml"
        self.state = folder / "state"
        self.steps: list[Record] = []
        self.app: App | None = None
        self._is_dead = False
        self.board = FakeBoard()
        self.notices = folder / "notices"
        self.wall = SimulatedClock()  # the box's own clock; it runs as the hotel's time does
        self.open_drivers: OpenDrivers = open_drivers  # tests add drivers of their own here
        self.open_told: Callable[[str], Peer] = one_line  # how those are reached whom [telemetry] names
        self.open_mews: Callable[[str], Peer] = self._peer_at_mews  # tests put TLS here,
        self.open_server: Callable[[str, str | None], Peer] = self._peer_at_server  # and here
        self.listen: str | None = "127.0.0.1:0"  # the command line's; None: as the supervisor or the file says
        self.run_sync: RunSync = run_at_once  # what the journal is written through: tests put a bad disk here

    def provision(self, **values: Any) -> None:
        """Write the provisioning file."""
        values.setdefault("dialect", self.mews.switches.dialect)
        values.setdefault("has_push", self.has_push)
        self.config.write_text(provisioning_text(self.bridge, **values))

    @property
    def wires(self) -> Wires:
        """Lines to the simulators."""
        return Wires(
            self.open_mews,
            self.open_server,
            self._open_drivers,
            self._web_socket,
            self.open_told,
        )

    def _peer_at_mews(self, base: str) -> Peer:
        return Peer(base, connections=MEWS_CONNECTIONS, transport=self.mews_line)

    def _peer_at_server(self, base: str, _pin: str | None) -> Peer:
        return Peer(base, connections=64, transport=self._line(base))

    def _web_socket(self, base: str) -> WebSocket:
        return WebSocket(base, connect=self.mews_line.connect)

    def _line(self, base: str) -> SimulatorTransport:
        return self.visionline_line if base.startswith(VISIONLINE_SERVER) else self.bridge_line

    def _open_drivers(self, file: Provisioning, profile: Profile | None, means: Means) -> Opened:
        return self.open_drivers(
            file, profile, msgspec.structs.replace(means, is_open=self._is_open, answers=self._answers)
        )

    async def _is_open(self, host: str, port: int) -> bool:
        await trio.lowlevel.checkpoint()
        if host == "127.0.0.1":
            return not self.bridge.presence.is_refusing and not self.bridge_line.is_silent
        presence = self.visionline.pms_presence if port == PMS_PORT else self.visionline.presence
        return not presence.is_refusing and not self.visionline_line.is_silent

    async def _answers(self, server: Server, address: str) -> bool | None:
        if not await self._is_open(address, server.port):
            return None
        presence = self.bridge.presence if address == "127.0.0.1" else self.visionline.presence
        return presence.absence is None

    def order_at_visionline(self, room: str = "101", copies: int = 1, **members: Any) -> str:
        """Order a key at its first encoder as Mews does, with the server's address; the command's id."""
        return self.mews.add_key("bar1", [room], copies, **({"ApiUrl": VISIONLINE_SERVER} | members))

    def new_app(self) -> App:
        """An agent that does not run yet."""
        app = App(
            Options(self.config, self.state, self.listen),
            self.board,
            wires=self.wires,
            run_sync=self._write,
            notices=self.notices,
            wall=self.wall.now,
        )
        app.hub.listen(self._hear)
        app.hub.listen(log.heard)
        return app

    def _hear(self, event: Event) -> None:
        if isinstance(event, OrderChanged):
            self.steps.append(event.record)

    @asynccontextmanager
    async def agent(self, *, stops: bool = True) -> AsyncIterator[App]:
        """The agent, stopped at the end as by SIGTERM, or (`stops` false) gone without a word."""
        async with self.running(self.new_app(), stops=stops) as app:
            yield app

    @asynccontextmanager
    async def running(self, app: App, *, stops: bool = True) -> AsyncIterator[App]:
        """This agent, while it runs."""
        self.app = app
        self._is_dead = False
        async with trio.open_nursery() as nursery:
            nursery.start_soon(app.run)
            yield app
            if stops:
                await app.stop()
            else:
                self._is_dead = True
                nursery.cancel_scope.cancel()

    async def _write(self, work: Work) -> Any:
        # The dead write no last words: what a cancelled task still wants to put down is lost, as in a power cut.
        if self._is_dead and isinstance(work, Commit):
            raise OSError(errno.EIO, "the power is off")
        return await self.run_sync(work)
