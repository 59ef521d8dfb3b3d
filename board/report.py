"""What is told of the box's sockets and of the way out, as plain values."""

from typing import NamedTuple


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
