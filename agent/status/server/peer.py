"""What counts as one peer where one is to keep no other out. Pure."""

from ipaddress import IPv6Address, ip_address

_NET_BITS = 64  # of IPv6: a machine there has as many addresses as it likes below its network's


def peer_of(host: str) -> str:
    """What counts as one peer: an IPv4 address, the network of an IPv6 one; else the text itself."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> _NET_BITS << _NET_BITS)}/{_NET_BITS}"
