"""The command's side of the socket, against an agent that a test plays line by line."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from agent.control import client
from agent.control.client import ask, exit_code, state_folder
from agent.control.words.messages import Greeting, encode
from agent.control.words.told import End, Line, Progress, Result
from agent.foundation.errors import NightPorterError, UserMistake

HELLO = encode(Greeting(1, "0.2.0"))
DONE = Result(End.DONE, "Done.")
PATIENCE = 10.0  # s

Play = Callable[[socket.socket], None]


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Callable[[Play], Path]]:
    """Plays an agent for one client."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "control"))
    listening.listen()
    tasks = []

    def start(play: Play) -> Path:
        def serve() -> None:
            line, _ = listening.accept()
            line.settimeout(PATIENCE)
            with line, suppress(OSError):  # a client may hang up
                play(line)

        tasks.append(threading.Thread(target=serve))
        tasks[0].start()
        return tmp_path

    yield start
    for task in tasks:
        task.join()
    listening.close()


def saying(*pieces: bytes) -> Play:
    """Greets, takes the request, says these."""

    def play(line: socket.socket) -> None:
        line.sendall(HELLO)
        line.recv(65_536)
        for piece in pieces:
            line.sendall(piece)

    return play


def silent(line: socket.socket) -> None:
    """Say nothing, until the client has had enough."""
    line.recv(1)


def until_it_ends(line: socket.socket) -> None:
    """Say one line, and the last word once the client has ended its side."""
    line.sendall(HELLO)
    line.recv(65_536)
    line.sendall(encode(Line("one")))
    while line.recv(65_536):
        pass
    line.sendall(encode(Line("two")) + encode(Result(End.PERHAPS, "Left behind.")))


def test_what_is_told_is_shown_and_the_result_given(agent: Callable[[Play], Path]) -> None:
    shown: list[Progress] = []

    def show(told: Progress) -> bool:
        shown.append(told)
        return True

    folder = agent(saying(encode(Line("one")) + encode(Line("two"))[:5], encode(Line("two"))[5:], encode(DONE)))
    assert ask(folder, ["test"], show) == DONE
    assert shown == [Line("one"), Line("two")]


def test_the_words_are_sent_as_they_are(agent: Callable[[Play], Path]) -> None:
    heard: list[bytes] = []

    def play(line: socket.socket) -> None:
        line.sendall(HELLO)
        heard.append(line.recv(65_536))
        line.sendall(encode(DONE))

    ask(agent(play), ["key", "1", "Süd"], lambda _: True)
    assert heard == ['{"control":1,"words":["key","1","Süd"]}\n'.encode()]


def test_a_line_that_this_version_does_not_know_is_left_out(agent: Callable[[Play], Path]) -> None:
    assert ask(agent(saying(b'{"type": "song"}\n', encode(DONE))), ["test"], lambda _: False) == DONE


def test_half_a_character_is_a_mistake_and_never_sent(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="half a character"):
        ask(tmp_path, ["key", "1", "\udcf0\udc9f"], lambda _: True)


def test_a_mistake_is_raised_as_one(agent: Callable[[Play], Path]) -> None:
    with pytest.raises(UserMistake, match="There is no verb"):
        ask(agent(saying(encode(Result(End.MISTAKE, "There is no verb.")))), ["x"], lambda _: True)


def test_a_reader_that_went_away_breaks_it_off(agent: Callable[[Play], Path]) -> None:
    assert ask(agent(until_it_ends), ["watch"], lambda _: False) == Result(End.PERHAPS, "Left behind.")


def test_an_interruption_breaks_it_off_and_hears_the_last_word(agent: Callable[[Play], Path]) -> None:
    def interrupt(_: Progress) -> bool:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
        return True

    assert ask(agent(until_it_ends), ["watch"], interrupt) == Result(End.PERHAPS, "Left behind.")


@pytest.mark.parametrize("piece", [b"", b"half a line", encode(Line("one")), b"x" * 2_000_000])
def test_an_agent_that_ends_before_the_result_leaves_it_open(agent: Callable[[Play], Path], piece: bytes) -> None:
    result = ask(agent(saying(piece)), ["test"], lambda _: True)
    assert (result.end, "before it said what came of it" in result.text) == (End.PERHAPS, True)


def test_a_refusal_instead_of_the_greeting_is_told(agent: Callable[[Play], Path]) -> None:
    folder = agent(lambda line: line.sendall(encode(Result(End.FAILED, "Too many."))))
    with pytest.raises(NightPorterError, match=r"Too many\."):
        ask(folder, ["test"], lambda _: True)


@pytest.mark.parametrize("first", [b"", b"SSH-2.0\n", b"x" * 2_000_000])
def test_what_is_no_agent_is_called_that(agent: Callable[[Play], Path], first: bytes) -> None:
    with pytest.raises(NightPorterError, match="does not answer"):
        ask(agent(lambda line: line.sendall(first)), ["test"], lambda _: True)


def test_an_agent_that_says_nothing_is_not_waited_for_long(
    agent: Callable[[Play], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "GREETING_SECONDS", 0.05)
    folder = agent(silent)
    with pytest.raises(NightPorterError, match="does not answer"):
        ask(folder, ["test"], lambda _: True)


def test_an_agent_of_another_version_is_named(agent: Callable[[Play], Path]) -> None:
    folder = agent(lambda line: line.sendall(encode(Greeting(9, "3.0"))))
    with pytest.raises(UserMistake, match=r"\(3.0\) speaks version 9"):
        ask(folder, ["test"], lambda _: True)


@pytest.mark.parametrize("is_left", [True, False], ids=["left by a crash", "never there"])
def test_where_no_agent_runs_one_sentence_says_so(tmp_path: Path, is_left: bool) -> None:
    if is_left:
        left = socket.socket(socket.AF_UNIX)
        left.bind(str(tmp_path / "control"))
        left.close()
    with pytest.raises(NightPorterError, match=f"No agent runs in {tmp_path}: name its state"):
        ask(tmp_path, ["test"], lambda _: True)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied"), "Only root and"),
        (OSError(5, "Input/output error"), "input/output"),
    ],
)
def test_why_an_agent_cannot_be_reached_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, said: str
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(client, "reachable", refuse)
    with pytest.raises(NightPorterError, match=said):
        ask(tmp_path, ["test"], lambda _: True)


@pytest.mark.parametrize(
    ("named", "environment", "folder"),
    [
        (Path("/a"), {"NIGHTPORTER_STATE": "/b"}, "/a"),
        (None, {"NIGHTPORTER_STATE": "/b"}, "/b"),
        (None, {"NIGHTPORTER_STATE": ""}, "/data/state"),
        (None, {}, "/data/state"),
    ],
)
def test_the_agent_is_where_it_is_named_else_where_the_box_has_it(
    named: Path | None, environment: dict[str, str], folder: str
) -> None:
    assert state_folder(named, environment) == Path(folder)


def test_the_boxs_place_is_the_one_that_its_unit_names() -> None:
    unit = Path(__file__).parents[2] / "image/root/usr/lib/systemd/system/nightporter.service"
    assert f"--state {state_folder(None, {})} " in unit.read_text()


@pytest.mark.parametrize(("end", "code"), [(End.DONE, 0), (End.FAILED, 1), (End.PERHAPS, 1)])
def test_the_exit_code_says_whether_it_was_done(end: End, code: int) -> None:
    assert exit_code(Result(end, "")) == code
