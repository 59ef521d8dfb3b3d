"""The pauses that Mews asks for: kept to the second where it names one, growing where it does not."""

import pytest

from agent.mews.account.pauses import BARRED_SECONDS, FIRST, LONGEST, OVER_SECONDS, Pauses


def pauses() -> Pauses:
    return Pauses(float)


def test_without_a_pause_mews_may_be_called() -> None:
    assert (pauses().left(0.0), pauses().is_barred(1e6)) == (0.0, False)


def test_a_named_pause_runs_out_to_the_second() -> None:
    here = pauses()
    assert here.asked(47.0, 100.0, of_update=False) == 47.0
    assert [here.left(now) for now in (100.0, 146.0, 147.0, 200.0)] == [47.0, 1.0, 0.0, 0.0]


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    here = pauses()
    here.asked(47.0, 100.0, of_update=False)
    here.asked(5.0, 101.0, of_update=True)
    assert here.left(101.0) == 46.0


def test_a_pause_of_a_day_is_taken_for_a_mistake() -> None:
    assert pauses().asked(86400.0, 0.0, of_update=False) == LONGEST


def test_pauses_without_a_length_double_and_a_list_begins_them_again() -> None:
    here = pauses()
    kept = [here.asked(None, 0.0, of_update=False) for _ in range(9)]
    assert kept == [FIRST, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0, LONGEST, LONGEST]
    here.listed(0.0)
    assert here.asked(None, 0.0, of_update=False) == FIRST


@pytest.mark.parametrize(("seconds", "is_barred"), [(BARRED_SECONDS - 0.001, False), (BARRED_SECONDS, True)])
def test_a_mews_that_has_asked_for_a_minute_bars_the_box(seconds: float, is_barred: bool) -> None:
    here = pauses()
    here.asked(1.0, 100.0, of_update=False)
    here.asked(1.0, 100.0 + seconds, of_update=False)
    assert here.is_barred(100.0 + seconds) is is_barred


def test_a_call_that_is_let_in_begins_the_minute_again() -> None:
    here = pauses()
    here.asked(1.0, 0.0, of_update=True)
    here.update_answered()
    here.asked(1.0, 50.0, of_update=False)
    assert not here.is_barred(BARRED_SECONDS)
    assert here.is_barred(50.0 + BARRED_SECONDS)


@pytest.mark.parametrize(("seconds", "is_over"), [(OVER_SECONDS, False), (OVER_SECONDS + 0.001, True)])
def test_a_list_ends_the_pause_of_an_update_once_none_was_asked_for_half_a_minute(
    seconds: float, is_over: bool
) -> None:
    here = pauses()
    here.asked(0.0, 100.0, of_update=True)
    assert here.listed(100.0 + seconds) is is_over
    assert here.is_barred(100.0 + BARRED_SECONDS) is not is_over
