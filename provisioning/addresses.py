"""Addresses as an installer writes them: taken apart, checked, and written the one way the box uses.

Looks nothing up: names stay names. Never repeats what may hold a password (anything with an "@" or a "?").
RFC 3986 for the parts of a URL, RFC 1123 for host names; Windows names may hold "_" as well.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

import msgspec

from provisioning.problems import Wrong, nearest, quoted

_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(:(?P<port>[^:\[\]]*))?")
_PATH = re.compile(r"[!-~]*")  # what a URL may hold as it stands: visible ASCII
_HOST_CHARACTERS = 253  # characters; RFC 1123 section 2.1 with RFC 1035


class Address(msgspec.Struct, frozen=True):
    """A URL in its parts. `host` is in lower case, IPv6 in brackets; `path` is "" or begins with "/"."""

    scheme: str
    host: str
    port: int | None
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host, and the port if one was written."""
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port else "")


def address(text: str, schemes: tuple[str, ...], example: str) -> Address:
    """The parts of a URL with one of `schemes`, without user, query and fragment. Raises `Wrong`."""
    write = f'Write something like "{example}"'
    _refuse_surplus(text)
    scheme, found, rest = text.partition("://")
    if not found:
        raise Wrong("has no scheme", _with_scheme(text, schemes, write))
    scheme = scheme.lower()
    if scheme not in schemes:
        meant = nearest(scheme, schemes)
        raise Wrong(
            f"must begin with {' or '.join(f'{each}://' for each in schemes)}",
            f"Did you mean {meant}://?" if meant else write,
        )
    authority, slash, path = rest.partition("/")
    if not _PATH.fullmatch(path) or "\\" in path:
        raise Wrong("holds a blank, a backslash or a foreign letter", write)
    host, port = _host_and_port(authority, write)
    return Address(scheme, host, port, slash + path)


def host_and_port(text: str, example: str = "0.0.0.0:80") -> tuple[str, int]:
    """The two parts of HOST:PORT, an IPv6 host in brackets (and kept so). Raises `Wrong`."""
    write = f'Write something like "{example}"'
    found, port = _host_and_port(text, write)
    if port is None:
        raise Wrong("has no port", f'Write "{found}:80"')
    return found, port


def host(text: str) -> str:
    """A host name in lower case, or an IP address; IPv6 in brackets. Raises `Wrong`."""
    if text.startswith("["):
        no_ipv6 = Wrong("has no IPv6 address in its brackets", 'Write something like "[fd00::5]"')
        return f"[{_ip(text[1:-1], IPv6Address, no_ipv6)}]"
    if re.fullmatch(r"[0-9.]+", text):
        no_ipv4 = Wrong(f"{quoted(text)} is not an IPv4 address", "Write four numbers from 0 to 255 with dots")
        return _ip(text, IPv4Address, no_ipv4)
    labels = text.removesuffix(".").split(".")
    if len(text) > _HOST_CHARACTERS or not all(_LABEL.fullmatch(label) for label in labels):
        raise Wrong("names no host", "Write an IP address, or a name of letters, digits, hyphens and dots")
    return text.lower()


def host_label(text: str) -> str:
    """A single-label host name: 1 to 63 lower-case letters, digits and hyphens. Raises `Wrong`."""
    if not _HOST_LABEL.fullmatch(text):
        wrong = "is not a host name of 1 to 63 lower-case letters, digits and inner hyphens"
        raise Wrong(wrong, f'Write something like "{_as_label(text)}"')
    return text


def ip(text: str) -> str:
    """An IPv4 or IPv6 address without brackets. Raises `Wrong`."""
    try:
        return str(ip_address(text))
    except ValueError:
        raise Wrong("is not an IP address", 'Write something like "10.4.5.1"') from None


def host_ip(found: str) -> IPv4Address | IPv6Address | None:
    """The IP address that a checked host is; None for a name."""
    try:
        return ip_address(found.strip("[]"))
    except ValueError:
        return None


def is_near(found: str) -> bool:
    """Whether a checked host is on this machine or in a private network, as far as that can be told by reading."""
    at = host_ip(found)
    return found == "localhost" if at is None else at.is_private or at.is_loopback


def _refuse_surplus(text: str) -> None:
    if "@" in text:
        write = "Write the address alone; user name and password have lines of their own"
        raise Wrong('holds an "@", as if a user or password stood in it', write)
    if "?" in text or "#" in text:
        raise Wrong('holds a "?" or "#"', "Write the address only up to that character")


def _with_scheme(text: str, schemes: tuple[str, ...], write: str) -> str:
    begun = re.match(rf"({'|'.join(schemes)}):/*", text, re.IGNORECASE)
    scheme, rest = (begun[1], text[begun.end() :]) if begun else (schemes[0], text.lstrip("/"))
    try:
        guess = address(f"{scheme}://{rest}", schemes, "")
    except Wrong:
        return write
    other = f", or {schemes[1]}:// if that is what it speaks" if not begun and schemes[0] != "https" else ""
    return f'Write "{guess.origin}{guess.path}"{other}'


def _host_and_port(text: str, write: str) -> tuple[str, int | None]:
    parts = _AUTHORITY.fullmatch(text)
    if not parts:
        raise Wrong("holds colons or brackets in a wrong place", "Write an IPv6 address in brackets: [fd00::5]")
    if not parts["host"]:
        raise Wrong("names no host", write)
    return host(parts["host"]), None if parts["port"] is None else _port(parts["port"])


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise Wrong(
            "has a port that is not a number from 1 to 65535", "Write the port as a number after the colon"
        )
    return int(text)


def _ip(text: str, version: type[IPv4Address | IPv6Address], refusal: Wrong) -> str:
    try:
        return str(version(text))
    except ValueError:
        raise refusal from None


def _as_label(text: str) -> str:
    tried = re.sub(r"[^a-z0-9]+", "-", text.lower())[:63].strip("-")
    return tried or "aurora-desk"
