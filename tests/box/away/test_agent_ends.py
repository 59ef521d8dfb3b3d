"""What is said and counted when the agent ends, what safe mode is, and what a start clears up. By values."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from agent.box.away import agent_ends, ready, stopped
from agent.box.away.agent_ends import LIFE_SECONDS, Ends
from agent.box.tools.paths import Places
from agent.box.tools.programs import Finished, ProgramTrouble
from agent.handover import notices, steps

START_PAGE = "systemctl start --no-block nightporter-down.service"
STOP_PAGE = "systemctl stop --no-block nightporter-down.service"
RESET = "systemctl reset-failed nightporter.service"


class Machine:
    """What the system's programs say, and which were run."""

    def __init__(self, state: str = "running", log: str = "", is_broken: bool = False) -> None:
        self.answers = {"is-system-running": state, "journalctl": log}
        self.is_broken = is_broken
        self.ran: list[str] = []

    def __call__(
        self, argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)
    ) -> Finished:
        assert 0 < timeout <= 10
        self.ran.append(" ".join(argv))
        if self.is_broken:
            raise ProgramTrouble(argv[0], None, "cannot be started")
        said = next((text for word, text in self.answers.items() if word in argv), "")
        return Finished(0 if 1 not in fine else 1, said, "")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(run=tmp_path)


def end(places: Places, result: str, status: str = "1", machine: Machine | None = None) -> Machine:
    machine = machine or Machine()
    stopped.note({"SERVICE_RESULT": result, "EXIT_CODE": "exited", "EXIT_STATUS": status}, places, machine)
    return machine


def words(places: Places) -> list[str]:
    """The steps without their times."""
    return [line.partition(" UTC ")[2] for line in places.steps.read_text().splitlines()]


def standing(places: Places) -> dict[str, str]:
    return {notice.code: notice.text for notice in notices.standing(places.notices)}


@pytest.mark.parametrize(
    ("result", "status", "said"),
    [
        ("watchdog", "ABRT", "stopped answering, and its watchdog ended it"),
        ("exit-code", "1", "ended with an error (exit code 1)"),
        ("signal", "KILL", "was ended by the signal KILL"),
        ("core-dump", "SEGV", "was ended by the signal SEGV"),
        ("oom-kill", "KILL", "needed more memory than it may have, and was ended"),
        ("timeout", "TERM", "did not start or stop in time, and was ended"),
        ("protocol", "", "ended before it was ready"),
        ("start-limit-hit", "", "failed to start too often"),
        ("exit-code", "", "ended with an error (exit code unknown)"),
        ("{odd}\x1b", "{status}", "failed ({odd})"),
    ],
)
def test_each_end_has_its_words(result: str, status: str, said: str) -> None:
    assert agent_ends.words(result, status) == said


def test_a_failure_is_a_notice_with_time_and_count_and_a_step(places: Places) -> None:
    end(places, "watchdog", "ABRT")
    notice = notices.standing(places.notices)[0]
    assert (notice.code, notice.lasts) == ("E-BOX-AGENT", 86_400.0)
    assert notice.text == (
        f"The agent stopped answering, and its watchdog ended it at {agent_ends.clock(notice.since)}; "
        "once since the box started."
    )
    end(places, "exit-code")
    assert standing(places)["E-BOX-AGENT"].endswith("; 2 times since the box started.")
    assert words(places) == [
        "the agent stopped answering, and its watchdog ended it; it is started again",
        "the agent ended with an error (exit code 1); it is started again",
    ]


def test_a_clean_stop_is_a_step_and_no_failure(places: Places) -> None:
    end(places, "success", "0")
    assert (standing(places), words(places)) == ({}, ["the agent has stopped"])
    assert agent_ends.read(places.run) == Ends()


@pytest.mark.parametrize("result", ["success", "exit-code"])
def test_the_tiny_page_comes_up_after_each_end(places: Places, result: str) -> None:
    assert START_PAGE in end(places, result).ran


def test_the_tiny_page_stays_down_when_the_whole_box_stops(places: Places) -> None:
    assert START_PAGE not in end(places, "success", machine=Machine(state="stopping\n")).ran


def test_programs_that_do_not_run_do_not_keep_the_reason_from_being_noted(places: Places) -> None:
    end(places, "exit-code", machine=Machine(is_broken=True))
    assert "E-BOX-AGENT" in standing(places)


def test_a_disk_that_takes_nothing_is_no_failure_of_the_unit(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("no folder")
    machine = end(Places(run=tmp_path / "run"), "exit-code")
    assert START_PAGE in machine.ran


def test_the_third_failure_in_a_row_is_safe_mode_with_the_agents_last_words(places: Places) -> None:
    machine = Machine(log="Traceback\n  ...\nModuleNotFoundError: \x1b[31mtrio\n22:30:01 the agent ended\n\n")
    for _ in range(2):
        end(places, "exit-code", machine=machine)
    assert "E-BOX-SAFE" not in standing(places)
    end(places, "exit-code", machine=machine)
    assert standing(places)["E-BOX-SAFE"] == (
        "The agent has failed three times in a row. The last time it ended with an error (exit code 1). "
        "Its last words: ModuleNotFoundError: [31mtrio"
    )
    assert words(places)[-1] == (
        "safe mode: the agent ended with an error (exit code 1); it is tried again every few minutes"
    )


def test_in_safe_mode_the_same_failure_again_says_nothing_new(places: Places) -> None:
    for _ in range(3):
        end(places, "exit-code")
    before = notices.standing(places.notices)[1], words(places)
    end(places, "exit-code")
    assert (notices.standing(places.notices)[1], words(places)) == before
    end(places, "oom-kill")
    assert "needed more memory" in standing(places)["E-BOX-SAFE"]


def test_a_failure_after_a_long_life_is_no_failed_start() -> None:
    ends = Ends().failed(10.0).failed(20.0)
    assert (ends.total, ends.in_a_row) == (2, 2)
    assert ends.ready(30.0).failed(30.0 + LIFE_SECONDS - 1).in_a_row == 3
    assert ends.ready(30.0).failed(30.0 + LIFE_SECONDS) == Ends(3, 0)


def test_an_agent_that_is_killed_again_and_again_but_works_in_between_is_not_in_safe_mode(places: Places) -> None:
    for _ in range(4):
        agent_ends.keep(agent_ends.read(places.run).ready(notices.boottime() - LIFE_SECONDS), places.run)
        end(places, "signal", "KILL")
    assert list(standing(places)) == ["E-BOX-AGENT"]


def test_a_clean_stop_ends_the_row_and_the_life(places: Places) -> None:
    agent_ends.keep(Ends(2, 2, 5.0), places.run)
    end(places, "success", "0")
    assert agent_ends.read(places.run) == Ends(2)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"total": "x"}', b"\xff"])
def test_a_count_that_cannot_be_read_begins_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "agent-ends.json").write_bytes(content)
    assert agent_ends.read(tmp_path) == Ends()


def test_the_count_is_kept_as_it_was_given(tmp_path: Path) -> None:
    agent_ends.keep(Ends(3, 2, 99.5), tmp_path)
    assert agent_ends.read(tmp_path) == Ends(3, 2, 99.5)
    assert [path.name for path in tmp_path.iterdir()] == ["agent-ends.json"]


def test_a_start_ends_the_tiny_page_and_safe_mode_and_says_where_the_page_is(places: Places) -> None:
    for _ in range(3):
        end(places, "exit-code")
    machine = Machine()
    ready.clear_up(places, machine, "http://aurora-desk.local/")
    assert machine.ran == [STOP_PAGE, RESET]
    assert agent_ends.read(places.run).ready_at > 0
    assert list(standing(places)) == ["E-BOX-AGENT"]
    assert words(places)[-1] == "the agent is running: page at http://aurora-desk.local/"


def test_the_first_start_has_no_failures_to_forget(places: Places) -> None:
    machine = Machine()
    ready.clear_up(places, machine, "http://aurora-desk.local/")
    assert machine.ran == [STOP_PAGE]


def test_a_start_is_a_start_even_if_no_program_runs(places: Places) -> None:
    agent_ends.keep(Ends(1, 1, 1.0), places.run)
    ready.clear_up(places, Machine(is_broken=True), "http://aurora-desk.local/")
    assert words(places) == ["the agent is running: page at http://aurora-desk.local/"]


def test_the_steps_of_the_ends_are_steps_like_all_others(places: Places) -> None:
    end(places, "success")
    steps.say("another", places.steps)
    assert len(places.steps.read_text().splitlines()) == 2
