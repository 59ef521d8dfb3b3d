"""Who counts as one where one is to keep no other out: an address; and the network that it is in. Pure.

A machine has as many IPv6 addresses below its network's as it likes, so a network is counted too. But all machines
of a hotel's network are in one and the same: what one address of it does may not be held against the others.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address

_NET_BITS = 64  # of IPv6: RFC 4291, 2.5.4


def address_of_peer(host: str) -> str:
    """An address as it is counted and written down, without the cable that it lies at; any other text as it is."""
    address = _read(host)
    return host if address is None else str(address)


def peer_of(host: str) -> str:
    """What counts as one network: an IPv4 address by itself, the network of an IPv6 one; else the text itself."""
    address = _read(host)
    if not isinstance(address, IPv6Address):
        return host if address is None else str(address)
    return f"{IPv6Address(int(address) >> _NET_BITS << _NET_BITS)}/{_NET_BITS}"


def _read(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
