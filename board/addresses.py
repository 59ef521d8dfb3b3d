"""The addresses of this machine in its networks, by the kernel alone, whatever looks after them. proc(5)."""

from pathlib import Path
from typing import NamedTuple

from board.networkd import GetAddresses, content, own_addresses

DEVICES = Path("/proc/self/net/dev")  # /proc/net is not there for a unit with ProcSubset=pid
_LOOPBACK = "lo"
_HEAD = 2  # lines


class Place(NamedTuple):
    """An interface with the addresses that it has, the IPv4 one first."""

    interface: str
    addresses: tuple[str, ...]


def places(devices: Path = DEVICES, addresses: GetAddresses = own_addresses) -> tuple[Place, ...]:
    """Those that have an address, without the loopback."""
    names = sorted(line.partition(":")[0].strip() for line in content(devices).splitlines()[_HEAD:])
    found = (Place(name, addresses(name)) for name in names if name and name != _LOOPBACK)
    return tuple(place for place in found if place.addresses)
