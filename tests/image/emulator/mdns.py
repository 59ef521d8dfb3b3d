"""Asks the network over multicast DNS, as a laptop's browser does for `aurora-desk.local`.

RFC 6762: a question from a port other than 5353 is answered to that port (section 6.7).
"""

import socket
import struct
import time
from ipaddress import IPv4Address

import msgspec

GROUP = ("224.0.0.251", 5353)
_A, _PTR, _TXT, _SRV = 1, 12, 16, 33
TYPES = {"A": _A, "PTR": _PTR, "TXT": _TXT, "SRV": _SRV}
_MOST_JUMPS = 20


class Record(msgspec.Struct, frozen=True):
    """An answer: for A the address, for PTR the name, else the bytes in hexadecimal digits."""

    name: str
    type: int
    value: str


def ask(name: str, type: str, source: str, seconds: float = 8.0) -> list[Record]:
    """What the network answers, asked once a second from `source` until somebody does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((source, 0))
        line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, IPv4Address(source).packed)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            line.sendto(question(name, type), GROUP)
            line.settimeout(1.0)
            try:
                return answers(line.recv(9000))
            except TimeoutError:
                continue
    return []


def question(name: str, type: str) -> bytes:
    """One question."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.rstrip(".").split("."))
    return struct.pack("!6H", 1, 0, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", TYPES[type], 1)


def answers(message: bytes) -> list[Record]:
    """All records of an answer. Raises `ValueError` for a broken one."""
    try:
        _, _, questions, *counts = struct.unpack_from("!6H", message)
        at = 12
        for _ in range(questions):
            at = _name(message, at)[1] + 4
        found = []
        for _ in range(sum(counts)):
            record, at = _record(message, at)
            found.append(record)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise ValueError("a broken mDNS message") from None
    return found


def _record(message: bytes, at: int) -> tuple[Record, int]:
    name, at = _name(message, at)
    type, _, _, length = struct.unpack_from("!HHIH", message, at)
    at += 10
    data = message[at : at + length]
    if type == _A:
        value = str(IPv4Address(data))
    elif type == _PTR:
        value = _name(message, at)[0]
    else:
        value = data.hex()
    return Record(name, type, value), at + length


def _name(message: bytes, at: int) -> tuple[str, int]:
    """A name, which may go on elsewhere (RFC 1035, 4.1.4), and where the message goes on after it."""
    labels: list[str] = []
    after = 0
    for _ in range(_MOST_JUMPS * 8):
        length = message[at]
        if length >= 0xC0:
            after = after or at + 2
            at = struct.unpack_from("!H", message, at)[0] & 0x3FFF
            continue
        at += 1
        if length == 0:
            return ".".join(labels), after or at
        labels.append(message[at : at + length].decode())
        at += length
    raise ValueError("an mDNS name that never ends")
