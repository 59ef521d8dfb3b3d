"""`provision receive-bundle`: over a real pty, and out of a saved log; into a file that was not there before."""

import os
import pty
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.__main__ import main
from provisioning.transfer.printed import frames
from tests.laptop.test_fetching import CONTENT, NAME, Console

FILE = f"{NAME}.nightporter.tar.gz"


class Box:
    """A console at the other end of a pty, in a thread of its own until the line is closed."""

    def __init__(self, console: Console) -> None:
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self.device, self._slave, self._console = os.ttyname(slave), slave, console
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
            said = self._console.heard(data, time.monotonic())
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
    one = Box(Console())
    yield one
    one.close()


def receive(folder: Path, *words: str) -> int:
    """Run the command."""
    return main(["provision", "receive-bundle", *words, "--out", str(folder)])


def test_a_bundle_comes_over_a_real_line(box: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert receive(tmp_path, box.device) == 0
    assert (tmp_path / FILE).read_bytes() == CONTENT
    assert f"{FILE}: 5000 bytes" in capsys.readouterr().out


def test_a_bundle_is_put_together_from_a_saved_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"".join(frames(CONTENT, NAME, "k7mp")))
    for _ in range(2):
        assert receive(tmp_path, "--from", str(log)) == 0
    names = {f"{NAME}.nightporter.tar.gz", f"{NAME}-2.nightporter.tar.gz", "log"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_a_log_with_a_gap_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"".join([*frames(CONTENT, NAME, "k7mp")][2:]))
    assert receive(tmp_path, "--from", str(log)) == 1
    assert "1 of 73 blocks are missing or damaged" in capsys.readouterr().err


def test_without_a_port_it_says_which_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert receive(tmp_path) == 2
    assert "or --from FILE" in capsys.readouterr().out


@pytest.mark.parametrize("words", [("/dev/none",), ("--from", "/none")])
def test_what_is_not_there_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert receive(tmp_path, *words) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_place_that_takes_none_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"".join(frames(CONTENT, NAME, "k7mp")))
    assert receive(tmp_path / "no" / "where", "--from", str(log)) == 2
    assert "with --out" in capsys.readouterr().err
