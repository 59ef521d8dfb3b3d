"""One hotel as its provisioning file describes it: peers, drivers, routes and connector, joined.

Made for every file that is taken; the pipeline with its lanes, the journal and the faults outlive it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec
import trio

from agent.commands.driver import Lane
from agent.commands.model import Kind
from agent.commands.probe import Probe
from agent.commands.routing import Door, Limits, Routes
from agent.drivers.coder_bridge.bridge import open_peer
from agent.drivers.coder_bridge.bridge_faults import SERVER_HOP as CODER_BRIDGE
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.foundation.http import Peer
from agent.foundation.timing import Clock, MewsClock, utc_now
from agent.health import file_kinds, mews_kinds
from agent.health.health import Health
from agent.hotel.drivers import Means, OpenDrivers, open_drivers
from agent.mews.calls import Listing
from agent.mews.connect import connect
from agent.mews.connector import Connector
from agent.mews.v2016 import wire
from agent.mews.v2016.print_data import print_request
from agent.pipeline.intake import Intake, ReadData
from agent.pipeline.last_look import LastLook
from agent.pipeline.orders import Orders
from agent.pipeline.pipeline import Pipeline
from agent.pipeline.terms import Terms
from provisioning.ids import same_id
from provisioning.model import Dialect, Provisioning
from provisioning.model import Door as FileDoor
from provisioning.model import Limits as FileLimits
from provisioning.rules.doors import rooms_of

_READ: dict[Kind, ReadData] = {Kind.KEY: wire.key_request, Kind.PRINT: print_request}
MOST_COPIES = 50  # of a document; more is a slip of the keyboard
MEWS_CONNECTIONS = 20  # claims of all lanes, six results, a receipt and the poll at once


class Shared(msgspec.Struct, frozen=True):
    """What outlives a site."""

    health: Health
    orders: Orders
    pipeline: Pipeline
    clock: Clock


class Wires(msgspec.Struct, frozen=True):
    """How peers are opened: by address (Mews), by address and pinned certificate (a lock server); and drivers."""

    mews: Callable[[str], Peer]
    lock_server: Callable[[str, str | None], Peer]
    open_drivers: OpenDrivers = open_drivers


def real_wires() -> Wires:
    """Peers on the network."""
    return Wires(lambda platform: Peer(platform, connections=MEWS_CONNECTIONS), open_peer)


class Site:
    """The running hotel. `profile` is the Coder Bridge's, None where the file has no Coder Bridge."""

    def __init__(self, provisioning: Provisioning, profile: Profile | None, shared: Shared, wires: Wires) -> None:
        self._provisioning, self._shared = provisioning, shared
        self._mews_clock = MewsClock(shared.clock)
        mews = wires.mews(provisioning.mews.platform)
        self._connector = connect(provisioning.mews, mews, shared.health, self._mews_clock, shared.clock)
        means = Means(shared.health, shared.clock, self._now, wires.lock_server)
        opened = wires.open_drivers(provisioning, profile, means)
        self._peers = (mews, *opened.peers)
        self.drivers = opened.drivers
        self.lanes = tuple(lane for driver in self.drivers for lane in driver.lanes)
        self.zone = ZoneInfo(provisioning.box.timezone)
        drivers = {driver.hop: driver for driver in self.drivers}
        self.routes = routes = _routes(provisioning, self.lanes)
        self.terms = Terms(
            Intake(routes, drivers, _READ, shared.pipeline.mews),
            drivers,
            self._connector,
            self._mews_clock,
            LastLook(self._mews_clock, routes.limits, self.zone, shared.clock),
        )

    @cached_property
    def probes(self) -> Mapping[str, Probe]:
        """The test of each hop but the box; what it takes is loaded when somebody asks."""
        from agent.hotel.probes import probes
        from agent.mews.own_steps import MewsSteps
        from board.routes import is_near

        shared = self._shared
        mews = MewsSteps(self._peers[0], self._connector, shared.health, clock=shared.clock)
        return probes(self._provisioning, self.drivers, mews.steps, is_near)

    @property
    def rooms(self) -> tuple[str, ...]:
        """Those that the file lists, in its order."""
        listed = (room for door in self._provisioning.doors.values() for room in rooms_of(door))
        return tuple(dict.fromkeys(listed))

    @property
    def cancels_keys_on_checkout(self) -> bool:
        """As the file says."""
        bridge = self._provisioning.coder_bridge
        return bridge is not None and bridge.cancel_keys_on_checkout

    @property
    def doors(self) -> Mapping[str, Door]:
        """What the file lists under [doors], in its order."""
        return self.routes.doors

    @property
    def connector(self) -> Connector:
        """The site's side of Mews."""
        return self._connector

    @property
    def mews_now(self) -> datetime | None:
        """What time it is at Mews; None until its first dated answer."""
        return self._mews_clock.now()

    def _now(self) -> datetime:
        """By Mews' clock, else by the box's own."""
        return self._mews_clock.now() or utc_now()

    @property
    def poll_overdue(self) -> float:
        """Seconds by which the poll loop is later than it may be."""
        return self._connector.overdue

    async def run(self) -> None:
        """Ask Mews and look after the lock servers, until cancelled."""
        self._warn()
        try:
            async with trio.open_nursery() as nursery:
                if self._provisioning.mews.dialect is Dialect.V2016:
                    nursery.start_soon(self._poll)
                for driver in self.drivers:
                    nursery.start_soon(driver.watch)
                await trio.sleep_forever()
        finally:
            await self.close()

    async def _poll(self) -> None:
        pipeline = self._shared.pipeline

        async def take(listing: Listing, asked_at: float) -> None:
            self._tell_unreadable(listing)
            await pipeline.take(listing.commands, asked_at, is_whole=listing.is_whole)

        await self._connector.poll_forever(lambda: pipeline.known, take)

    def _tell_unreadable(self, listing: Listing) -> None:
        if listing.is_whole:
            self._shared.health.clear("mews", mews_kinds.COMMAND)
            return
        count = listing.unreadable
        words = f"{count} of the listed commands cannot be read and have no usable id." if count else ""
        self._shared.health.raise_fault(mews_kinds.COMMAND, "mews", words or "The list cannot be read to its end.")

    def _warn(self) -> None:
        """Say what the file asks for and this version does not do."""
        file, health = self._provisioning, self._shared.health
        if file.mews.dialect is not Dialect.V2016:
            health.raise_fault(mews_kinds.DIALECT, "mews")
        served = {lane.identifier for lane in self.lanes}
        if not served.issuperset(printer.name for printer in file.printers):
            health.raise_fault(file_kinds.FILE_UNUSED, "box", "This version drives no printers.")

    def forget_faults(self) -> None:
        """What was found with this file says nothing about the next one's peers."""
        for hop in ("mews", *(driver.hop for driver in self.drivers), *(lane.id for lane in self.lanes)):
            self._shared.health.forget(hop)
        self._shared.health.clear("box", file_kinds.FILE_UNUSED)

    async def close(self) -> None:
        """Hang up."""
        with trio.CancelScope(shield=True, deadline=trio.current_time() + 1):
            for peer in self._peers:
                await peer.aclose()


def _routes(file: Provisioning, lanes: Sequence[Lane]) -> Routes:
    by_identifier = {lane.identifier: lane for lane in lanes if lane.kind is Kind.KEY}
    bridge = file.coder_bridge.encoders if file.coder_bridge else ()
    encoders = (*bridge, *(encoder for server in file.visionline for encoder in server.encoders))
    cutters = {
        same_id(cutter): by_identifier[encoder.identifier]
        for encoder in encoders
        if encoder.identifier in by_identifier
        for cutter in encoder.key_cutters
    }
    doors = {lock: Door(rooms_of(door), door.areas or _alone(door)) for lock, door in file.doors.items()}
    common = {CODER_BRIDGE: file.coder_bridge.common_areas} if file.coder_bridge else {}
    rms = {room: door.rms for door in file.doors.values() for room in rooms_of(door) if door.rms}
    printers = {lane.name.casefold(): lane for lane in lanes if lane.kind is Kind.PRINT}
    return Routes(cutters, doors, _limits(file.limits), printers, common, rms)


def _alone(door: FileDoor) -> tuple[str, ...]:
    return (door.area,) if door.area else ()


def _limits(limits: FileLimits) -> dict[Kind, Limits]:
    return {
        Kind.KEY: Limits(limits.key_age_seconds, limits.keys_per_command),
        Kind.PRINT: Limits(limits.print_age_seconds, MOST_COPIES),
        Kind.OTHER: Limits(limits.key_age_seconds, 1),
    }
