"""A whole hotel in one trio loop: simulated Mews and Coder Bridge, and the agent as it is composed for real.

Only the wires are replaced, and the journal's thread where time is virtual (it would look idle to the clock).
"""

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import trio

from agent.commands.record import Record
from agent.control.words.events import Event, OrderChanged
from agent.foundation.http import Peer
from agent.hotel import log
from agent.hotel.app import App, Options
from agent.hotel.drivers import OpenDrivers, open_drivers
from agent.hotel.site import MEWS_CONNECTIONS, Wires
from agent.journal.work import Commit, RunSync, Work
from agent.simulators.base.presence import SimulatedClock
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import DEMO_TOKEN, MewsSwitches
from board.fake import FakeBoard
from tests.in_process import SimulatorTransport

FILE = """
format = 1
[box]
name = "aurora-desk"
timezone = "Europe/Vienna"
[mews]
dialect = "2016"
platform = "http://127.0.0.1:9001"
{token}
poll_seconds = {poll_seconds}
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


async def run_at_once(work: Work) -> Any:
    """The journal's thread for virtual time: none."""
    await trio.lowlevel.checkpoint()
    return work()


def provisioning_text(
    bridge: CoderBridgeSimulator, *, encoders: int = 3, signs_in: bool = True, **values: Any
) -> str:
    """A provisioning file for the simulators."""
    token = f'{"connector_token" if signs_in else "access_token"} = "{DEMO_TOKEN}"'
    blocks = "".join(ENCODER.format(number=number) for number in range(1, encoders + 1))
    known = {
        "token": token,
        "poll_seconds": 1.0,
        "username": bridge.switches.client_id,
        "password": bridge.switches.client_pw,
        "encoders": blocks,
        "profile": "",
        "more": "",
    }
    return FILE.format(**known | values)


class Hotel:
    """The parts of a test: `mews`, `bridge`, and the agent, which can be started, stopped and killed."""

    def __init__(
        self, folder: Path, *, mews: MewsSwitches | None = None, bridge: CoderBridgeSwitches | None = None
    ):
        self.mews = MewsSimulator(mews)
        self.bridge = CoderBridgeSimulator(bridge)
        self.mews_line = SimulatorTransport(self.mews)
        self.bridge_line = SimulatorTransport(self.bridge)
        self.config = folder / "provisioning.toml"
        self.state = folder / "state"
        self.steps: list[Record] = []
        self.app: App | None = None
        self._is_dead = False
        self.board = FakeBoard()
        self.notices = folder / "notices"
        self.wall = SimulatedClock()  # the box's own clock; it runs as the hotel's time does
        self.open_drivers: OpenDrivers = open_drivers  # tests add drivers of their own here
        self.run_sync: RunSync = run_at_once  # what the journal is written through: tests put a bad disk here

    def provision(self, **values: Any) -> None:
        """Write the provisioning file."""
        self.config.write_text(provisioning_text(self.bridge, **values))

    @property
    def wires(self) -> Wires:
        """Lines to the simulators."""
        return Wires(
            lambda base: Peer(base, connections=MEWS_CONNECTIONS, transport=self.mews_line),
            lambda base, _pin: Peer(base, connections=64, transport=self.bridge_line),
            self.open_drivers,
        )

    def new_app(self) -> App:
        """An agent that does not run yet."""
        app = App(
            Options(self.config, self.state, "127.0.0.1:0"),
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
