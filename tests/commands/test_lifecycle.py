"""The table of a command's life, by what it has to guarantee: no way twice to a device, none without an end."""

import pytest

from agent.commands.lifecycle import (
    ENDS,
    FORGOTTEN,
    ON_RESTART,
    OUTCOMES,
    TABLE,
    Event,
    NotInTable,
    State,
    after,
    picture,
)


def ways(start: State, *, without: frozenset[Event] = frozenset()) -> set[State]:
    """The states that can follow, in any number of steps."""
    reached, before = {start}, set[State]()
    while reached != before:
        before = reached
        steps = {then for (first, event), then in TABLE.items() if first in before and event not in without}
        reached = before | steps
    return reached


def test_an_event_that_cannot_happen_is_refused_in_words() -> None:
    with pytest.raises(NotInTable, match=r"^dispatch cannot happen to a command that is waiting$"):
        after(State.WAITING, Event.DISPATCH)


@pytest.mark.parametrize("state", State)
def test_every_state_leads_to_an_end(state: State) -> None:
    assert ways(state) & ENDS


def test_only_what_its_origin_granted_is_dispatched() -> None:
    assert {first for first, event in TABLE if event is Event.DISPATCH} == {State.CLAIMED, State.DISPATCHED}
    assert State.DISPATCHED not in ways(State.WAITING, without=frozenset({Event.CLAIM}))


@pytest.mark.parametrize("state", [State.DISPATCHED, *sorted(OUTCOMES), State.REPORTED])
def test_what_was_dispatched_never_waits_again(state: State) -> None:
    assert not ways(state) & {State.WAITING, State.CLAIMED, State.WITHDRAWN}


@pytest.mark.parametrize("outcome", sorted(OUTCOMES))
def test_an_outcome_never_becomes_another_one(outcome: State) -> None:
    forgets = frozenset(FORGOTTEN.values()) - {FORGOTTEN[outcome]}
    assert ways(outcome, without=forgets) == {outcome, State.REPORTED}


@pytest.mark.parametrize("outcome", sorted(OUTCOMES))
def test_an_outcome_that_was_forgotten_is_the_same_again(outcome: State) -> None:
    assert after(after(outcome, Event.REPORT), FORGOTTEN[outcome]) is outcome


def test_a_restart_knows_every_state_that_the_journal_can_hold() -> None:
    assert ON_RESTART.keys() == set(State) - {State.WAITING}


def test_after_a_restart_each_state_is_over_or_an_outcome() -> None:
    after_restart = {after(state, event) if event else state for state, event in ON_RESTART.items()}
    assert after_restart == OUTCOMES | ENDS


def test_a_restart_takes_what_the_device_may_have_done_for_perhaps_done() -> None:
    lost = {state for state, event in ON_RESTART.items() if event is Event.LOSE_SIGHT}
    assert lost == {first for first, event in TABLE if event is Event.MAKE}


def test_states_are_stored_under_names_that_never_change() -> None:
    stored = "waiting claimed dispatched done failed unknown reported withdrawn"
    assert " ".join(State) == stored


def test_the_picture_has_each_step_and_restart() -> None:
    lines = picture().splitlines()
    for (state, event), then in TABLE.items():
        (line,) = (
            line for line in lines if line.startswith(f"    {state} --> {then}: ") and "restart" not in line
        )
        assert str(event) in line.partition(": ")[2].split(", ")
    assert [line for line in lines if line.endswith(": restart")] == [
        "    claimed --> failed: restart",
        "    dispatched --> unknown: restart",
    ]
