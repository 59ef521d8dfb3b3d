"""The program's standard streams, set up once: in the encoding, the width and the colours of their reader.

What has no reader must not stop what is being done: a reader that went away, a full disk or a closed stream
never raises. A letter that the encoding does not have is shown as "?".
"""

import errno
import io
import os
import select
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

from agent.foundation.errors import reason_of

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

LEAST_COLUMNS = 40  # of a terminal; a narrower one breaks the lines itself


def set_up() -> None:
    """Make standard output and error safe to write to, and take the three descriptors if they were closed.

    Whatever opened a file after that would get their numbers.
    """
    for descriptor in range(3):
        with suppress(OSError):
            os.fstat(descriptor)
            continue
        os.open(os.devnull, os.O_RDWR)  # the lowest free number, which is this one
    sys.stdout, sys.stderr = kept(sys.stdout, 1), kept(sys.stderr, 2)


def kept(stream: TextIO | None, descriptor: int) -> TextIO:
    """The stream, as one that never raises `OSError` when it is written to; None: closed from the start."""
    below = stream if stream is not None else os.fdopen(descriptor, "w", closefd=False)
    if not isinstance(below, io.TextIOWrapper):
        return below
    return io.TextIOWrapper(
        io.BufferedWriter(_Kept(below)),
        encoding=below.encoding,
        errors="replace",
        line_buffering=below.line_buffering or below.write_through,
    )


def loss(stream: TextIO) -> OSError | None:
    """Why a stream that is `kept` cannot be written to, None while it can. Flushes it."""
    stream.flush()
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return raw.loss if isinstance(raw, _Kept) else None


def exit_code(code: int) -> int:
    """The exit code of a command that ended with `code`, once all is written.

    A reader that went away had enough: that changes nothing. Words lost for another reason are no success.
    """
    lost = loss(sys.stdout)
    if lost is not None and lost.errno != errno.EPIPE:
        sys.stderr.write(f"nightporter: the output cannot be written: {reason_of(lost)}\n")
        code = code or 1
    loss(sys.stderr)
    return code


def columns(stream: TextIO, usual: int) -> int:
    """How wide lines may be: as the terminal is, `usual` where there is none, or where it does not say."""
    with suppress(OSError):  # no terminal
        if width := os.get_terminal_size(stream.fileno()).columns:
            return max(LEAST_COLUMNS, width)
    return usual


def fitted(stream: TextIO, text: str) -> str:
    """The text with its lines broken between words, where `stream` is a terminal; for a program as it is."""
    width = columns(stream, 0)
    if not width:
        return text
    import textwrap  # here, because a start is short

    lines = (
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in text.split("\n")
    )
    return "\n".join(lines)


def has_colours(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether it is a terminal on which colours are wanted (https://no-color.org)."""
    return is_screen(stream, environment) and not environment.get("NO_COLOR")


def is_screen(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether it is a terminal that obeys escape sequences."""
    return stream.isatty() and environment.get("TERM", "dumb") != "dumb"


class _Kept(io.RawIOBase):
    """The raw stream below a text: its first loss is remembered, and what comes after it is dropped."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text  # which would close the raw stream when it is forgotten
        buffer: Any = text.buffer
        self._below: io.RawIOBase = getattr(buffer, "raw", buffer)  # itself, if Python runs unbuffered
        self.loss: OSError | None = None

    def write(self, data: "ReadableBuffer") -> int:
        if self.loss is None:
            try:
                return self._written(data)
            except OSError as error:
                self.loss = error
        return memoryview(data).nbytes

    def _written(self, data: "ReadableBuffer") -> int:
        while (count := self._below.write(data)) is None:  # another program made the terminal non-blocking
            select.select([], [self], [])
        return count

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._below.fileno()

    def isatty(self) -> bool:
        return self._below.isatty()
