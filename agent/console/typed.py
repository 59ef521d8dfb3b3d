"""What was typed on a line and not read yet: kept up to a limit, and the line byte for byte for a transfer."""

import trio

from agent.console.line import Line

MOST_TYPED = 64 * 1024  # bytes


class LineGone(Exception):
    """The line was pulled out, or its person went."""


class Typed:
    """Bytes, at most `MOST_TYPED`: what comes beyond them is dropped."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._came = trio.Event()
        self._is_closed = False

    def put(self, data: bytes) -> None:
        """They were typed."""
        self._bytes += data[: MOST_TYPED - len(self._bytes)]
        self._came.set()

    def close(self) -> None:
        """No more will come."""
        self._is_closed = True
        self._came.set()

    async def get(self) -> bytes:
        """All that came, once something did; empty when no more will come."""
        while not self._bytes and not self._is_closed:
            self._came = trio.Event()
            await self._came.wait()
        return self.take()

    def take(self) -> bytes:
        """All that came by now."""
        data = bytes(self._bytes)
        self._bytes.clear()
        return data


class RawLine:
    """The line for a transfer."""

    def __init__(self, typed: Typed, line: Line) -> None:
        self._typed, self._line = typed, line

    async def receive(self) -> bytes:
        """What came. Raises `LineGone`."""
        if data := await self._typed.get():
            return data
        raise LineGone

    def send(self, data: bytes) -> None:
        """Put bytes on the line."""
        self._line.put_raw(data)

    async def wait_sent(self) -> None:
        """Wait until the line has taken them."""
        await self._line.wait_written()
