"""How an order stands with its origin, by what the tables have to guarantee."""

import pytest

from agent.commands.bond import HOLDS, RECEIPTS, Hold, Receipt, Said, Step, held, picture, receipt


def test_a_grant_makes_ours_what_was_to_be_had_and_nothing_else() -> None:
    assert {hold for hold in Hold if HOLDS.get((hold, Said.GRANT)) is Hold.OURS} == {
        Hold.LISTED,
        Hold.IN_DOUBT,
        Hold.OURS,
    }


def test_what_was_given_back_is_to_be_had_only_after_a_list() -> None:
    for back in (Hold.GIVEN_BACK, Hold.IN_DOUBT_BACK):
        assert not back.is_to_be_had
        assert {said for hold, said in HOLDS if hold is back} == {Said.LIST}
        assert held(back, Said.LIST).is_to_be_had


@pytest.mark.parametrize("said", [Said.NOTHING, Said.REFUSE, Said.LIST])
def test_a_doubt_stays_until_a_yes_or_an_end(said: Said) -> None:
    doubts = [then for (hold, word), then in HOLDS.items() if hold.is_in_doubt and word is said]
    assert all(then.is_in_doubt for then in doubts)


def test_what_is_closed_is_never_ours_again() -> None:
    assert held(Hold.CLOSED, Said.GRANT) is Hold.CLOSED


def test_every_claim_has_a_next_step_whatever_the_answer() -> None:
    for hold in (Hold.LISTED, Hold.IN_DOUBT, Hold.CLOSED):  # a list may close it while the claim is under way
        for said in (Said.GRANT, Said.NOTHING, Said.REFUSE, Said.CLOSE):
            held(hold, said)


def test_a_receipt_is_on_its_way_once_and_told_only_when_it_was_taken() -> None:
    told = {state for (state, step), then in RECEIPTS.items() if then is Receipt.TOLD and step is Step.TAKEN}
    assert told == {Receipt.ON_ITS_WAY}
    assert [state for state, step in RECEIPTS if step is Step.OWE] == [Receipt.UNTOLD]


def test_a_receipt_that_was_missed_can_be_owed_again() -> None:
    for state in (Receipt.OWED, Receipt.ON_ITS_WAY):
        assert receipt(receipt(state, Step.MISSED), Step.OWE) is Receipt.OWED


def test_the_picture_has_a_line_for_each_step_of_both_tables() -> None:
    lines = [line for line in picture().splitlines() if " --> " in line]
    assert len(lines) == len(HOLDS) + len(RECEIPTS)
