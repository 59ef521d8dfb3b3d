"""The status page's server: listens, and hands each connection on. Never more than `Limits.connections` at a time.

It touches nothing else of the process: no signal, no logger. What happens on a connection is in
`agent/status/server/connection.py`. A wrong address is the user's mistake: one sentence.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import trio
from starlette.types import ASGIApp

from agent.status.server.address import Address, address_of
from agent.status.server.connection import Connection, Http, Limits


async def serve_listener(
    listener: trio.SocketListener,
    app: ASGIApp,
    *,
    limits: Limits | None = None,
    task_status: trio.TaskStatus[Address] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve an application on a listener that `bind` got until cancelled; its address is told by `task_status`.

    The application must not block; its error is a bug and comes out of here.
    """
    limits = limits or Limits()
    http = Http(app, limits)
    places = _Places(listener, limits.connections)

    async def handle(stream: trio.SocketStream) -> None:
        connection = Connection(http, stream)
        with places.taken_by(connection):
            await connection.run()

    task_status.started(address_of(listener))
    await trio.serve_listeners(handle, [places])


class _Places(trio.abc.Listener[trio.SocketStream]):
    """Accepts a connection only when there is a place for it. Where there is none, the connection that has been
    without an answer for longest makes room: a silent one keeps no other out.
    """

    def __init__(self, listener: trio.SocketListener, places: int) -> None:
        self._listener = listener
        self._free = trio.Semaphore(places)
        self._here: set[Connection] = set()

    async def accept(self) -> trio.SocketStream:
        await trio.lowlevel.wait_readable(self._listener.socket)
        if not self._free.value and self._here:
            min(self._here, key=lambda connection: connection.ends_at).cut_off()
        await self._free.acquire()
        try:
            return await self._listener.accept()
        except BaseException:
            self._free.release()
            raise

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
        await self._listener.aclose()
