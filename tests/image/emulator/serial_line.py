"""The machine's serial line as a supporter has it on the laptop: pyserial, everything that comes is kept.

Escape sequences are taken out of what is searched, never out of the log on disk.
"""

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import serial

from tests.image.emulator.patience import NeverCame
from tests.image.emulator.rows import ESCAPES, is_answered, rows, told

T = TypeVar("T")
_ESCAPES = re.compile(rf"{ESCAPES}|[\r\x00]")


class SerialLine:
    """The line at `port` of this machine, read from now on."""

    def __init__(self, port: int, log: Path) -> None:
        self._line = serial.serial_for_url(f"socket://127.0.0.1:{port}", timeout=0.2)
        self._raw = bytearray()
        self._times: list[tuple[int, float]] = []
        self._news = threading.Condition()
        self._is_open = True
        self._log = log
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def text(self) -> str:
        """All that came by now, without escape sequences."""
        return plain(bytes(self._raw))

    def mark(self) -> int:
        """Where the line is now, for `wait_for(since=)`."""
        return len(self._raw)

    def since(self, mark: int) -> str:
        """What came after a mark."""
        return plain(self.raw(mark))

    def raw(self, mark: int) -> bytes:
        """The same, byte for byte."""
        return bytes(self._raw[mark:])

    def send(self, text: str) -> None:
        """Type this."""
        self._line.write(text.encode())

    def wait_for(self, words: str, seconds: float, since: int = 0) -> str:
        """The first line after `since` with these words (a regular expression). Raises `NeverCame`."""
        what = f"{words!r} on the serial line"
        line = self.wait_until(lambda: _line_with(words, self.since(since)), bool, seconds, what)
        assert line is not None
        return line

    def wait_until(self, look: Callable[[], T], is_so: Callable[[T], bool], seconds: float, what: str) -> T:
        """What `look` gives, once it is so; looks again at each chunk that comes. Raises `NeverCame`."""
        end = time.monotonic() + seconds
        with self._news:
            while not is_so(found := look()):
                if not self._news.wait(max(0.0, end - time.monotonic())) and time.monotonic() >= end:
                    last = told(rows(self.raw(0)[-_LAST_BYTES:]))
                    raise NeverCame(f"{what}: not within {seconds:.0f} s; the line ends in: {last}")
        return found

    def ask(self, verb: str, seconds: float = 60.0) -> str:
        """Type a verb at the console; what it shows until it asks for the next one, or says nothing for a while.

        Begins with the verb itself, which the console echoes.
        """
        mark = self.mark()
        self.send(verb + "\r")
        end = time.monotonic() + seconds
        quiet = time.monotonic()
        seen = mark
        while time.monotonic() < end:
            with self._news:
                self._news.wait(0.5)
            if self.mark() != seen:
                seen, quiet = self.mark(), time.monotonic()
            if is_answered(rows(self.raw(mark)), verb):
                break
            if len(self.since(mark)) > len(verb) + 4 and time.monotonic() - quiet > _QUIET_SECONDS:
                break
        return self.since(mark)

    def moment_of(self, words: str) -> float | None:
        """When (time.monotonic()) the chunk came that completed the first line with these words."""
        for size, at in self._times:
            if re.search(words, plain(bytes(self._raw[:size])), re.MULTILINE):
                return at
        return None

    def close(self) -> None:
        """Pull the cable."""
        self._is_open = False
        self._reader.join(2.0)
        self._line.close()

    def _read(self) -> None:
        with self._log.open("ab", buffering=0) as log:
            while self._is_open:
                try:
                    chunk = self._line.read(max(1, self._line.in_waiting))
                except (serial.SerialException, OSError):
                    return  # the machine lost its power
                if chunk:
                    log.write(chunk)
                    self._take(chunk)

    def _take(self, chunk: bytes) -> None:
        with self._news:
            self._raw += chunk
            self._times.append((len(self._raw), time.monotonic()))
            self._news.notify_all()


_QUIET_SECONDS = 3.0  # s without a word: an emulated console has said all
_LAST_BYTES = 600  # of what came, for a person who looks why


def plain(raw: bytes) -> str:
    """Text as a person reads it."""
    return _ESCAPES.sub("", raw.decode(errors="replace"))


def _line_with(words: str, text: str) -> str | None:
    match = re.search(rf"^.*(?:{words}).*$", text, re.MULTILINE)
    return match[0].strip() if match else None
