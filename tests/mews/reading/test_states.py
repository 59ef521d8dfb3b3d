"""Mews' words for how a room and a reservation are."""

from agent.mews.reading.states import SPACE_STATES, STAY_STATES, space_state, stay_state
from agent.mews.records import SpaceState, StayState


def test_every_meaning_but_the_unknown_has_a_word_and_a_new_word_is_unknown() -> None:
    assert {*SPACE_STATES.values()} == {*SpaceState} - {SpaceState.UNKNOWN}
    assert {*STAY_STATES.values()} == {*StayState} - {StayState.UNKNOWN}
    assert [space_state(word) for word in ("Clean", "clean", "", "Flooded")] == [
        SpaceState.CLEAN,
        *[SpaceState.UNKNOWN] * 3,
    ]
    assert [stay_state(word) for word in ("Optional", "", "Postponed")] == [
        StayState.OPEN,
        *[StayState.UNKNOWN] * 2,
    ]
