"""The status page's server: listens, and hands each connection on. Never more than `Limits.connections` at a time.

It touches nothing else of the process: no signal, no logger. What happens on a connection is in
`agent/status/connection.py`. A wrong address is the user's mistake: one sentence.
"""

from collections.abc import Callable

import trio

from agent.status.address import Address, address_of, bind
from agent.status.connection import Connection, Http, Limits
from agent.status.snapshot import Snapshot
from agent.status.web import web_app


async def serve(
    listen: str,
    get_snapshot: Callable[[], Snapshot],
    *,
    limits: Limits | None = None,
    task_status: trio.TaskStatus[Address] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve the page at `listen` (HOST:PORT) until cancelled; the real address is reported through `task_status`.

    `get_snapshot` is asked at each request, and must not block. Raises `UserMistake` when that address cannot be
    had. An error of `get_snapshot` is a bug and comes out of here.
    """
    await serve_listener(await bind(listen), get_snapshot, limits=limits, task_status=task_status)


async def serve_listener(
    listener: trio.SocketListener,
    get_snapshot: Callable[[], Snapshot],
    *,
    limits: Limits | None = None,
    task_status: trio.TaskStatus[Address] = trio.TASK_STATUS_IGNORED,
) -> None:
    """The same on a listener that `bind` got, for who wants to know early whether the address can be had."""
    limits = limits or Limits()
    http = Http(web_app(get_snapshot), limits)
    capped = _Capped(listener, limits.connections)

    async def handle(stream: trio.SocketStream) -> None:
        try:
            await Connection(http, stream).run()
        finally:
            capped.leave()

    task_status.started(address_of(listener))
    await trio.serve_listeners(handle, [capped])


class _Capped(trio.abc.Listener[trio.SocketStream]):
    """Accepts a connection only when there is a place for it; until then it waits in the kernel's short queue."""

    def __init__(self, listener: trio.SocketListener, places: int) -> None:
        self._listener = listener
        self._places = trio.Semaphore(places)

    async def accept(self) -> trio.SocketStream:
        await self._places.acquire()
        try:
            return await self._listener.accept()
        except BaseException:
            self._places.release()
            raise

    def leave(self) -> None:
        """Give a place back."""
        self._places.release()

    async def aclose(self) -> None:
        await self._listener.aclose()
