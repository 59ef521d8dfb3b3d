"""Every command as a real process, on consoles with few letters and with outputs that are unread, closed or full.

None ends in a traceback, none is stopped half-way; the exit code is the command's own, or 1 where words were lost.
"""

import fcntl
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from tests.free_port import free_port
from tests.status.samples import BOX, HOPS, LINE, fault, snapshot
from tests.status.server.serving import page

pytestmark = pytest.mark.needs("bash")

PATIENCE = 60.0  # s
EXAMPLE = Path(__file__).parents[2] / "provisioning" / "examples" / "provisioning.toml"
NAME = "łódź 界 – Bar"
PROGRAM = (sys.executable, "-m", "agent")
# Each as a shell has it, and how the environment is; "{}" is the command.
LETTERS: dict[str, Mapping[str, str]] = {
    "UTF-8": {"PYTHONIOENCODING": "utf-8"},
    "cp1252": {"PYTHONIOENCODING": "cp1252:strict"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "LANG=C": {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
}
UNREAD = {  # no one reads, which is no trouble
    "piped into true": "{} | true",
    "piped into head": "{} | head -n 1",
    "errors piped into true": "{} 2>&1 >&3 | true",
    "closed output": "{} >&-",
    "closed errors": "{} 2>&-",
    "everything closed": "{} <&- >&- 2>&-",
    "errors on a full disk": "{} 2>/dev/full",
}
FULL = "{} >/dev/full"


class Ended(msgspec.Struct, frozen=True):
    """How a command ended: its own exit code, whatever it was piped into."""

    code: int
    out: str
    err: str


class Shell:
    """Runs a command as a shell would, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(
        self, line: str, *words: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        script = line.replace("{}", '{ (echo $BASHPID >pid; exec "$@"); echo $? >code; }')
        return subprocess.Popen(
            ["bash", "-c", f"exec 3>&1; {script}", "bash", *PROGRAM, *words],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
        )

    def end(self, process: subprocess.Popen[bytes]) -> Ended:
        try:
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
        ended = Ended(
            int((self.folder / "code").read_text()), out.decode(errors="replace"), err.decode(errors="replace")
        )
        assert "Traceback" not in ended.err
        assert "Exception ignored" not in ended.err
        return ended

    def terminate(self) -> None:
        """End the command itself, not the shell above it."""
        os.kill(int((self.folder / "pid").read_text()), signal.SIGTERM)

    def run(self, line: str, *words: str, environment: Mapping[str, str] | None = None) -> Ended:
        return self.end(self.start(line, *words, environment=environment))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    good = EXAMPLE.read_text().replace("Front desk left", NAME)
    (tmp_path / "good.toml").write_text(good, encoding="utf-8")
    (tmp_path / "bad.toml").write_text(good.replace("timezone =", "timezonę ="), encoding="utf-8")
    return Shell(tmp_path)


@pytest.fixture(scope="module")
def box() -> Iterator[str]:
    """The page of a box with names and more lines than a pipe's buffer holds."""
    hop = msgspec.structs.replace(HOPS[3], text=f"{NAME}: ready")
    lines = [msgspec.structs.replace(LINE, note=f"{NAME} " * 30) for _ in range(50)]
    shown = snapshot(
        fault("E-LOCK-UNREACHABLE", "lock-server:Coder Bridge", NAME),
        box=msgspec.structs.replace(BOX, name=NAME),
        hops=(*HOPS[:3], hop),
        recent=lines,
    )
    with page(shown) as address:
        yield address


# Words, exit code, and whether they say something on standard output.
SHORT: dict[str, tuple[tuple[str, ...], int, bool]] = {
    "check": (("check", "good.toml"), 0, True),
    "check of a bad file": (("check", "bad.toml"), 2, True),
    "check of no file": (("check", f"{NAME}.toml"), 2, True),
    "status": (("status", "BOX"), 1, True),
    "status as JSON": (("status", "BOX", "--json"), 1, True),
    "status of no box": (("status", "127.0.0.1:1"), 1, False),
    "help": (("help",), 0, True),
    "help of one": (("simulate", "mews", "--help"), 0, True),
    "version": (("--version",), 0, True),
    "nothing": ((), 2, False),
    "a word that is none": ((NAME,), 2, False),
    "update": (("update", f"{NAME}.raucb"), 2, False),
    "simulate": (("simulate", "mews", "--listen", NAME), 2, False),
}


def words_of(command: str, box: str) -> tuple[str, ...]:
    return tuple(box if word == "BOX" else word for word in SHORT[command][0])


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("command", SHORT)
def test_a_console_with_few_letters_shows_what_it_can(shell: Shell, box: str, command: str, letters: str) -> None:
    ended = shell.run("{}", *words_of(command, box), environment=LETTERS[letters])
    assert (ended.code, bool(ended.out)) == SHORT[command][1:]
    assert bool(ended.err) is not bool(ended.out)


def test_what_a_console_does_not_have_is_a_question_mark(shell: Shell) -> None:
    ended = shell.run("{}", "check", "good.toml", environment=LETTERS["ascii"])
    assert "??d? ? ? Bar" in ended.out


@pytest.mark.parametrize("line", UNREAD)
@pytest.mark.parametrize("command", SHORT)
def test_what_nobody_reads_changes_no_exit_code(shell: Shell, box: str, command: str, line: str) -> None:
    ended = shell.run(UNREAD[line], *words_of(command, box))
    assert ended.code == SHORT[command][1]
    assert len(ended.err.splitlines()) <= 1 or command == "nothing"


@pytest.mark.parametrize("command", SHORT)
def test_an_output_that_cannot_be_written_is_one_sentence_and_no_success(
    shell: Shell, box: str, command: str
) -> None:
    ended = shell.run(FULL, *words_of(command, box))
    _, code, has_output = SHORT[command]
    assert ended.code == (code or 1)
    if has_output:
        assert ended.err == "nightporter: the output cannot be written: no space left on device\n"


@pytest.mark.parametrize(
    ("environment", "is_coloured"),
    [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_the_status_is_as_wide_as_the_terminal_and_coloured_if_that_is_wanted(
    box: str, environment: Mapping[str, str], is_coloured: bool
) -> None:
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, 60, 0, 0))
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen([*PROGRAM, "status", box], stdout=theirs, env={**plain, **environment}) as process:
        os.close(theirs)
        text = everything(ours)
    lines = re.sub(r"\x1b\[\d+m", "", text).splitlines()
    assert (process.returncode, "\x1b[31mFAULT\x1b[0m" in text, "\x1b" in text) == (1, is_coloured, is_coloured)
    assert 50 < max(map(len, lines)) <= 60


def everything(terminal: int) -> str:
    """All that comes out of a terminal, until its other side is closed."""
    text = b""
    with suppress(OSError):  # Linux' way to say so
        while piece := os.read(terminal, 65_536):
            text += piece
    os.close(terminal)
    return text.decode()


# -- commands that go on until a signal ---------------------------------------------------------------------------


@pytest.mark.parametrize("line", [*UNREAD.values(), FULL])
@pytest.mark.parametrize("kind", ["mews", "coder-bridge"])
def test_a_simulator_serves_on_when_nobody_reads_its_line(shell: Shell, kind: str, line: str) -> None:
    port = free_port()
    process = shell.start(line, "simulate", kind, "--listen", f"127.0.0.1:{port}")
    until(lambda: answers(port))
    shell.terminate()
    assert shell.end(process).code == (1 if line is FULL else 0)


@pytest.mark.parametrize("line", [*UNREAD.values(), FULL])
def test_the_agent_runs_on_when_nobody_reads_its_log(shell: Shell, line: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(shell.folder / "notify"))
        supervisor.settimeout(PATIENCE)
        words = ("run", "--config", f"{NAME}.toml", "--state", "state", "--listen", "127.0.0.1:0")
        process = shell.start(line, *words, environment={"NOTIFY_SOCKET": str(shell.folder / "notify")})
        assert supervisor.recv(4096) == b"READY=1"
        shell.terminate()
        assert shell.end(process).code == 0


@pytest.mark.parametrize("line", ["{} >&-", "{} 2>&-", "{} 2>/dev/full"])
def test_a_counted_demo_comes_to_its_end_when_nobody_looks(shell: Shell, line: str) -> None:
    assert shell.run(line, "demo", "--listen", "127.0.0.1:0", "--commands", "1").code == 0


@pytest.mark.parametrize("line", ["{} | true", "{} | head -n 1", FULL])
def test_a_demo_without_end_ends_when_its_reader_is_gone(shell: Shell, line: str) -> None:
    ended = shell.run(line, "demo", "--listen", "127.0.0.1:0")
    assert (ended.code, len(ended.err.splitlines())) == ((1, 1) if line is FULL else (0, 0))


@pytest.mark.parametrize("letters", LETTERS)
def test_a_demo_needs_no_special_letters(shell: Shell, letters: str) -> None:
    words = ("demo", "--listen", "127.0.0.1:0", "--commands", "1")
    assert shell.run("{}", *words, environment=LETTERS[letters]).code == 0


def answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)
