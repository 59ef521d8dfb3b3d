"""A tiny HTTP/1.1 server on trio and h11, shared by all simulators: honest where it should be, broken on demand.

Must never know what a vendor says; what it sends is decided in `replies.py`. Keep-alive as RFC 9112 has it,
bodies up to 64 MB. A request is answered even when another one hangs: a task for each connection.
"""

import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from typing import Protocol, runtime_checkable
from urllib.parse import parse_qsl, unquote, urlsplit

import h11
import trio

from agent.simulators.base.control import CONTROL
from agent.simulators.base.presence import Presence
from agent.simulators.base.replies import (
    AnyReply,
    Drop,
    Garbage,
    Hang,
    Mute,
    Reply,
    Request,
    Reset,
    Spoken,
    Truncated,
    Upgrade,
    body_of,
    head_of,
    json_reply,
)
from agent.simulators.base.websocket import NotAWebSocket, accept

BODY_CAP = 64 * 1024 * 1024  # bytes; more than any vendor's request, less than what hurts the machine
_READ = 65_536  # bytes at a time
LINGER_ZERO = struct.pack("ii", 1, 0)  # close() sends RST instead of FIN
_CONTROL_SECONDS = 5.0  # s; the control side's last answer still gets out when the server goes away
_HEAD_CAP = 64 * 1024  # bytes; a token fits in many times over


class Server(Protocol):
    """What can be served."""

    @property
    def presence(self) -> Presence:
        """Whether it is there."""
        ...

    async def handle(self, request: Request) -> AnyReply:
        """Answer one request. Raises nothing."""
        ...

    def date(self) -> str | None:
        """The text of the Date header, None for none."""
        ...


@runtime_checkable
class Impatient(Protocol):
    """What may hang up before it has heard a whole request."""

    def body_limit(self, head: Request) -> int | None:
        """After how many bytes of its body a request's connection ends without an answer; None: it does not."""
        ...


def body_limit_of(server: Server, head: Request) -> int | None:
    """`Impatient.body_limit` where a server has one."""
    return server.body_limit(head) if isinstance(server, Impatient) else None


class SocketServer(Server, Protocol):
    """What can be served over sockets, with or without TLS."""

    def tls(self) -> ssl.SSLContext | None:
        """What a new connection is secured with, None for plain HTTP."""
        ...


async def serve(
    server: SocketServer,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    tls: ssl.SSLContext | None = None,
    task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Listen on a numeric `host` until cancelled; the real port (for port 0) comes through `task_status`.

    While the server's presence is `refuse` the port is closed and open connections end. `tls` is used instead of
    what the server says. Raises OSError if the port cannot be had.
    """

    async def converse(stream: trio.SocketStream) -> None:
        context = tls or server.tls()
        secured = trio.SSLStream(stream, context, server_side=True, https_compatible=True) if context else None
        await _Conversation(server, secured or stream, stream.socket).run()

    await keep_port(server.presence, host, port, converse, task_status)


async def converse(server: Server, stream: trio.abc.Stream) -> None:
    """Serve one connection that is there already, say one end of a pair in memory, and close it in the end.

    Ends when the server's presence becomes `refuse`.
    """
    async with stream, trio.open_nursery() as nursery:

        async def end_when_away() -> None:
            await server.presence.wait_refusing()
            nursery.cancel_scope.cancel()

        nursery.start_soon(end_when_away)
        await _Conversation(server, stream, None).run()
        nursery.cancel_scope.cancel()


async def serve_silence(
    presence: Presence,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED,
) -> None:
    """A port that takes connections, hears everything and says nothing; otherwise as `serve`."""

    async def listen(stream: trio.SocketStream) -> None:
        with suppress(trio.BrokenResourceError):  # the other side went away
            while await stream.receive_some(_READ):
                pass

    await keep_port(presence, host, port, listen, task_status)


async def keep_port(
    presence: Presence,
    host: str,
    port: int,
    converse: Callable[[trio.SocketStream], Awaitable[None]],
    task_status: trio.TaskStatus[int],
) -> None:
    """Have each connection served by `converse`, on the same port whenever it is open; otherwise as `serve`."""
    listeners = await trio.open_tcp_listeners(port, host=host)
    port = listeners[0].socket.getsockname()[1]
    task_status.started(port)
    while True:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(trio.serve_listeners, converse, listeners)
            await presence.wait_refusing()
            nursery.cancel_scope.cancel()
        await presence.wait_open()
        listeners = await trio.open_tcp_listeners(port, host=host)


class _Conversation:
    """One connection: requests and answers in turn, until one side has had enough."""

    def __init__(self, server: Server, stream: trio.abc.Stream, underneath: trio.socket.SocketType | None) -> None:
        self._server = server
        self._socket = underneath
        self._stream = stream
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEAD_CAP)

    async def run(self) -> None:
        """Until it is over; `trio.serve_listeners` closes the socket then."""
        with suppress(trio.BrokenResourceError, trio.ClosedResourceError):  # the other side went away
            while await self._turn():
                self._http.start_next_cycle()

    async def _turn(self) -> bool:
        """One request and its answer; whether another may follow."""
        try:
            request = await self._receive()
        except h11.RemoteProtocolError as error:
            return await self._refuse(error)
        if request is None:
            return False
        with trio.CancelScope() as scope:
            if request.path.startswith(CONTROL):
                scope.shield, scope.deadline = True, trio.current_time() + _CONTROL_SECONDS
            reply = await self._server.handle(request)
            if isinstance(reply, Upgrade):
                await self._upgrade(reply, request)
                return False
            return await self._deliver(reply, head_only=request.method == "HEAD")
        return False

    async def _upgrade(self, reply: Upgrade, request: Request) -> None:
        begun, _ = self._http.trailing_data
        try:
            web_socket = await accept(self._stream, request.target, request.headers, begun)
        except NotAWebSocket as error:
            await self._speak(json_reply({"error": f"not a WebSocket: {error}"}, 400))
        else:
            await reply.session(web_socket)

    async def _receive(self) -> Request | None:
        head = await self._next_event()
        if not isinstance(head, h11.Request):
            return None
        limit = body_limit_of(self._server, _request_of(head, b""))
        if limit == 0:
            return None
        if int(dict(head.headers).get(b"content-length", b"0")) > BODY_CAP:
            raise _too_large()
        if self._http.they_are_waiting_for_100_continue:
            await self._send(h11.InformationalResponse(status_code=100, headers=[]))
        body = bytearray()
        while isinstance(event := await self._next_event(), h11.Data):
            body += event.data
            if len(body) > BODY_CAP:
                raise _too_large()
            if limit is not None and len(body) >= limit:
                return None
        return _request_of(head, bytes(body))

    async def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(bytes(await self._stream.receive_some(_READ)))
        return event  # type: ignore[return-value] # NEED_DATA is gone, which mypy cannot tell

    async def _refuse(self, error: h11.RemoteProtocolError) -> bool:
        """Say once what is wrong with the request, where that is still possible, and hang up."""
        if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            await self._speak(json_reply({"error": f"not a request: {error}"}, error.error_status_hint))
        return False

    async def _deliver(self, reply: Spoken | Mute, *, head_only: bool) -> bool:
        if isinstance(reply, Mute):
            await self._break(reply)
            return False
        await self._speak(reply, head_only=head_only)
        return not isinstance(reply, Truncated) and self._http.our_state is h11.DONE

    async def _break(self, reply: Mute) -> None:
        match reply:
            case Drop():
                pass
            case Garbage():
                await self._stream.send_all(reply.body)
            case Reset() if self._socket is not None:
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
                self._socket.close()
            case Reset():
                await trio.aclose_forcefully(self._stream)
            case Hang():
                while await self._stream.receive_some(_READ):
                    pass

    async def _speak(self, reply: Spoken, *, head_only: bool = False) -> None:
        status, headers = head_of(reply, self._server.date())
        head = self._bytes(h11.Response(status_code=status, headers=headers))
        if head_only or status == 204:
            await self._stream.send_all(head + self._bytes(h11.EndOfMessage()))
        elif isinstance(reply, Reply):
            whole = head + self._bytes(h11.Data(data=reply.body)) + self._bytes(h11.EndOfMessage())
            await self._stream.send_all(whole)
        else:
            await self._stream.send_all(head)
            await self._stream_body(reply)

    async def _stream_body(self, reply: Spoken) -> None:
        async with aclosing(body_of(reply)) as pieces:
            async for piece in pieces:
                await self._send(h11.Data(data=piece))
        if not isinstance(reply, Truncated):
            await self._send(h11.EndOfMessage())

    async def _send(self, event: h11.InformationalResponse | h11.Data | h11.EndOfMessage) -> None:
        await self._stream.send_all(self._bytes(event))

    def _bytes(self, event: h11.Response | h11.InformationalResponse | h11.Data | h11.EndOfMessage) -> bytes:
        return self._http.send(event) or b""


def _too_large() -> h11.RemoteProtocolError:
    return h11.RemoteProtocolError("the body is too large", error_status_hint=413)


def _request_of(head: h11.Request, body: bytes) -> Request:
    target = urlsplit(head.target.decode("latin-1"))
    return Request(
        method=head.method.decode("ascii"),
        target=head.target.decode("latin-1"),
        path=unquote(target.path),
        query=dict(parse_qsl(target.query)),
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers},
        body=body,
    )
