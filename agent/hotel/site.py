"""One hotel as its provisioning file describes it: peers, drivers, routes and connector, joined.

Made for every file that is taken; the pipeline with its lanes, the journal and the faults outlive it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
import trio

from agent.commands.consent import Consent
from agent.commands.driver import Driver, Lane
from agent.commands.model import Kind
from agent.commands.probe import Probe
from agent.commands.routing import Door, Limits, Routes
from agent.drivers.coder_bridge.bridge import open_peer
from agent.drivers.coder_bridge.bridge_faults import SERVER_HOP as CODER_BRIDGE
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.eyes import NO_EYES, Eyes
from agent.foundation.http import Peer
from agent.foundation.timing import Clock, MewsClock, utc_now
from agent.foundation.websocket import WebSocket
from agent.health import mews_kinds
from agent.health.health import Health
from agent.hotel.drivers import Means, OpenDrivers, open_drivers
from agent.languages.late import notes_in
from agent.mews.account.budget import TODAY, Budget
from agent.mews.calls import Listing
from agent.mews.connect import MewsMeans, connect
from agent.mews.connector import Connector
from agent.mews.current.key_data import key_request as current_key_request
from agent.mews.enquiries import Enquiries
from agent.mews.listener import Listener
from agent.mews.reading.key_data import key_request
from agent.mews.reading.print_data import print_request
from agent.mews.records import Money
from agent.pipeline.intake import Intake, ReadData
from agent.pipeline.last_look import LastLook
from agent.pipeline.orders import Orders
from agent.pipeline.pipeline import Pipeline
from agent.pipeline.terms import Terms
from provisioning.ids import same_id
from provisioning.model import Dialect, Drill, Printer, Provisioning, Telemetry
from provisioning.model import Door as FileDoor
from provisioning.model import Limits as FileLimits
from provisioning.money import amount
from provisioning.rules.doors import rooms_of

if TYPE_CHECKING:
    from agent.hotel.door_audit import DoorAudit

_READ: dict[Dialect, dict[Kind, ReadData]] = {
    Dialect.V2016: {Kind.KEY: key_request, Kind.PRINT: print_request},
    Dialect.CURRENT: {Kind.KEY: current_key_request, Kind.PRINT: print_request},
}
MOST_COPIES = 50  # of a document; more is a slip of the keyboard
MEWS_CONNECTIONS = 20  # claims of all lanes, six results, a receipt and the poll at once


class Shared(msgspec.Struct, frozen=True):
    """What outlives a site."""

    health: Health
    orders: Orders
    pipeline: Pipeline
    clock: Clock
    mews_budget: Budget = msgspec.field(default_factory=lambda: Budget(*TODAY))  # a new file makes no call undone
    wall: Callable[[], datetime] = utc_now  # the box's own clock
    hint: Callable[[], None] = lambda: None  # called as the page would say something else, without an event
    eyes: Eyes = NO_EYES  # those that look at the page


def one_line(base: str) -> Peer:
    """A peer that one call at a time goes to."""
    return Peer(base, connections=1)


class Wires(msgspec.Struct, frozen=True):
    """How peers are opened: by address (Mews), by address and pinned certificate (a lock server); drivers; and the
    line for news of Mews, and peers that are told how the box is, by their address."""

    mews: Callable[[str], Peer]
    lock_server: Callable[[str, str | None], Peer]
    open_drivers: OpenDrivers = open_drivers
    push: Callable[[str], WebSocket] = WebSocket
    telemetry: Callable[[str], Peer] = one_line


def real_wires() -> Wires:
    """Peers on the network."""
    return Wires(lambda platform: Peer(platform, connections=MEWS_CONNECTIONS), open_peer)


class Site:
    """The running hotel. `profile` is the Coder Bridge's, None where the file has no Coder Bridge."""

    def __init__(self, provisioning: Provisioning, profile: Profile | None, shared: Shared, wires: Wires) -> None:
        self._provisioning, self._shared = provisioning, shared
        self._mews_clock = MewsClock(shared.clock)
        mews = wires.mews(provisioning.mews.platform)
        self.zone = ZoneInfo(provisioning.box.timezone)
        at_mews = MewsMeans(
            *(mews, shared.health, self._mews_clock, shared.clock, self.zone, shared.mews_budget),
            key_age_seconds=provisioning.limits.key_age_seconds,
            open_socket=wires.push,
            say=notes_in(provisioning.box.language),
            wall=shared.wall,
        )
        self._mews = connect(provisioning.mews, at_mews)
        self._connector = self._mews.connector
        self._connector.on_lateness = shared.hint
        means = Means(
            shared.health,
            shared.clock,
            self.now,
            wires.lock_server,
            hint=shared.hint,
            eyes=shared.eyes,
        )
        opened = wires.open_drivers(provisioning, profile, means)
        self._peers = (mews, *opened.peers)
        self.drivers = opened.drivers
        self.lanes = tuple(lane for driver in self.drivers for lane in driver.lanes)
        self.lock_systems = tuple(driver for driver in self.drivers if _has_keys(driver))
        drivers = {driver.hop: driver for driver in self.drivers}
        self.routes = routes = _routes(provisioning, self.lanes)
        self.terms = Terms(
            Intake(routes, drivers, _READ[provisioning.mews.dialect], shared.pipeline.mews),
            drivers,
            self._connector,
            self._mews_clock,
            LastLook(self._mews_clock, routes.limits, self.zone, shared.clock),
            self._balance_rule(),
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

    def _balance_rule(self) -> Consent | None:
        most = self._provisioning.limits.max_open_balance
        if not most:
            return None
        from agent.mews.balance_rule import BalanceRule

        value, currency = amount(most)
        return BalanceRule(self._mews.enquiries, self._shared.health, Money(value, currency))

    @property
    def name(self) -> str:
        """The box's, as the file has it."""
        return self._provisioning.box.name

    @property
    def printers(self) -> tuple[Printer, ...]:
        """What the file lists under [[printers]], in its order."""
        return self._provisioning.printers

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
    def certificates(self) -> Mapping[str, bytes]:
        """What its servers showed at the last handshakes (DER), by their addresses."""
        return {peer.base: peer.certificate for peer in self._peers if peer.certificate}

    @property
    def enquiries(self) -> Enquiries:
        """What can be asked of Mews beside the pass."""
        return self._mews.enquiries

    @property
    def wants_room_sync(self) -> bool:
        """Whether the file switches it on."""
        return self._provisioning.room_sync.active

    @property
    def writes_card_numbers(self) -> bool:
        """Whether Mews is told the numbers of cards."""
        return self._provisioning.mews.card_numbers

    @property
    def telemetry(self) -> Telemetry:
        """Who is told how the box is."""
        return self._provisioning.telemetry

    @property
    def drill(self) -> Drill | None:
        """As the file has it."""
        return self._provisioning.drill

    @property
    def listener(self) -> Listener | None:
        """The line for news; None where Mews says nothing by itself."""
        return self._mews.listener

    @cached_property
    def door_audit(self) -> "DoorAudit":
        """The comparison of rooms and devices; loaded when somebody asks."""
        from agent.hotel.door_audit import DoorAudit

        connector, health = self._connector, self._shared.health
        return DoorAudit(self._provisioning, self.lock_systems, self.enquiries, connector.wait_reached, health)

    @property
    def mews_now(self) -> datetime | None:
        """What time it is at Mews; None until its first dated answer."""
        return self._mews_clock.now()

    def now(self) -> datetime:
        """By Mews' clock, else by the box's own."""
        return self._mews_clock.now() or utc_now()

    @property
    def poll_overdue(self) -> float:
        """Seconds by which the poll loop is later than it may be."""
        return self._connector.overdue

    async def run(self) -> None:
        """Ask Mews and look after the lock servers, until cancelled."""
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._poll)
                nursery.start_soon(self._connector.tell_lateness)
                nursery.start_soon(self._mews.hotel_watch.run)
                if self._mews.listener is not None:
                    nursery.start_soon(self._mews.listener.run)
                for driver in self.drivers:
                    nursery.start_soon(driver.watch)
                nursery.start_soon(self._audit)
                await trio.sleep_forever()
        finally:
            await self.close()

    async def _audit(self) -> None:
        await self._connector.wait_reached()
        await self.door_audit.run()

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

    def forget_faults(self) -> None:
        """What was found with this file says nothing about the next one's peers."""
        for hop in ("mews", *(driver.hop for driver in self.drivers), *(lane.id for lane in self.lanes)):
            self._shared.health.forget(hop)

    async def close(self) -> None:
        """Hang up."""
        with trio.CancelScope(shield=True, deadline=trio.current_time() + 1):
            for peer in self._peers:
                await peer.aclose()


def _has_keys(driver: Driver) -> bool:
    return any(lane.kind is Kind.KEY for lane in driver.lanes)


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
