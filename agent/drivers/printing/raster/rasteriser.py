"""Starts the drawing process (`child.py`), gives it a document, hands on what comes back, bounds it from outside.

One process at a time for the whole box, within a deadline and a cap; when the caller leaves, it is killed at once,
and none stays behind. The document goes there in memory without a name, never as a file on a disk.
"""

import io
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Self

import msgspec
import trio

from agent.drivers.printing.raster.page.refusals import TABLE, Refusal, refusal_of
from agent.drivers.printing.raster.page.request import Bounds, Colours, Kind, RasterRequest, Sheet
from agent.foundation.errors import NightPorterError, reason_of
from agent.foundation.reading.text import plain

PROGRAM = "agent.drivers.printing.raster.child"
PIECE_BYTES = 64 << 10  # what a pipe holds
LAST_WORDS = 400  # characters
STATUS_BYTES = 4096  # of /proc/PID/status
_MOST = re.compile(rb"VmHWM:\s*(\d+) kB")
LOOK = 0.05  # s; how often the memory of a process is looked at that writes nothing
WRITE_BYTES = 1 << 20  # of a document, before other tasks have their turn

DEADLINE = 90.0  # s of waiting for the process; what the printer takes to read does not count
CAP = 1 << 30  # bytes; 200 pages of A4 in gray, none of which can be packed, are 1.7 GB


class RasterFailed(NightPorterError):
    """A document did not become pages. `str()` goes on a sentence that begins "Not printed: ".

    `place` is where the drawing process failed, for the log, and empty when the document is to blame.
    """

    def __init__(self, refusal: Refusal, place: str = "") -> None:
        super().__init__(TABLE[refusal].words)
        self.refusal = refusal
        self.place = place


class Rasteriser:
    """The box's one drawing place: who asks while it is busy waits for a turn."""

    def __init__(self, bounds: Bounds | None = None, *, deadline: float = DEADLINE, cap: int = CAP) -> None:
        self._bounds = bounds or Bounds()
        self._deadline = deadline
        self._cap = cap
        self._turn = trio.Lock()

    async def count(self, document: bytes, kind: Kind) -> int:
        """How many pages it has, each of them looked at without being drawn. Raises `RasterFailed`."""
        said = b""
        async with self._output(document, RasterRequest(kind, self._bounds, os.getpid())) as pieces:
            async for piece in pieces:
                said += piece
        if not said.strip().isdigit():
            raise RasterFailed(Refusal.BROKEN)
        return int(said)

    @asynccontextmanager
    async def pages(
        self, document: bytes, kind: Kind, sheet: Sheet, colours: Colours, copies: int = 1
    ) -> AsyncIterator["Pieces"]:
        """The document as PWG raster, to be read piece by piece within the block, at the reader's pace.

        Reading raises `RasterFailed`, perhaps after some pages: `count` finds most reasons beforehand.
        """
        request = RasterRequest(kind, self._bounds, os.getpid(), sheet, colours, copies)
        async with self._output(document, request) as pieces:
            yield pieces

    @asynccontextmanager
    async def _output(self, document: bytes, request: RasterRequest) -> AsyncIterator["Pieces"]:
        async with self._turn:
            try:
                with await _unnamed(document) as source:
                    process = _start(request, source.fileno())
            except OSError as error:  # the machine has no memory, process or file for it just now
                raise RasterFailed(Refusal.BROKEN, reason_of(error)) from None
            pieces = Pieces(process, self._deadline, self._cap, self._bounds.memory)
            try:
                yield pieces
            finally:
                await pieces.aclose()


class Pieces:
    """What one drawing process writes, as it comes; nothing is read ahead."""

    def __init__(self, process: subprocess.Popen[bytes], deadline: float, cap: int, memory: int) -> None:
        assert process.stdout is not None
        self._process = process
        self._memory = memory
        # Opened at once: later the process lets no one look into it.
        self._status = io.FileIO(f"/proc/{process.pid}/status")
        self._exit = os.pidfd_open(process.pid)
        self._output = trio.lowlevel.FdStream(os.dup(process.stdout.fileno()))
        self._seconds = deadline
        self._left = cap

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        """The next piece. Raises `RasterFailed` when there are no more because something went wrong."""
        while (piece := await self._within_a_moment()) is None:
            pass
        self._left -= len(piece)
        if self._left < 0:
            raise RasterFailed(Refusal.OUTPUT)
        if not piece:
            self._end()
        return piece

    async def _within_a_moment(self) -> bytes | None:
        """The next piece; nothing at the end, None if there is none yet."""
        before = trio.current_time()
        piece = None
        with trio.move_on_after(min(LOOK, self._seconds)):
            piece = await self._output.receive_some(PIECE_BYTES)
            if not piece:
                await trio.lowlevel.wait_readable(self._exit)
        self._seconds -= trio.current_time() - before
        if self._held() > self._memory:
            raise RasterFailed(Refusal.MEMORY)
        if piece is None and self._seconds <= 0:
            raise RasterFailed(Refusal.TIME)
        return piece

    def _held(self) -> int:
        """The most memory that it has held, in bytes (proc(5): VmHWM); 0 when it has ended."""
        self._status.seek(0)
        found = _MOST.search(self._status.read(STATUS_BYTES))
        return int(found[1]) << 10 if found else 0

    def _end(self) -> None:
        code = self._process.wait()
        if code == 0:
            raise StopAsyncIteration
        refusal = refusal_of(code)
        raise RasterFailed(refusal, self._last_words() if refusal is Refusal.BROKEN else "")

    def _last_words(self) -> str:
        assert self._process.stderr is not None
        os.set_blocking(self._process.stderr.fileno(), False)
        with suppress(BlockingIOError):
            return plain(os.read(self._process.stderr.fileno(), LAST_WORDS).decode(errors="replace"), LAST_WORDS)
        return ""

    async def aclose(self) -> None:
        """Kill the process, if it has not ended, and let nothing of it stay. Takes as long as its memory takes."""
        with trio.CancelScope(shield=True):
            self._process.kill()
            await trio.lowlevel.wait_readable(self._exit)
            await self._output.aclose()
        self._process.wait()
        os.close(self._exit)
        self._status.close()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()


async def _unnamed(document: bytes) -> io.FileIO:
    """The document as an open file in memory alone."""
    file = io.FileIO(os.memfd_create("document"), "r+")
    try:
        for start in range(0, len(document), WRITE_BYTES):
            file.write(memoryview(document)[start : start + WRITE_BYTES])
            await trio.lowlevel.checkpoint()
    except BaseException:  # a cancelled one too: nothing of the document stays
        file.close()
        raise
    file.seek(0)
    return file


def _start(request: RasterRequest, source: int) -> subprocess.Popen[bytes]:
    """The process, with the document as its input.

    Begun by this thread, not as trio does it by a worker's: it dies with the thread that began it.
    """
    optimised = ["-" + "O" * sys.flags.optimize] if sys.flags.optimize else []  # the image has no other code
    return subprocess.Popen(  # noqa: S603 - arguments of our own, and no shell
        [sys.executable, *optimised, "-I", "-m", PROGRAM, msgspec.json.encode(request)],
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env={"LC_ALL": "C.UTF-8"},
        process_group=0,  # what is typed at a terminal is not for it
    )
