"""The network in words for a person who stands beside the box with a laptop. Only words, no I/O."""

from collections.abc import Iterator

from board.base import Network, NetworkState
from board.interfaces import Interface, Report


def waited_for(network: Network) -> Iterator[tuple[str, str]]:
    """What keeps the network from being up: a name for each, and the line that says it."""
    if network.state is NetworkState.NO_CABLE:
        yield "cable", f"waiting for a network cable: {network.interface} has no link"
    if network.state is NetworkState.NO_ADDRESS:
        yield "address", f"waiting for an address: the cable is in, but no router gives {network.interface} one"


def network_text(report: Report, url: str) -> str:
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
