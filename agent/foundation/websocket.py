"""The second way out: one WebSocket to another machine, on which the box only listens (RFC 6455).

The way there and the agreement have a total deadline; messages have a cap, and so has what comes before the first
of them. No redirects, no compression, nothing from the environment. A line that died without a word is noticed by
a ping that no one answers. trio_websocket is imported nowhere else, and only once there is something to listen to:
a start comes without it.
"""

import math
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Never, Protocol, cast
from urllib.parse import urlsplit

import trio

from agent.foundation import reach
from agent.foundation.errors import CallFailed, NoAnswer, NotSent, Silence
from agent.foundation.reading.headers import retry_after

if TYPE_CHECKING:
    from trio_websocket import ConnectionRejected, WebSocketConnection

OPEN_SECONDS = 15.0  # s from the first look at the name to the other side's agreement
PING_SECONDS = 20.0  # s between pings; firewalls forget a silent line after a minute or more
PONG_SECONDS = 15.0  # s; a dead line is noticed within the sum of the two
_PART_SECONDS = 1.0  # s for a polite end
_AGREEMENT = 64 * 1024  # bytes; an answer that is longer before it agrees is none

Connect = Callable[[], Awaitable[trio.abc.Stream]]


class Declined(CallFailed):
    """The other side answers in HTTP, and gives no WebSocket. `pause` is what it asks for, in seconds."""

    def __init__(self, status: int, pause: float | None) -> None:
        super().__init__(f"it answered {status} instead of a WebSocket")
        self.status = status
        self.pause = pause


class Listening(Protocol):
    """Who listens. Neither call waits for anything."""

    def opened(self) -> None:
        """The other side has agreed: from now on it is heard."""

    def heard(self, message: str | bytes) -> None:
        """A message, of at most the cap."""


class WebSocket:
    """One server by its `base` (ws:// or wss://, host and port); each `listen` is a connection of its own.

    `authorities` stand in for the system's, `connect` for the network.
    """

    def __init__(
        self, base: str, *, authorities: ssl.SSLContext | None = None, connect: Connect | None = None
    ) -> None:
        self.base = base.rstrip("/")
        self._server = reach.server_at("http" + self.base.removeprefix("ws"))
        self._authorities = authorities
        self._connect = connect or self._connect_by_network

    async def listen(
        self, path: str, headers: Mapping[str, str], listening: Listening, *, cap: int, seconds: float
    ) -> None:
        """Ask for the WebSocket at `path`, and listen for so many seconds; `cap` bounds a message in characters.

        Raises `NotSent` (`CertificateRefused`) where no line came about, `Declined`, and `NoAnswer` (`Silence`)
        for a line that ended by itself. No error and no `repr` holds a header.
        """
        with trio.move_on_after(OPEN_SECONDS) as limit:
            line = _Line(await self._connect())
            try:
                async with _failing_as_one(line), trio.open_nursery() as nursery:
                    line.socket = await self._ask(nursery, line, path, headers, cap)
                    limit.deadline, line.left = math.inf, math.inf
                    listening.opened()
                    with trio.move_on_after(seconds):
                        await _talk(line.socket, listening)
                    line.is_over = True
                    with trio.move_on_after(_PART_SECONDS):
                        await line.socket.aclose()
                    nursery.cancel_scope.cancel()
            finally:
                await trio.aclose_forcefully(line)
        if limit.cancelled_caught:
            raise NotSent(f"no WebSocket came about within {OPEN_SECONDS:g} s")

    async def _connect_by_network(self) -> trio.abc.Stream:
        return await reach.opened(self._server, self._authorities)

    async def _ask(
        self, nursery: trio.Nursery, line: "_Line", path: str, headers: Mapping[str, str], cap: int
    ) -> "WebSocketConnection":
        from trio_websocket import wrap_client_stream

        all_headers = {"User-Agent": "NightPorter", **headers}
        return await wrap_client_stream(
            nursery,
            cast("trio.SocketStream", line),  # of which it uses what any stream has
            urlsplit(self.base).netloc,
            path,
            extra_headers=[(name.encode("latin-1"), text.encode("latin-1")) for name, text in all_headers.items()],
            max_message_size=cap,
        )


async def _talk(socket: "WebSocketConnection", listening: Listening) -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_ping, socket)
        while True:
            listening.heard(await socket.get_message())


async def _ping(socket: "WebSocketConnection") -> Never:
    while True:
        await trio.sleep(PING_SECONDS)
        with trio.move_on_after(PONG_SECONDS) as limit:
            await socket.ping()
        if limit.cancelled_caught:
            raise Silence(f"it has not answered a ping within {PONG_SECONDS:g} s", is_heard=True)


class _Line(trio.abc.Stream):
    """A line whose end is one of our errors (`failure`), and which takes in only so many bytes (`left`)."""

    def __init__(self, line: trio.abc.Stream) -> None:
        self._line = line
        self.left: float = _AGREEMENT
        self.failure: NoAnswer | None = None
        self.socket: WebSocketConnection | None = None  # once the other side has agreed
        self.is_over = False  # the box takes its leave

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        try:
            piece = bytes(await self._line.receive_some(max_bytes))
        except trio.BrokenResourceError:
            raise self._failed("the connection broke") from None
        self.left -= len(piece)
        if not piece or self.left < 0:
            raise self._failed("it closed the connection" if not piece else _NO_WEBSOCKET)
        return piece

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        try:
            await self._line.send_all(data)
        except trio.BrokenResourceError:
            raise self._failed("the connection broke") from None

    async def wait_send_all_might_not_block(self) -> None:
        await self._line.wait_send_all_might_not_block()

    async def aclose(self) -> None:
        await self._line.aclose()

    def _failed(self, reason: str) -> NoAnswer:
        self.failure = self.failure or NoAnswer(reason)
        return self.failure


@asynccontextmanager
async def _failing_as_one(line: _Line) -> AsyncIterator[None]:
    """One plain error for what several tasks of a connection may raise together; a bug stays what it is."""
    from h11 import ProtocolError as NoHttp  # out of trio_websocket's own try to refuse what is no HTTP
    from trio_websocket import ConnectionClosed, ConnectionRejected
    from wsproto.utilities import ProtocolError

    try:
        yield
    except BaseExceptionGroup as group:
        kinds = (CallFailed, ConnectionClosed, ConnectionRejected, ProtocolError, NoHttp)
        expected, other = group.split(kinds)
        if expected is None or other is not None:
            raise (other or group) from None
        if line.is_over:
            return
        error = next(_leaves(expected))
        failure = _declined(error) if isinstance(error, ConnectionRejected) else _failure(line, error)
    else:
        return
    raise failure


def _failure(line: _Line, error: BaseException) -> CallFailed:
    """A close comes first, then what the line says itself: trio_websocket may tell either as the other."""
    reason = line.socket.closed if line.socket else None
    if reason is not None and reason.code == _TOO_BIG:
        return NoAnswer("its message is too long")
    if reason is not None and reason.code != _NO_CLOSE:
        return NoAnswer("it closed the WebSocket")
    if isinstance(error, Silence):
        return error
    return line.failure or NoAnswer(_NO_WEBSOCKET)


_TOO_BIG, _NO_CLOSE = 1009, 1006  # RFC 6455 section 7.4.1; what the box says, and that no one has said anything
_NO_WEBSOCKET = "what came back was no WebSocket"


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error


def _declined(error: "ConnectionRejected") -> Declined:
    found = {name.lower().decode("latin-1"): text.decode("latin-1") for name, text in error.headers}
    return Declined(error.status_code, retry_after(found.get("retry-after", ""), found.get("date", "")))
