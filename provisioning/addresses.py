"""Addresses as an installer writes them: taken apart, checked, and written the one way the box uses.

Looks nothing up: names stay names. Never repeats what may hold a password (anything with an "@" or a "?").
RFC 3986 for the parts of a URL, RFC 1123 for host names; Windows names may hold "_" as well.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address, ip_interface

import msgspec

from provisioning.host_port import HIGHEST_PORT, host_and_port
from provisioning.problems import Wrong, quoted
from provisioning.spelling import nearest

_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(:(?P<port>[^:\[\]]*))?")
_PATH = re.compile(r"[!-~]*")  # what a URL may hold as it stands: visible ASCII
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]+")  # what getaddrinfo reads as an IPv4 address without dots
_RESERVED = frozenset({"broadcasthost", "ip6-localhost", "ip6-loopback", "local", "localdomain", "localhost"})
_EXAMPLE_LABEL = "aurora-desk"
# "This" network, and class E with the broadcast address (RFC 6890).
_NO_MACHINES = (IPv4Network("0.0.0.0/8"), IPv4Network("240.0.0.0/4"))
EVERYWHERE = "0.0.0.0:80"  # where a page listens that the whole LAN may see
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
    _refuse_no_machine(host_ip(host), write)
    return Address(scheme, host, port, slash + path)


def listening(text: str, lowest_port: int = 1) -> tuple[str, int]:
    """HOST:PORT of where to listen: an IP address (IPv6 in brackets, and kept so) or localhost. Raises `Wrong`."""
    parts = host_and_port(text)
    if parts is None or parts[1] < lowest_port:
        like = f'Write "{text}:80"' if host_ip(text) else f'Write it like "{EVERYWHERE}"'
        raise Wrong(f"is not HOST:PORT, with a port from {lowest_port} to {HIGHEST_PORT}", like)
    host, port = parts
    return _listening_host(host, f'Write "0.0.0.0:{port or 80}" for all addresses of the box'), port


def _listening_host(text: str, write: str) -> str:
    if text.lower() == "localhost":
        return "localhost"
    at = host_ip(text)
    if at is None:
        raise Wrong("does not begin with an IP address, and the page can only listen at one", write)
    if isinstance(at, IPv6Address) != text.startswith("["):
        raise Wrong(
            "has brackets in a wrong place: they belong around an IPv6 address",
            'Write it like "0.0.0.0:80" or "[::]:80"',
        )
    if not at.is_unspecified and (why := why_no_machine(at)):
        raise Wrong(f"{why}, which is never an IP address of the box", write)
    return f"[{at}]" if isinstance(at, IPv6Address) else str(at)


def host(text: str) -> str:
    """A host name in lower case, or an IP address; IPv6 in brackets. Raises `Wrong`."""
    if text.startswith("["):
        no_ipv6 = Wrong("has no IPv6 address in its brackets", "Write one there, as in [fd00::5]")
        return f"[{_ip(text[1:-1], IPv6Address, no_ipv6)}]"
    if re.fullmatch(r"[0-9.]+", text):
        no_ipv4 = Wrong(f"{quoted(text)} is not an IPv4 address", "Write four numbers from 0 to 255 with dots")
        return _ip(text, IPv4Address, no_ipv4)
    labels = text.removesuffix(".").split(".")
    if len(text) > _HOST_CHARACTERS or not all(_LABEL.fullmatch(label) for label in labels):
        raise Wrong("names no host", "Write an IP address, or a name of letters, digits, hyphens and dots")
    return text.lower()


def host_label(text: str) -> str:
    """A name that is good as NAME and as NAME.local, of 1 to 63 characters. Raises `Wrong`."""
    if not _HOST_LABEL.fullmatch(text):
        wrong = "is not a host name of 1 to 63 lower-case letters, digits and inner hyphens"
        raise Wrong(wrong, f'Write something like "{_as_label(text)}"')
    if text in _RESERVED:
        raise Wrong(f'"{text}" means something else on every computer', f'Write something like "{_EXAMPLE_LABEL}"')
    if _NUMBER.fullmatch(text):
        wrong = f'"{text}" is a number, which computers take for an address'
        raise Wrong(wrong, f'Write something like "{_as_label(f"box-{text}")}"')
    if text.startswith("xn--"):
        wrong = "begins with xn--, which is how computers write foreign letters"
        raise Wrong(wrong, f'Write something like "{_EXAMPLE_LABEL}"')
    return text


def ip(text: str) -> str:
    """An IPv4 or IPv6 address of one machine, without brackets. Raises `Wrong`."""
    write = 'Write something like "10.4.5.1"'
    try:
        found = ip_address(text)
    except ValueError:
        raise Wrong("is not an IP address", write) from None
    if isinstance(found, IPv6Address) and found.scope_id:
        raise Wrong("names a network card after the %", f'Write "{text.partition("%")[0]}"')
    _refuse_no_machine(found, write)
    return str(found)


def machine(text: str) -> str:
    """A host name in lower case, or the IP address of one machine. Raises `Wrong`."""
    found = host(text)
    _refuse_no_machine(host_ip(found), 'Write the address of the machine, like "10.4.5.1"')
    return found


def why_no_machine(at: IPv4Address | IPv6Address) -> str:
    """Why no machine that could be called has this address, as what the address "is"; "" where one may have it."""
    if isinstance(at, IPv6Address) and at.ipv4_mapped:
        at = at.ipv4_mapped
    if at.is_unspecified:
        return "is the address that stands for none"
    if at.is_multicast:
        return "is a multicast address"
    if isinstance(at, IPv4Address):
        return next((f"is in {network}, where no machine is" for network in _NO_MACHINES if at in network), "")
    return ""


def host_ip(found: str) -> IPv4Address | IPv6Address | None:
    """The IP address that a checked host is; None for a name."""
    try:
        return ip_address(found.strip("[]"))
    except ValueError:
        return None


def is_own(found: str, own: str | None) -> bool:
    """Whether a checked host is the box at its fixed address `own` (ADDRESS/PREFIX; None for DHCP)."""
    return own is not None and host_ip(found) == ip_interface(own).ip


def is_near(found: str) -> bool:
    """Whether a checked host is on this machine or in a private network, as far as that can be told by reading."""
    at = host_ip(found)
    return found == "localhost" if at is None else at.is_private or at.is_loopback


def _refuse_no_machine(at: IPv4Address | IPv6Address | None, write: str) -> None:
    if at is not None and (why := why_no_machine(at)):
        raise Wrong(why, write)


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
        wrong = "has a port that is not a number from 1 to 65535"
        raise Wrong(wrong, "Write the port as a number after the colon")
    return int(text)


def _ip(text: str, version: type[IPv4Address | IPv6Address], refusal: Wrong) -> str:
    try:
        return str(version(text))
    except ValueError:
        raise refusal from None


def _as_label(text: str) -> str:
    """A good name like the text."""
    tried = re.sub(r"[^a-z0-9]+", "-", text.lower())[:63].strip("-")
    is_good = tried and tried not in _RESERVED and not _NUMBER.fullmatch(tried) and not tried.startswith("xn--")
    return tried if is_good else _EXAMPLE_LABEL
