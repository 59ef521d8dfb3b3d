"""A printer as it tells of itself, and as the provisioning file would name it. No I/O.

What it says comes from the network: texts are plain and bounded here, and an address that the file's own rules
refuse is not proposed. Nothing here is believed beyond a proposal that a person reads.
Sources: Apple, Bonjour Printing 1.2.1 (the keys of TXT); RFC 6763, section 6.
"""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import quote

import msgspec

from agent.foundation.reading.text import plain
from provisioning.addresses import address
from provisioning.model import Printer
from provisioning.problems import Wrong
from provisioning.rules.printers import uri
from provisioning.writing import line

TYPES = ("_ipp._tcp", "_ipps._tcp")
SECURED = TYPES[1]
PORT = 631
NAME_LIMIT = 60  # characters
_PATH_LIMIT = 120  # characters
_MOST_FORMATS = 40
_PDF = "application/pdf"
_SAFE = (
    "/-._~!$&'()*+,;=:"  # of a path, beside letters and digits (RFC 3986), without what the file's rules refuse
)
_SCHEMES = ("ipp", "ipps", "socket")


class Service(msgspec.Struct, frozen=True):
    """One service of a printer, as it was told: `addresses` are IP addresses, `texts` the entries of TXT.

    `certificate` is the SHA-256 (hex) of what it showed in TLS, "" where it was not asked or showed none.
    """

    name: str
    type: str
    host: str
    port: int
    addresses: tuple[str, ...] = ()
    texts: tuple[bytes, ...] = ()
    certificate: str = ""

    @property
    def is_secured(self) -> bool:
        """Whether it speaks TLS."""
        return self.type == SECURED

    @property
    def address(self) -> str:
        """The address to reach it by, as in a URL: rather IPv4, never one of a cable alone; "" for none."""
        found = [ip_address(each) for each in self.addresses]
        usable = [each for each in found if isinstance(each, IPv4Address) or not each.is_link_local]
        best = min(usable, key=lambda each: (isinstance(each, IPv6Address), each.is_link_local), default=None)
        return f"[{best}]" if isinstance(best, IPv6Address) else str(best or "")


class Look(msgspec.Struct, frozen=True):
    """What was found, and where it was asked: `at` as people read it ("eth0 (10.4.5.20)"), `by` what asked."""

    services: tuple[Service, ...] = ()
    at: tuple[str, ...] = ()
    by: str = "mDNS"
    seconds: float = 0.0


class NearPrinter(msgspec.Struct, frozen=True):
    """One printer with its services. `formats` are the MIME types that it tells, empty where it does not."""

    name: str
    model: str
    place: str
    formats: tuple[str, ...]
    unsecured: Service | None = None
    secured: Service | None = None

    @property
    def main(self) -> Service:
        """The one that is proposed: without TLS where there is one, for a printer may make itself another
        certificate at any time."""
        found = self.unsecured or self.secured
        if found is None:
            raise AssertionError("a printer has a service")
        return found

    @property
    def has_pdf(self) -> str:
        """Whether it lists PDF, as a word."""
        return "yes" if _PDF in self.formats else "no" if self.formats else "not told"


def printers(services: Iterable[Service]) -> tuple[NearPrinter, ...]:
    """The printers whose services these are, by their names."""
    grouped: dict[tuple[str, str], dict[bool, Service]] = {}
    for service in services:
        same = grouped.setdefault((service.name.casefold(), service.host.casefold()), {})
        same.setdefault(service.is_secured, service)
    found = (_printer(same.get(False), same.get(True)) for same in grouped.values())
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.main.address)))


def uri_of(service: Service) -> str:
    """Its address for the file; "" where it has told none that the file's rules take."""
    port = "" if service.port == PORT else f":{service.port}"
    path = quote(_path(service), safe=_SAFE)
    scheme = "ipps" if service.is_secured else "ipp"
    try:
        return uri(f"{scheme}://{service.address}{port}/{path}")
    except Wrong:
        return ""


def name_in_file(printer: NearPrinter, file: Sequence[Printer]) -> str:
    """What the file calls it; "" where it has no such printer. By address, port and path, with TLS or without."""
    places = {place for service in (printer.unsecured, printer.secured) if service for place in _places(service)}
    return next((each.name for each in file if _place_of(each.uri) in places), "")


def lines_for_file(printer: NearPrinter, name: str) -> list[str]:
    """What an installer writes into the file; a comment that says why not, where it has told no usable address."""
    main = uri_of(printer.main)
    head = f"# {' '.join(filter(None, (printer.model or printer.name, _bracketed(printer.place))))}"
    if not main:
        return [head, "# has told no address that can be written: look for it at the printer's own panel"]
    lines = [head, "[[printers]]", line("name", name), line("uri", main)]
    if printer.main.is_secured:
        return [*lines, _pin(printer.main)]
    if printer.secured is None or not (secured := uri_of(printer.secured)):
        return lines
    return [*lines, "# or, encrypted:", f"# {line('uri', secured)}", f"# {_pin(printer.secured)}"]


def names_for(found: Sequence[NearPrinter], taken: Iterable[str]) -> list[str]:
    """A name for each that no other has, in the file or here: Mews' own comes to stand in its place anyway."""
    used = {name.casefold() for name in taken}
    names = []
    for printer in found:
        tries = (printer.name, *(f"{printer.name} {number}" for number in range(2, len(used) + len(found) + 2)))
        name = next(each for each in tries if each.casefold() not in used)
        used.add(name.casefold())
        names.append(name)
    return names


def _printer(unsecured: Service | None, secured: Service | None) -> NearPrinter:
    told = [_entries(each.texts) for each in (unsecured, secured) if each is not None]
    name = next(each.name for each in (unsecured, secured) if each is not None)
    return NearPrinter(
        plain(name, NAME_LIMIT) or "Printer",
        plain(_first(told, "ty") or _first(told, "product").strip("()"), NAME_LIMIT),
        plain(_first(told, "note"), NAME_LIMIT),
        _formats(_first(told, "pdl")),
        unsecured,
        secured,
    )


def _entries(texts: Sequence[bytes]) -> Mapping[str, str]:
    """KEY=VALUE by KEY in lower case; the first of several counts (RFC 6763, section 6.4)."""
    found: dict[str, str] = {}
    for text in texts:
        name, _, value = text.decode("utf-8", "replace").partition("=")
        found.setdefault(name.lower(), value)
    return found


def _first(told: Sequence[Mapping[str, str]], name: str) -> str:
    return next((entries[name] for entries in told if entries.get(name)), "")


def _formats(listed: str) -> tuple[str, ...]:
    words = (plain(word, NAME_LIMIT).lower() for word in listed.split(",")[:_MOST_FORMATS])
    return tuple(dict.fromkeys(word for word in words if word))


def _path(service: Service) -> str:
    return _entries(service.texts).get("rp", "ipp/print").strip("/")[:_PATH_LIMIT]


def _places(service: Service) -> set[tuple[str, int, str]]:
    """All names of its place: each of its addresses, and the name of its machine."""
    hosts = {service.host.rstrip(".").lower(), *(each.lower() for each in service.addresses)}
    return {(host, service.port, _path(service)) for host in hosts}


def _place_of(written: str) -> tuple[str, int, str]:
    found = address(written, _SCHEMES, "")
    return found.host.strip("[]").rstrip("."), found.port or PORT, found.path.strip("/")


def _bracketed(text: str) -> str:
    return f"({text})" if text else ""


def _pin(service: Service) -> str:
    if service.certificate:
        return line("certificate_sha256", service.certificate)
    return 'certificate_sha256 = "..."  # it showed none: the page shows it as it refuses'
