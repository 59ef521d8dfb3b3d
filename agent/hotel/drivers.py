"""The drivers that a provisioning file asks for, with the peers that they speak through."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import msgspec

from agent.commands.driver import Driver
from agent.drivers.coder_bridge.driver import CoderBridgeDriver
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.session import Credentials
from agent.foundation.http import Peer
from agent.foundation.timing import Clock
from agent.health.health import Health
from provisioning.model import CoderBridge, Provisioning


class Opened(msgspec.Struct, frozen=True):
    """Drivers by their order on the page, and what has to be closed after them."""

    drivers: tuple[Driver, ...] = ()
    peers: tuple[Peer, ...] = ()


class Means(msgspec.Struct, frozen=True):
    """What a driver gets beside the file: where faults go, time, and how a peer is opened by address and pin."""

    health: Health
    clock: Clock
    open_peer: Callable[[str, str | None], Peer]


OpenDrivers = Callable[[Provisioning, Profile | None, Means], Opened]


def open_drivers(file: Provisioning, profile: Profile | None, means: Means) -> Opened:
    """Those of this file; `profile` is the Coder Bridge's, None where the file has none."""
    if file.coder_bridge is None or profile is None:
        return Opened()
    peer = means.open_peer(file.coder_bridge.server, file.coder_bridge.certificate_sha256)
    zone = ZoneInfo(file.box.timezone)
    return Opened((_coder_bridge(file.coder_bridge, profile, peer, zone, means),), (peer,))


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
        allow_unconfirmed=bridge.allow_unconfirmed,
        clock=means.clock,
    )
