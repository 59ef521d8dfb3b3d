"""The command line's face: what is text and what JSON, who is asked without an agent, the question of doubts."""

import argparse
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.commands.probe import Mark
from agent.control.client import NoAgent, Show
from agent.control.command_line import act
from agent.control.words.told import End, Line, Progress, Result, StepTested, Table
from agent.control.words.verbs import VERBS
from agent.foundation.errors import NightPorterError, UserMistake

FILE = Path("hotel.toml")
ROOMS = Table(("ROOM", "LOCK SYSTEM"), (("101", "bridge"), ("Süd", "bridge")))
STEP = StepTested("lock-server:bridge", "log-in", Mark.GOOD, "The box is logged in.", 0.25)
UNSURE = Result(End.UNSURE, "Not every call is confirmed.")
DONE = Result(End.DONE, "2 rooms.")


class OwnDesk:
    """A desk without an agent that tells these things, and ends so, one result a call."""

    def __init__(self, *results: Result, told: tuple[Progress, ...] = ()) -> None:
        self._results, self._told = list(results), told
        self.asked: list[list[str]] = []

    def __call__(self, config: Path | None, state: Path | None, words: list[str], show: Show) -> Result:
        assert config == FILE or words == ["print", "find"]
        self.asked.append(words)
        for told in self._told:
            show(told)
        return self._results.pop(0)


class Keyboard(io.BytesIO):
    """What is typed at a terminal; Ctrl-C where it is None."""

    def __init__(self, typed: str | None) -> None:
        super().__init__((typed or "").encode())
        self._is_broken_off = typed is None

    def readline(self, size: int | None = -1, /) -> bytes:
        if self._is_broken_off:
            raise KeyboardInterrupt
        return super().readline(size)

    def isatty(self) -> bool:
        return True


@pytest.fixture
def asked(tmp_path: Path) -> Callable[..., int]:
    """Write a verb in a place where no agent is."""

    def ask(verb: str, desk: OwnDesk, **given: Any) -> int:
        row = VERBS[verb]
        fields = [option.field for option in row.options] + [argument.field for argument in row.arguments]
        blank = {**dict.fromkeys(fields), **{switch.field: False for switch in row.switches}}
        options = {**blank, "state": tmp_path, "config": FILE, "json": False, **given}
        return act(row, argparse.Namespace(**options), {}, desk)

    return ask


def sit_down(monkeypatch: pytest.MonkeyPatch, typed: str | None) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Keyboard(typed)))


@pytest.mark.parametrize(("verb", "has_hint"), [("lock rooms", True), ("print status", True), ("test", False)])
def test_without_agent_and_file_the_hint_names_the_flag_where_there_is_one(
    asked: Callable[..., int], verb: str, has_hint: bool
) -> None:
    desk = OwnDesk(DONE)
    with pytest.raises(NoAgent) as caught:
        asked(verb, desk, config=None)
    assert ("--config FILE" in str(caught.value), desk.asked) == (has_hint, [])


def test_with_a_file_the_desk_is_opened_here(
    asked: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    desk = OwnDesk(DONE, told=(Line("Asks."), ROOMS))
    assert asked("lock rooms", desk) == 0
    assert desk.asked == [["lock", "rooms"]]
    rows = ["Asks.", "ROOM  LOCK SYSTEM", "101   bridge", "Süd   bridge", "2 rooms."]
    assert capsys.readouterr().out.splitlines() == rows


def test_printers_are_looked_for_without_a_file_too(asked: Callable[..., int]) -> None:
    desk = OwnDesk(DONE)
    assert asked("print find", desk, config=None) == 0
    assert desk.asked == [["print", "find"]]


def test_a_mistake_and_a_failure_are_sentences_with_other_exit_codes(asked: Callable[..., int]) -> None:
    with pytest.raises(UserMistake, match="There is no room"):
        asked("lock rooms", OwnDesk(Result(End.MISTAKE, "There is no room.")))
    with pytest.raises(NightPorterError, match="No answer") as caught:
        asked("lock rooms", OwnDesk(Result(End.FAILED, "No answer.")))
    assert not isinstance(caught.value, UserMistake)


def test_json_has_the_rows_and_what_a_person_must_know_stands_beside_it(
    asked: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked("lock rooms", OwnDesk(DONE, told=(Line("Present the card."), ROOMS)), json=True) == 0
    shown = capsys.readouterr()
    rows = [{"room": "101", "lock_system": "bridge"}, {"room": "Süd", "lock_system": "bridge"}]
    assert json.loads(shown.out) == {"end": "done", "text": "2 rooms.", "rows": rows}
    assert (shown.out.isascii(), shown.err) == (True, "Present the card.\n")


def test_the_steps_of_a_test_are_rows_too(asked: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("lock test", OwnDesk(Result(End.FAILED, "It fails."), told=(STEP,)), json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["end"], told["rows"]) == (
        "failed",
        [{"hop": STEP.hop, "step": "log-in", "mark": STEP.mark, "text": STEP.text, "seconds": 0.25}],
    )


def test_without_a_terminal_no_one_is_sure_and_the_sentence_says_what_to_write(asked: Callable[..., int]) -> None:
    desk = OwnDesk(UNSURE)
    with pytest.raises(UserMistake, match="Write it again with --sure to go on"):
        asked("lock read", desk, lane="1")
    assert desk.asked == [["lock", "read", "1"]]


@pytest.mark.parametrize("typed", ["yes\n", " Y \n", "y"])
@pytest.mark.parametrize("is_json", [False, True])
def test_a_yes_goes_on_and_the_question_is_not_in_the_output(
    asked: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    is_json: bool,
) -> None:
    sit_down(monkeypatch, typed)
    desk = OwnDesk(UNSURE, DONE)
    assert asked("lock read", desk, lane="1", json=is_json) == 0
    assert desk.asked == [["lock", "read", "1"], ["lock", "read", "--sure", "1"]]
    shown = capsys.readouterr()
    assert shown.err.startswith(f"{UNSURE.text}\nGo on? (yes/no) ")
    assert "Go on?" not in shown.out


@pytest.mark.parametrize(
    "typed", ["no\n", "\n", "", "ye\xe9s\n", None], ids=["no", "enter", "end", "noise", "Ctrl-C"]
)
def test_anything_else_does_nothing(
    asked: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str | None,
) -> None:
    sit_down(monkeypatch, typed)
    desk = OwnDesk(UNSURE)
    with pytest.raises(NightPorterError, match=r"^Nothing was done\.$"):
        asked("lock read", desk, lane="1")
    assert len(desk.asked) == 1
    assert capsys.readouterr().err.endswith("\n" if not (typed or "").endswith("\n") else "(yes/no) ")
