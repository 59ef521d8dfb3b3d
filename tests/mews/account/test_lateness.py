"""When an answer of Mews is late enough for a word on the page."""

from agent.mews.account.lateness import REMEMBERED, SHORTEST, TIMES, Lateness


def after(*answers: float) -> Lateness:
    """One whose last answers took so long."""
    lateness = Lateness()
    for took in answers:
        lateness.asked(0.0)
        lateness.answered(took)
    return lateness


def test_while_nothing_is_asked_nothing_is_late() -> None:
    assert after(0.1).late_since(1e9) is None


def test_a_question_is_late_after_a_moment() -> None:
    lateness = after(0.1)
    lateness.asked(10.0)
    assert [lateness.late_since(now) for now in (10.0, 10.0 + SHORTEST - 0.01)] == [None, None]
    assert lateness.late_since(10.0 + SHORTEST) == 10.0


def test_a_mews_that_takes_its_time_is_late_only_after_more_than_that() -> None:
    lateness = after(2.0, 0.1)
    lateness.asked(10.0)
    assert lateness.late_since(10.0 + 2.0 * TIMES - 0.1) is None
    assert lateness.late_since(10.0 + 2.0 * TIMES) == 10.0


def test_a_slow_answer_is_forgotten_after_some_quick_ones() -> None:
    lateness = after(20.0, *[0.1] * REMEMBERED)
    lateness.asked(10.0)
    assert lateness.late_since(10.0 + SHORTEST) == 10.0


def test_what_is_given_up_is_late_no_longer_and_says_nothing_of_how_long_answers_take() -> None:
    lateness = after(0.1)
    lateness.asked(10.0)
    lateness.given_up()
    lateness.answered(40.0)
    assert lateness.late_since(50.0) is None
    lateness.asked(60.0)
    assert lateness.late_since(60.0 + SHORTEST) == 60.0
