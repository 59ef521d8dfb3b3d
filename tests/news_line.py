"""The other end of a WebSocket, on streams in memory: an independent server that can go away in every way."""

import math
from contextlib import suppress

import trio
from trio.testing import memory_stream_pair
from trio_websocket import ConnectionClosed, WebSocketConnection, WebSocketRequest, wrap_server_stream

from agent.foundation.errors import NotSent


class Wire(trio.abc.Stream):
    """One end of a line that can be cut without a word (`is_dead`, `is_mute` in one direction), or broken."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self._stream = stream
        self._receiving = trio.CancelScope()
        self.is_dead = self.is_mute = self.is_broken = False
        self.is_closed = False

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        with trio.CancelScope() as self._receiving:
            piece = bytes(await self._stream.receive_some(max_bytes))
            if self.is_dead:
                await trio.sleep_forever()
            return piece
        raise trio.BrokenResourceError

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        if self.is_broken:
            raise trio.BrokenResourceError
        if not (self.is_dead or self.is_mute):
            await self._stream.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        await self._stream.wait_send_all_might_not_block()

    async def aclose(self) -> None:
        self.is_closed = True
        await self._stream.aclose()

    def break_off(self) -> None:
        """As after a reset."""
        self.is_broken = True
        self._receiving.cancel()


class NewsServer:
    """`connect` is the way to it. `status` declines instead, `is_away` lets no one connect."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self._nursery = nursery
        self.wires: list[Wire] = []  # the clients' ends, all that there were
        self.sockets: list[WebSocketConnection] = []  # those that are open
        self.requests: list[WebSocketRequest] = []
        self.asked_at: list[float] = []
        self.opened_at: list[float] = []
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.is_away = False
        self._changed = trio.Event()

    async def connect(self) -> trio.abc.Stream:
        if self.is_away:
            raise NotSent("it refused the connection")
        client, server = memory_stream_pair()
        self.wires.append(Wire(client))
        self._nursery.start_soon(self._serve, server)
        return self.wires[-1]

    async def say(self, text: str | bytes) -> None:
        """To all who listen, as far as their lines go."""
        for socket in self.sockets:
            await socket.send_message(text)

    async def wait_open(self, count: int = 1) -> None:
        """Wait until so many were opened in all."""
        while len(self.opened_at) < count:
            await self._changed.wait()

    def cookies(self) -> list[str]:
        """Of each request."""
        return [dict(request.headers).get(b"cookie", b"").decode() for request in self.requests]

    async def _serve(self, stream: trio.abc.Stream) -> None:
        async with trio.open_nursery() as nursery:
            request = await wrap_server_stream(nursery, stream)
            self.requests.append(request)
            self.asked_at.append(trio.current_time())
            if self.status:
                await request.reject(self.status, extra_headers=self.headers)
            else:
                await self._accept(request)
            await stream.aclose()
            nursery.cancel_scope.cancel()

    async def _accept(self, request: WebSocketRequest) -> None:
        socket = await request.accept()
        self.sockets.append(socket)
        self.opened_at.append(trio.current_time())
        self._changed.set()
        self._changed = trio.Event()
        with suppress(ConnectionClosed):
            while True:
                await socket.get_message()
        self.sockets.remove(socket)


class Ear:
    """Listens, and keeps what it heard."""

    def __init__(self) -> None:
        self.opened_at = math.nan
        self.messages: list[str | bytes] = []
        self._changed = trio.Event()

    def opened(self) -> None:
        self.opened_at = trio.current_time()
        self._change()

    def heard(self, message: str | bytes) -> None:
        self.messages.append(message)
        self._change()

    async def wait_heard(self, count: int) -> None:
        """Wait until so many messages have come."""
        while len(self.messages) < count:
            await self._changed.wait()

    async def wait_opened(self) -> None:
        """Wait until the line is there."""
        while math.isnan(self.opened_at):
            await self._changed.wait()

    def _change(self) -> None:
        self._changed.set()
        self._changed = trio.Event()
