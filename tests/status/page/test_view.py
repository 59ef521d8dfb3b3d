"""Moments, spans and orders as the page tells them."""

import pytest

from agent.status.page.view import BLOCK, NEWEST, Times, decimal, dialled, folded, is_under_way, of_room, offset
from agent.status.snapshot.snapshot import Recent
from agent.status.snapshot.work import Stage, UnderWay

NOW = "2026-03-28T23:30:00+01:00"
TIMES = Times(NOW, str)


def order(id: str, room: str = "101") -> Recent:
    return Recent(id, "d", "key", "Bar", room, "DONE", "", NOW)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-03-28T14:03:05+01:00", "14:03:05"),
        ("2026-03-27T14:03:05+01:00", "27 Mar 14:03"),
        ("2025-03-28T14:03:05+01:00", "28 Mar 2025 14:03"),
        ("soon", "soon"),
    ],
)
def test_a_moment_has_as_much_of_the_date_as_differs(at: str, said: str) -> None:
    assert TIMES.moment(at) == said


def test_a_moment_can_be_told_without_its_seconds() -> None:
    assert TIMES.minute("2026-03-28T23:15:00+01:00") == "23:15"
    assert TIMES.minute("2026-03-27T23:15:00+01:00") == "27 Mar 23:15"


def test_a_moment_of_a_box_without_a_time_stays_as_it_is() -> None:
    assert Times("", str).moment(NOW) == NOW


@pytest.mark.parametrize(
    ("at", "seconds"),
    [
        ("2026-03-28T23:29:00+01:00", 60),
        ("2026-03-28T22:29:00+00:00", 60),
        ("2026-03-28T23:31:00+01:00", 0),
        ("2026-03-28T23:29:00", 0),
        ("", 0),
    ],
)
def test_an_age_is_never_negative_and_is_not_guessed(at: str, seconds: int) -> None:
    assert TIMES.seconds(at) == seconds


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (61, "1 min"),
        (3_600, "1 h"),
        (7_500, "2 h 5 min"),
        (90_061, "1 day 1 h"),
        (200_000, "2 days 7 h"),
    ],
)
def test_a_span_is_told_in_its_two_biggest_units(seconds: float, said: str) -> None:
    assert TIMES.span(seconds) == said


def test_an_age_is_a_span() -> None:
    assert TIMES.age("2026-03-28T23:28:00+01:00") == "2 min"


def test_seconds_have_the_point_of_the_language_and_offsets_a_sign() -> None:
    assert decimal(2.44, {".": ","}.get) == "2,4"  # type: ignore[arg-type]
    assert (offset(0.25, str), offset(-1.0, str)) == ("+0.2", "−1.0")
    assert (offset(0.0, str), offset(-0.004, str)) == ("0.0", "0.0")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+43 512 000000", "+43512000000"),
        ("+43 (0)512/00-00 00", "+43512000000"),
        ("0512 00 00 00 (8-17 h)", ""),
        ("+43 512 00, +43 664 00", ""),
        ("112", "112"),
        ("ask at the desk", ""),
        ("+1", ""),
        ("", ""),
    ],
)
def test_a_telephone_dials_the_digits_of_a_number_and_the_plus_that_leads(written: str, number: str) -> None:
    assert dialled(written) == number


def test_a_room_is_found_by_its_beginning_in_any_case() -> None:
    orders = [order("1", "Suite 1"), order("2", "101"), order("3", "")]
    assert [each.id for each in of_room(orders, " SUI ")] == ["1"]
    assert [each.id for each in of_room(orders, "")] == ["1", "2", "3"]


def test_an_order_under_way_is_known_by_its_id() -> None:
    work = [UnderWay("1", "key", "Bar", "101", Stage.WAITING, 1, 0, NOW)]
    assert (is_under_way(order("1"), work), is_under_way(order("2"), work)) == (True, False)


@pytest.mark.parametrize("count", [0, 1, NEWEST, NEWEST + BLOCK - 1, NEWEST + BLOCK, 500])
def test_the_folded_part_grows_by_whole_blocks_and_loses_none(count: int) -> None:
    orders = [order(str(number)) for number in range(count)]
    newest, earlier = folded(orders)
    assert [*newest, *earlier] == orders
    assert len(earlier) % BLOCK == 0
    assert len(newest) < NEWEST + BLOCK
