"""Reservations in today's dialect: when they began and end, and whose they are."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mews.current.stays import LONGEST, SECOND, pieces, stay
from agent.mews.reading.decoding import Unreadable
from agent.mews.records import OwnerKind, Stay, StayState
from tests.mews.current.examples import RESERVATION

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def read(**members: Any) -> Stay:
    return stay(json.dumps(RESERVATION | members).encode())


def test_a_stay_is_as_it_was_else_as_it_is_planned_else_by_the_names_that_are_about_to_go() -> None:
    was, planned, old = "2026-11-01T01:00:00Z", "2026-11-02T02:00:00Z", "2026-11-03T03:00:00Z"
    for actual, scheduled, day in ((was, planned, 1), (None, planned, 2), (7, planned, 2), (None, None, 3)):
        found = read(
            ActualStartUtc=actual, ScheduledStartUtc=scheduled, StartUtc=old,
            ActualEndUtc=actual, ScheduledEndUtc=scheduled, EndUtc=old,
        )  # fmt: skip
        assert (found.start.day, found.end.day) == (day, day)


def test_a_stay_without_any_date_is_none() -> None:
    with pytest.raises(Unreadable, match="no usable StartUtc"):
        read(ActualStartUtc=None, ScheduledStartUtc=None, StartUtc=None)


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Customer", OwnerKind.CUSTOMER), ("Company", OwnerKind.COMPANY), ("Robot", OwnerKind.UNKNOWN)],
)
def test_an_owner_is_a_customer_a_company_or_not_known(word: str, kind: OwnerKind) -> None:
    assert read(AccountType=word).owner_kind is kind


def test_states_that_owe_no_room_yet_are_open() -> None:
    words = ("Inquired", "Optional", "Requested", "Confirmed", "Canceled")
    assert [read(State=word).state for word in words] == [
        *[StayState.OPEN] * 3,
        StayState.CONFIRMED,
        StayState.CANCELED,
    ]


@given(st.timedeltas(timedelta(0), timedelta(days=2000)))
def test_pieces_cover_a_time_without_a_gap_and_none_is_too_long(length: timedelta) -> None:
    found = list(pieces(NOON, NOON + length))
    assert (found[0][0], found[-1][1]) == (NOON, NOON + length + SECOND)
    assert [end for _, end in found[:-1]] == [start for start, _ in found[1:]]
    assert all(start < end <= start + LONGEST for start, end in found)


def test_the_shortest_three_months_are_longer_than_a_piece() -> None:
    assert datetime(2027, 5, 1) - datetime(2027, 2, 1) > LONGEST
