"""Which addresses are in the box's own network, by the kernel's table of routes. proc(5), /proc/net/route."""

import socket
from ipaddress import ip_address
from pathlib import Path

ROUTES = Path("/proc/self/net/route")  # /proc/net is not there for a unit with ProcSubset=pid
_UP = 1  # RTF_UP


def is_near(address: str, routes: Path = ROUTES) -> bool | None:
    """Whether an IPv4 address is reached without a gateway; None where that cannot be told (IPv6, no table)."""
    try:
        wanted = ip_address(address)
        table = routes.read_text(encoding="ascii", errors="replace").splitlines()[1:]
    except (ValueError, OSError):
        return None
    if wanted.is_loopback:
        return True
    if wanted.version != 4:
        return None
    number = int.from_bytes(socket.inet_aton(address), "little")  # as the kernel prints them
    best: tuple[int, bool] | None = None
    for line in table:
        route = _route(line)
        if route is not None and number & route[1] == route[0]:
            longest = (route[1].bit_count(), route[2])
            best = longest if best is None else max(best, longest)
    return best is not None and best[1]


def _route(line: str) -> tuple[int, int, bool] | None:
    """Network, mask, and whether there is no gateway; None for a line that is no route in use."""
    words = line.split()
    try:
        network, gateway, flags, mask = (int(words[place], 16) for place in (1, 2, 3, 7))
    except (ValueError, IndexError):
        return None
    return (network, mask, gateway == 0) if flags & _UP else None
