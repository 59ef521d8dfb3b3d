"""How long a silence is endured: by the last answers, and longer after each silence."""

import pytest

from agent.mews.account.patience import FIRST, LONGEST, REMEMBERED, SHORTEST, Patience


def test_before_any_answer_a_silence_may_last_as_long_as_a_slow_start() -> None:
    assert Patience().seconds == FIRST


@pytest.mark.parametrize(("took", "seconds"), [(0.1, SHORTEST), (2.0, 8.0), (100.0, LONGEST)])
def test_the_slowest_of_the_last_answers_counts(took: float, seconds: float) -> None:
    patience = Patience()
    for each in (0.01, took, 0.01):
        patience.answered(each)
    assert patience.seconds == seconds


def test_an_old_answer_is_forgotten() -> None:
    patience = Patience()
    patience.answered(5.0)
    for _ in range(REMEMBERED):
        patience.answered(0.1)
    assert patience.seconds == SHORTEST


def test_each_silence_makes_the_next_one_longer_until_an_answer_comes() -> None:
    patience, seen = Patience(), []
    patience.answered(0.1)
    for _ in range(20):
        patience.was_silent()
        seen.append(patience.seconds)
    assert seen[:4] == [6.0, 12.0, 24.0, LONGEST]
    assert max(seen) == LONGEST
    patience.answered(0.1)
    assert patience.seconds == SHORTEST
