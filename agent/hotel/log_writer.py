"""Writes log lines to a descriptor that may take none: who logs never waits, and what is lost is counted.

A thread of its own writes; nothing else can be sure not to wait for a pipe that no one reads, a stopped terminal
or a hanging disk. O_NONBLOCK would be set for everybody who shares the descriptor (a terminal, systemd). It is a
daemon thread with plain writes: at the end the interpreter neither waits for it nor for a lock that it holds.
"""

import logging
import os
import threading
from collections.abc import Callable

MOST_LINES = 500  # that wait to be written, some 100 KB: more than a busy hour of a hotel
LAST_WORDS = 0.2  # s that the end of the process gives to lines that wait

Write = Callable[[int, bytes], int]


def own_stderr() -> int:
    """A descriptor of our own for stderr, so that no other file can take its number; for a closed one, a sink."""
    try:
        return os.dup(2)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)


class LogWriter(logging.Handler):
    """A handler that puts lines into a bounded queue; the lines of one flood that find no room are counted."""

    def __init__(self, descriptor: int, write: Write = os.write) -> None:
        super().__init__()
        self._out = _Out(descriptor, write)
        self._change = threading.Condition()
        self._waiting: list[bytes] = []
        self._lost = 0  # since the queue was last taken: they came after all that waits in it
        self._is_writing = False
        self._patience = LAST_WORDS
        threading.Thread(target=self._write_forever, name="log", daemon=True).start()

    @property
    def lost(self) -> int:
        """How many lines were lost since the start."""
        return self._out.lost_ever

    def emit(self, record: logging.LogRecord) -> None:
        """Put the record into the queue."""
        line = self.format(record).encode("utf-8", "backslashreplace") + b"\n"
        with self._change:
            if len(self._waiting) < MOST_LINES:
                self._waiting.append(line)
            else:
                self._lost += 1
            self._change.notify_all()

    def flush(self) -> None:
        """Wait until all is written, but not for long, and in vain only once.

        `logging` calls this, too, at the end of the process.
        """
        with self._change:
            is_written = self._change.wait_for(lambda: not self._waiting and not self._is_writing, self._patience)
            self._patience = LAST_WORDS if is_written else 0.0

    def _write_forever(self) -> None:
        while True:
            with self._change:
                self._is_writing = False
                self._change.notify_all()
                self._change.wait_for(lambda: self._waiting)
                lines, self._waiting = self._waiting, []
                lost, self._lost = self._lost, 0
                self._is_writing = True
            self._out.put(lines, lost)


class _Out:
    """The descriptor, and how many lines did not get through it."""

    def __init__(self, descriptor: int, write: Write) -> None:
        self._descriptor, self._write = descriptor, write
        self._missing = 0
        self.lost_ever = 0  # lines, since the start
        self._is_torn = False  # only a part of the last line got through

    def put(self, lines: list[bytes], lost: int) -> None:
        """Write the lines one by one, and that `lost` more would have followed them."""
        for line in lines:
            self._tell_missing()
            self._lose(not self._wrote(line))
        self._lose(lost)
        self._tell_missing()

    def _lose(self, lines: int) -> None:
        self._missing += lines
        self.lost_ever += lines

    def _tell_missing(self) -> None:
        lines = "1 line of this log is" if self._missing == 1 else f"{self._missing} lines of this log are"
        if self._missing and self._wrote(f"WARNING {lines} lost\n".encode()):
            self._missing = 0

    def _wrote(self, line: bytes) -> bool:
        whole = b"\n" + line if self._is_torn else line
        done = 0
        try:
            while done < len(whole):
                done += self._write(self._descriptor, whole[done:])
        except OSError:  # no one reads any more, a full disk: there is no place left to say so
            self._is_torn = not whole[:done].endswith(b"\n") if done else self._is_torn
            return False
        self._is_torn = False
        return True
