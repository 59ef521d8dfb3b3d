"""What `avahi-browse --resolve --parsable --terminate --no-db-lookup` writes, read. No I/O.

A line each, parted by semicolons: an event ("=" for a service that was resolved), interface, protocol, name, type,
domain, host, address, port, texts. In names and texts a backslash stands before a character, or before three
digits that are a byte (avahi-browse(1); avahi-common/domain.c). What is no such line is left out.
"""

import re

from agent.drivers.printing.nearby.found import TYPES, Service
from agent.foundation.reading.text import plain
from provisioning.addresses import host_ip

MOST_BYTES = 1_000_000  # of what it writes
MOST_LINES = 2000
_FIELDS = 10
_NAME_LIMIT = 120  # characters
_ESCAPE = re.compile(rb"\\(\d{3}|.)", re.DOTALL)
_TEXT = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def services(output: bytes) -> tuple[Service, ...]:
    """The printers' services that it resolved; one that several networks have is one, with all its addresses."""
    found: dict[tuple[str, str, str, int], Service] = {}
    for line in output[:MOST_BYTES].split(b"\n")[:MOST_LINES]:
        service = _service(line.split(b";", _FIELDS - 1))
        if service is None:
            continue
        id = (service.name, service.type, service.host, service.port)
        before = found.get(id, service)
        addresses = tuple(dict.fromkeys((*before.addresses, *service.addresses)))
        found[id] = Service(*id, addresses, before.texts or service.texts)
    return tuple(found.values())


def _service(fields: list[bytes]) -> Service | None:
    if len(fields) != _FIELDS or fields[0] != b"=":
        return None
    *_, name, type_, _, host, address, port, texts = fields
    kind = type_.decode("utf-8", "replace")
    if kind not in TYPES or not port.isdigit() or len(port) > 5:
        return None
    at = plain(address.decode("utf-8", "replace"), _NAME_LIMIT)
    return Service(
        plain(_unescaped(name).decode("utf-8", "replace"), _NAME_LIMIT),
        kind,
        plain(host.decode("utf-8", "replace"), _NAME_LIMIT),
        int(port),
        (at,) if host_ip(at) is not None else (),
        tuple(map(_unescaped, _TEXT.findall(texts))),
    )


def _unescaped(text: bytes) -> bytes:
    return _ESCAPE.sub(lambda found: _byte(found[1]), text)


def _byte(escaped: bytes) -> bytes:
    if len(escaped) < 3:
        return escaped
    number = int(escaped)
    return bytes([number]) if number < 256 else b"?"
