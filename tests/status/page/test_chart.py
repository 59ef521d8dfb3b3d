"""The last 24 hours as shapes."""

from agent.status.page.chart import ABOVE, BELOW, WIDTH, draw
from agent.status.snapshot.history import Slot


def slots(*each: Slot) -> tuple[Slot, ...]:
    return (
        tuple(Slot(f"2026-03-28T{place // 4:02}:{place % 4 * 15:02}:00+01:00") for place in range(96 - len(each)))
        + each
    )


def test_a_day_without_a_key_has_an_axis_and_no_bar() -> None:
    chart = draw(slots())
    assert (chart.bars, chart.times, chart.done, chart.seconds) == ((), "", 0, None)
    assert (chart.width, len(chart.marks), len(chart.hours)) == (96 * WIDTH, 4, 24)


def test_keys_stand_above_the_line_and_what_went_wrong_hangs_below_it() -> None:
    chart = draw(slots(Slot("t", 8, 2, 2, 3.0)))
    done, failed, unknown = chart.bars
    assert (done.kind, done.x, done.y, done.height) == ("done", 95 * WIDTH, 0, ABOVE)
    assert (failed.y, failed.height) == (ABOVE + 1, BELOW / 2)
    assert (unknown.y, unknown.height) == (ABOVE + 1 + BELOW / 2, BELOW / 2)


def test_one_key_is_no_tower() -> None:
    (bar,) = draw(slots(Slot("t", 1))).bars
    assert bar.height == ABOVE / 4


def test_the_times_are_steps_where_keys_were_and_nothing_between() -> None:
    chart = draw((Slot("a", 1, seconds=5.0), Slot("b"), Slot("c", 1, seconds=2.5)))
    assert (chart.times, chart.seconds, chart.most_seconds) == ("M0 2.0h8M20 31.0h8", 3.75, 5.0)


def test_the_table_has_the_last_hour_first_and_the_same_sums() -> None:
    chart = draw(slots(Slot("a", 1, 1), Slot("b", 2, 0, 1, 4.0), Slot("c", 1, seconds=2.0), Slot("d")))
    last = chart.hours[0]
    assert (last.at, last.done, last.failed, last.unknown, last.seconds) == ("a", 4, 1, 1, 3.0)
    assert (chart.done, chart.failed, chart.unknown) == (4, 1, 1)


def test_no_history_draws_nothing() -> None:
    assert draw(()).hours == ()
