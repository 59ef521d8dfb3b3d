"""DNS messages written by the tests themselves, from the text of RFC 1035, as a responder would."""

import struct
from ipaddress import ip_address

IPP = ("_ipp", "_tcp", "local")
IPPS = ("_ipps", "_tcp", "local")
A, PTR, TXT, AAAA, SRV, NSEC = 1, 12, 16, 28, 33, 47
FLUSH = 0x8001


def name(*labels: str) -> bytes:
    """A name without any pointer."""
    encoded = (label.encode("utf-8", "surrogateescape") for label in labels)
    return b"".join(bytes([len(label)]) + label for label in encoded) + b"\0"


def record(of: bytes, kind: int, value: bytes, *, ttl: int = 120, class_: int = FLUSH) -> bytes:
    """One record of a name that is written already."""
    return of + struct.pack(">HHIH", kind, class_, ttl, len(value)) + value


def message(*records: bytes, questions: bytes = b"", asked: int = 0, flags: int = 0x8400) -> bytes:
    """An answer with these records, behind questions."""
    return struct.pack(">HHHHHH", 0, flags, asked, len(records), 0, 0) + questions + b"".join(records)


def srv(port: int, *host: str) -> bytes:
    """The value of SRV."""
    return struct.pack(">HHH", 0, 0, port) + name(*host)


def txt(*entries: bytes) -> bytes:
    """The value of TXT."""
    return b"".join(bytes([len(entry)]) + entry for entry in entries)


def address(text: str) -> bytes:
    """The value of A or AAAA."""
    return ip_address(text).packed


def pointer(at: int) -> bytes:
    """A name that stands at that byte of the message."""
    return struct.pack(">H", 0xC000 | at)


def printer(
    called: str = "Laser 1",
    *,
    at: str = "10.4.5.30",
    port: int = 631,
    host: str = "laser",
    type_: tuple[str, ...] = IPP,
    texts: tuple[bytes, ...] = (b"rp=ipp/print", b"ty=Laser 1000", b"pdl=application/pdf,image/urf"),
) -> bytes:
    """All that a printer tells of one service, in one message."""
    instance = name(called, *type_)
    return message(
        record(name(*type_), PTR, instance, class_=1),
        record(instance, SRV, srv(port, host, "local")),
        record(instance, TXT, txt(*texts)),
        record(name(host, "local"), A, address(at)),
    )
