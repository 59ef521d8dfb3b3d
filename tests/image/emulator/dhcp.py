"""A hotel's DHCP server, with one address to give: messages as bytes, and the thread that answers them.

RFC 2131 and 2132. It can be silenced, as a hotel's can.
"""

import socket
import struct
import threading
from ipaddress import IPv4Address

import msgspec

_COOKIE = b"\x63\x82\x53\x63"
_DISCOVER, _OFFER, _REQUEST, _ACK = 1, 2, 3, 5
_PAD, _END, _MASK, _ROUTER, _DNS, _LEASE, _KIND, _SERVER = 0, 255, 1, 3, 6, 51, 53, 54
LEASE_SECONDS = 3600


class Offer(msgspec.Struct, frozen=True):
    """What the server hands out; the mask is always that of a /24."""

    address: str
    server: str


def answer(message: bytes, offer: Offer) -> bytes | None:
    """The server's answer to a client's message, None for one that asks nothing of it."""
    if len(message) < 240 or message[0] != 1 or message[236:240] != _COOKIE:
        return None
    kind = options(message).get(_KIND)
    if kind not in (bytes([_DISCOVER]), bytes([_REQUEST])):
        return None
    head = bytearray(message[:236])
    head[0] = 2
    head[16:20] = IPv4Address(offer.address).packed  # yiaddr
    head[20:24] = IPv4Address(offer.server).packed  # siaddr
    server = IPv4Address(offer.server).packed
    answered = [
        (_KIND, bytes([_OFFER if kind[0] == _DISCOVER else _ACK])),
        (_SERVER, server),
        (_LEASE, struct.pack("!I", LEASE_SECONDS)),
        (_MASK, bytes([255, 255, 255, 0])),
        (_ROUTER, server),
        (_DNS, server),
    ]
    body = b"".join(bytes([code, len(value)]) + value for code, value in answered)
    return bytes(head) + _COOKIE + body + bytes([_END])


def options(message: bytes) -> dict[int, bytes]:
    """The options of a message, up to the first that is broken."""
    found, rest = {}, message[240:]
    while len(rest) > 1 and rest[0] != _END:
        if rest[0] == _PAD:
            rest = rest[1:]
            continue
        found[rest[0]] = rest[2 : 2 + rest[1]]
        rest = rest[2 + rest[1] :]
    return found


class DhcpServer:
    """Answers on one interface while `speaks` is true; `answered` counts."""

    def __init__(self, interface: str, offer: Offer) -> None:
        self._offer = offer
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        self._socket.bind(("", 67))
        self.speaks = True
        self.answered = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """End it."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                message = self._socket.recv(2048)
                reply = answer(message, self._offer) if self.speaks else None
                if reply is not None:
                    self._socket.sendto(reply, ("255.255.255.255", 68))
                    self.answered += 1
            except OSError:
                if self._socket.fileno() < 0:
                    return  # closed by us
