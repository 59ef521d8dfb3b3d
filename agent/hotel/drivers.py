"""The drivers that a provisioning file asks for, with the peers that they speak through."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
import trio

from agent.commands.driver import Driver
from agent.drivers.coder_bridge.driver import CoderBridgeDriver
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.lock_server.log_in import Credentials
from agent.drivers.server_watch import Knock
from agent.foundation.errors import NotSent
from agent.foundation.http import Peer
from agent.foundation.timing import Clock
from agent.health.health import Health
from provisioning.model import CoderBridge, Provisioning, Visionline

if TYPE_CHECKING:
    from agent.drivers.printing.rasters import Rasters

OpenStream = Callable[[str, int], Awaitable[trio.abc.Stream]]


class Opened(msgspec.Struct, frozen=True):
    """Drivers by their order on the page, and what has to be closed after them."""

    drivers: tuple[Driver, ...] = ()
    peers: tuple[Peer, ...] = ()


class Means(msgspec.Struct, frozen=True):
    """What a driver gets beside the file: where faults go, time (monotonic, and the true one as far as that is
    known), how a peer is opened by address and pin.

    Names are looked up, ports tried, streams opened (by host and port) and documents drawn on this machine, unless
    something stands in for it."""

    health: Health
    clock: Clock
    now: Callable[[], datetime]
    open_peer: Callable[[str, str | None], Peer]
    open_stream: OpenStream | None = None
    rasters: "Rasters | None" = None
    look_up: Callable[[str], Awaitable[Sequence[str]]] | None = None
    is_open: Callable[[str, int], Awaitable[bool]] | None = None


OpenDrivers = Callable[[Provisioning, Profile | None, Means], Opened]


def open_drivers(file: Provisioning, profile: Profile | None, means: Means) -> Opened:
    """Those of this file; `profile` is the Coder Bridge's, None where the file has none."""
    zone = ZoneInfo(file.box.timezone)
    drivers: list[Driver] = []
    peers: list[Peer] = []
    if file.coder_bridge is not None and profile is not None:
        peers.append(means.open_peer(file.coder_bridge.server, file.coder_bridge.certificate_sha256))
        drivers.append(_coder_bridge(file.coder_bridge, profile, peers[-1], zone, means))
    for server in file.visionline:
        peers.append(means.open_peer(server.server, server.certificate_sha256))
        drivers.append(_visionline(server, peers[-1], zone, means))
    printers, ways = _printers(file, means)
    return Opened((*drivers, *printers), (*peers, *ways))


def _printers(file: Provisioning, means: Means) -> tuple[tuple[Driver, ...], tuple[Peer, ...]]:
    if not file.printers:
        return (), ()
    from agent.drivers.printing.opening import PrintMeans, open_printers

    at_printers = PrintMeans(means.health, means.clock, means.open_peer, means.open_stream, means.rasters)
    return open_printers(file.printers, file.limits, at_printers)


def _visionline(server: Visionline, peer: Peer, zone: ZoneInfo, means: Means) -> Driver:
    from agent.drivers.visionline import web_api  # here, because most files have none, and a start is short
    from agent.drivers.visionline.opening import open_driver
    from agent.foundation import reach

    look_up, is_open = means.look_up or reach.look_up_all, means.is_open or reach.is_open
    at_server = web_api.Means(means.clock, means.now, look_up, is_open)
    return open_driver(server, peer, zone, means.health, at_server, _knock(server.server, means))


def _coder_bridge(
    bridge: CoderBridge, profile: Profile, peer: Peer, zone: ZoneInfo, means: Means
) -> CoderBridgeDriver:
    return CoderBridgeDriver(
        peer,
        profile,
        Credentials(bridge.username, bridge.password),
        zone,
        means.health,
        {encoder.identifier: encoder.name for encoder in bridge.encoders},
        active=bridge.active,
        mobile=tuple(encoder.identifier for encoder in bridge.encoders if encoder.mobile),
        allow_unconfirmed=bridge.allow_unconfirmed,
        allow_precheckin=bridge.allow_precheckin,
        clock=means.clock,
        now=means.now,
        knock=_knock(bridge.server, means),
    )


def _knock(address: str, means: Means) -> Knock:
    """Tries whether the server of the file takes connections."""
    found: list[str] = []  # what its name was looked up to, until a connection fails

    async def knock() -> bool:
        from agent.foundation import reach  # here, because a start is short, and this comes after it

        server = reach.server_at(address)
        try:
            if not found:
                names = (
                    (server.host,)
                    if not server.is_named
                    else await (means.look_up or reach.look_up_all)(server.host)
                )
                found.append(names[0])
            is_there = await (means.is_open or reach.is_open)(found[0], server.port)
        except NotSent:
            is_there = False
        if not is_there:
            found.clear()
        return is_there

    return knock
