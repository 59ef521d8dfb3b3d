"""How soon a lock server is looked at again."""

import pytest

from agent.drivers.lock_server.log_in import LogInRefused, StrangeAnswer, Unanswered, WebApiClosed
from agent.drivers.lock_server.looks import AWAY_SECONDS, CHECK_SECONDS, is_away, rest_after
from agent.foundation.errors import CallFailed, NoAnswer, NotSent
from agent.health.asking_again import YOUNG_SECONDS

HOURS = 36_000.0


@pytest.mark.parametrize("error", [NotSent("off"), WebApiClosed("off"), Unanswered("nothing", is_heard=False)])
def test_one_that_is_away_is_looked_for_every_two_seconds_however_long(error: CallFailed) -> None:
    assert is_away(error)
    assert [rest_after(error, age) for age in (0.0, HOURS)] == [AWAY_SECONDS, AWAY_SECONDS]


@pytest.mark.parametrize("error", [None, LogInRefused("no"), StrangeAnswer("HTTP 200, without a token")])
def test_a_log_in_that_was_refused_is_no_more_repeated_than_one_that_was_well(error: CallFailed | None) -> None:
    assert not is_away(error)
    assert [rest_after(error, age) for age in (0.0, HOURS)] == [CHECK_SECONDS, CHECK_SECONDS]


def test_any_other_trouble_is_looked_at_often_while_it_is_new() -> None:
    error = NoAnswer("its answer broke off")
    assert [rest_after(error, age) for age in (0.0, YOUNG_SECONDS)] == [AWAY_SECONDS, AWAY_SECONDS]
    assert [rest_after(error, YOUNG_SECONDS + beyond) for beyond in (20.0, HOURS)] == [20.0, CHECK_SECONDS]
