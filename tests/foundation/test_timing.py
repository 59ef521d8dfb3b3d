"""Time at Mews and pauses: the box's own clock plays no part in either."""

from datetime import UTC, datetime, timedelta

import pytest

from agent.foundation.timing import VOTES, Backoff, MewsClock, jitter, utc_now

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Monotonic:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def monotonic() -> Monotonic:
    return Monotonic()


@pytest.fixture
def clock(monotonic: Monotonic) -> MewsClock:
    return MewsClock(monotonic)


def test_before_the_first_dated_answer_nobody_knows_the_time(clock: MewsClock) -> None:
    assert (clock.is_known, clock.now()) == (False, None)


def test_the_time_at_mews_goes_on_between_two_answers(clock: MewsClock, monotonic: Monotonic) -> None:
    clock.heard(NOON)
    monotonic.now += 90
    assert (clock.is_known, clock.now()) == (True, NOON + timedelta(seconds=90))


def test_the_newest_answer_counts(clock: MewsClock, monotonic: Monotonic) -> None:
    clock.heard(NOON)
    monotonic.now += 90
    clock.heard(NOON)
    assert clock.now() == NOON


def test_age_counts_from_the_order_at_mews(clock: MewsClock, monotonic: Monotonic) -> None:
    clock.heard(NOON)
    assert clock.age(NOON - timedelta(seconds=120), first_seen=monotonic.now) == 120


def test_age_goes_on_while_mews_is_silent(clock: MewsClock, monotonic: Monotonic) -> None:
    clock.heard(NOON)
    monotonic.now += 600
    assert clock.age(NOON, first_seen=1000.0) == 600


def test_an_order_from_the_future_is_as_old_as_we_know_it(clock: MewsClock, monotonic: Monotonic) -> None:
    clock.heard(NOON)
    monotonic.now += 30
    assert clock.age(NOON + timedelta(hours=1), first_seen=1000.0) == 30


def test_without_a_date_age_counts_from_the_first_sight(clock: MewsClock, monotonic: Monotonic) -> None:
    monotonic.now += 45
    assert clock.age(NOON, first_seen=1000.0) == 45


def test_a_front_end_whose_clock_is_wrong_is_outvoted(clock: MewsClock, monotonic: Monotonic) -> None:
    for number in range(40):
        monotonic.now += 2
        clock.heard(NOON + timedelta(seconds=monotonic.now - 1000 + (300 if number % 3 == 0 else 0)))
        if number:
            assert clock.now() == NOON + timedelta(seconds=monotonic.now - 1000)
    assert clock.is_clear


def test_where_dates_leave_it_open_an_order_is_no_older_than_the_list_that_lacked_it(
    clock: MewsClock, monotonic: Monotonic
) -> None:
    for minutes in (5, 5, 0):
        clock.heard(NOON + timedelta(minutes=minutes))
    assert clock.age(NOON, first_seen=1000.0, unseen=998.0) == 2
    assert clock.age(NOON, first_seen=1000.0) == 300


def test_an_order_that_is_old_by_each_date_is_old_although_no_list_had_it_before(
    clock: MewsClock, monotonic: Monotonic
) -> None:
    for minutes in (5, 5, 0):
        clock.heard(NOON + timedelta(minutes=minutes))
    assert clock.age(NOON - timedelta(minutes=4), first_seen=1000.0, unseen=998.0) == 240


def test_dates_that_agree_tell_an_old_order_also_when_it_is_listed_late(
    clock: MewsClock, monotonic: Monotonic
) -> None:
    clock.heard(NOON)
    assert clock.age(NOON - timedelta(minutes=4), first_seen=1000.0, unseen=998.0) == 240


def test_a_date_that_changes_for_good_is_believed_after_some_answers(
    clock: MewsClock, monotonic: Monotonic
) -> None:
    clock.heard(NOON)
    for _ in range(VOTES):
        clock.heard(NOON + timedelta(hours=1))
    assert (clock.now(), clock.is_clear) == (NOON + timedelta(hours=1), True)


@pytest.mark.parametrize("year", [1, 1970, 1999, 2100, 9999])
def test_a_date_that_no_clock_shows_is_none(clock: MewsClock, year: int) -> None:
    clock.heard(NOON.replace(year=year))
    assert (clock.is_known, clock.now()) == (False, None)


def test_pauses_double_up_to_the_longest() -> None:
    backoff = Backoff(1, 10, spread=0)
    assert [backoff.pause() for _ in range(6)] == [1, 2, 4, 8, 10, 10]


def test_after_a_success_the_pauses_begin_anew() -> None:
    backoff = Backoff(1, 10, spread=0)
    backoff.pause()
    backoff.pause()
    backoff.reset()
    assert backoff.pause() == 1


def test_pauses_differ_so_that_boxes_drift_apart() -> None:
    backoff = Backoff(10, 10, spread=0.1)
    pauses = {backoff.pause() for _ in range(50)}
    assert len(pauses) > 1
    assert all(9 <= pause <= 11 for pause in pauses)


def test_jitter_keeps_the_pace_on_average() -> None:
    assert sum(jitter(1.0) for _ in range(2000)) / 2000 == pytest.approx(1.0, abs=0.02)


def test_the_clock_on_the_wall_knows_its_zone() -> None:
    assert utc_now().tzinfo is UTC
