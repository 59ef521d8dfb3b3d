"""Where the printer at an ipp address is reached by HTTP. No I/O.

RFC 3510, section 4 (ipp: port 631), RFC 7472, section 4 (ipps: the same port, with TLS from the first byte).
"""

import msgspec

from provisioning.addresses import address

_PORT = 631
_SCHEMES = {"ipp": "http", "ipps": "https"}


class HttpAddress(msgspec.Struct, frozen=True):
    """Scheme, host and port as `base` (IPv6 in brackets), and the path, which begins with "/"."""

    base: str
    path: str


def http_address(uri: str) -> HttpAddress:
    """The HTTP address of an ipp or ipps address that the file has. Raises `Wrong` for any other."""
    found = address(uri, tuple(_SCHEMES), "ipp://10.4.5.30/ipp/print")
    return HttpAddress(f"{_SCHEMES[found.scheme]}://{found.host}:{found.port or _PORT}", found.path or "/")
