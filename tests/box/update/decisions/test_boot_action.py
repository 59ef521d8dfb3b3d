"""What a boot does about an update: every combination of slot, stage and result, and no box restarts for ever."""

from itertools import product

import pytest

from agent.box.update.decisions.boot_action import MOST_RESTARTS, Action, action_at
from agent.box.update.record import Ending, Pending, Stage, Torn, UpdateResult

HERE, BEFORE = "boot-2", "boot-1"


def pending(stage: Stage, boot: str, *, to: str = "B") -> Pending:
    origin = "A" if to == "B" else "B"
    return Pending(
        id="u1", boot=boot, origin=origin, target=to, from_version="1", version="2", sha256="s", stage=stage
    )


def result(ending: Ending, *, restarts: int = 0, id: str = "u1") -> UpdateResult:
    return UpdateResult(id=id, ending=ending, from_version="1", version="2", sha256="s", restarts=restarts)


NEW_RUNS = {
    None: Action.TRY,
    Ending.GOOD: Action.CONFIRM,
    Ending.REVERTED: Action.GO_BACK,
    Ending.INTERRUPTED: Action.TRY,
    Ending.KEPT: Action.STAY,
}
OLD_RUNS = {
    Ending.GOOD: Action.FELL_BACK,
    Ending.REVERTED: Action.CAME_BACK,
    Ending.INTERRUPTED: Action.INTERRUPTED,
    Ending.KEPT: Action.CAME_BACK,
}
OLD_RUNS_WITHOUT_RESULT = {
    (Stage.INSTALLING, HERE): Action.WAIT,
    (Stage.INSTALLED, HERE): Action.WAIT,
    (Stage.INSTALLING, BEFORE): Action.INTERRUPTED,
    (Stage.INSTALLED, BEFORE): Action.NEVER_STARTED,
}
OUTCOMES = (None, *Ending)


def own(ending: Ending | None) -> UpdateResult | None:
    return result(ending) if ending else None


@pytest.mark.parametrize(("to", "stage", "boot", "ending"), [*product("AB", Stage, (HERE, BEFORE), OUTCOMES)])
def test_where_the_new_version_runs_the_result_decides(
    to: str, stage: Stage, boot: str, ending: Ending | None
) -> None:
    assert action_at(to, HERE, pending(stage, boot, to=to), own(ending)) is NEW_RUNS[ending]


@pytest.mark.parametrize(("to", "stage", "boot", "ending"), [*product("AB", Stage, (HERE, BEFORE), Ending)])
def test_where_the_old_version_runs_with_a_result_it_is_told(
    to: str, stage: Stage, boot: str, ending: Ending
) -> None:
    slot = "A" if to == "B" else "B"
    assert action_at(slot, HERE, pending(stage, boot, to=to), own(ending)) is OLD_RUNS[ending]


@pytest.mark.parametrize(("to", "stage", "boot"), [*product("AB", Stage, (HERE, BEFORE))])
def test_where_the_old_version_runs_without_a_result_the_stage_decides(to: str, stage: Stage, boot: str) -> None:
    slot = "A" if to == "B" else "B"
    assert action_at(slot, HERE, pending(stage, boot, to=to), None) is OLD_RUNS_WITHOUT_RESULT[stage, boot]


@pytest.mark.parametrize(("slot", "stage", "ending"), [*product("AB", Stage, Ending)])
def test_the_result_of_another_update_counts_for_nothing(slot: str, stage: Stage, ending: Ending) -> None:
    update = pending(stage, BEFORE)
    older = result(ending, restarts=MOST_RESTARTS, id="u0")
    assert action_at(slot, HERE, update, older) is action_at(slot, HERE, update, None)


@pytest.mark.parametrize(("slot", "ending"), [*product(("A", "B", ""), OUTCOMES)])
def test_without_an_update_the_running_slot_is_good(slot: str, ending: Ending | None) -> None:
    assert action_at(slot, HERE, None, own(ending)) is Action.SETTLE


@pytest.mark.parametrize(("slot", "ending"), [*product(("A", "B", ""), OUTCOMES)])
def test_a_note_that_cannot_be_read_is_forgotten(slot: str, ending: Ending | None) -> None:
    assert action_at(slot, HERE, Torn(), own(ending)) is Action.DISCARD


@pytest.mark.parametrize(("stage", "boot", "ending"), [*product(Stage, (HERE, BEFORE), OUTCOMES)])
def test_an_unknown_slot_leaves_everything_as_it_is(stage: Stage, boot: str, ending: Ending | None) -> None:
    assert action_at("", HERE, pending(stage, boot), own(ending)) is Action.LEAVE


@pytest.mark.parametrize("restarts", range(MOST_RESTARTS + 2))
def test_restarts_that_should_bring_the_old_version_back_are_counted(restarts: int) -> None:
    action = action_at("B", HERE, pending(Stage.INSTALLED, BEFORE), result(Ending.REVERTED, restarts=restarts))
    assert action is (Action.GO_BACK if restarts < MOST_RESTARTS else Action.STAY)
