"""A program that is followed: its lines as they come, its end, and its limits. Real programs."""

from pathlib import Path

import pytest

from agent.box.tools.live_program import follow
from agent.box.tools.programs import ProgramTrouble


def said(script: str, *, timeout: float = 30) -> tuple[int, list[str]]:
    lines: list[str] = []
    code = follow(("sh", "-c", script), lines.append, timeout=timeout)
    return code, lines


def test_each_line_is_heard_whichever_way_it_was_written() -> None:
    assert said("echo one; echo two >&2; exit 3") == (3, ["one", "two"])


def test_lines_come_without_control_characters_and_not_endless() -> None:
    _, [line] = said("printf '\\033[J\\001%0500d\\n' 7")
    assert line.startswith("[J 000")
    assert len(line) == 400


def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert said(r"printf '\377\376 x\n'") == (0, ["�� x"])


def test_a_line_is_heard_while_the_program_goes_on(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    script = f"echo ready; until [ -e {heard} ]; do sleep 0.01; done; echo over"
    lines: list[str] = []

    def hear(line: str) -> None:
        lines.append(line)
        heard.touch()

    assert follow(("sh", "-c", script), hear, timeout=30) == 0
    assert lines == ["ready", "over"]


def test_a_program_that_takes_too_long_is_ended() -> None:
    with pytest.raises(ProgramTrouble, match="sh: did not end within 0 s") as trouble:
        said("exec sleep 60", timeout=0.05)
    assert trouble.value.code is None


def test_a_program_that_is_not_there_is_said() -> None:
    with pytest.raises(ProgramTrouble, match="no-such-program: no such file or directory"):
        follow(("no-such-program",), print, timeout=1)


def test_a_listener_that_fails_ends_the_program() -> None:
    def hear(line: str) -> None:
        raise ValueError(line)

    with pytest.raises(ValueError, match="one"):
        follow(("sh", "-c", "echo one; exec sleep 60"), hear, timeout=30)


def test_a_program_gets_no_input_and_speaks_english() -> None:
    assert said("cat; echo $LC_ALL") == (0, ["C"])
