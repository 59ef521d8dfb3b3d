"""A line of text that carries a piece of a transfer, and is known by itself to be unharmed. Pure.

    ~D k7mp 00001f <payload in Base64> <CRC-32 of all before it>;      (without the blanks, with dots)

Everything is printable ASCII, so a line of seven bits, a terminal and a logger carry it. What is no frame is
skipped: kernel messages, echoes, prompts, noise. A frame needs no line break around it, since those get lost, too.
The CRC is that of IEEE 802.3 (zlib); it finds every burst of up to 32 changed bits.
"""

import binascii
import re
from collections.abc import Iterator
from enum import StrEnum

import msgspec

PAYLOAD_BYTES = 69  # a frame with so many has 117 characters, and a line of the console 120
LONGEST = 117  # characters of a frame, without its line break
MARK = re.compile(r"[a-z0-9]{4}")  # one transfer's own, so that frames of an earlier one are nothing to it
LAST_WORDS = 3  # times that a receiver says how it ended; eight lost bytes take at most two of them

_BEGIN, _END = b"~", b";"
_FRAME = re.compile(rb"~([A-Z])\.([a-z0-9]{4})\.([0-9a-f]{6})\.([A-Za-z0-9+/]*={0,2})\.([0-9a-f]{8});")
_LINE_END = b"\r\n"  # a terminal that watches shows a frame a line


class Kind(StrEnum):
    """What a frame says. The sender says HEAD, DATA, END and CANCEL, the receiver the others."""

    HEAD = "H"  # number: bytes of the whole; payload: its SHA-256, then its name
    DATA = "D"  # number: which piece, counted from 0
    END = "E"  # the sender has heard DONE
    CANCEL = "C"  # the sender gives up
    ACK = "A"  # number: the first piece that is missing; payload: which of the next ones are there
    DONE = "F"  # the whole is there, and has the SHA-256 of the head
    REFUSED = "X"  # payload: why not, as text


class Frame(msgspec.Struct, frozen=True):
    """`mark` is four small letters or digits, `number` below 16 ** 6, `payload` at most `PAYLOAD_BYTES`."""

    kind: Kind
    mark: str
    number: int = 0
    payload: bytes = b""


def written(frame: Frame) -> bytes:
    """The frame as it goes onto the line, with its line break."""
    body = f"{frame.kind}.{frame.mark}.{frame.number:06x}.".encode()
    body += binascii.b2a_base64(frame.payload, newline=False)
    return _BEGIN + body + b"." + _checksum(body) + _END + _LINE_END


class Frames:
    """Picks the whole and unharmed frames out of whatever comes in, in pieces of any size."""

    def __init__(self) -> None:
        self._begun = b""

    def heard(self, data: bytes) -> Iterator[Frame]:
        """The frames that end in `data`."""
        *ended, begun = (self._begun + data).split(_END)
        self._begun = _from_last_begin(begun)
        for piece in ended:
            if frame := _read(_from_last_begin(piece) + _END):
                yield frame


def _from_last_begin(piece: bytes) -> bytes:
    """What may be a frame in `piece`; nothing where none has begun, or where it is too long for one."""
    _, begin, rest = piece.rpartition(_BEGIN)
    return begin + rest if begin and len(rest) < LONGEST else b""


def _read(text: bytes) -> Frame | None:
    match = _FRAME.fullmatch(text)
    if not match or match[5] != _checksum(text[1 : match.end(4)]):
        return None
    kind, mark, number, payload, _ = (part.decode() for part in match.groups())
    try:
        return Frame(Kind(kind), mark, int(number, 16), binascii.a2b_base64(payload, strict_mode=True))
    except ValueError:  # a kind of a later version; Base64 that is none
        return None


def _checksum(body: bytes) -> bytes:
    return f"{binascii.crc32(body):08x}".encode()
