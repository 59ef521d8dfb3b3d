"""The status page's server: listens, and hands each connection on, in TLS where it is told so.

Never more than `Limits.connections` at a time. It touches nothing else of the process: no signal, no logger. What
happens on a connection is in `agent/status/server/connection.py`. A wrong address is the user's mistake: one
sentence.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import trio
from starlette.types import ASGIApp

from agent.status.server.address import Address, address_of
from agent.status.server.connection import Connection, Http, Limits, Peer
from agent.status.server.door import BUSY, Door
from agent.status.server.pace import Pace
from agent.status.server.tls_line import TlsLine


async def serve_listener(
    listener: trio.SocketListener,
    app: ASGIApp,
    *,
    limits: Limits | None = None,
    tls: ssl.SSLContext | None = None,
    too_slow: Callable[[], None] = lambda: None,
    task_status: trio.TaskStatus[Address] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve an application on a listener that `bind` got until cancelled; its address is told by `task_status`.

    With `tls` the application learns the peer's address and port (`scope["client"]`), else it never does.

    `too_slow` hears of each reader of a stream that is cut off for not taking its bytes; it must not raise.

    The application must not block; its error is a bug and comes out of here.
    """
    limits = limits or Limits()
    http = Http(app, limits, too_slow=too_slow)
    door = Door(listener, Pace(limits.peer, limits.everyone), BUSY if tls is None else b"")
    places = _Places(door, limits.connections)

    async def handle(stream: trio.SocketStream) -> None:
        connection = _connection(http, stream, tls)
        with places.taken_by(connection):
            await connection.run()

    task_status.started(address_of(listener))
    await trio.serve_listeners(handle, [places])


def _connection(http: Http, stream: trio.SocketStream, tls: ssl.SSLContext | None) -> Connection:
    return Connection(http, stream) if tls is None else Connection(http, TlsLine(stream, tls), _peer(stream))


def _peer(stream: trio.SocketStream) -> Peer:
    try:
        host, port, *_ = stream.socket.getpeername()
    except OSError:  # it has hung up already, so it says nothing more either
        return Peer("", 0)
    return Peer(host, port)


class _Places(trio.abc.Listener[trio.SocketStream]):
    """Accepts a connection only when there is a place for it. Where there is none, the connection that has been
    without an answer for longest makes room, one that has asked after all that have not: a silent one keeps no
    other out. A stream stays, for it speaks, and so does one whose turn is near.
    """

    def __init__(self, door: Door, places: int) -> None:
        self._door = door
        self._free = trio.Semaphore(places)
        self._here: set[Connection] = set()

    async def accept(self) -> trio.SocketStream:
        stream = await self._door.next()
        try:
            can_go = [each for each in self._here if not each.is_stream and not each.waits_turn]
            if not self._free.value and can_go:
                min(can_go, key=lambda connection: (not connection.is_answered, connection.ends_at)).cut_off()
            await self._free.acquire()
        except BaseException:
            stream.socket.close()
            raise
        return stream

    @contextmanager
    def taken_by(self, connection: Connection) -> Iterator[None]:
        """The place that was found for it, as long as it is there."""
        self._here.add(connection)
        try:
            yield
        finally:
            self._here.remove(connection)
            self._free.release()

    async def aclose(self) -> None:
        await self._door.aclose()
