"""Lets httpx talk to a simulator in the same trio loop, without sockets, so that whole agents run in virtual time.

It breaks as the real thing breaks: the errors are those that httpx 0.28 raises over a socket
(`tests/simulators/base/test_in_process.py` compares both), bodies stream, and the trace event that tells whether a
byte was sent comes before the simulator sees the request. It must never be kinder than a wire.
"""

from collections.abc import AsyncGenerator
from typing import Self

import httpx
import trio
from trio.testing import memory_stream_pair

from agent.foundation.errors import NotSent
from agent.simulators.base.presence import Changes
from agent.simulators.base.replies import (
    AnyReply,
    Drop,
    Garbage,
    Hang,
    Mute,
    Request,
    Reset,
    Spoken,
    Truncated,
    Upgrade,
    body_of,
    head_of,
)
from agent.simulators.base.server import Server, body_limit_of, converse

SENT = "http11.send_request_headers.started"  # httpcore's trace event just before the first byte
_CUT_SHORT = "peer closed connection without sending complete message body"


class SimulatorTransport(httpx.AsyncBaseTransport):
    """One simulated server as the other end of every connection.

    While `is_silent` no packet comes back at all: connecting ends in the caller's connect time-out, and a line
    that is there is half open. `open_streams` counts answers whose body no one has closed yet.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.open_streams = 0
        self._is_silent = False
        self._changes = Changes()

    @property
    def is_silent(self) -> bool:
        """Whether no packet comes back."""
        return self._is_silent

    @is_silent.setter
    def is_silent(self, is_silent: bool) -> None:
        self._is_silent = is_silent
        self._changes.announce()

    async def connect(self) -> trio.abc.Stream:
        """A line for what is no call of HTTP's (a WebSocket). Raises `NotSent`, as `foundation/reach.py` does."""
        await self.wait_heard()
        if self.server.presence.is_refusing:
            raise NotSent("it refused the connection")
        here, there = memory_stream_pair()
        trio.lowlevel.spawn_system_task(converse, self.server, there)
        return _Line(self, here)

    async def wait_heard(self) -> None:
        """Wait until packets come back."""
        await self._changes.wait_until(lambda: not self._is_silent)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As httpx wants it. Raises the `httpx.TransportError` that the broken wire would cause."""
        await self._connect(request)
        await _trace(request, SENT)
        body = await self._body_of(request)
        reply = await self._exchange(_as_simulated(request, body))
        assert not isinstance(reply, Upgrade), "httpx asks for no WebSocket"
        if isinstance(reply, Hang):
            await self.server.presence.wait_refusing()
        if isinstance(reply, Mute):
            raise _broken(reply)
        status, headers = head_of(reply, self.server.date())
        return httpx.Response(status, headers=headers, stream=_Body(self, reply), request=request)

    async def _connect(self, request: httpx.Request) -> None:
        await trio.lowlevel.checkpoint()
        if self.is_silent:
            seconds = request.extensions.get("timeout", {}).get("connect")
            await trio.sleep(float("inf") if seconds is None else seconds)
            raise httpx.ConnectTimeout("", request=request)
        if self.server.presence.is_refusing:
            raise httpx.ConnectError(
                "All connection attempts failed", request=request
            ) from ConnectionRefusedError()

    async def _body_of(self, request: httpx.Request) -> bytes:
        """The body, piece by piece as it would be sent; a server that hangs up meanwhile breaks the sending."""
        assert isinstance(request.stream, httpx.AsyncByteStream)
        limit = body_limit_of(self.server, _as_simulated(request, b""))
        body, pieces = bytearray(), aiter(request.stream)
        try:
            async for piece in pieces:
                await trio.lowlevel.checkpoint()
                body += piece
                if self.server.presence.is_refusing or (limit is not None and len(body) >= limit):
                    raise httpx.ReadError("")
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()
        return bytes(body)

    async def _exchange(self, request: Request) -> AnyReply:
        """The answer, or a closed connection when the server goes away meanwhile.

        A task of its own, because a server does not stop when its caller hangs up.
        """
        replies: list[AnyReply] = []
        is_over = trio.Event()

        async def answer() -> None:
            replies.append(await _answer_or_end(self.server, request))
            is_over.set()

        trio.lowlevel.spawn_system_task(answer)
        await is_over.wait()
        return replies[0]


class _Line(trio.abc.Stream):
    """One end in memory; what comes while the other side is silent comes when it is not any more."""

    def __init__(self, transport: SimulatorTransport, end: trio.abc.Stream) -> None:
        self._transport, self._end = transport, end

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await self._end.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        await self._end.wait_send_all_might_not_block()

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        piece = await self._end.receive_some(max_bytes)
        await self._transport.wait_heard()
        return piece

    async def aclose(self) -> None:
        await self._end.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of an answer, produced while it is read."""

    def __init__(self, transport: SimulatorTransport, reply: Spoken) -> None:
        self._transport, self._reply = transport, reply
        self._pieces = body_of(reply)
        self._received = 0
        self._is_open = True
        transport.open_streams += 1

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        await trio.lowlevel.checkpoint()
        if not self._is_open:
            raise httpx.ReadError("")
        piece = await self._next_piece()
        self._received += len(piece)
        return piece

    async def aclose(self) -> None:
        self._transport.open_streams -= self._is_open
        self._is_open = False
        await self._pieces.aclose()

    async def _next_piece(self) -> bytes:
        if self._transport.server.presence.is_refusing:
            raise httpx.RemoteProtocolError(_CUT_SHORT)
        try:
            return await anext(self._pieces)
        except StopAsyncIteration:
            if isinstance(self._reply, Truncated):
                lacking = f"(received {self._received} bytes, {self._reply.missing} are missing)"
                raise httpx.RemoteProtocolError(f"{_CUT_SHORT} {lacking}") from None
            raise


async def _trace(request: httpx.Request, event: str) -> None:
    trace = request.extensions.get("trace")
    if trace is not None:
        await trace(event, {"request": request})


def _as_simulated(request: httpx.Request, body: bytes) -> Request:
    return Request(
        method=request.method,
        path=request.url.path,
        query=dict(request.url.params),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        target=request.url.raw_path.decode("ascii"),
    )


def _broken(reply: Mute) -> httpx.TransportError:
    match reply:
        case Drop() | Hang():
            return httpx.RemoteProtocolError("Server disconnected without sending a response.")
        case Reset():
            return httpx.ReadError("")
        case Garbage():
            return httpx.RemoteProtocolError("illegal status line")


async def _answer_or_end(server: Server, request: Request) -> AnyReply:
    reply: AnyReply = Drop()
    async with trio.open_nursery() as nursery:

        async def close() -> None:
            await server.presence.wait_refusing()
            nursery.cancel_scope.cancel()

        nursery.start_soon(close)
        reply = await server.handle(request)
        nursery.cancel_scope.cancel()
    return reply
