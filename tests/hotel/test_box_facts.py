"""Why the box last started and how an update stands, from what the programs around the agent leave."""

from pathlib import Path

import pytest

from agent.handover import notices, steps
from agent.hotel.box_facts import restart_words, update_words


def test_without_a_word_from_anyone_nothing_is_said(tmp_path: Path) -> None:
    assert restart_words(tmp_path / "steps", tmp_path / "notices") == ""
    assert update_words(tmp_path / "notices", tmp_path / "release.json") == ""


def test_the_newest_step_about_a_start_counts(tmp_path: Path) -> None:
    path = tmp_path / "steps"
    steps.say("last start: The box was shut down.", path)
    steps.say("the network is there", path)
    steps.say("last start: The box lost its power.", path)
    assert restart_words(path, tmp_path) == "The box lost its power."


@pytest.mark.parametrize("code", ["E-BOX-AGENT", "E-BOX-CRASHED"])
def test_a_notice_of_a_bad_end_goes_before_the_steps(tmp_path: Path, code: str) -> None:
    steps.say("last start: The box was shut down.", tmp_path / "steps")
    notices.put("a", "E-TAKE-REFUSED", "Two mistakes.", folder=tmp_path)
    notices.put("b", code, "It had stopped\x1b answering.", folder=tmp_path)
    assert "stopped" in restart_words(tmp_path / "steps", tmp_path)
    assert "\x1b" not in restart_words(tmp_path / "steps", tmp_path)


def test_steps_that_are_no_text_tell_nothing_and_are_no_error(tmp_path: Path) -> None:
    path = tmp_path / "steps"
    path.write_bytes(b"\xff\xfe last start" + bytes(200_000))
    assert restart_words(path, tmp_path / "notices") == ""


def test_steps_without_a_word_of_a_start_tell_nothing(tmp_path: Path) -> None:
    steps.say("the network is there", tmp_path / "steps")
    assert restart_words(tmp_path / "steps", tmp_path / "notices") == ""


def test_an_update_is_told_by_its_notice_and_else_by_the_images_version(tmp_path: Path) -> None:
    image = tmp_path / "release.json"
    image.write_text('{"version": "1.4.0"}')
    notices.put("a", "E-TAKE-REFUSED", "Two mistakes.", folder=tmp_path / "notices")
    assert update_words(tmp_path / "notices", image) == "The image is version 1.4.0; no update is on trial."
    notices.put("b", "E-UPDATE-TRIAL", "Version 1.5.0 is on trial.", folder=tmp_path / "notices")
    assert update_words(tmp_path / "notices", image) == "Version 1.5.0 is on trial."
