"""What is said and counted when the agent ends, what safe mode is, and what a start clears up. By values."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from agent.box.away import agent_ends, ready, stopped
from agent.box.away.agent_ends import LIFE_SECONDS, AgentEnds
from agent.box.tools.paths import Paths
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
def paths(tmp_path: Path) -> Paths:
    return Paths(run=tmp_path)


def end(paths: Paths, result: str, status: str = "1", machine: Machine | None = None) -> Machine:
    machine = machine or Machine()
    stopped.note({"SERVICE_RESULT": result, "EXIT_CODE": "exited", "EXIT_STATUS": status}, paths, machine)
    return machine


def words(paths: Paths) -> list[str]:
    """The steps without their times."""
    return [line.partition(" UTC ")[2] for line in paths.steps.read_text().splitlines()]


def standing(paths: Paths) -> dict[str, str]:
    return {notice.code: notice.text for notice in notices.standing(paths.notices)}


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
    assert agent_ends.end_in_words(result, status) == said


def test_a_failure_is_a_notice_with_time_and_count_and_a_step(paths: Paths) -> None:
    end(paths, "watchdog", "ABRT")
    notice = notices.standing(paths.notices)[0]
    assert (notice.code, notice.lasts) == ("E-BOX-AGENT", 86_400.0)
    assert notice.text == (
        f"The agent stopped answering, and its watchdog ended it at {agent_ends.time_of_day(notice.since)}; "
        "once since the box started."
    )
    end(paths, "exit-code")
    assert standing(paths)["E-BOX-AGENT"].endswith("; 2 times since the box started.")
    assert words(paths) == [
        "the agent stopped answering, and its watchdog ended it; it is started again",
        "the agent ended with an error (exit code 1); it is started again",
    ]


def test_a_clean_stop_is_a_step_and_no_failure(paths: Paths) -> None:
    end(paths, "success", "0")
    assert (standing(paths), words(paths)) == ({}, ["the agent has stopped"])
    assert agent_ends.read(paths.run) == AgentEnds()


@pytest.mark.parametrize("result", ["success", "exit-code"])
def test_the_tiny_page_comes_up_after_each_end(paths: Paths, result: str) -> None:
    assert START_PAGE in end(paths, result).ran


def test_the_tiny_page_stays_down_when_the_whole_box_stops(paths: Paths) -> None:
    assert START_PAGE not in end(paths, "success", machine=Machine(state="stopping\n")).ran


def test_programs_that_do_not_run_do_not_keep_the_reason_from_being_noted(paths: Paths) -> None:
    end(paths, "exit-code", machine=Machine(is_broken=True))
    assert "E-BOX-AGENT" in standing(paths)


def test_a_disk_that_takes_nothing_is_no_failure_of_the_unit(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("no folder")
    machine = end(Paths(run=tmp_path / "run"), "exit-code")
    assert START_PAGE in machine.ran


def test_the_third_failure_in_a_row_is_safe_mode_with_the_agents_last_words(paths: Paths) -> None:
    machine = Machine(log="Traceback\n  ...\nModuleNotFoundError: \x1b[31mtrio\n22:30:01 the agent ended\n\n")
    for _ in range(2):
        end(paths, "exit-code", machine=machine)
    assert "E-BOX-SAFE" not in standing(paths)
    end(paths, "exit-code", machine=machine)
    assert standing(paths)["E-BOX-SAFE"] == (
        "The agent has failed three times in a row. The last time it ended with an error (exit code 1). "
        "Its last words: ModuleNotFoundError: [31mtrio"
    )
    assert words(paths)[-1] == (
        "safe mode: the agent ended with an error (exit code 1); it is tried again every few minutes"
    )


def test_in_safe_mode_the_same_failure_again_says_nothing_new(paths: Paths) -> None:
    for _ in range(3):
        end(paths, "exit-code")
    before = notices.standing(paths.notices)[1], words(paths)
    end(paths, "exit-code")
    assert (notices.standing(paths.notices)[1], words(paths)) == before
    end(paths, "oom-kill")
    assert "needed more memory" in standing(paths)["E-BOX-SAFE"]


def test_a_failure_after_a_long_life_is_no_failed_start() -> None:
    ends = AgentEnds().failed(10.0).failed(20.0)
    assert (ends.total, ends.in_a_row) == (2, 2)
    assert ends.ready(30.0).failed(30.0 + LIFE_SECONDS - 1).in_a_row == 3
    assert ends.ready(30.0).failed(30.0 + LIFE_SECONDS) == AgentEnds(3, 0)


def test_an_agent_that_is_killed_again_and_again_but_works_in_between_is_not_in_safe_mode(paths: Paths) -> None:
    for _ in range(4):
        agent_ends.keep(agent_ends.read(paths.run).ready(notices.boottime() - LIFE_SECONDS), paths.run)
        end(paths, "signal", "KILL")
    assert list(standing(paths)) == ["E-BOX-AGENT"]


def test_a_clean_stop_ends_the_row_and_the_life(paths: Paths) -> None:
    agent_ends.keep(AgentEnds(2, 2, 5.0), paths.run)
    end(paths, "success", "0")
    assert agent_ends.read(paths.run) == AgentEnds(2)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"total": "x"}', b"\xff"])
def test_a_count_that_cannot_be_read_begins_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "agent-ends.json").write_bytes(content)
    assert agent_ends.read(tmp_path) == AgentEnds()


def test_the_count_is_kept_as_it_was_given(tmp_path: Path) -> None:
    agent_ends.keep(AgentEnds(3, 2, 99.5), tmp_path)
    assert agent_ends.read(tmp_path) == AgentEnds(3, 2, 99.5)
    assert [path.name for path in tmp_path.iterdir()] == ["agent-ends.json"]


def test_a_start_ends_the_tiny_page_and_safe_mode_and_says_where_the_page_is(paths: Paths) -> None:
    for _ in range(3):
        end(paths, "exit-code")
    machine = Machine()
    ready.clear_up(paths, machine, "http://aurora-desk.local/")
    assert machine.ran == [STOP_PAGE, RESET]
    assert agent_ends.read(paths.run).ready_at > 0
    assert list(standing(paths)) == ["E-BOX-AGENT"]
    assert words(paths)[-1] == "the agent is running: page at http://aurora-desk.local/"


def test_the_first_start_has_no_failures_to_forget(paths: Paths) -> None:
    machine = Machine()
    ready.clear_up(paths, machine, "http://aurora-desk.local/")
    assert machine.ran == [STOP_PAGE]


def test_a_start_is_a_start_even_if_no_program_runs(paths: Paths) -> None:
    agent_ends.keep(AgentEnds(1, 1, 1.0), paths.run)
    ready.clear_up(paths, Machine(is_broken=True), "http://aurora-desk.local/")
    assert words(paths) == ["the agent is running: page at http://aurora-desk.local/"]


def test_the_steps_of_the_ends_are_steps_like_all_others(paths: Paths) -> None:
    end(paths, "success")
    steps.say("another", paths.steps)
    assert len(paths.steps.read_text().splitlines()) == 2
