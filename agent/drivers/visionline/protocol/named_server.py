"""Whether the lock server that an order names is the one of the provisioning file, and where that may be. No I/O.

An order's `ApiUrl` with user and password is a request to send secrets to an address that the cloud chose. So it
is never called: it is compared, by a grammar that knows one spelling of a server, and the file's own address is
called. What is not surely the same is another one. Never shows the user or the password that an address holds.

An address without a scheme is taken for the lock server's own: Mews' help calls `ApiUrl` "IP and port"
(reference/visionline.md, section 1).
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from agent.foundation.reading.text import plain, without
from provisioning.addresses import why_no_machine

SHOWN = 80  # characters of an address; a host of a hotel is shorter
HIDDEN = "an address that may hold a user or a password"
_PORTS = {"http": 80, "https": 443}
_ADDRESS = re.compile(
    r"(?:(?P<scheme>[A-Za-z]+)://)?"
    r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?:/|/api/v1/?)?",
    re.ASCII,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/+", re.ASCII)
_ENDS = re.compile(r"[/?#\\]")  # of what may be a host, for any reader of addresses
_SERVER = re.compile(r"[A-Za-z0-9._\[\]-]*(:[0-9A-Fa-f:.\]]*)?", re.ASCII)  # nothing that could be a user


def is_same(asked: str, server: str) -> bool:
    """Whether `asked` means the `server` of the file (`scheme://host[:port]/api/v1`): scheme, host and port."""
    found = _ADDRESS.fullmatch(asked)
    if found is None:
        return False
    file = urlsplit(server)
    host, _ = _host_and_port(file.netloc)
    scheme = (found["scheme"] or file.scheme).lower()
    port = int(found["port"]) if found["port"] else _PORTS.get(scheme)
    return (scheme, found["host"].lower(), port) == (file.scheme, host, file.port or _PORTS[file.scheme])


def shown(asked: str, secrets: Iterable[str]) -> str:
    """The server that an address asks for, fit for a page: without path, user, password and other secrets."""
    asked = asked.strip()
    scheme = _SCHEME.match(asked)
    rest = asked[scheme.end() :] if scheme else asked
    user, _, behind = rest.rpartition("@")
    server = _ENDS.split(behind)[0]
    if _ENDS.search(user) or not _SERVER.fullmatch(server):
        return HIDDEN  # what is the user and what the host depends on who reads it
    return plain(without((scheme[0] if scheme else "") + server, secrets), SHOWN)


def usable(host: str, found: Iterable[str]) -> str | None:
    """The first of the addresses found for the file's `host` that may be called; None where none may.

    A name that leads to the box itself, to its own link or to no machine leads there by mistake or on purpose;
    only a file that says localhost means the box.
    """
    return next((address for address in found if _may_be(host, address)), None)


def _may_be(host: str, address: str) -> bool:
    at = ip_address(address.partition("%")[0])
    if isinstance(at, IPv6Address) and at.ipv4_mapped:
        at = at.ipv4_mapped
    return at.is_loopback if host == "localhost" else not _is_forbidden(at)


def _is_forbidden(at: IPv4Address | IPv6Address) -> bool:
    return at.is_loopback or at.is_link_local or bool(why_no_machine(at))


def _host_and_port(netloc: str) -> tuple[str, str]:
    """The host as the file writes it, in small letters, an IPv6 address in its brackets."""
    host, bracket, port = netloc.lower().rpartition("]")
    if bracket:
        return host + bracket, port.removeprefix(":")
    host, _, port = netloc.lower().partition(":")
    return host, port
