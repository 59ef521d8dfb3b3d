"""The ring keeps each sample until it is taken, within its time and its memory."""

import tracemalloc

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.status.telemetry import ring as ring_module
from agent.status.telemetry.family import Labels
from agent.status.telemetry.ring import KEEP_SECONDS, MOST_SERIES, Batch, Ring
from agent.status.telemetry.write_request import STALE, Value, value


def name(number: int) -> Labels:
    return (("__name__", f"nightporter_series_{number}"), ("hop", "encoder:1"))


def told(ring: Ring, most: int = 10**9) -> dict[tuple[Labels, float], Value]:
    found: dict[tuple[Labels, float], Value] = {}
    while ring:
        batch = ring.oldest(most)
        found |= {(labels, at): each for labels, points in batch.series.items() for at, each in points}
        ring.drop(batch.end)
    return found


ROWS = st.lists(st.dictionaries(st.integers(0, 5), st.integers(0, 3), max_size=6), max_size=25)


@given(ROWS, st.integers(1, 20))
@settings(deadline=None)
def test_what_went_in_comes_out_in_any_pieces(rows: list[dict[int, int]], most: int) -> None:
    ring = Ring()
    wanted: dict[tuple[Labels, float], Value] = {}
    before: set[int] = set()
    for at, row in enumerate(rows):
        ring.add(at, {name(series): value(each) for series, each in row.items()})
        wanted |= {(name(series), float(at)): value(each) for series, each in row.items()}
        wanted |= {(name(series), float(at)): STALE for series in before - row.keys()}
        before = set(row)
    assert told(ring, most) == wanted


@given(ROWS, st.lists(st.integers(0, 3), max_size=25))
@settings(deadline=None)
def test_what_is_taken_in_between_changes_nothing(rows: list[dict[int, int]], takes: list[int]) -> None:
    one, other = Ring(), Ring()
    found: dict[tuple[Labels, float], Value] = {}
    for at, row in enumerate(rows):
        values = {name(series): value(each) for series, each in row.items()}
        one.add(at, values)
        other.add(at, values)
        for _ in range(takes[at] if at < len(takes) else 0):
            batch = other.oldest(4)
            found |= {(labels, when): each for labels, points in batch.series.items() for when, each in points}
            other.drop(batch.end)
    assert found | told(other) == told(one)


def test_a_series_that_is_there_no_more_ends_once() -> None:
    ring = Ring()
    ring.add(1, {name(1): value(1), name(2): value(1)})
    ring.add(2, {name(1): value(1)})
    ring.add(3, {name(1): value(1)})
    assert ring.oldest(100).series[name(2)] == [(1, value(1)), (2, STALE)]


def test_the_end_of_a_series_is_told_when_all_before_it_was_taken() -> None:
    ring = Ring()
    ring.add(1, {name(1): value(1)})
    ring.drop(ring.oldest(10).end)
    ring.add(2, {})
    assert ring.oldest(10).series == {name(1): [(2, STALE)]}


def test_what_is_older_than_its_time_goes_first_and_is_counted() -> None:
    ring = Ring(keep_seconds=100)
    for at in range(0, 200, 10):
        ring.add(at, {name(1): value(at)})
    assert ring.oldest(1).series[name(1)] == [(90, value(90))]
    assert ring.dropped == 9


def test_a_batch_whose_rows_went_meanwhile_drops_no_others() -> None:
    ring = Ring(keep_seconds=20)
    ring.add(0, {name(1): value(0)})
    batch = ring.oldest(1)
    ring.add(100, {name(1): value(1)})
    ring.drop(batch.end)
    assert told(ring) == {(name(1), 100): value(1)}


def test_nothing_is_in_an_empty_ring() -> None:
    assert Ring().oldest(10) == Batch({}, 0, 0)


def test_more_series_than_there_is_room_for_are_left_out_and_counted() -> None:
    ring = Ring()
    ring.add(0, {name(number): value(0) for number in range(MOST_SERIES + 5)})
    assert len(ring.oldest(10**6).series) == MOST_SERIES
    ring.add(1, {name(number): value(0) for number in range(MOST_SERIES + 5)})
    assert ring.dropped > 5


def test_36_hours_of_120_series_cost_less_than_2_mb() -> None:
    tracemalloc.start()
    ring = Ring()
    before = tracemalloc.get_traced_memory()[0]
    for minute in range(37 * 60):
        row = {name(series): value(0) for series in range(100)}
        row |= {name(series): value(minute * series) for series in range(100, 120)}
        ring.add(minute * 60.0, row)
    cost = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert cost < 2_000_000
    assert len(ring) * 60 > 36 * 3600
    assert KEEP_SECONDS > 36 * 3600
    assert ring_module.MOST_BYTES < 2_000_000
