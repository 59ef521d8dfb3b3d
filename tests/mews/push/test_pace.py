"""How often Mews is asked beside its news: rarely while the line is open, at once and often when it is not."""

import pytest

from agent.mews.push.pace import A_SECOND, BURST, CATCH_UP_SECONDS, Pace, catch_up_seconds

USUAL = 2.0  # s


def pace() -> Pace:
    return Pace(USUAL, CATCH_UP_SECONDS, 0.0)


@pytest.mark.parametrize(
    ("poll", "age", "seconds"),
    [(2.0, 180, 27.0), (0.05, 180, 27.0), (60.0, 180, 60.0), (1.0, 30, 10.0), (5.0, 10, 5.0)],
)
def test_a_key_that_the_line_has_lost_is_found_before_it_is_too_old(poll: float, age: int, seconds: float) -> None:
    assert catch_up_seconds(poll, age) == seconds


def test_with_their_jitter_the_polls_are_at_most_half_a_minute_apart() -> None:
    open_line = pace()
    open_line.opened()
    open_line.rest(USUAL)
    assert open_line.rest(USUAL * 1.1) == pytest.approx(29.7)
    assert open_line.rest(USUAL * 0.9) == pytest.approx(24.3)


def test_without_the_line_the_rest_is_the_usual_one() -> None:
    closed = pace()
    assert [closed.rest(USUAL), closed.rest(1.9)] == [USUAL, 1.9]
    closed.opened()
    closed.rest(USUAL)
    closed.lost()
    assert [closed.rest(USUAL), closed.rest(USUAL)] == [USUAL, USUAL]


def test_how_far_apart_polls_are_follows_the_line() -> None:
    line = pace()
    told = [(line.is_open, line.every)]
    line.opened()
    told.append((line.is_open, line.every))
    line.lost()
    assert [*told, (line.is_open, line.every)] == [(False, USUAL), (True, CATCH_UP_SECONDS), (False, USUAL)]


def test_after_it_opens_and_after_news_there_is_one_more_poll_at_the_usual_time() -> None:
    open_line = pace()
    open_line.opened()
    assert [open_line.rest(USUAL), open_line.rest(USUAL)] == [USUAL, CATCH_UP_SECONDS]
    assert open_line.news(9.0) == 0
    assert [open_line.rest(USUAL), open_line.rest(USUAL)] == [USUAL, CATCH_UP_SECONDS]


def test_in_a_flood_of_news_the_polls_for_them_become_fewer_and_recover() -> None:
    open_line = pace()
    for _ in range(int(BURST)):
        assert open_line.news(0.0) == 0
        open_line.asking(0.0)
    assert open_line.news(0.0) == pytest.approx(1 / A_SECOND)
    assert open_line.news(0.25) == pytest.approx(0.75 / A_SECOND)
    assert open_line.news(1.0) == 0
    open_line.asking(1.0)
    open_line.asking(1.0)  # one by the clock takes none away that is not there
    assert open_line.news(1.0) == pytest.approx(1 / A_SECOND)
    assert open_line.news(9999.0) == 0
    for _ in range(int(BURST) - 1):
        open_line.asking(9999.0)
    assert open_line.news(9999.0) == 0
    open_line.asking(9999.0)
    assert open_line.news(9999.0) > 0
