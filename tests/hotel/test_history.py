"""The last day in quarters of an hour: counted once, bounded, and true over a restart."""

from hypothesis import given
from hypothesis import strategies as st

from agent.commands.lifecycle import State
from agent.commands.model import Kind
from agent.commands.record import Record
from agent.hotel.history import MOST_IDS, MOST_SLOTS, History, middle, order_to_end
from agent.status.snapshot.history import SLOT_SECONDS, SLOTS, SlotFacts

NOW = 1_774_000_000
QUARTER = NOW // SLOT_SECONDS * SLOT_SECONDS


def ended(
    id: str = "c-1", verdict: str = "done", *, at: int = NOW, took: int = 10, made: int = 1, kind: Kind = Kind.KEY
) -> Record:
    return Record(
        *(id, "d-1", kind, "encoder:1", "101", 1, State.REPORTED),
        made=made,
        verdict=verdict,
        created=at - took,
        ended=at,
    )


def last(history: History, now: int = NOW) -> SlotFacts:
    return history.last_day(now)[-1]


def test_a_day_is_96_quarters_of_which_the_last_is_the_present_one() -> None:
    day = History().last_day(NOW)
    assert (len(day), day[-1].at.timestamp(), day[0].at.timestamp()) == (96, QUARTER, QUARTER - 95 * SLOT_SECONDS)


def test_keys_failures_and_unknown_ones_are_counted_with_the_median_of_those_that_were_done() -> None:
    history = History()
    for number, took in enumerate((4, 10, 90)):
        history.hear(ended(f"d-{number}", took=took))
    history.hear(ended("f", "failed", made=0))
    history.hear(ended("u", "unknown", made=1))
    slot = last(history)
    assert (slot.done, slot.failed, slot.unknown, slot.seconds) == (4, 1, 1, 10.0)


def test_an_order_that_is_told_again_counts_once() -> None:
    history = History()
    for _ in range(3):
        history.hear(ended())
    assert last(history).done == 1


def test_documents_and_orders_without_an_end_are_left_aside() -> None:
    history = History()
    history.hear(ended(kind=Kind.PRINT))
    history.hear(ended(verdict=""))
    history.hear(ended(at=0, took=0))
    assert all(slot == SlotFacts(slot.at) for slot in history.last_day(NOW))


def test_a_key_whose_order_has_no_time_counts_without_a_duration() -> None:
    history = History()
    history.hear(ended(took=NOW))
    assert (last(history).done, last(history).seconds) == (1, None)


def test_what_is_older_than_a_day_is_not_shown() -> None:
    history = History()
    history.hear(ended(at=NOW - SLOTS * SLOT_SECONDS))
    assert not any(slot.done for slot in history.last_day(NOW))


def test_the_median_lies_between_two_and_of_nothing_there_is_none() -> None:
    assert (middle([1, 4]), middle([3]), middle([])) == (2.5, 3.0, None)


def test_an_order_that_seems_to_end_before_it_was_given_took_no_time() -> None:
    assert order_to_end(ended(took=-5)) == 0


def test_a_year_of_keys_takes_no_more_room_than_two_days() -> None:
    history = History()
    for number in range(5 * MOST_IDS):
        history.hear(ended(str(number), at=NOW + number * SLOT_SECONDS))
    assert len(history._quarters) == MOST_SLOTS
    assert len(history._counted) == MOST_IDS


@given(st.lists(st.integers(-62_104_060_800, 253_370_764_800), max_size=20), st.integers(-(10**11), 10**12))
def test_no_time_keeps_a_day_from_being_shown(times: list[int], now: int) -> None:
    history = History()
    for number, at in enumerate(times):
        history.hear(ended(str(number), at=at))
    assert len(history.last_day(now)) == SLOTS
