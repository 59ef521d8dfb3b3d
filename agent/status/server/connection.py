"""One connection to the status page: HTTP/1.1 (RFC 9112) for an ASGI application, bounded in time and size.

h11 knows the protocol and does no I/O; this file moves the bytes. A connection is one task, and reads on only when
the application asks for more: nothing piles up, and there is no queue that could lock up. HTTP/2 and WebSocket,
which no reader of this page speaks, are not offered, and offers to upgrade are ignored (RFC 9110, 7.8).
Must never log, and never swallow a bug of the application.

The rule in one line: a connection that got no answer for `Limits.seconds` ends, whatever it is doing.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import format_datetime
from typing import NoReturn

import h11
import msgspec
import trio
from starlette.types import ASGIApp, Message, Scope

from agent.foundation.timing import utc_now
from agent.status.server.host_header import split_target
from agent.status.server.turns import Turns

READ_BYTES = 4096  # a request of this page is some hundred bytes
LINGER_SECONDS = 1.0  # s; see Connection._hang_up: a round trip, even over a bad radio link
LINGER_READS = 16  # of READ_BYTES each; what a client may have sent before it sees that it is refused

MORE_TIME = "nightporter.more_time"  # in a scope's extensions: a long body may go on for `Limits.seconds` from now

AT_ONCE = ("/healthz",)  # paths that wait for no turn: little work, and watched by machines that ring a bell

_GONE = (trio.BrokenResourceError, trio.ClosedResourceError)
_STREAM = b"text/event-stream; charset=utf-8"  # as starlette writes it
_BODILESS = {204, 304}  # RFC 9110, 6.4.1; and every answer to HEAD


class Limits(msgspec.Struct, frozen=True):
    """What readers can have. `seconds` count from the last answer, or piece of one that goes on; a connection too
    many waits unaccepted.
    """

    seconds: float = 10.0  # s; ten times what a page takes over a bad radio link
    connections: int = 128  # 64 streams (`live/event_stream.py`), and as many for pages; some 10 KB each
    head_bytes: int = 8192  # request line and headers; browsers send under 1 KB to an address without cookies
    requests: int = 1000  # answers on one connection: over an hour of a page that renews itself
    peer: float = 60.0  # connections that one peer opens at once (`pace.py`); 20/s for long. Eight browsers
    everyone: float = 240.0  # those that all peers open at once; 80/s for long, of which half are for newcomers


class Peer(msgspec.Struct, frozen=True):
    """The other end of a connection in TLS. Without TLS nothing may decide by it, so it is not told there."""

    host: str
    port: int


class Http(msgspec.Struct, frozen=True):
    """What all connections share. `too_slow` hears of each reader of a stream that does not take its bytes."""

    app: ASGIApp
    limits: Limits
    turns: Turns = msgspec.field(default_factory=Turns)
    too_slow: Callable[[], None] = lambda: None


class Connection:
    """Serves one stream until either side has enough. Closing the stream is left to the caller."""

    def __init__(self, http: Http, stream: trio.abc.HalfCloseableStream, peer: Peer | None = None) -> None:
        """`peer` is told for a stream in TLS alone."""
        self._app, self._limits, self._turns, self._too_slow = http.app, http.limits, http.turns, http.too_slow
        self.peer = peer
        self.is_stream = False  # its answer goes on by design, so it is not the one that makes room
        self.waits_turn = False  # it has asked, and is the next to be answered or nearly so: it stays, too
        self._stream = stream
        self._protocol = h11.Connection(h11.SERVER, max_incomplete_event_size=http.limits.head_bytes)
        self._sending = trio.Lock()  # an application may read, which says "100 Continue", and answer in two tasks
        self._alive = trio.CancelScope()
        self._whole = trio.CancelScope()
        self._put_off_the_end()

    async def run(self) -> None:
        """Answer requests until the connection is over. A bug in the application comes out of here."""
        with self._whole:
            with self._alive:
                await self._converse()
            if self.is_stream and not self.is_answered and trio.current_time() >= self.ends_at:
                self._too_slow()
            await self._hang_up()

    @property
    def ends_at(self) -> float:
        """When it ends (of trio's clock) if nothing more is answered: the later, the fresher the last answer."""
        return self._alive.deadline

    def cut_off(self) -> None:
        """End at once, whatever it is doing."""
        self._whole.cancel()

    async def _converse(self) -> None:
        for left in reversed(range(self._limits.requests)):
            request = await self.next_event()
            if not isinstance(request, h11.Request):
                return
            if request.method == b"CONNECT" or not request.http_version.startswith(b"1."):
                await self._refuse(400)  # no proxy, and no other HTTP
            exchange = _Exchange(self, request, is_last=not left)
            scope = exchange.scope
            if scope["path"] not in AT_ONCE:
                await self._wait_turn()
            exchange.began = time.thread_time()
            await self._app(scope, exchange.receive, exchange.send)
            if not self._may_go_on():
                return
            self._protocol.start_next_cycle()

    async def _wait_turn(self) -> None:
        """Wait for a share of the processor; where that would be too long, say so instead of nothing."""
        if self._turns.are_many:
            await self._refuse(503)
        self.waits_turn = True
        with trio.move_on_after(self._limits.seconds / 2) as patience:
            await self._turns.wait()
        self.waits_turn = False
        if patience.cancelled_caught:
            await self._refuse(503)
        self._put_off_the_end()  # it was our turn to wait for

    def _may_go_on(self) -> bool:
        """Whether another request may follow. The rest of a body that was not read is not waited for."""
        if not self.is_answered and self._protocol.their_state is not h11.CLOSED:
            raise AssertionError("the application ended without a whole answer")
        return self.has_heard_all() and self._protocol.our_state is h11.DONE

    # -- what an exchange needs of the line -----------------------------------------------------------------------

    @property
    def is_answered(self) -> bool:
        """Whether the whole answer to the present request was handed to the line."""
        return self._protocol.our_state not in (h11.SEND_RESPONSE, h11.SEND_BODY)

    def has_heard_all(self) -> bool:
        """Whether the request is here to its end. What of its body is here, and was not asked for, is dropped."""
        with suppress(h11.RemoteProtocolError):
            while isinstance(self._protocol.next_event(), h11.Data):
                pass
        return self._protocol.their_state is h11.DONE

    async def next_event(self) -> h11.Event | type[h11.PAUSED]:
        """What the client says next, as h11 has it; PAUSED: the next request, before this one is answered.

        What is no HTTP is refused, and ends the connection.
        """
        try:
            while (event := self._protocol.next_event()) is h11.NEED_DATA:
                await self._let_go_on()
                await self._hear()
        except h11.RemoteProtocolError as error:
            await self._refuse(error.error_status_hint)
        return event  # type: ignore[return-value] # NEED_DATA is gone, which mypy cannot tell

    def give_more_time(self) -> None:
        """The application knows who this is, and takes a long body: as if it had answered just now."""
        self._put_off_the_end()

    async def say(self, *events: h11.Event) -> None:
        """Send these in one go. A client that does not take them ends the connection."""
        async with self._sending:
            await self._put(*events)

    def spent(self, seconds: float) -> None:
        """So much processor time went into the present answer until its head was there."""
        self._turns.spent(seconds)

    # -- the line -------------------------------------------------------------------------------------------------

    async def _hear(self) -> None:
        try:
            data = bytes(await self._stream.receive_some(READ_BYTES))
        except _GONE:
            data = b""
        self._protocol.receive_data(data)

    async def _let_go_on(self) -> None:
        async with self._sending:  # the answer may be on its way, which says more
            if self._protocol.they_are_waiting_for_100_continue:
                await self._put(h11.InformationalResponse(status_code=100, headers=[]))

    async def _refuse(self, status: int) -> NoReturn:
        """Say once what is wrong, where that is still possible, and end."""
        async with self._sending:
            if self._protocol.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                headers = [*_date(), (b"content-length", b"0"), (b"connection", b"close")]
                await self._put(h11.Response(status_code=status, headers=headers), h11.EndOfMessage())
            await self._end()

    async def _put(self, *events: h11.Event) -> None:
        data = b"".join(self._protocol.send(event) or b"" for event in events)
        try:
            await self._stream.send_all(data)
        except _GONE:
            await self._end()
        self._put_off_the_end()

    async def _end(self) -> NoReturn:
        # With the lock held: a task of the application that waits for it must not go on to send.
        self._alive.cancel()
        await trio.sleep_forever()

    def _put_off_the_end(self) -> None:
        self._alive.deadline = trio.current_time() + self._limits.seconds

    async def _hang_up(self) -> None:
        # Closing while bytes of the client are unread makes the kernel send a reset, which destroys an answer that
        # is still on its way ("413"). So: say that nothing more comes, and let the client finish for a moment.
        with trio.move_on_after(LINGER_SECONDS), suppress(*_GONE):
            await self._stream.send_eof()
            for _ in range(LINGER_READS):
                if not await self._stream.receive_some(READ_BYTES):
                    return


class _Exchange:
    """One request and its answer: ASGI's messages for h11's events (asgi.readthedocs.io, HTTP 2.1)."""

    def __init__(self, line: Connection, request: h11.Request, *, is_last: bool) -> None:
        self._line, self._request, self._is_last = line, request, is_last
        self._head: h11.Response | None = None  # waits for the first of the body: both leave in one packet
        self._has_body = True
        self.began = 0.0  # of this thread's processor time
        self._is_heard = not _says_body(request)  # to its end

    @property
    def scope(self) -> Scope:
        """The request's head. Addresses are left out without TLS: nothing there may decide by them.

        `path` is as it came, with its escapes: one thing has one address, and `/%68ealthz` is none.
        """
        host, target = split_target(self._request.target.decode("ascii"))
        path, _, query = target.partition("?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.1"},
            "http_version": self._request.http_version.decode("ascii"),
            "method": self._request.method.decode("ascii"),
            "scheme": "http" if self._line.peer is None else "https",
            "path": path,
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "root_path": "",
            "headers": self._headers(host),
            "client": None if self._line.peer is None else (self._line.peer.host, self._line.peer.port),
            "server": None,
            "extensions": {MORE_TIME: {"give": self._line.give_more_time}},
        }

    def _headers(self, host: str | None) -> list[tuple[bytes, bytes]]:
        if host is None:
            return list(self._request.headers)
        others = [(name, value) for name, value in self._request.headers if name != b"host"]
        return [*others, (b"host", host.encode("ascii"))]

    async def receive(self) -> Message:
        """The next piece of the body; after the last, wait until the client is gone."""
        if self._line.is_answered:
            return {"type": "http.disconnect"}
        event = await self._line.next_event()
        if isinstance(event, h11.Data):
            return {"type": "http.request", "body": bytes(event.data), "more_body": True}
        if isinstance(event, h11.EndOfMessage):
            self._is_heard = True
            return {"type": "http.request", "body": b"", "more_body": False}
        if event is h11.PAUSED:  # it asks on, so it is there; reading further would only pile up its requests
            await trio.sleep_forever()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take the answer's head, or a piece of its body."""
        if message["type"] == "http.response.start":
            self._head = self._head_of(message)
            self._line.spent(time.thread_time() - self.began)
            return
        events: list[h11.Event] = [self._head] if self._head else []
        self._head = None
        if self._has_body:
            events.append(h11.Data(data=message.get("body", b"")))
        if not message.get("more_body", False):
            events.append(h11.EndOfMessage())
        await self._line.say(*events)

    def _head_of(self, message: Message) -> h11.Response:
        status = message["status"]
        self._has_body = self._request.method != b"HEAD" and status not in _BODILESS
        headers = list(message.get("headers", ()))
        # The rest of a body is not waited for: the connection ends with this answer, and it says so.
        is_last = self._is_last or not (self._is_heard or self._line.has_heard_all())
        last = [(b"connection", b"close")] if is_last else []
        self._line.is_stream = (b"content-type", _STREAM) in [(name.lower(), value) for name, value in headers]
        return h11.Response(status_code=status, headers=[*headers, *_date(), *last])


def _says_body(request: h11.Request) -> bool:
    """Whether a body comes with it (RFC 9112, 6.3)."""
    lengths = [value for name, value in request.headers if name in (b"content-length", b"transfer-encoding")]
    return any(value != b"0" for value in lengths)


def _date() -> list[tuple[bytes, bytes]]:
    return [(b"date", format_datetime(utc_now(), usegmt=True).encode("ascii"))]
