"""One hotel as its provisioning file describes it: peers, drivers, routes and connector, joined.

Made for every file that is taken; the pipeline with its lanes, the journal and the faults outlive it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import trio

from agent.commands.driver import Driver, Lane
from agent.commands.routing import Door, Routes
from agent.drivers.coder_bridge.bridge import open_peer
from agent.drivers.coder_bridge.driver import CoderBridgeDriver
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.session import Credentials
from agent.foundation.http import Peer
from agent.foundation.timing import Clock, MewsClock
from agent.health.health import Health
from agent.mews.account.session import Session
from agent.mews.client import Client
from agent.mews.connector import Connector
from agent.mews.v2016 import wire
from agent.pipeline.intake import Intake
from agent.pipeline.last_look import LastLook
from agent.pipeline.orders import Orders
from agent.pipeline.pipeline import Pipeline
from agent.pipeline.terms import Terms
from provisioning.ids import same_id
from provisioning.model import Dialect, Mews, Provisioning
from provisioning.secret import Secret

MEWS_CONNECTIONS = 20  # claims of all lanes, six results, a receipt and the poll at once


class Shared(msgspec.Struct, frozen=True):
    """What outlives a site."""

    health: Health
    orders: Orders
    pipeline: Pipeline
    clock: Clock


class Wires(msgspec.Struct, frozen=True):
    """How peers are opened: by address (Mews), by address and pinned certificate (a Coder Bridge)."""

    mews: Callable[[str], Peer]
    coder_bridge: Callable[[str, str | None], Peer]


def real_wires() -> Wires:
    """Peers on the network."""
    return Wires(lambda platform: Peer(platform, connections=MEWS_CONNECTIONS), open_peer)


class Site:
    """The running hotel. `profile` is the Coder Bridge's, None where the file has no Coder Bridge."""

    def __init__(self, provisioning: Provisioning, profile: Profile | None, shared: Shared, wires: Wires) -> None:
        self._provisioning, self._shared = provisioning, shared
        self._mews_clock = MewsClock(shared.clock)
        self._peers = [wires.mews(provisioning.mews.platform)]
        self._connector = self._connect(provisioning.mews)
        self.drivers = self._open_drivers(provisioning, profile, wires)
        self.lanes = tuple(lane for driver in self.drivers for lane in driver.lanes)
        self.zone = ZoneInfo(provisioning.box.timezone)
        drivers = {driver.hop: driver for driver in self.drivers}
        self.terms = Terms(
            Intake(_routes(provisioning, self.lanes), drivers, wire.key_request),
            drivers,
            self._connector,
            self._mews_clock,
            LastLook(self._mews_clock, provisioning.limits.key_age_seconds, self.zone),
        )

    @property
    def connector(self) -> Connector:
        """The site's side of Mews."""
        return self._connector

    @property
    def mews_now(self) -> datetime | None:
        """What time it is at Mews; None until its first dated answer."""
        return self._mews_clock.now()

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
            await self._close()

    async def _poll(self) -> None:
        pipeline = self._shared.pipeline

        async def take(listing: wire.Listing, asked_at: float) -> None:
            self._tell_unreadable(listing)
            await pipeline.take(listing.commands, asked_at, is_whole=listing.is_whole)

        await self._connector.poll_forever(lambda: pipeline.known, take)

    def _tell_unreadable(self, listing: wire.Listing) -> None:
        if listing.is_whole:
            self._shared.health.clear("mews", "E-MEWS-COMMAND")
            return
        count = listing.unreadable
        words = f"{count} of the listed commands cannot be read and have no usable id." if count else ""
        self._shared.health.raise_fault("E-MEWS-COMMAND", "mews", words or "The list cannot be read to its end.")

    def _connect(self, mews: Mews) -> Connector:
        shared = self._shared
        session = Session(connector_token=_text(mews.connector_token), access_token=_text(mews.access_token))
        client = Client(self._peers[0], self._mews_clock)
        return Connector(
            client,
            session,
            shared.health,
            self._mews_clock,
            poll_seconds=mews.poll_seconds,
            clock=shared.clock,
        )

    def _open_drivers(
        self, provisioning: Provisioning, profile: Profile | None, wires: Wires
    ) -> tuple[Driver, ...]:
        bridge = provisioning.coder_bridge
        if bridge is None or profile is None:
            return ()
        peer = wires.coder_bridge(bridge.server, bridge.certificate_sha256)
        self._peers.append(peer)
        driver = CoderBridgeDriver(
            peer,
            profile,
            Credentials(bridge.username, bridge.password),
            ZoneInfo(provisioning.box.timezone),
            self._shared.health,
            {encoder.identifier: encoder.name for encoder in bridge.encoders},
            active=bridge.active,
            allow_unconfirmed=bridge.allow_unconfirmed,
            clock=self._shared.clock,
        )
        return (driver,)

    def _warn(self) -> None:
        """Say what the file asks for and this version does not do."""
        file, health = self._provisioning, self._shared.health
        if file.mews.dialect is not Dialect.V2016:
            health.raise_fault("E-MEWS-DIALECT", "mews")
        if file.visionline or file.printers:
            health.raise_fault("E-FILE-UNUSED", "box", "This version drives neither VisiOnline nor printers.")

    def forget_faults(self) -> None:
        """What was found with this file says nothing about the next one's peers."""
        for hop in ("mews", *(driver.hop for driver in self.drivers), *(lane.id for lane in self.lanes)):
            self._shared.health.forget(hop)
        self._shared.health.clear("box", "E-FILE-UNUSED")

    async def _close(self) -> None:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + 1):
            for peer in self._peers:
                await peer.aclose()


def _routes(provisioning: Provisioning, lanes: Iterable[Lane]) -> Routes:
    by_identifier = {lane.identifier: lane for lane in lanes}
    bridge = provisioning.coder_bridge
    cutters = {
        same_id(cutter): by_identifier[encoder.identifier]
        for encoder in (bridge.encoders if bridge else ())
        for cutter in encoder.key_cutters
    }
    doors = {lock: Door(door.room or "", door.area or "") for lock, door in provisioning.doors.items()}
    return Routes(cutters, doors, provisioning.limits.keys_per_command)


def _text(secret: Secret | None) -> str | None:
    return None if secret is None else secret.reveal()
