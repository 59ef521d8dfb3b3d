"""A connection in TLS as the page's server wants a line: one whose end of talking can be said (`send_eof`).

The handshake happens with the first byte that is read, and so within the connection's time limit. One that fails
is a broken line, and ends nothing else. Must never keep a secret of the handshake, nor log.
"""

import ssl
from contextlib import suppress

import trio

FAREWELL_SECONDS = 0.5  # s for the peer's own last word in TLS; most just hang up

_GONE = (trio.BrokenResourceError, trio.ClosedResourceError)


class TlsLine(trio.abc.HalfCloseableStream):
    """The server's end of TLS over `line`."""

    def __init__(self, line: trio.SocketStream, context: ssl.SSLContext) -> None:
        self._line = line
        self._tls = trio.SSLStream(line, context, server_side=True, https_compatible=True)
        self._is_over = False

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        """What the client says; after our last word whatever still comes, unread."""
        return bytes(await (self._line if self._is_over else self._tls).receive_some(max_bytes))

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        """Raises `trio.BrokenResourceError` also where no TLS came about."""
        await self._tls.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        """As in trio."""
        await self._tls.wait_send_all_might_not_block()

    async def send_eof(self) -> None:
        """Our last word in TLS (close_notify, RFC 8446, 6.1: nothing was cut off), then that of the connection."""
        self._is_over = True
        with trio.move_on_after(FAREWELL_SECONDS), suppress(*_GONE):
            await self._tls.unwrap()
        await self._line.send_eof()

    async def aclose(self) -> None:
        """Closes at once: nothing is owed after `send_eof`."""
        await self._tls.aclose()
