"""The serial line as a real process on a real terminal (a pty, with the kernel's line discipline)."""

import fcntl
import os
import select
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.console.live_line import PROMPT
from agent.handover import steps

PATIENCE = 30.0  # s; a start of Python on a busy machine
LAUNCH = """
import sys
from pathlib import Path
from agent.console.__main__ import main
from agent.console.box_view import BoxView
from board.linux import LinuxBoard

run = Path(sys.argv[1])
network = LinuxBoard(links=run / "links").network
main(BoxView(network, run=run, release_file=run / "release.json", drop_in=run / "listen.conf"))
"""
STATUS = b"""{"box": {"name": "desk", "version": "0.2.0", "uptime_seconds": 95, "timezone": "Asia/Kathmandu",
"time": "2026-03-29T04:15:00+05:45"},
"summary": {"level": "ok", "text": "All is well."}, "hops": [], "faults": [],
"commands": {"waiting": 0, "running": 0, "done": 0, "failed": 0, "unknown": 0, "recent": []}}"""


class Line:
    """The process, and our side of its terminal. `said` is all that came out of it."""

    def __init__(self, run: Path, columns: int = 0) -> None:
        self.run = run
        (run / "listen.conf").write_text("[Socket]\nListenStream=127.0.0.1:1\n")
        self.ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, str(run)],
            stdin=theirs,
            stdout=theirs,
            preexec_fn=lambda: _own_terminal(theirs),
        )
        os.close(theirs)

    def type(self, text: bytes) -> None:
        while text:
            text = text[os.write(self.ours, text) :]

    def wait(self, text: str) -> str:
        """Wait until `text` came out; gives what came before it since the last wait."""
        until = time.monotonic() + PATIENCE
        while text not in self.said:
            left = until - time.monotonic()
            assert left > 0, f"{text!r} is not in {self.said!r}"
            if select.select([self.ours], [], [], left)[0]:
                self.said += os.read(self.ours, 65_536).decode("latin-1")  # the kernel echoes any byte
        before, _, self.said = self.said.partition(text)
        return before

    def ask(self, text: bytes) -> str:
        self.type(text + b"\r")
        self.wait("\r\n")
        return self.wait(PROMPT)

    def close(self) -> None:
        os.close(self.ours)
        try:
            assert self.process.wait(PATIENCE) == 0
        finally:
            self.process.kill()


def _own_terminal(terminal: int) -> None:
    os.setsid()
    os.close(os.open(os.ttyname(terminal), os.O_RDWR))  # the first terminal that a session opens is its own


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    opened = Line(tmp_path)
    yield opened
    opened.close()


def test_steps_show_as_they_happen_and_then_verbs_are_answered(line: Line) -> None:
    line.wait("Type help and Enter.\r\n")
    steps.say("storage: /data is there", line.run / "steps")
    line.wait("storage: /data is there\r\n")
    assert "provision show " in line.ask(b"help")
    assert "did you mean status?" in line.ask(b"statsu")
    assert "page      http://127.0.0.1:1/" in line.ask(b"network")
    assert "There is no provisioning file yet" in line.ask(b"provision show")
    assert "The last steps were:\r\n" in line.ask(b"status")


def test_backspace_and_ctrl_u_work_as_on_any_terminal(line: Line) -> None:
    line.ask(b"")
    assert "provision show " in line.ask(b"nonsense\x15helx\x7fp")
    assert "There is no provisioning file yet" in line.ask(b"provision hide\x17show")


def test_a_box_that_is_well_says_ready_and_shows_its_status(line: Line) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        (line.run / "listen.conf").write_text(f"[Socket]\nListenStream=127.0.0.1:{port}\n")
        listener.settimeout(PATIENCE)
        answer(listener)
        line.wait("Times are from here on those of Asia/Kathmandu.\r\n")
        assert seconds_from_utc(line.wait(f" ready: http://127.0.0.1:{port}/")) == pytest.approx(
            20_700, abs=PATIENCE
        )
        line.wait(PROMPT)
        line.type(b"status\r")
        answer(listener)
        line.wait("OK: All is well.")
        assert "Commands: 0 waiting" in line.wait(PROMPT)


def seconds_from_utc(clock: str) -> float:
    hours, minutes, seconds = map(int, clock.split(":"))
    return (hours * 3600 + minutes * 60 + seconds - time.time()) % 86_400


def answer(listener: socket.socket) -> None:
    client, _ = listener.accept()
    with client:
        client.recv(4096)
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(STATUS), STATUS))


def test_a_new_step_does_not_destroy_what_is_being_typed(line: Line) -> None:
    line.ask(b"")
    line.type(b"hx")
    line.wait("hx")
    steps.say("something happened", line.run / "steps")
    assert line.wait("something happened\r\n").startswith("\r\n")
    line.wait(f"{PROMPT}hx")
    assert "provision show " in line.ask(b"\x7felp")


def test_a_narrow_terminal_gets_lines_that_fit_it(tmp_path: Path) -> None:
    line = Line(tmp_path, columns=50)
    line.ask(b"")
    assert max(map(len, line.ask(b"help").splitlines())) < 50
    line.close()


def test_the_terminal_is_left_as_it_was(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    before = termios.tcgetattr(theirs)
    process = subprocess.Popen(
        [sys.executable, "-c", LAUNCH, str(tmp_path)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"\n"
    assert not termios.tcgetattr(theirs)[3] & termios.ICANON
    process.stdout.close()  # which ends it at the next word
    os.write(ours, b"help\r")
    assert process.wait(PATIENCE) == 0
    assert termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(
    "garbage",
    [
        bytes(range(256)).translate(None, b"\x04\x11\x13\x1a\x03\x1c"),
        b"\x1b[24;80R\x1b[?1;2c\x1b]11;rgb:0000/0000/0000\x07",
        b"\xff\xfe\x00" * 300,
        b"x" * 100_000,
        b"\x04\x04\x04",
    ],
)
def test_garbage_does_not_end_it(line: Line, garbage: bytes) -> None:
    line.ask(b"")
    line.type(garbage + b"\r")
    line.type(b"\x15help\r")
    line.wait("Nothing can be changed here.")
    assert line.process.poll() is None


@pytest.mark.parametrize("keys", [b"reb\x03", b"reb\x1c", b"reb\x1a", b"\x04"])
def test_no_key_ends_or_stops_it(line: Line, keys: bytes) -> None:
    line.ask(b"")
    line.type(keys)
    line.type(b"\x15help\r")
    line.wait("Nothing can be changed here.")
    assert line.process.poll() is None


def test_a_line_that_is_gone_ends_it_cleanly(tmp_path: Path) -> None:
    line = Line(tmp_path)
    line.wait("Enter.\r\n")
    line.close()


def test_without_a_terminal_it_serves_until_there_is_nothing_more_to_read(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, str(tmp_path)],
        input=b"help\n",
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    assert b"provision show " in done.stdout
    assert done.stderr == b""


def test_an_output_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, str(tmp_path)],
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=PATIENCE,
        check=True,
    )
    os.close(writer)
    assert done.stderr.decode() == "the line is gone: broken pipe\n"


def test_it_loads_nothing_big() -> None:
    code = "import sys, agent.console.__main__; print('\\n'.join(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], env={}, capture_output=True, text=True, check=True).stdout
    loaded = set(told.split())
    assert "agent.console.live_line" in loaded
    assert not loaded & {"trio", "httpx", "msgspec", "asyncio", "subprocess", "http.client", "ssl", "zoneinfo"}


def test_terminals_are_what_the_test_says_they_are() -> None:
    ours, theirs = os.openpty()
    flags = termios.tcgetattr(theirs)[3]
    assert flags & termios.ICANON
    assert flags & termios.ECHO
    os.close(ours)
    os.close(theirs)
