"""One connection to the status page: hypercorn's HTTP/1.1 over a stream, bounded in time, size and tasks.

hypercorn's own `TCPServer` is not used, for four reasons: it shields a send without a time limit, so a reader who
stops reading holds the connection and the end of the process for ever; it stops its idle timer for the length of a
request, however slowly a body drips in; its queue of body events can lock a request up for good when the
application answers without reading; and it logs and swallows the application's bugs. What is used is its
protocol, `H11Protocol`, which brings HTTP itself. HTTP/2 over plain TCP and WebSocket, which no reader of this
page speaks, stay off.

The rule in one line: a connection that got no answer for `Limits.seconds` ends, whatever it is doing.
"""

from collections.abc import Awaitable, Callable
from typing import Any, cast

import h11
import msgspec
import trio
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.config import Config
from hypercorn.events import Closed, Event, RawData
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.trio.worker_context import WorkerContext
from hypercorn.typing import (
    AppWrapper,
    ASGIFramework,
    ASGIReceiveEvent,
    ASGISendEvent,
    ConnectionState,
    Scope,
    TaskGroup,
)
from starlette.types import ASGIApp

Stream = trio.SocketStream | trio.StapledStream[Any, Any]

READ_BYTES = 4096  # a request of this page is some hundred bytes
QUEUED_EVENTS = 4  # pieces of a body that wait for an application to read them
LINGER_SECONDS = 1.0  # s; see Connection._hang_up: a round trip, even over a bad radio link
LINGER_READS = 16  # of READ_BYTES each; what a client may have sent before it sees that it is refused


class Limits(msgspec.Struct, frozen=True):
    """What readers can have. `seconds` count from the last answer; a connection too many waits unaccepted."""

    seconds: float = 10.0  # s; ten times what a page takes over a bad radio link
    connections: int = 64  # a dozen readers with the six connections that a browser opens; some 10 KB each
    head_bytes: int = 8192  # request line and headers; browsers send under 1 KB to an address without cookies
    requests: int = 1000  # answers on one connection: over an hour of a page that renews itself


class Http:
    """What all connections share: the application and hypercorn's settings. Logs nothing, starts no task."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = ASGIWrapper(cast(ASGIFramework, app))  # the same protocol, typed twice
        self.limits = limits
        self.context = WorkerContext(max_requests=None)
        self.config = Config()
        self.config.accesslog = None
        self.config.errorlog = None
        self.config.include_server_header = False
        self.config.h11_max_incomplete_size = limits.head_bytes
        self.config.keep_alive_max_requests = limits.requests


class Connection:
    """Serves one stream until either side has enough. Closing the stream is left to the caller."""

    def __init__(self, http: Http, stream: Stream) -> None:
        self._http = http
        self._stream = stream
        self._sending = trio.Lock()  # the reader says "100 Continue" and refuses garbage; requests answer
        self._alive = trio.CancelScope()

    async def run(self) -> None:
        """Answer requests until the connection is over. A bug in the application comes out of here."""
        self._put_off_the_end()
        with self._alive:
            async with trio.open_nursery() as nursery:
                await self._read(self._protocol(nursery))
        await self._hang_up()

    def _protocol(self, nursery: trio.Nursery) -> "_Http1Only":
        return _Http1Only(
            self._http.app,
            self._http.config,
            self._http.context,
            cast(TaskGroup, _Requests(nursery)),  # of its methods, HTTP/1.1 calls this one alone
            ConnectionState({}),
            ssl=False,
            client=None,
            server=None,
            send=self._send,
        )

    async def _read(self, protocol: H11Protocol) -> None:
        data = b"-"
        while data:
            try:
                data = bytes(await self._stream.receive_some(READ_BYTES))
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                data = b""
            await protocol.handle(RawData(data))
        await protocol.handle(Closed())

    async def _send(self, event: Event) -> None:
        if isinstance(event, Closed):
            self._alive.cancel()
        if not isinstance(event, RawData):
            return
        try:
            async with self._sending:
                await self._stream.send_all(event.data)
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            self._alive.cancel()
        else:
            self._put_off_the_end()

    def _put_off_the_end(self) -> None:
        self._alive.deadline = trio.current_time() + self._http.limits.seconds

    async def _hang_up(self) -> None:
        # Closing while bytes of the client are unread makes the kernel send a reset, which destroys an answer that
        # is still on its way ("413"). So: say that nothing more comes, and let the client finish for a moment.
        with trio.move_on_after(LINGER_SECONDS):
            try:
                await self._stream.send_eof()
                for _ in range(LINGER_READS):
                    if not await self._stream.receive_some(READ_BYTES):
                        return
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                pass


class _Http1Only(H11Protocol):
    """hypercorn's protocol without its two ways out of HTTP/1.1: offers to upgrade are ignored (RFC 9110, 7.8).

    Its WebSocket side raises when a client speaks before it was let in, which would end the whole agent.
    """

    async def _check_protocol(self, event: h11.Request) -> None:
        """Leave out the switch to HTTP/2."""

    async def _create_stream(self, request: h11.Request) -> None:
        headers = [(name, value) for name, value in request.headers if name != b"upgrade"]
        await super()._create_stream(
            h11.Request(
                method=request.method, target=request.target, headers=headers, http_version=request.http_version
            )
        )


class _Requests:
    """Runs the application for each request, in the connection's nursery (hypercorn's `TaskGroup`)."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self._nursery = nursery

    async def spawn_app(
        self,
        app: AppWrapper,
        config: Config,
        scope: Scope,
        send: Callable[[ASGISendEvent | None], Awaitable[None]],
    ) -> Callable[[ASGIReceiveEvent], Awaitable[None]]:
        request = _Request()
        self._nursery.start_soon(request.run, app, scope, send)
        return request.put


class _Request:
    """One request: what the client sends, on its way to the application. Never blocks an answer."""

    def __init__(self) -> None:
        self._put, self._get = trio.open_memory_channel[ASGIReceiveEvent](QUEUED_EVENTS)

    async def run(
        self, app: AppWrapper, scope: Scope, send: Callable[[ASGISendEvent | None], Awaitable[None]]
    ) -> None:
        await app(scope, self._receive, send, trio.to_thread.run_sync, trio.from_thread.run)
        await send(None)

    async def put(self, event: ASGIReceiveEvent) -> None:
        if event["type"] == "http.disconnect":
            self._put.close()  # also frees the reader, if it waits below to hand over a body that nobody wants
            return
        try:
            await self._put.send(event)
        except trio.ClosedResourceError:
            return  # answered meanwhile

    async def _receive(self) -> ASGIReceiveEvent:
        try:
            return await self._get.receive()
        except trio.EndOfChannel:
            return {"type": "http.disconnect"}
