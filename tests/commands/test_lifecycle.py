"""The table of a command's life: what follows what, what a restart does, and that nothing is left out."""

import pytest

from agent.commands.lifecycle import ENDS, ON_RESTART, OUTCOMES, TABLE, Event, NotInTable, State, after, picture

PAIRS = [(state, event) for state in State for event in Event]
FORBIDDEN = [pair for pair in PAIRS if pair not in TABLE]


@pytest.mark.parametrize(("state", "event"), TABLE)
def test_an_event_of_the_table_leads_where_the_table_says(state: State, event: Event) -> None:
    assert after(state, event) is TABLE[state, event]


@pytest.mark.parametrize(("state", "event"), FORBIDDEN)
def test_every_other_event_is_refused_in_words(state: State, event: Event) -> None:
    with pytest.raises(NotInTable, match=f"^{event} cannot happen to a command that is {state}$"):
        after(state, event)


@pytest.mark.parametrize("state", State)
def test_every_state_leads_to_an_end(state: State) -> None:
    reached, before = {state}, set[State]()
    while reached != before:
        before = reached
        reached = before | {then for (first, _), then in TABLE.items() if first in before}
    assert reached & ENDS


@pytest.mark.parametrize("state", sorted(ENDS))
def test_nothing_happens_after_an_end(state: State) -> None:
    assert not [event for first, event in TABLE if first is state]


@pytest.mark.parametrize("outcome", sorted(OUTCOMES))
def test_an_outcome_can_only_be_reported(outcome: State) -> None:
    assert {event: then for (first, event), then in TABLE.items() if first is outcome} == {
        Event.REPORT: State.REPORTED
    }


def test_only_a_claimed_command_or_the_next_copy_is_dispatched() -> None:
    assert {first for first, event in TABLE if event is Event.DISPATCH} == {State.CLAIMED, State.DISPATCHED}


def test_a_dispatched_command_is_never_given_back() -> None:
    assert (State.DISPATCHED, Event.WITHDRAW) not in TABLE


def test_a_restart_knows_every_state_that_the_journal_can_hold() -> None:
    assert ON_RESTART.keys() == set(State) - {State.WAITING}


@pytest.mark.parametrize(("state", "then"), [(State.CLAIMED, State.FAILED), (State.DISPATCHED, State.UNKNOWN)])
def test_a_restart_ends_what_was_under_way(state: State, then: State) -> None:
    event = ON_RESTART[state]
    assert event is not None
    assert after(state, event) is then


@pytest.mark.parametrize("state", sorted(OUTCOMES | ENDS))
def test_a_restart_leaves_what_is_over_as_it_is(state: State) -> None:
    assert ON_RESTART[state] is None


def test_states_are_stored_under_names_that_never_change() -> None:
    stored = "waiting claimed dispatched done failed unknown reported withdrawn"
    assert " ".join(State) == stored


def test_the_picture_shows_each_line_of_the_table_and_both_restarts() -> None:
    lines = picture().splitlines()
    drawn = [f"    {state} --> {then}: {event}" for (state, event), then in TABLE.items()]
    restarts = ["    claimed --> failed: restart", "    dispatched --> unknown: restart"]
    ends = ["    reported --> [*]", "    withdrawn --> [*]"]
    assert lines == ["stateDiagram-v2", "    [*] --> waiting: listed by Mews", *drawn, *restarts, *ends]
