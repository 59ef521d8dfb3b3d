"""A line's two ends on file descriptors: a serial port, a pty, a terminal. Moves bytes, and knows no words.

What a line cannot take in time is dropped and said, so that a terminal that stopped (XOFF, a cable that was pulled
out) holds up neither a verb nor another line, and takes no memory.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import trio

READ_BYTES = 4096
MOST_WAITING = 256 * 1024  # bytes of output; half a minute at 115200
HELD_SECONDS = 60.0  # s that XOFF counts: a noisy line must not be silent for ever
_XON, _XOFF = b"\x11", b"\x13"
_LEFT_OUT = b"\r\n(lines were left out: this line was too slow)\r\n"


class Ends(Protocol):
    """The descriptors of a line, non-blocking. `columns` is asked for again and again; 0: it does not tell."""

    name: str
    reads: int
    writes: int
    is_dumb: bool

    def columns(self) -> int:
        """How wide the terminal is."""
        ...


class Line:
    """One line. Text is ASCII already; a line feed becomes CR LF.

    `on_left_out` is called once the line has taken all that was not left out: what is seen there now is not known.
    """

    def __init__(self, ends: Ends, on_key: Callable[[], None] = lambda: None) -> None:
        self.ends, self._on_key = ends, on_key
        self.on_left_out: Callable[[], None] = lambda: None
        self._waiting = bytearray()
        self._is_left_out = self._is_gone = False
        self._changed, self._idle = trio.Event(), trio.Event()
        self._idle.set()
        self._held_until = float("-inf")

    async def receive(self) -> bytes:
        """What was typed, without flow control; b"" when the line is gone."""
        while True:
            try:
                await trio.lowlevel.wait_readable(self.ends.reads)
                data = os.read(self.ends.reads, READ_BYTES)
            except BlockingIOError:
                continue
            except OSError:  # a port that was pulled out
                return b""
            if not data:
                return b""
            self._on_key()
            if typed := self._controlled(data):
                return typed

    def put(self, text: str) -> None:
        """Write it when the line can take it."""
        self.put_raw(text.replace("\n", "\r\n").encode("ascii", "replace"))

    def put_raw(self, data: bytes) -> None:
        """The same, byte for byte."""
        if not data or self._is_gone:
            return
        if len(self._waiting) + len(data) > MOST_WAITING:
            self._is_left_out = True
            return
        self._waiting += data
        self._idle = trio.Event() if self._idle.is_set() else self._idle
        self._changed.set()

    def forget(self) -> None:
        """What the line has not taken yet is not wanted any more."""
        if self._waiting:
            self._is_left_out |= len(self._waiting) > READ_BYTES  # a few rows are not missed
            self._waiting[:] = b"\r\n"

    def is_full(self) -> bool:
        """Whether a text is left out that would be put now; it need not be made then."""
        self._is_left_out |= len(self._waiting) > MOST_WAITING - READ_BYTES
        return self._is_gone or len(self._waiting) > MOST_WAITING - READ_BYTES

    async def wait_written(self) -> None:
        """Wait until the line has taken what was put."""
        await self._idle.wait()

    async def write(self) -> None:
        """Write what is put, until the line is gone."""
        while True:
            while self._waiting:
                if not await self._write_some():
                    return
                self._say_what_was_left_out()
            self._idle.set()
            await self._changed.wait()
            self._changed = trio.Event()

    async def _write_some(self) -> bool:
        await self._wait_not_held()
        try:
            await trio.lowlevel.wait_writable(self.ends.writes)
            sent = os.write(self.ends.writes, self._waiting[:READ_BYTES])
        except BlockingIOError:
            return True
        except OSError:
            self._is_gone = True  # no one would wait to the end for what is put from now on
            self._waiting.clear()
            self._idle.set()
            return False
        del self._waiting[:sent]
        return True

    def _say_what_was_left_out(self) -> None:
        if self._is_left_out and not self._waiting:
            self._is_left_out = False
            self._waiting += _LEFT_OUT
            self.on_left_out()

    async def _wait_not_held(self) -> None:
        while (left := self._held_until - trio.current_time()) > 0:
            self._changed = trio.Event()
            with trio.move_on_after(left):
                await self._changed.wait()

    def _controlled(self, data: bytes) -> bytes:
        """What is left of what was typed; Ctrl-S holds the output, and any key after it lets it go on."""
        last = data.rfind(_XOFF)
        if last >= 0 and last == len(data) - 1:
            self._held_until = trio.current_time() + HELD_SECONDS
        elif self._held_until > 0:
            self._held_until = float("-inf")
            self._changed.set()
        return data.replace(_XOFF, b"").replace(_XON, b"")


class Descriptors:
    """Ends on descriptors that somebody else opened, a pty or the standard streams say."""

    def __init__(
        self,
        name: str,
        reads: int,
        writes: int | None = None,
        *,
        columns: Callable[[], int] | None = None,
        is_dumb: bool = False,
    ) -> None:
        self.name, self.reads, self.writes = name, reads, reads if writes is None else writes
        self.is_dumb = is_dumb
        self._columns = columns or self._asked
        for descriptor in {self.reads, self.writes}:
            os.set_blocking(descriptor, False)

    def columns(self) -> int:
        """What the kernel has been told of the terminal."""
        return self._columns()

    def _asked(self) -> int:
        with suppress(OSError):
            return os.get_terminal_size(self.writes).columns
        return 0
