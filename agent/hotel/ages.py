"""Certificates and tokens with their days, for page and metrics: the box's own, and what a hop has shown.

Nothing is trusted, refused or warned of because of it: what holds is decided where the connection is made.
Loaded after the first poll.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from agent.commands.driver import Driver, LogsIn
from agent.drivers.coder_bridge.bridge_faults import SERVER_HOP
from agent.foundation.reading import certificate
from agent.health.kind import BOX
from agent.hotel.acting_place import ActingPlace
from agent.status.snapshot.surroundings import AgeFacts
from provisioning.model import Provisioning

CERTIFICATE, TOKEN = "certificate", "token"
_TLS = ("https:", "ipps:")


def certificate_ages(file: Provisioning, shown: Mapping[str, bytes]) -> tuple[AgeFacts, ...]:
    """A line for each hop whose certificate was seen; `shown` has them (DER) by the address of their peer."""
    return tuple(
        AgeFacts(hop, CERTIFICATE, "The certificate that it showed last.", until=until)
        for hop, base in _bases(file)
        if (until := _until(shown.get(base.rstrip("/"), b""))) is not None
    )


def acting_ages(place: ActingPlace) -> tuple[AgeFacts, ...]:
    """The line of the page that acts, while it is served."""
    text = "The certificate of the page that acts; a new one is made before it ends."
    return () if place.until is None else (AgeFacts(BOX, CERTIFICATE, text, until=place.until),)


def token_ages(
    signed_in: float | None, drivers: Iterable[Driver], moment: Callable[[float], datetime]
) -> tuple[AgeFacts, ...]:
    """The session at Mews, `signed_in` since then, and the tokens of lock systems; `moment` gives the time of
    monotonic seconds."""
    ages = []
    if signed_in is not None:
        text = "The session that the box signed in to Mews for."
        ages.append(AgeFacts("mews", TOKEN, text, since=moment(signed_in)))
    for driver in drivers:
        life = driver.token_life if isinstance(driver, LogsIn) else None
        if life is not None:
            until = None if life.until is None else moment(life.until)
            text = "The token that the box logged in for; it is renewed by itself."
            ages.append(AgeFacts(driver.hop, TOKEN, text, moment(life.since), until))
    return tuple(ages)


def remaining(ages: Iterable[AgeFacts], now: datetime) -> tuple[tuple[str, float], ...]:
    """For how many seconds each certificate is still good, by its hop."""
    ends = ((age.hop, age.until) for age in ages if age.what == CERTIFICATE)
    return tuple((hop, (until - now).total_seconds()) for hop, until in ends if until is not None)


def _bases(file: Provisioning) -> list[tuple[str, str]]:
    """Hop and address of what is reached by TLS."""
    found = [("mews", file.mews.platform)]
    if file.coder_bridge is not None:
        found.append((SERVER_HOP, file.coder_bridge.server))
    found += [(f"lock-server:{urlsplit(server.server).netloc}", server.server) for server in file.visionline]
    found += [(f"printer:{printer.name}", printer.uri) for printer in file.printers]
    return [(hop, _base(url)) for hop, url in found if url.lower().startswith(_TLS)]


def _base(url: str) -> str:
    if not url.lower().startswith("ipps:"):
        return url
    from agent.drivers.printing.ipp.address import http_address  # most houses have no such printer

    return http_address(url).base


@lru_cache(maxsize=32)
def _until(der: bytes) -> datetime | None:
    seen = certificate.read(der) if der else None
    return None if seen is None else seen.not_after
