"""A Coder Bridge driver wired to the simulator in one trio loop, for the driver's tests and the contract suite."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import trio

from agent.commands.driver import KeyJob
from agent.commands.model import Outcome
from agent.drivers.coder_bridge.driver import CoderBridgeDriver
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.lock_server.log_in import Credentials
from agent.foundation.http import Peer
from agent.health.health import Health
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from provisioning.secret import Secret
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, START, job
from tests.in_process import SimulatorTransport

SERVER = "http://10.4.5.6:7331/mst/enc"
HOP = "lock-server:coder-bridge"
PASSWORD = "bridge-password"
NAMES = {"1": "Front desk left", "2": "Front desk right", "3": "Bar"}


class BridgeBench:
    """A bridge, a driver, and what the page would show."""

    def __init__(self, simulator: CoderBridgeSimulator, peer: Peer, **driver: Any) -> None:
        self.simulator = simulator
        self.health = Health(trio.current_time)
        settings: dict[str, Any] = {"profile": BUILT_IN, "allow_unconfirmed": True, "password": PASSWORD} | driver
        profile: Profile = settings.pop("profile")
        credentials = Credentials("night-porter", Secret(settings.pop("password")))
        zone = ZoneInfo("Europe/Vienna")
        settings.setdefault("now", lambda: START)
        self.driver = CoderBridgeDriver(peer, profile, credentials, zone, self.health, NAMES, **settings)
        self.keys: list[str] = []

    async def cut(self, **changes: Any) -> Outcome:
        """Have one key cut; its number goes into `keys`, where it does not make each outcome another one."""
        return self._without_key(await self.driver.carry_out(job(**changes)))

    def _without_key(self, outcome: Outcome) -> Outcome:
        self.keys.append(outcome.key)
        return msgspec.structs.replace(outcome, key="")

    async def cut_all(self, *jobs: KeyJob) -> list[Outcome]:
        """Have several keys cut at once, as `cut` does; their outcomes in the order of the jobs."""
        outcomes: dict[int, Outcome] = {}

        async def one(index: int, wanted: KeyJob) -> None:
            outcomes[index] = self._without_key(await self.driver.carry_out(wanted))

        async with trio.open_nursery() as nursery:
            for index, wanted in enumerate(jobs):
                nursery.start_soon(one, index, wanted)
        return [outcomes[index] for index in range(len(jobs))]

    def faults(self, hop: str = HOP) -> set[str]:
        """The codes that hold at a hop, hidden ones left out."""
        return {fault.kind.code for fault in self.health.active() if fault.hop == hop}

    def text(self, code: str) -> str:
        """What the page says about a fault that holds."""
        return next(fault.text for fault in self.health.active() if fault.kind.code == code)


@asynccontextmanager
async def bridge_bench(switches: dict[str, Any] | None = None, **driver: Any) -> AsyncIterator[BridgeBench]:
    """A bench whose simulator has these switches; `driver` are the driver's own settings and `password`."""
    simulator = CoderBridgeSimulator()
    simulator.switch(**(switches or {}))
    async with Peer(SERVER, transport=SimulatorTransport(simulator)) as peer:
        yield BridgeBench(simulator, peer, **driver)
