"""The network in words for a person who stands beside the box with a laptop. Only words, no I/O."""

from collections.abc import Iterator

from agent.console.label_words import halves
from board.base import Network, NetworkState
from board.report import Interface, Report


def waited_for(network: Network) -> Iterator[tuple[str, str]]:
    """What keeps the network from being up: a name for each, and the line that says it."""
    if network.state is NetworkState.NO_CABLE:
        yield "cable", f"waiting for a network cable: {network.interface} has no link"
    if network.state is NetworkState.NO_ADDRESS:
        yield "address", f"waiting for an address: the cable is in, but no router gives {network.interface} one"


def network_text(report: Report, url: str, acting: str = "", fingerprint: str = "") -> str:
    """The report for the screen; `url` is the page's address by name, `acting` that of the page that acts, with
    the fingerprint of its certificate (AB:CD:...); "" where there is none.
    """
    lines = [line for interface in report.interfaces for line in _interface_lines(interface)]
    lines = lines or ["No network socket is in use."]
    lines.append(f"{'gateway':<10}{' '.join(report.gateways) or 'none'}")
    servers = dict.fromkeys(server for interface in report.interfaces for server in interface.dns)
    lines.append(f"{'DNS':<10}{' '.join(servers) or 'none'}")
    lines.append(f"{'page':<10}{url}")
    lines += _acting_lines(acting, fingerprint)
    return "\n".join(lines)


def _acting_lines(url: str, fingerprint: str) -> Iterator[str]:
    if url:
        yield f"{'to act':<10}{url}"
        yield f"{'':<10}its certificate's SHA-256 fingerprint, to compare with the browser's:"
        yield from (f"{'':<10}{half}" for half in halves(fingerprint))


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
