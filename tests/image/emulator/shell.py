"""A root shell inside the machine for the tests alone: systemd's debug shell on a virtual console, hvc0.

It is there only because the tests add `systemd.debug_shell=hvc0` to the kernel's line on their copy of the disk.
Every command is one line between two marks, so that a reset, an echo or a late answer is never taken for another.
"""

import re
import socket
import threading
import time
from itertools import count
from pathlib import Path

import msgspec

from tests.image.emulator.patience import NeverCame
from tests.image.emulator.serial_line import plain

KERNEL_WORDS = "systemd.debug_shell=hvc0"
_PROBE_SECONDS = 3.0  # s until a shell that said nothing is asked again
_BREAK = "\x03"


class Said(msgspec.Struct, frozen=True):
    """What a command printed (both streams, without the last line break), and its exit code."""

    text: str
    code: int


class Shell:
    """The console at a Unix socket of QEMU's."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._heard = bytearray()
        self._news = threading.Condition()
        self._numbers = count(1)
        threading.Thread(target=self._read, daemon=True).start()

    def run(self, command: str, seconds: float = 120.0) -> Said:
        """Run one line of shell. Raises `NeverCame`, after typing Ctrl-C, if it does not end in time."""
        self.wait_ready(seconds)
        number = next(self._numbers)
        begin, end = f"printf '\\n<%s-%s>\\n' BEGIN {number}", f"printf '\\n<%s-%s:%d>\\n' END {number} $?"
        self.type(f"{begin}; {{ {command}; }} 2>&1; {end}")
        match = self._wait(rf"(?s)<BEGIN-{number}>\n(.*)\n<END-{number}:(\d+)>", seconds)
        if match is None:
            self.type(_BREAK)
            raise NeverCame(f"{command!r} in the machine's shell: not within {seconds:.0f} s: {self.heard[-400:]}")
        return Said(match[1].rstrip("\n"), int(match[2]))

    def wait_ready(self, seconds: float) -> None:
        """Wait until the shell answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            number = next(self._numbers)
            self.type(f"printf '\\n<%s-%s>\\n' READY {number}")
            if self._wait(f"<READY-{number}>", _PROBE_SECONDS):
                return
        raise NeverCame(f"the machine's shell: not within {seconds:.0f} s")

    def type(self, line: str) -> None:
        """Type a line and wait for nothing."""
        try:
            self._socket.sendall(line.encode() + b"\n")
        except OSError:
            raise NeverCame("the machine's shell: it is off") from None

    @property
    def heard(self) -> str:
        """All that came over the console."""
        return plain(bytes(self._heard))

    def close(self) -> None:
        """Leave it."""
        self._socket.close()

    def _wait(self, pattern: str, seconds: float) -> re.Match[str] | None:
        end = time.monotonic() + seconds
        begin = max(0, len(self._heard) - 200)
        with self._news:
            while True:
                match = re.search(pattern, plain(bytes(self._heard[begin:])))
                left = end - time.monotonic()
                if match or left <= 0:
                    return match
                self._news.wait(left)

    def _read(self) -> None:
        while True:
            try:
                chunk = self._socket.recv(65536)
            except OSError:
                return  # closed by us
            if not chunk:
                return  # the machine lost its power
            with self._news:
                self._heard += chunk
                self._news.notify_all()
