"""A person at a terminal: types, and looks at a screen that pyte draws from what came."""

import os
import tty
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pyte
import trio

from agent.console.line import Descriptors

PATIENCE = 20.0  # s; a busy machine
_PIECE = 64  # bytes that go over a slow wire at a time
_BITS = 10  # on the wire for a byte: start, eight of data, stop


class Person:
    """`terminal` is our side; `columns` and `lines` are of the screen; `speed` is in baud, None for no limit."""

    def __init__(self, terminal: int, columns: int = 80, lines: int = 24, speed: int | None = None) -> None:
        self._terminal, self._speed = terminal, speed
        os.set_blocking(terminal, False)
        self.screen = pyte.HistoryScreen(columns, lines, history=10_000)
        self._stream = pyte.ByteStream(self.screen)
        self.came = bytearray()

    def unplug(self) -> None:
        """The cable is pulled out."""
        if self._terminal >= 0:
            os.close(self._terminal)
        self._terminal = -1

    async def types(self, text: str | bytes) -> None:
        """Type it, as fast as the line takes it."""
        rest = memoryview(text if isinstance(text, bytes) else text.encode())
        while rest:
            await trio.lowlevel.wait_writable(self._terminal)
            sent = os.write(self._terminal, rest[:_PIECE] if self._speed else rest)
            rest = rest[sent:]
            await self._on_the_wire(sent)

    async def sees(self, words: str) -> None:
        """Look until this is on the screen."""
        await self.looks_until(lambda: words in self.shown, words)

    async def sees_times(self, words: str, count: int) -> None:
        """Look until this is on the screen so many times."""
        await self.looks_until(lambda: self.shown.count(words) == count, f"{words} {count} times")

    async def looks_until(self, is_so: Callable[[], bool], what: str) -> None:
        """Look until it is so."""
        with trio.move_on_after(PATIENCE):
            while not is_so():
                await self.looks()
            return
        raise AssertionError(f"{what!r} never came; the screen is:\n{self.shown}")

    async def looks(self) -> None:
        """Take in what came."""
        await trio.lowlevel.wait_readable(self._terminal)
        data = os.read(self._terminal, _PIECE if self._speed else 65_536)
        self.came += data
        self._stream.feed(data)
        await self._on_the_wire(len(data))

    async def _on_the_wire(self, count: int) -> None:
        if self._speed:
            await trio.sleep(count * _BITS / self._speed)

    async def skims(self) -> None:
        """Take in what came without drawing it."""
        await trio.lowlevel.wait_readable(self._terminal)
        self.came += os.read(self._terminal, 65_536)

    async def skims_until(self, is_so: Callable[[], bool], what: str) -> None:
        """Take in what comes, and draw none of it, which is slow, until it is so."""
        with trio.move_on_after(PATIENCE):
            while not is_so():
                await self.skims()
            return
        raise AssertionError(f"{what!r} never came; the last was {bytes(self.came[-500:])!r}")

    @property
    def shown(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    @property
    def last_line(self) -> str:
        """The row with the cursor."""
        return self.screen.display[self.screen.cursor.y].rstrip()


@asynccontextmanager
async def at_terminal(
    columns: int = 80, lines: int = 24, *, is_dumb: bool = False
) -> AsyncIterator[tuple[Person, Descriptors]]:
    """A person, and the ends of the line for the session."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    person = Person(ours, columns, lines)
    try:
        yield person, Descriptors("ttyX", theirs, columns=lambda: columns, is_dumb=is_dumb)
    finally:
        os.close(theirs)
        person.unplug()
