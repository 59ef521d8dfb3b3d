"""The nudge between the box's programs and the console."""

import select
from pathlib import Path

from agent.handover import nudge, steps


def test_a_step_nudges_the_console_that_listens(tmp_path: Path) -> None:
    (tmp_path / "console").mkdir()
    line = nudge.listening(tmp_path)
    assert line
    with line:
        steps.say("something", tmp_path / "steps")
        assert select.select([line], [], [], 5.0)[0]
        assert line.recv(10) == b""


def test_without_a_console_a_step_is_said_all_the_same(tmp_path: Path) -> None:
    steps.say("something", tmp_path / "steps")
    assert (tmp_path / "steps").read_text().endswith(" something\n")
    assert nudge.listening(tmp_path / "none") is None


def test_a_socket_that_a_killed_console_left_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "console").mkdir()
    first = nudge.listening(tmp_path)
    second = nudge.listening(tmp_path)
    assert first
    assert second
    with first, second:
        nudge.nudge(tmp_path)
        assert select.select([second], [], [], 5.0)[0]
