"""What a boot does about an update: every combination of slot, stage and result, and no box restarts for ever."""

from itertools import product

import pytest

from agent.box.update.record import Outcome, Pending, Result, Stage, Torn
from agent.box.update.verdict.decision import MOST_RESTARTS, Action, decide

HERE, BEFORE = "boot-2", "boot-1"


def pending(stage: Stage, boot: str, *, to: str = "B") -> Pending:
    origin = "A" if to == "B" else "B"
    return Pending(
        id="u1", boot=boot, origin=origin, target=to, from_version="1", version="2", sha256="s", stage=stage
    )


def result(outcome: Outcome, *, restarts: int = 0, id: str = "u1") -> Result:
    return Result(id=id, outcome=outcome, from_version="1", version="2", sha256="s", restarts=restarts)


NEW_RUNS = {
    None: Action.TRY,
    Outcome.GOOD: Action.CONFIRM,
    Outcome.REVERTED: Action.GO_BACK,
    Outcome.INTERRUPTED: Action.TRY,
    Outcome.KEPT: Action.STAY,
}
OLD_RUNS = {
    Outcome.GOOD: Action.FELL_BACK,
    Outcome.REVERTED: Action.CAME_BACK,
    Outcome.INTERRUPTED: Action.INTERRUPTED,
    Outcome.KEPT: Action.CAME_BACK,
}
OLD_RUNS_WITHOUT_RESULT = {
    (Stage.INSTALLING, HERE): Action.WAIT,
    (Stage.INSTALLED, HERE): Action.WAIT,
    (Stage.INSTALLING, BEFORE): Action.INTERRUPTED,
    (Stage.INSTALLED, BEFORE): Action.NEVER_STARTED,
}
OUTCOMES = (None, *Outcome)


def own(outcome: Outcome | None) -> Result | None:
    return result(outcome) if outcome else None


@pytest.mark.parametrize(("to", "stage", "boot", "outcome"), [*product("AB", Stage, (HERE, BEFORE), OUTCOMES)])
def test_where_the_new_version_runs_the_result_decides(
    to: str, stage: Stage, boot: str, outcome: Outcome | None
) -> None:
    assert decide(to, HERE, pending(stage, boot, to=to), own(outcome)) is NEW_RUNS[outcome]


@pytest.mark.parametrize(("to", "stage", "boot", "outcome"), [*product("AB", Stage, (HERE, BEFORE), Outcome)])
def test_where_the_old_version_runs_with_a_result_it_is_told(
    to: str, stage: Stage, boot: str, outcome: Outcome
) -> None:
    slot = "A" if to == "B" else "B"
    assert decide(slot, HERE, pending(stage, boot, to=to), own(outcome)) is OLD_RUNS[outcome]


@pytest.mark.parametrize(("to", "stage", "boot"), [*product("AB", Stage, (HERE, BEFORE))])
def test_where_the_old_version_runs_without_a_result_the_stage_decides(to: str, stage: Stage, boot: str) -> None:
    slot = "A" if to == "B" else "B"
    assert decide(slot, HERE, pending(stage, boot, to=to), None) is OLD_RUNS_WITHOUT_RESULT[stage, boot]


@pytest.mark.parametrize(("slot", "stage", "outcome"), [*product("AB", Stage, Outcome)])
def test_the_result_of_another_update_counts_for_nothing(slot: str, stage: Stage, outcome: Outcome) -> None:
    update = pending(stage, BEFORE)
    older = result(outcome, restarts=MOST_RESTARTS, id="u0")
    assert decide(slot, HERE, update, older) is decide(slot, HERE, update, None)


@pytest.mark.parametrize(("slot", "outcome"), [*product(("A", "B", ""), OUTCOMES)])
def test_without_an_update_the_running_slot_is_good(slot: str, outcome: Outcome | None) -> None:
    assert decide(slot, HERE, None, own(outcome)) is Action.SETTLE


@pytest.mark.parametrize(("slot", "outcome"), [*product(("A", "B", ""), OUTCOMES)])
def test_a_note_that_cannot_be_read_is_forgotten(slot: str, outcome: Outcome | None) -> None:
    assert decide(slot, HERE, Torn(), own(outcome)) is Action.DISCARD


@pytest.mark.parametrize(("stage", "boot", "outcome"), [*product(Stage, (HERE, BEFORE), OUTCOMES)])
def test_an_unknown_slot_leaves_everything_as_it_is(stage: Stage, boot: str, outcome: Outcome | None) -> None:
    assert decide("", HERE, pending(stage, boot), own(outcome)) is Action.LEAVE


@pytest.mark.parametrize("restarts", range(MOST_RESTARTS + 2))
def test_restarts_that_should_bring_the_old_version_back_are_counted(restarts: int) -> None:
    action = decide("B", HERE, pending(Stage.INSTALLED, BEFORE), result(Outcome.REVERTED, restarts=restarts))
    assert action is (Action.GO_BACK if restarts < MOST_RESTARTS else Action.STAY)
