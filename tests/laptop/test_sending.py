"""`provision send` over a real pty, and over lines that break."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.__main__ import main
from agent.foundation.errors import NightPorterError
from agent.laptop.conversation.conversation import Conversation, Wanted
from agent.laptop.sending import send
from agent.laptop.terminal import CODE_VARIABLE
from board.serial_line import list_ports
from provisioning.transfer.outcome import Progress
from provisioning.transfer.sender import Sender
from tests.laptop.scripted_console import ScriptedConsole
from tests.provisioning.text import MINIMAL, minimal

PATIENCE = 30.0  # s; a machine busy with other tests is no failure


class Box:
    """A console at the other end of a pty, in a thread of its own until the line is closed."""

    def __init__(self, console: ScriptedConsole) -> None:
        self.console = console
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self.device = os.ttyname(slave)
        self._slave = slave
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        os.set_blocking(self._master, False)
        while not self._is_closed.wait(0.005):
            try:
                data = os.read(self._master, 4096)
            except BlockingIOError:
                data = b""
            said = self.console.heard(data, time.monotonic())
            while said:
                try:
                    said = said[os.write(self._master, said) :]
                except BlockingIOError:
                    self._is_closed.wait(0.005)

    def close(self) -> None:
        self._is_closed.set()
        self._thread.join()
        os.close(self._master)
        os.close(self._slave)


@pytest.fixture
def box() -> Iterator[Box]:
    one = Box(ScriptedConsole("k7mp-3xqd"))
    yield one
    one.close()


def written(folder: Path, text: str = MINIMAL) -> Path:
    path = folder / "hotel.toml"
    path.write_text(text)
    return path


def test_a_file_goes_over_a_real_line(box: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path)
    assert main(["provision", "send", str(path), "--port", box.device, "--code", "k7mp-3xqd", "--yes"]) == 0
    assert box.console.taken == path.read_bytes()
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "0 % sent",
        "100 % sent",
        "The box's name changes from aurora-desk to aurora-bar.",
        "Use it? (yes/no) yes",
        "Taken. The box works with it now.",
    ]
    assert "k7mp" not in said.out + said.err


def test_a_site_profile_is_said_to_stay_behind(
    box: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site.toml").write_text('base = "coder-bridge-v2"\n')
    path = written(tmp_path, minimal("active = true", 'active = true\nprofile = "site.toml"'))
    assert main(["provision", "send", str(path), "--port", box.device, "--code", "k7mp-3xqd", "--yes"]) == 0
    assert "its site profile site.toml has to be on the box already" in capsys.readouterr().out


def test_without_a_code_and_a_person_it_says_what_to_do(
    box: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CODE_VARIABLE, "")
    with open(os.devnull) as nothing:  # noqa: PTH123 - no path of a file
        monkeypatch.setattr("sys.stdin", nothing)
        assert main(["provision", "send", str(written(tmp_path)), "--port", box.device]) == 2
    assert f"put it into {CODE_VARIABLE}" in capsys.readouterr().err
    assert box.console.received is None


def test_the_code_may_come_from_the_environment_and_no_answer_is_a_no(
    box: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CODE_VARIABLE, "k7mp-3xqd")
    with open(os.devnull) as nothing:  # noqa: PTH123
        monkeypatch.setattr("sys.stdin", nothing)
        assert main(["provision", "send", str(written(tmp_path)), "--port", box.device]) == 1
    assert "The box keeps its old file." in capsys.readouterr().err
    assert box.console.taken is None


class NoFace:
    """No one is there, and no one is asked."""

    def ask(self, wanted: Wanted) -> str:
        raise AssertionError(wanted)

    def say(self, line: str) -> None:
        """Nothing is looked at."""

    def show(self, progress: Progress) -> None:
        """Nothing is looked at."""


class BrokenLine:
    """Raises `error` at the read after `reads`."""

    in_waiting = 0

    def __init__(self, reads: int, error: BaseException) -> None:
        self._left, self._error = reads, error
        self.written = b""

    def read(self, size: int, /) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise self._error
        return b""

    def write(self, data: bytes, /) -> int:
        if isinstance(self._error, OSError) and self._left < 0:
            raise self._error
        self.written += data
        return len(data)


def conversation() -> Conversation:
    return Conversation(Sender(MINIMAL.encode(), "provisioning.toml"))


@pytest.mark.parametrize("reads", [0, 3])
def test_a_line_that_is_pulled_out_is_one_sentence(reads: int) -> None:
    line = BrokenLine(reads, OSError(5, "Input/output error"))
    with pytest.raises(
        NightPorterError, match=r"^The serial line is lost \(input/output error\): plug the cable in"
    ):
        send(line, conversation(), NoFace(), time.monotonic)


def test_ctrl_c_is_passed_to_the_box_before_leaving() -> None:
    line = BrokenLine(1, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        send(line, conversation(), NoFace(), time.monotonic)
    assert line.written.endswith(b"\x03")


def test_the_ports_of_this_machine_have_a_name() -> None:
    assert all(port.device for port in list_ports())


class Screen:
    """`provision send` at a terminal, which is read until it shows what is waited for."""

    def __init__(self, *words: str) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "agent", "provision", "send", *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm", CODE_VARIABLE: ""},
        )
        os.close(slave)
        self.shown = ""

    def until(self, words: str) -> None:
        """Fails when the program ends, or falls silent, before it has shown the words."""
        while words not in self.shown:
            assert select.select([self._master], [], [], PATIENCE)[0], self.shown
            self.shown += os.read(self._master, 4096).decode()

    def type(self, text: str) -> None:
        """As a person does, with Enter."""
        os.write(self._master, f"{text}\n".encode())

    def interrupt(self) -> None:
        """What a terminal makes of Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def exit_code(self) -> int:
        """Once it has ended."""
        code = self._process.wait(PATIENCE)
        os.close(self._master)
        return code


def test_at_a_terminal_the_code_is_not_shown_and_the_transfer_is_a_bar(box: Box, tmp_path: Path) -> None:
    path = written(tmp_path, MINIMAL + "# filled up\n" * 1000)
    screen = Screen(str(path), "--port", box.device)
    screen.until("The console's code: ")
    screen.type("k7mp-3xqd")
    screen.until("(yes/no) ")
    screen.type("yes")
    screen.until("Taken. The box works with it now.")
    assert screen.exit_code() == 0
    assert box.console.taken == path.read_bytes()
    assert re.search(r"\r\x1b\[K\[#+\.+\] \d+ %", screen.shown)
    assert f"[{'#' * 30}] 100 %\r\nThe box's name changes" in screen.shown
    assert "k7mp" not in screen.shown


def test_ctrl_c_at_the_question_leaves_the_box_as_it_is(box: Box, tmp_path: Path) -> None:
    screen = Screen(str(written(tmp_path)), "--port", box.device, "--code", "k7mp-3xqd")
    screen.until("(yes/no) ")
    screen.interrupt()
    assert screen.exit_code() == 130
    assert box.console.taken is None
