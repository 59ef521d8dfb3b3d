"""The network as systemd-networkd and the kernel know it, read from their files. systemd-networkd(8).

networkd calls its files private (`/run/systemd/netif/links/INDEX`). They are read all the same, because the ways
that it offers, D-Bus and networkctl, need a connection or a process each time; keys and words are those of systemd
247 to 257. So nothing here may fail on what it finds: what is not understood is unknown. Nothing is written.
"""

import fcntl
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from board.base import Network, NetworkState

INET6 = Path("/proc/self/net/if_inet6")  # /proc/net is not there for a unit with ProcSubset=pid
MOST_ADDRESSES = 4
MOST_BYTES = 65_536  # of a file; the biggest is the table of routes
TURNS = 15  # looks; a file written twice within a tick of the file system's clock looks unchanged after the first
_SIOCGIFADDR = 0x8915  # netdevice(7): the first IPv4 address of an interface
_GLOBAL = "00"  # the scope of an IPv6 address that other networks can reach, in if_inet6
_DOWN = ("missing", "off", "no-carrier")
_UP = ("dormant", "degraded-carrier", "carrier", "enslaved", "degraded", "routable")
_FAMILIES = {"ipv4": ("IPV4",), "ipv6": ("IPV6",), "both": ("IPV4", "IPV6")}
_RANKS = (NetworkState.READY, NetworkState.NO_ADDRESS, NetworkState.NO_CABLE, NetworkState.UNKNOWN)

GetAddresses = Callable[[str], tuple[str, ...]]


def own_addresses(interface: str, inet6: Path = INET6) -> tuple[str, ...]:
    """The addresses of an interface: the first IPv4 one, and the IPv6 ones that are no link-local ones."""
    return (*_ipv4(interface), *_ipv6(interface, inet6))[:MOST_ADDRESSES]


class Networkd:
    """The network as it was read last: a look costs a stat(2), a reading half a millisecond.

    It is read again when networkd wrote something, and every `TURNS` looks.
    """

    def __init__(self, links: Path, devices: Path, addresses: GetAddresses = own_addresses) -> None:
        self._links, self._devices, self._addresses = links, devices, addresses
        self._network = Network()
        self._written: int | None = None
        self._turns = 0

    def network(self) -> Network:
        """The network now, or as it was a few looks ago if nothing was written since."""
        written = _written(self._links)
        if written != self._written or self._turns == 0:
            self._written, self._turns = written, TURNS
            self._network = Network() if written is None else read(self._links, self._devices, self._addresses)
        self._turns -= 1
        return self._network


def read(links: Path, devices: Path, addresses: GetAddresses = own_addresses) -> Network:
    """The interface of networkd's that is furthest; the first of them by number where several are."""
    found = list(_interfaces(links, devices))
    if not found:
        return Network()
    state, name = min(found, key=lambda each: _RANKS.index(each[0]))
    return Network(state, name, () if state is NetworkState.NO_CABLE else addresses(name))


def _interfaces(links: Path, devices: Path) -> Iterator[tuple[NetworkState, str]]:
    """Those that networkd has a file for, by their number."""
    indexed = []
    for device in inside(devices):
        index = content(device / "ifindex").strip()
        if index.isdecimal():
            indexed.append((int(index), device))
    for number, device in sorted(indexed):
        facts = dict(read_pairs(links / str(number)))
        if facts.get("NETWORK_FILE"):
            yield _state(facts, content(device / "carrier").strip()), device.name


def _state(facts: dict[str, str], carrier: str) -> NetworkState:
    """`carrier` is the kernel's word, 0 or 1, "" while the interface is down: it is newer than networkd's."""
    operational = facts.get("OPER_STATE", "")
    if carrier == "0" or (operational in _DOWN and carrier != "1"):
        return NetworkState.NO_CABLE
    if operational == "routable" and _has_families(facts):
        return NetworkState.READY
    if operational == "degraded" and _is_link_local_wanted(Path(facts["NETWORK_FILE"])):
        return NetworkState.READY
    return NetworkState.NO_ADDRESS if operational in _UP + _DOWN else NetworkState.UNKNOWN


def _has_families(facts: dict[str, str]) -> bool:
    """Whether there is an address of each family that RequiredFamilyForOnline= asks for: a router's IPv6 prefix
    must not hide that DHCP is silent.
    """
    wanted = _FAMILIES.get(facts.get("REQUIRED_FAMILY_FOR_ONLINE", ""), ())
    return all(facts.get(f"{family}_ADDRESS_STATE") == "routable" for family in wanted)


def _is_link_local_wanted(network_file: Path) -> bool:
    """Whether somebody wrote such an address down; one that the machine gave itself reaches nothing."""
    return any(
        key == "Address" and value.lower().startswith(("169.254.", "fe80:"))
        for key, value in read_pairs(network_file)
    )


def read_pairs(path: Path) -> Iterator[tuple[str, str]]:
    """The lines KEY=VALUE of a file."""
    for line in content(path).splitlines():
        key, separator, value = line.partition("=")
        if separator:
            yield key.strip(), value.strip()


def _written(folder: Path) -> int | None:
    """When a file in it was last made or replaced (ns); None where there is no such folder."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return None


def inside(folder: Path) -> list[Path]:
    """What is in a folder, nothing where there is none."""
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def content(path: Path) -> str:
    """The text of a file, "" where there is none, or (a carrier) of an interface that is down."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode(errors="replace")
    except OSError:
        return ""


def _ipv4(interface: str) -> tuple[str, ...]:
    request = struct.pack("40s", interface.encode()[:15])  # struct ifreq
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            answer = fcntl.ioctl(line, _SIOCGIFADDR, request)
    except OSError:  # it has none
        return ()
    return (socket.inet_ntoa(answer[20:24]),)


def _ipv6(interface: str, inet6: Path) -> Iterator[str]:
    """Lines like `fd00...01 02 40 00 80     eth0`: address, index, prefix, scope, flags, name."""
    for line in content(inet6).splitlines():
        words = line.split()
        if len(words) == 6 and words[5] == interface and words[3] == _GLOBAL:
            yield socket.inet_ntop(socket.AF_INET6, bytes.fromhex(words[0]))
