"""By which names a reader may ask for the page: the box's own, and any address.

A foreign web page can point a name of its own at the box and read this page through it (DNS rebinding); an
address it cannot make a browser send. Loads nothing big: the tiny page of an agent that is away asks too.
"""

import socket


def is_known_host(header: str, box_name: str) -> bool:
    """Whether a Host header (`name`, `name:port`, `[address]:port`) is this box's name, or any IP address."""
    host = _without_port(header).lower().removesuffix(".")
    names = {"localhost"}
    if box_name:
        names |= {box_name.lower(), f"{box_name.lower()}.local"}
    return host in names or _is_address(host)


def refusal(box_name: str) -> str:
    """What a reader is told who asks by another name: one sentence."""
    return f"The box is not known by that name: use its IP address{_or_name(box_name)}."


def _without_port(header: str) -> str:
    if header.startswith("["):
        address, bracket, _ = header[1:].partition("]")
        return address if bracket else ""
    return header.partition(":")[0]


def _is_address(host: str) -> bool:
    bare, _, _zone = host.partition("%")  # an IPv6 address may say which cable it lies at
    return _is_of(socket.AF_INET, host) or _is_of(socket.AF_INET6, bare)


def _is_of(family: socket.AddressFamily, host: str) -> bool:
    try:
        socket.inet_pton(family, host)
    except (OSError, ValueError):  # no address; no text that could be one (a zero byte, a letter beyond ASCII)
        return False
    return True


def _or_name(name: str) -> str:
    return f", or http://{name}.local/" if name else ""
