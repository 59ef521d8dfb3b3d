"""The status page's server: listens, and hands each connection on. Never more than `Limits.connections` at a time.

It touches nothing else of the process: no signal, no logger. What happens on a connection is in
`agent/status/connection.py`. A wrong address is the user's mistake: one sentence.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

import trio

from agent.status.address import Address, address_of
from agent.status.connection import Connection, Http, Limits
from agent.status.snapshot.snapshot import Snapshot
from agent.status.web import web_app


async def serve_listener(
    listener: trio.SocketListener,
    get_snapshot: Callable[[], Snapshot],
    *,
    limits: Limits | None = None,
    names: Callable[[], Collection[str]] = tuple,
    task_status: trio.TaskStatus[Address] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve the page on a listener that `bind` got until cancelled; its address is reported through `task_status`.

    `get_snapshot` is asked at each request, and must not block: its error is a bug and comes out of here. So are
    `names`, host names by which the page may be asked beside the box's own.
    """
    limits = limits or Limits()
    http = Http(web_app(get_snapshot, names), limits)
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
