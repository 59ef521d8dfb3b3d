"""By which names a reader may ask for the page: the box's own, those of the provisioning file, and any address.

A foreign web page can point a name of its own at the box and read this page through it (DNS rebinding); an
address it cannot make a browser send. Loads nothing big: the page that answers while the agent is away asks too.
"""

import socket
from collections.abc import Collection

_LABEL = 63  # characters; RFC 1035, 2.3.4
_SCHEME = "http://"
_PORT = 5  # digits
_ZONE = "-._~%"  # beside letters and digits; RFC 6874, 2


def is_known_host(header: str | None, box_name: str, further: Collection[str] = ()) -> bool:
    """Whether a Host header (`name`, `name:port`, `[address]:port`) is this box's name, a `further` one in small
    letters, or any IP address. None: the request has no such header, so no browser sent it.

    What is more than that is not known, whatever it begins with: links back to us are made of it
    (`agent/status/crossing.py`), and `10.4.5.20:80@evil.example` leads elsewhere.
    """
    if header is None:
        return True
    host = _without_port(header).lower().removesuffix(".")
    is_name = host == "localhost" or host in further or _is_box(host.removesuffix(".local"), box_name.lower())
    return is_name or _is_address(host)


def split_target(target: str) -> tuple[str | None, str]:
    """What a request's target names as host and port, and the path and query that are left of it.

    In its absolute form it names them, and then they count instead of the Host header (RFC 9112, 3.2.2).
    None: it does not.
    """
    if target[: len(_SCHEME)].lower() != _SCHEME:
        return None, target
    whole = target[len(_SCHEME) :]
    authority = whole.partition("?")[0].partition("/")[0]
    rest = whole.removeprefix(authority)
    return authority, rest if rest.startswith("/") else f"/{rest}"


def refusal(box_name: str) -> str:
    """What a reader is told that asks by another name: one sentence."""
    return f"The box is not known by that name: use its IP address{_or_name(box_name)}."


def _without_port(header: str) -> str:
    """The name or address alone; "" for what is neither with a port nor without one."""
    if header.startswith("["):
        host, bracket, port = header[1:].partition("]")
        return host if bracket and _is_ipv6(host) and _is_port(port) else ""
    host, colon, digits = header.partition(":")
    return host if _is_port(colon + digits) else ""


def _is_port(text: str) -> bool:
    """Whether it is what may follow a host: nothing, or a colon with a port or nothing (RFC 3986, 3.2.3)."""
    digits = text[1:]
    return text in ("", ":") or (text[0] == ":" and digits.isascii() and digits.isdigit() and len(digits) <= _PORT)


def _is_box(label: str, name: str) -> bool:
    """Whether it is the name, also as avahi changes it where another machine in the network has it already:
    `desk` becomes `desk-2`, that becomes `desk-3`, and a long name is cut to make room.
    """
    stem, number = _counted(label)
    is_renamed = number != "" and stem == _counted(name)[0][: _LABEL - len(number) - 1]
    return name != "" and (label == name or is_renamed)


def _counted(label: str) -> tuple[str, str]:
    """A label without the number at its end, and that number."""
    stem, dash, number = label.rpartition("-")
    is_number = number.isascii() and number.isdigit() and number[0] != "0" and len(number) <= 4
    return (stem, number) if dash and is_number else (label, "")


def _is_address(host: str) -> bool:
    return _is_of(socket.AF_INET, host) or _is_ipv6(host)


def _is_ipv6(host: str) -> bool:
    bare, _, zone = host.partition("%")  # it may say which cable it lies at
    return _is_of(socket.AF_INET6, bare) and all(
        letter.isascii() and (letter.isalnum() or letter in _ZONE) for letter in zone
    )


def _is_of(family: socket.AddressFamily, host: str) -> bool:
    try:
        socket.inet_pton(family, host)
    except (OSError, ValueError):  # no address; no text that could be one (a zero byte, a letter beyond ASCII)
        return False
    return True


def _or_name(name: str) -> str:
    return f", or http://{name}.local/" if name else ""
