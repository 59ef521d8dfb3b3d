"""An open serial port of the laptop, read and written by a program that does nothing else meanwhile."""

import errno
import os
import select
from types import TracebackType
from typing import Self

from board.serial_line import SerialLine

MOMENT_SECONDS = 0.1  # s that a read waits for something
STUCK_SECONDS = 10.0  # s; an adapter that takes nothing for so long is gone


class SerialPort:
    """Raises `OSError` once the port is gone."""

    def __init__(self, line: SerialLine) -> None:
        self._line = line

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()

    def read(self, size: int) -> bytes:
        """Up to so many bytes, after a moment none."""
        if not select.select([self._line], [], [], MOMENT_SECONDS)[0]:
            return b""
        data = os.read(self._line.fileno(), size)
        if not data:
            raise OSError(errno.EIO, "it was unplugged")
        return data

    def write(self, data: bytes) -> None:
        """All of it."""
        while data:
            if not select.select([], [self._line], [], STUCK_SECONDS)[1]:
                raise OSError(errno.ETIMEDOUT, "it takes nothing any more")
            data = data[os.write(self._line.fileno(), data) :]
