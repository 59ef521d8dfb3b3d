"""The sockets of the box that networkd looks after, with all that is asked about them on the phone.

Reads what systemd-networkd and the kernel keep in files (`board/networkd.py` says why files). What is not
understood is left out; nothing is written.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

from board.networkd import GetAddresses, content, inside, own_addresses, read_pairs
from board.places import DEVICES, LINKS
from board.report import Interface, Report

NETIF = LINKS.parent
ROUTES = Path("/proc/self/net/route")  # /proc/net is not there for a unit with ProcSubset=pid


def read_interfaces(
    devices: Path = DEVICES, netif: Path = NETIF, routes: Path = ROUTES, addresses: GetAddresses = own_addresses
) -> Report:
    """The network as it is now. Never an error."""
    table = [line.split() for line in content(routes).splitlines()[1:]]
    rows = [row for row in table if len(row) >= 8]
    return Report(tuple(_interfaces(devices, netif, rows, addresses)), tuple(_gateways(rows)))


def _interfaces(devices: Path, netif: Path, rows: list[list[str]], addresses: GetAddresses) -> Iterator[Interface]:
    for device in sorted(inside(devices)):
        index = content(device / "ifindex").strip()
        link = dict(read_pairs(netif / "links" / index)) if index.isdecimal() else {}
        if not link.get("NETWORK_FILE"):
            continue  # the loopback, or one that was not set up
        lease = dict(read_pairs(netif / "leases" / index))
        speed = content(device / "speed").strip()
        yield Interface(
            name=device.name,
            has_link=content(device / "carrier").strip() == "1",
            mac=content(device / "address").strip(),
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
