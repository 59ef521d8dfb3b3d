"""What makes a new version good, condition by condition, and how systemd is asked about it."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from agent.box.tools.paths import Paths
from agent.box.tools.programs import Finished, ProgramTrouble, Run
from agent.box.update.decisions.good_version import ASKED_SECONDS, Observation, is_hopeless, objections
from agent.box.update.effects import Effects
from agent.box.update.observation import SAFE_MODE, agent_state, has_console
from agent.box.update.record import Pending, Stage
from agent.handover import notices
from agent.health.kind import Level
from agent.status.snapshot.facts import BoxFacts, HopFacts
from agent.status.snapshot.snapshot import Snapshot
from tests.status.samples import WALL, fault, snapshot

LOCK = "lock-server:coder-bridge"
HOPS = ("mews", "box", LOCK, "encoder:1")
WELL = dict.fromkeys(HOPS[:3], Level.OK)


def pending(before: dict[str, Level] | None = None, *faults: str) -> Pending:
    return Pending(
        id="u1",
        boot="b",
        origin="A",
        target="B",
        from_version="1.0",
        version="2.0",
        sha256="s",
        stage=Stage.INSTALLED,
        before=WELL if before is None else before,
        faults=faults,
    )


def page(*faults: tuple[str, str], uptime: float = ASKED_SECONDS, hops: Sequence[str] = HOPS) -> Snapshot:
    box = BoxFacts("aurora-desk", "2.0", "UTC", 0.0, uptime, WALL)
    return snapshot(
        *(fault(code, hop) for code, hop in faults), box=box, hops=[HopFacts(hop, "well", 0.0) for hop in hops]
    )


def seen(
    snapshot: Snapshot | None, *, version: str = "2.0.0", agent: str = "active", console: bool | None = True
) -> Observation:
    return Observation(version, agent, snapshot, console)


def test_a_version_that_works_as_before_is_good() -> None:
    assert objections(seen(page()), pending()) == ()


@pytest.mark.parametrize("console", [True, None])
def test_a_serial_line_is_needed_only_where_there_is_one(console: bool | None) -> None:
    assert objections(seen(page(), console=console), pending()) == ()
    assert objections(seen(page(), console=False), pending()) == (
        "The console on the serial lines does not start.",
    )


def test_an_agent_that_has_not_had_time_to_ask_is_waited_for() -> None:
    early = page(uptime=ASKED_SECONDS - 1)
    assert objections(seen(early), pending()) == ("The agent has not been running for 50 s.",)


@pytest.mark.parametrize("state", ["activating", "deactivating", "inactive", ""])
def test_an_agent_that_is_not_there_yet_is_waited_for(state: str) -> None:
    assert objections(seen(None, agent=state), pending()) == ("The agent has not started.",)
    assert not is_hopeless(seen(None, agent=state))


def test_an_agent_in_safe_mode_is_not_waited_for() -> None:
    given_up = seen(None, agent="failed")
    assert is_hopeless(given_up)
    assert objections(given_up, pending()) == ("The agent does not start: the box is in safe mode.",)


def test_a_page_that_does_not_answer_speaks_against_a_version() -> None:
    assert objections(seen(None), pending()) == ("The status page does not answer.",)


def test_all_that_speaks_against_a_version_is_told() -> None:
    said = objections(seen(None, version="1.0", console=False), pending())
    assert said == (
        "The system that started is version 1.0, not 2.0.",
        "The status page does not answer.",
        "The console on the serial lines does not start.",
    )


@pytest.mark.parametrize(
    ("before", "code", "is_bad"),
    [
        (Level.OK, "", False),
        (Level.OK, "E-LOCK-UNCONFIRMED", True),
        (Level.OK, "E-LOCK-UNREACHABLE", True),
        (Level.WARNING, "", False),
        (Level.WARNING, "E-LOCK-UNCONFIRMED", False),
        (Level.WARNING, "E-LOCK-UNREACHABLE", True),
        (Level.FAULT, "", False),
        (Level.FAULT, "E-LOCK-UNCONFIRMED", False),
        (Level.FAULT, "E-LOCK-UNREACHABLE", False),
    ],
)
def test_a_lock_server_may_be_as_it_was_or_better(before: Level, code: str, is_bad: bool) -> None:
    now = page((code, LOCK)) if code else page()
    assert bool(objections(seen(now), pending({LOCK: before}))) is is_bad


def test_a_hop_that_is_worse_is_told_with_its_codes() -> None:
    now = page(("E-LOCK-UNCONFIRMED", LOCK), ("E-MEWS-TOKEN", "mews"))
    assert objections(seen(now), pending()) == (
        "Mews was well before the update and is at fault (E-MEWS-TOKEN) now.",
        "The lock server coder-bridge was well before the update and is not quite well (E-LOCK-UNCONFIRMED) now.",
    )


def test_a_hop_that_the_new_version_does_not_know_is_missed() -> None:
    now = page(hops=("mews", "box"))
    assert objections(seen(now), pending()) == (
        "The lock server coder-bridge was well before the update and is missing now.",
    )


def test_what_the_box_itself_warns_of_may_be_this_update() -> None:
    assert objections(seen(page(("E-UPDATE-TRIAL", "box"))), pending()) == ()
    assert objections(seen(page(("E-FILE-BAD", "box"))), pending()) != ()
    assert objections(seen(page(("E-FILE-BAD", "box"))), pending({"box": Level.FAULT})) == ()


def test_a_journal_that_was_in_trouble_before_may_still_be() -> None:
    now = page(("E-JOURNAL-DAMAGED", "box"))
    assert objections(seen(now), pending()) == ("The journal was damaged (E-JOURNAL-DAMAGED).",)
    assert objections(seen(now), pending(WELL, "E-JOURNAL-DAMAGED")) == ()


def test_encoders_are_not_asked() -> None:
    assert objections(seen(page(("E-ENCODER", "encoder:1"))), pending()) == ()


# -- systemd's answers --------------------------------------------------------------------------------------------


def answering(out: str) -> Run:
    def run(argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)) -> Finished:
        return Finished(0, out, "")

    return run


def silent(argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)) -> Finished:
    raise ProgramTrouble("systemctl", 1, "Failed to connect to bus")


def test_the_agents_state_is_systemds_word_or_none(tmp_path: Path) -> None:
    assert agent_state(Effects(paths=Paths(run=tmp_path), run=answering("active\n"))) == "active"
    assert agent_state(Effects(paths=Paths(run=tmp_path), run=silent)) == ""


def test_in_safe_mode_the_agent_has_failed_though_systemd_tries_on(tmp_path: Path) -> None:
    effects = Effects(paths=Paths(run=tmp_path), run=answering("activating\n"))
    notices.put("safe", SAFE_MODE, "The agent has failed three times.", folder=effects.paths.notices)
    assert agent_state(effects) == "failed"


@pytest.mark.parametrize(
    ("listed", "answer"),
    [
        ("", None),
        ("active\n", True),
        ("inactive\n", None),
        ("activating\n", False),
        ("failed\n", False),
        ("short line\n", None),
    ],
)
def test_a_serial_line_is_served_missing_or_not_there(listed: str, answer: bool | None) -> None:
    assert has_console(answering(listed)) is answer


def test_a_systemd_that_says_nothing_of_serial_lines_speaks_against_nobody() -> None:
    assert has_console(silent) is None
