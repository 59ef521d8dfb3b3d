"""The table of a room's states: what no event may do, and what a start makes of each."""

from itertools import product

import pytest

from agent.rooms.sync.plan.states import (
    HOLDS_STAYS,
    ON_RESTART,
    TABLE,
    Event,
    NotInTable,
    RoomState,
    after,
    stored,
)

S, E = RoomState, Event
UNDER_WAY = {S.GOING_IN, S.GOING_OUT, S.TRYING_IN, S.TRYING_OUT}


@pytest.mark.parametrize(("state", "event"), list(product(RoomState, Event)))
def test_each_pair_is_in_the_table_or_refused(state: RoomState, event: Event) -> None:
    if (state, event) in TABLE:
        assert after(state, event) is TABLE[state, event]
    else:
        with pytest.raises(NotInTable, match=f"{state} cannot {event}"):
            after(state, event)


def test_a_call_begins_from_a_settled_state_alone() -> None:
    begun = {(state, event) for state, event in TABLE if event in (E.ASK_IN, E.ASK_OUT)}
    assert begun == {(S.OUT, E.ASK_IN), (S.IN, E.ASK_OUT), (S.DOUBT, E.ASK_IN), (S.DOUBT, E.ASK_OUT)}


def test_every_call_can_end_in_every_way() -> None:
    ends = {E.SUCCEED, E.REFUSE, E.MISS, E.LOSE}
    assert all((state, event) in TABLE for state in UNDER_WAY for event in ends)


def test_a_lost_answer_and_a_restart_in_a_call_leave_a_doubt() -> None:
    assert {after(state, E.LOSE) for state in UNDER_WAY} == {S.DOUBT}
    assert {ON_RESTART[state] for state in UNDER_WAY} == {S.DOUBT}
    assert all(ON_RESTART[state] is state for state in set(S) - UNDER_WAY)


def test_out_of_a_doubt_only_an_answer_leads() -> None:
    for trying, end in ((S.TRYING_IN, S.IN), (S.TRYING_OUT, S.OUT)):
        assert {event for event in E if TABLE.get((trying, event)) is end} == {E.SUCCEED, E.REPEAT_REFUSED}
        assert {event for event in E if TABLE.get((trying, event)) is S.DOUBT} == {E.REFUSE, E.MISS, E.LOSE}


def test_a_word_of_a_later_version_is_a_doubt() -> None:
    assert [stored(word) for word in ("in", "out", "hovering", "")] == [S.IN, S.OUT, S.DOUBT, S.DOUBT]


def test_stays_are_in_house_where_the_room_was_last_checked_in_or_perhaps_was() -> None:
    assert {S.IN, S.DOUBT, S.GOING_IN, S.TRYING_IN} == HOLDS_STAYS
