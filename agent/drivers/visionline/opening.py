"""One [[visionline]] of the provisioning file as a driver. Loaded only where a file has one."""

from collections.abc import Callable
from datetime import tzinfo

from agent.commands.model import Account
from agent.drivers.knocking import Knock
from agent.drivers.visionline.driver import VisionlineDriver
from agent.drivers.visionline.protocol.requests import CardRules
from agent.drivers.visionline.protocol.signing import Rules
from agent.drivers.visionline.web_api import Means, WebApi
from agent.foundation.http import Peer
from agent.foundation.reach import server_at
from agent.health.health import Health
from provisioning.model import Visionline
from provisioning.secret import Secret


def open_driver(
    server: Visionline,
    peer: Peer,
    zone: tzinfo,
    health: Health,
    means: Means,
    knock: Knock | None = None,
    hint: Callable[[], None] = lambda: None,
) -> VisionlineDriver:
    """The driver of a server, which speaks through `peer`; `zone` is the hotel's."""
    pin = server.certificate_sha256
    account = Account(server.server, Secret(server.username), server.password)
    rules = Rules(server.date_header, server.signed_target)
    return VisionlineDriver(
        WebApi(peer, server_at(server.server, pin), account, rules, means),
        CardRules(zone, server.card_format, server.first_card),
        health,
        {encoder.identifier: encoder.name for encoder in server.encoders},
        pin or "",
        knock,
        hint,
    )
