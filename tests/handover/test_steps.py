"""The steps of a boot: a line each with its time, after those before, and the same words on standard output."""

import re
from pathlib import Path

import pytest

from agent.handover import steps


def test_each_step_is_a_line_with_its_time_after_those_before(tmp_path: Path) -> None:
    path = tmp_path / "run" / "steps"
    steps.say("the disk is well", path)
    steps.say("no provisioning file: Zürich waits", path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.partition(" UTC ")[2] for line in lines] == [
        "the disk is well",
        "no provisioning file: Zürich waits",
    ]
    assert all(re.match(r"\d\d:\d\d:\d\d UTC ", line) for line in lines)


def test_the_same_words_go_to_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps.say("the disk is well", tmp_path / "steps")
    assert capsys.readouterr().out == (tmp_path / "steps").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        steps.say("the disk is well", tmp_path)
