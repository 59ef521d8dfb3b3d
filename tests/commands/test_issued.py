"""Which keys are of one stay, by value."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from agent.commands.driver import KeyJob
from agent.commands.issued import IssuedKey, is_of_stay, issued

START = datetime(2026, 11, 26, 15, tzinfo=UTC)
END = START + timedelta(days=2)
JOB = KeyJob("BAR1", ("101", "102"), ("3",), START, END, 2, 3, reservation="stay-1")
KEY = issued("order-1", "lock-server:a", JOB, "4711", 1000)


def changed(job: KeyJob, **values: Any) -> KeyJob:
    return msgspec.structs.replace(job, **values)


def test_a_key_is_known_by_its_order_and_copy_and_holds_no_guest() -> None:
    start, end = int(START.timestamp()), int(END.timestamp())
    assert IssuedKey("order-1/2", "lock-server:a", '["101","102"]', "4711", "stay-1", start, end, made=1000) == KEY
    assert KEY.room_names == ("101", "102")
    assert (KEY.opens("102"), KEY.opens("10"), KEY.is_over) == (True, False, False)


def test_a_key_without_an_end_has_none() -> None:
    assert issued("order-1", "lock-server:a", changed(JOB, end=None), "", 1000).end == 0


@pytest.mark.parametrize("rooms", ["", "[", "101", '{"a": 1}', "[1]"])
def test_a_damaged_row_opens_no_room(rooms: str) -> None:
    assert msgspec.structs.replace(KEY, rooms=rooms).room_names == ()


@pytest.mark.parametrize(
    ("job", "is_so"),
    [
        ({}, True),
        (
            {"rooms": ("102",), "start": START + timedelta(days=1)},
            True,
        ),  # the stay was prolonged, a room fell away
        ({"rooms": ("103",)}, False),  # another room of a group: its guests have no key yet
        ({"reservation": "stay-2"}, False),
        ({"reservation": ""}, False),
    ],
)
def test_a_reservation_tells_the_stay(job: dict[str, Any], is_so: bool) -> None:
    assert is_of_stay(KEY, changed(JOB, **job)) is is_so


def test_what_is_over_is_of_no_stay() -> None:
    assert not is_of_stay(msgspec.structs.replace(KEY, over=5), JOB)


@pytest.mark.parametrize(
    ("job", "is_so"),
    [
        ({}, True),
        ({"end": END + timedelta(days=1)}, False),
        ({"start": START + timedelta(hours=1)}, False),
        ({"rooms": ("101",)}, False),
        ({"reservation": "stay-1"}, False),
    ],
)
def test_without_a_reservation_rooms_and_times_tell_the_stay(job: dict[str, Any], is_so: bool) -> None:
    bare = changed(JOB, reservation="")
    assert is_of_stay(issued("order-1", "lock-server:a", bare, "", 0), changed(bare, **job)) is is_so
