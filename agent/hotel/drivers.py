"""The drivers that a provisioning file asks for, with the peers that they speak through."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
import trio

from agent.commands.driver import Driver
from agent.drivers.coder_bridge.driver import CoderBridgeDriver
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.eyes import NO_EYES, Eyes
from agent.drivers.knocking import Knock
from agent.drivers.lock_server.log_in import Credentials
from agent.foundation.http import Peer
from agent.foundation.timing import Clock
from agent.health.health import Health
from agent.hotel.knocks import Answers, ServerKnock, of_connection
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
    something stands in for it; `answers` is `reach.answers`. `hint` is called as a hop would say something else
    and no event tells of it; `eyes` are those that look at the page."""

    health: Health
    clock: Clock
    now: Callable[[], datetime]
    open_peer: Callable[[str, str | None], Peer]
    open_stream: OpenStream | None = None
    rasters: "Rasters | None" = None
    look_up: Callable[[str], Awaitable[Sequence[str]]] | None = None
    is_open: Callable[[str, int], Awaitable[bool]] | None = None
    answers: Answers | None = None
    hint: Callable[[], None] = lambda: None
    eyes: Eyes = NO_EYES


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

    knock = partial(_knock, means=means, answers=of_connection(means.is_open))
    at_printers = PrintMeans(
        *(means.health, means.clock, means.open_peer, means.open_stream, means.rasters, knock), eyes=means.eyes
    )
    return open_printers(file.printers, file.limits, at_printers)


def _visionline(server: Visionline, peer: Peer, zone: ZoneInfo, means: Means) -> Driver:
    from agent.drivers.visionline import web_api  # here, because most files have none, and a start is short
    from agent.drivers.visionline.opening import open_driver
    from agent.foundation import reach

    look_up, is_open = means.look_up or reach.look_up_all, means.is_open or reach.is_open
    at_server = web_api.Means(means.clock, means.now, look_up, is_open)
    return open_driver(
        server, peer, zone, means.health, at_server, _knock(server.server, means, means.answers), means.hint
    )


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
        knock=_knock(bridge.server, means, means.answers),
        hint=means.hint,
    )


def _knock(address: str, means: Means, answers: Answers | None) -> Knock:
    return ServerKnock(address, means.eyes, answers, means.look_up)
