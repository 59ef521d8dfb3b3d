"""What a simulator is asked, and what it puts on the wire: a closed set that includes the ways a wire goes wrong.

Must never know what a vendor says: only how HTTP/1.1 carries it, or fails to (RFC 9112). The socket server
(`server.py`) and a test's transport without sockets both send what `head_of` and `body_of` say.
"""

import zlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import lru_cache

import msgspec
import trio

from agent.simulators.base.websocket import WebSocket

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
_MEGABYTE = 1 << 20


class Request(msgspec.Struct, frozen=True):
    """One whole request. `path` is without query, header names in lower case, of doubled ones the last.

    `target` is path and query as they came over the wire, for who has to check a signature over them.
    """

    method: str
    path: str
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: bytes = b""
    target: str = ""


class Reply(msgspec.Struct, frozen=True):
    """An answer as it should be."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()


class Drip(msgspec.Struct, frozen=True):
    """The body comes byte by byte, a whole answer in the end."""

    body: bytes
    seconds_per_byte: float
    status: int = 200
    content_type: str = JSON


class Endless(msgspec.Struct, frozen=True):
    """The body never ends: `chunk` again and again, `seconds` apart (blanks, which no JSON parser refuses)."""

    chunk: bytes = b" " * 16_384
    seconds: float = 0.0
    status: int = 200
    content_type: str = JSON


class GzipBomb(msgspec.Struct, frozen=True):
    """`Content-Encoding: gzip`, no one asked for it, small on the wire and `megabytes` inside."""

    megabytes: int = 200
    status: int = 200


class Truncated(msgspec.Struct, frozen=True):
    """`Content-Length` promises `missing` bytes more than are sent before the connection closes."""

    body: bytes
    missing: int = 100
    status: int = 200
    content_type: str = JSON


class Drop(msgspec.Struct, frozen=True):
    """The connection closes without an answer."""


class Reset(msgspec.Struct, frozen=True):
    """The connection is reset (RST) without an answer."""


class Hang(msgspec.Struct, frozen=True):
    """The connection stays open and no answer ever comes."""


class Garbage(msgspec.Struct, frozen=True):
    """What comes back is not HTTP."""

    body: bytes = b"\x16\x03\x01\x00\x02\x01\x00 220 not a web server\r\n\r\n"


class Upgrade(msgspec.Struct, frozen=True):
    """The connection becomes a WebSocket, which lives as long as `session` does and then breaks off."""

    session: Callable[[WebSocket], Awaitable[None]]


Spoken = Reply | Drip | Endless | GzipBomb | Truncated
Mute = Drop | Reset | Hang | Garbage
AnyReply = Spoken | Mute | Upgrade


def head_of(reply: Spoken, date: str | None) -> tuple[int, list[tuple[str, str]]]:
    """Status and headers of a reply; `date` is the text of the Date header, None for none."""
    headers = [] if date is None else [("Date", date)]
    match reply:
        case Reply():
            headers += [("Content-Type", reply.content_type)] if reply.content_type else []
            headers += [("Content-Length", str(len(reply.body))), *reply.headers]
        case Drip():
            headers += [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body)))]
        case Truncated():
            length = str(len(reply.body) + reply.missing)
            headers += [("Content-Type", reply.content_type), ("Content-Length", length)]
        case GzipBomb():
            length = str(len(gzip_of_blanks(reply.megabytes)))
            headers += [("Content-Type", JSON), ("Content-Encoding", "gzip"), ("Content-Length", length)]
        case Endless():
            headers += [("Content-Type", reply.content_type)]
    return reply.status, headers


async def body_of(reply: Spoken) -> AsyncGenerator[bytes, None]:
    """The body of a reply, piece by piece and no faster than it should come."""
    match reply:
        case Reply() | Truncated():
            yield reply.body
        case GzipBomb():
            yield gzip_of_blanks(reply.megabytes)
        case Drip():
            for byte in reply.body:
                await trio.sleep(reply.seconds_per_byte)
                yield bytes((byte,))
        case Endless():
            while True:
                await trio.sleep(reply.seconds)
                yield reply.chunk


@lru_cache(maxsize=4)
def gzip_of_blanks(megabytes: int) -> bytes:
    """A gzip file of that many megabytes of blanks, about a thousandth of that in size."""
    press = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    blanks = b" " * _MEGABYTE
    return b"".join(press.compress(blanks) for _ in range(megabytes)) + press.flush()


def json_reply(value: object, status: int = 200) -> Reply:
    """`value` as a JSON answer."""
    return Reply(status=status, body=msgspec.json.encode(value))
