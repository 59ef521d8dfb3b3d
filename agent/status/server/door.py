"""Where connections come in: each is taken off the kernel's queue, and served or turned away by its pace.

Turning one away costs some 30 microseconds, a hundredth of what serving it would: one sentence, if there is one to
say, and the end. Must never wait for who is turned away, nor let a flood of them keep the other tasks waiting.
"""

import errno
import socket
from contextlib import suppress

import trio

from agent.status.server.pace import Pace

SEND_BUFFER = 65_536  # bytes a connection, which Linux doubles; else one who never reads has megabytes of it
AT_A_TIME = 16  # are turned away; then the other tasks have their turn, and
BREATH = 0.02  # s of rest: 800 a second at most, so the kernel's queue (`address.py`) is through in a third of one
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: 58\r\nConnection: close\r\n\r\n"
    b"Too many connections at once: try again in a few seconds.\n"
)

# What accept(2) reports of a connection that was lost before it came out of the queue, and not of the listener.
_LOST = {
    *(errno.EPERM, errno.ECONNABORTED, errno.EPROTO, errno.ENETDOWN, errno.ENOPROTOOPT, errno.EHOSTDOWN),
    *(errno.ENONET, errno.EHOSTUNREACH, errno.EOPNOTSUPP, errno.ENETUNREACH),
}


class Door:
    """`farewell` is what who is turned away gets to read."""

    def __init__(self, listener: trio.SocketListener, pace: Pace, farewell: bytes) -> None:
        self._listener, self._pace, self._farewell = listener, pace, farewell
        # trio's own socket takes ten times as long to accept, and to close, as the kernel does.
        self._raw = socket.socket(fileno=socket.dup(listener.socket.fileno()))
        self._raw.setblocking(False)

    async def next(self) -> trio.SocketStream:
        """The next connection that may be served. Raises OSError where the process has no place for any."""
        turned_away = 0
        while True:
            taken = self._take()
            if taken is None:
                await trio.lowlevel.wait_readable(self._raw)
                continue
            connection, host = taken
            if self._pace.lets_in(host, trio.current_time()):
                return _stream(connection)
            self._turn_away(connection)
            turned_away += 1
            if turned_away % AT_A_TIME == 0:
                await trio.sleep(BREATH)

    async def aclose(self) -> None:
        """Close the listener."""
        self._raw.close()
        await self._listener.aclose()

    def _take(self) -> tuple[socket.socket, str] | None:
        """One that waits, and its address; None: there is none."""
        while True:
            try:
                connection, (host, *_) = self._raw.accept()
            except BlockingIOError:
                return None
            except OSError as error:
                if error.errno not in _LOST:
                    raise
            else:
                return connection, host

    def _turn_away(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.setblocking(False)
            if self._farewell:
                connection.send(self._farewell)
            connection.shutdown(socket.SHUT_WR)


def _stream(connection: socket.socket) -> trio.SocketStream:
    connection.setblocking(False)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    return trio.SocketStream(trio.socket.from_stdlib_socket(connection))
