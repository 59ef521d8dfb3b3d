"""[network]: a fixed address, or DHCP where there is none. Only checks; nothing is set here."""

from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface, ip_address, ip_interface

from provisioning.addresses import host_ip, ip, machine, why_no_machine
from provisioning.model import Network
from provisioning.problems import Wrong
from provisioning.table import Table

_ADDRESS = "10.4.5.20/24"
_GATEWAY = "10.4.5.1"
_SERVERS = {
    "dns": "Write the address of the hotel's router, or of another name server",
    "ntp": "Write the name or address of a time server, or leave ntp out",
}


def read_network(table: Table) -> Network:
    """The section's values; mistakes go into the table's ledger."""
    network = Network(
        address=table.optional("address", interface, _ADDRESS),
        gateway=table.optional("gateway", ip, _GATEWAY),
        dns=table.texts("dns", ip, _GATEWAY),
        ntp=table.texts("ntp", machine, "pool.ntp.org") if table.has("ntp") else Network().ntp,
    )
    _check_gateway(table, network)
    _check_servers(table, network)
    _check_completeness(table, network)
    return network


def interface(text: str) -> str:
    """ADDRESS/PREFIX of one machine. Raises `Wrong`."""
    write = f'Write address and prefix, like "{_ADDRESS}"'
    try:
        found = ip_interface(text)
    except ValueError:
        raise Wrong("is not an IP address with its prefix", write) from None
    if "/" not in text:
        raise Wrong(
            "has no prefix, so the size of the network is unknown", f'Write "{found.ip}/24" if it is a /24'
        )
    if not _is_one_machine(found):
        raise Wrong("is no address that one machine can have", write)
    return found.with_prefixlen


def _is_one_machine(found: IPv4Interface | IPv6Interface) -> bool:
    at = found.ip
    return bool(found.network.prefixlen) and not (at.is_loopback or why_no_machine(at) or _is_end_of(found, at))


def _is_end_of(own: IPv4Interface | IPv6Interface, at: IPv4Address | IPv6Address) -> bool:
    """Whether an address names the network or all of its machines; in a network of two addresses none does."""
    network = own.network
    return network.num_addresses > 2 and at in (network.network_address, network.broadcast_address)


def _check_gateway(table: Table, network: Network) -> None:
    if not network.gateway:
        return
    if not table.has("address"):
        write = f'Write address = "{_ADDRESS}" as well, or leave gateway out for DHCP'
        table.error("gateway", "stands without an address", write)
    elif network.address:
        try:
            check_reach(network.address, network.gateway)
        except Wrong as problem:
            table.error("gateway", problem.wrong, problem.write)


def check_reach(address: str, gateway: str) -> None:
    """Raise `Wrong` for a gateway that a box with this ADDRESS/PREFIX cannot have; both are good by themselves."""
    own, at = ip_interface(address), ip_address(gateway)
    write = "Write the address of the hotel's router"
    if at == own.ip:
        raise Wrong("is the box's own address", write)
    if _is_end_of(own, at):
        raise Wrong(f"is no machine of the network {own.network}, but stands for all of them", write)
    if at not in own.network and not (at.version == own.version == 6 and at.is_link_local):
        raise Wrong(f"is not in the network {own.network}", "Write the router's address in that network")


def _check_servers(table: Table, network: Network) -> None:
    """What the box asks for names and for the time is another machine."""
    own = ip_interface(network.address) if network.address else None
    for name, servers in (("dns", network.dns), ("ntp", network.ntp)):
        for at, server in enumerate(servers):
            if wrong := _why_no_server(own, server):
                table.ledger.error(table.place_in(name, at), wrong, _SERVERS[name])


def _why_no_server(own: IPv4Interface | IPv6Interface | None, server: str) -> str:
    at = host_ip(server)
    if server == "localhost" or (at and (at.is_loopback or (own and at == own.ip))):
        return "is the box itself"
    if own and at and _is_end_of(own, at):
        return f"is no machine of the network {own.network}, but stands for all of them"
    return ""


def _check_completeness(table: Table, network: Network) -> None:
    if network.address and not table.has("gateway"):
        table.warn(
            "gateway", "is missing, so the box reaches only its own network", f'Write gateway = "{_GATEWAY}"'
        )
    if network.address and not table.has("dns"):
        table.warn("dns", "is missing, so the box cannot look up Mews' address", f'Write dns = ["{_GATEWAY}"]')
