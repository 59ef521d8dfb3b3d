"""The network in the words of who stands beside the box with a laptop: cable, addresses, gateway, DNS.

Reads what systemd-networkd and the kernel keep in files (`board/networkd.py` says why files). What is not
understood is left out; nothing is written.
"""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from board.networkd import own_addresses

DEVICES = Path("/sys/class/net")
NETIF = Path("/run/systemd/netif")
ROUTES = Path("/proc/self/net/route")  # /proc/net is not there for a unit with ProcSubset=pid
MOST_BYTES = 65_536  # of a file; the biggest is the table of routes

GetAddresses = Callable[[str], tuple[str, ...]]


class Interface(NamedTuple):
    """A socket of the box that networkd looks after. `speed` in Mbit/s, "" where the kernel does not tell."""

    name: str
    has_link: bool
    mac: str
    speed: str
    addresses: tuple[str, ...]
    dhcp_server: str
    dns: tuple[str, ...]


class Report(NamedTuple):
    """All of them, and the way out."""

    interfaces: tuple[Interface, ...]
    gateways: tuple[str, ...]


def look(
    devices: Path = DEVICES, netif: Path = NETIF, routes: Path = ROUTES, addresses: GetAddresses = own_addresses
) -> Report:
    """The network as it is now. Never an error."""
    table = [line.split() for line in _content(routes).splitlines()[1:]]
    rows = [row for row in table if len(row) >= 8]
    return Report(tuple(_interfaces(devices, netif, rows, addresses)), tuple(_gateways(rows)))


def text(report: Report, url: str) -> str:
    """The report for the screen; `url` is the page's address by name."""
    lines = [line for interface in report.interfaces for line in _interface_lines(interface)]
    lines = lines or ["No network socket is in use."]
    lines.append(f"{'gateway':<10}{' '.join(report.gateways) or 'none'}")
    servers = dict.fromkeys(server for interface in report.interfaces for server in interface.dns)
    lines.append(f"{'DNS':<10}{' '.join(servers) or 'none'}")
    lines.append(f"{'page':<10}{url}")
    return "\n".join(lines)


def _interface_lines(interface: Interface) -> Iterator[str]:
    link = "no link: is a cable in, and does its lamp light up?"
    if interface.has_link:
        link = f"cable is in, {interface.speed} Mbit/s" if interface.speed else "cable is in"
    yield f"{interface.name:<10}{link}"
    yield f"{'':<10}hardware address {interface.mac}"
    if interface.addresses:
        given = f", given by the DHCP server {interface.dhcp_server}" if interface.dhcp_server else ""
        yield f"{'':<10}address {' '.join(interface.addresses)}{given}"
    else:
        yield f"{'':<10}no address"


def _interfaces(devices: Path, netif: Path, rows: list[list[str]], addresses: GetAddresses) -> Iterator[Interface]:
    for device in sorted(_inside(devices)):
        index = _content(device / "ifindex").strip()
        link = _pairs(netif / "links" / index) if index.isdecimal() else {}
        if not link.get("NETWORK_FILE"):
            continue  # the loopback, or one that nobody set up
        lease = _pairs(netif / "leases" / index)
        speed = _content(device / "speed").strip()
        yield Interface(
            name=device.name,
            has_link=_content(device / "carrier").strip() == "1",
            mac=_content(device / "address").strip(),
            speed=speed if speed.isdecimal() else "",  # -1 without a link
            addresses=tuple(address + _prefix(address, device.name, rows) for address in addresses(device.name)),
            dhcp_server=lease.get("SERVER_ADDRESS", ""),
            dns=tuple(dict.fromkeys(f"{link.get('DNS', '')} {lease.get('DNS', '')}".split())),
        )


def _gateways(rows: list[list[str]]) -> Iterator[str]:
    for row in rows:
        if row[1] == "00000000" and (gateway := _number(row[2])):
            yield socket.inet_ntoa(gateway.to_bytes(4, "little"))


def _prefix(address: str, interface: str, rows: list[list[str]]) -> str:
    """ "/24" of an IPv4 address, from the route to its own network; empty where there is none."""
    try:
        own = int.from_bytes(socket.inet_aton(address), "little")
    except OSError:
        return ""  # IPv6
    for row in rows:
        mask = _number(row[7])
        if row[0] == interface and mask and not _number(row[2]) and own & mask == _number(row[1]):
            return f"/{mask.bit_count()}"
    return ""


def _number(word: str) -> int:
    """A number of the table of routes: eight hex digits, an address as it lies in memory (little-endian here)."""
    try:
        return int(word[:8], 16)
    except ValueError:
        return 0


def _pairs(path: Path) -> dict[str, str]:
    pairs = (line.partition("=") for line in _content(path).splitlines())
    return {key: value for key, separator, value in pairs if separator}


def _inside(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode(errors="replace")
    except OSError:  # gone meanwhile, or an interface that is down
        return ""
