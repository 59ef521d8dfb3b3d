"""QEMU's own control line: commands, and the events that tell of resets and watchdogs.

https://www.qemu.org/docs/master/interop/qmp-spec.html. JSON lines over a Unix socket; one command at a time.
"""

import json
import socket
import threading
import time
from pathlib import Path
from typing import Any

import msgspec

from tests.image.emulator.patience import until

_ANSWER_SECONDS = 60.0  # s; QEMU answers at once, unless the machine under it is very busy


class Event(msgspec.Struct, frozen=True):
    """Something that happened to the machine; `at` on time.monotonic()."""

    name: str
    data: dict[str, Any]
    at: float


class Qmp:
    """The line to one QEMU."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(_ANSWER_SECONDS)
        self._socket.connect(str(path))
        self._socket.settimeout(None)
        self._answers: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._asking = threading.Lock()  # one question at a time: answers have no names
        self._is_closed = False
        self.events: list[Event] = []
        threading.Thread(target=self._read, daemon=True).start()
        until(lambda: self._answers or self._is_closed, _ANSWER_SECONDS, "QEMU's greeting")
        self._answers.clear()
        self.ask("qmp_capabilities")

    def ask(self, command: str, **arguments: Any) -> Any:
        """Give a command; its answer. Raises `AssertionError` with QEMU's words if it is refused."""
        line = json.dumps({"execute": command, "arguments": arguments})
        with self._asking, self._news:
            self._socket.sendall(line.encode() + b"\n")
            assert self._news.wait_for(lambda: self._answers or self._is_closed, _ANSWER_SECONDS), command
            assert self._answers, f"QEMU is gone before it answered {command}"
            answer = self._answers.pop(0)
        assert "return" in answer, f"QEMU refuses {command}: {answer}"
        return answer["return"]

    def monitor(self, line: str) -> str:
        """What QEMU's monitor for people prints: for what has no command of its own (registers, memory)."""
        words: str = self.ask("human-monitor-command", **{"command-line": line})
        return words.replace("\r\n", "\n")

    def count(self, name: str) -> int:
        """How often an event came by now."""
        return sum(event.name == name for event in self.events)

    def close(self) -> None:
        """Let go of the line; the machine goes on."""
        self._socket.close()

    def _read(self) -> None:
        try:
            for line in self._socket.makefile("rb"):
                self._take(json.loads(line))
        except (OSError, ValueError):
            pass  # closed by us, or in the middle of a line by the end of QEMU
        with self._news:
            self._is_closed = True
            self._news.notify_all()

    def _take(self, message: dict[str, Any]) -> None:
        with self._news:
            if "event" in message:
                self.events.append(Event(message["event"], message.get("data", {}), time.monotonic()))
            else:
                self._answers.append(message)
            self._news.notify_all()
