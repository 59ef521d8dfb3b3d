"""Times on the serial line: the hotel's as soon as its zone is known, and marked as UTC before."""

import pytest

from agent.console.terminal.hotel_time import HotelTime, stamp
from agent.console.terminal.page_status import Status


def told(time: str, zone: str = "Europe/Vienna", *, is_agent: bool = True) -> Status:
    return Status(is_agent, "ok", "", timezone=zone, time=time)


def test_before_the_zone_is_known_a_time_says_that_it_is_utc() -> None:
    assert HotelTime().local(f"{stamp(43_200.0)} one") == "12:00:00 UTC one"


@pytest.mark.parametrize(
    ("time", "local"),
    [
        ("2026-03-28T13:00:00+01:00", "00:30:05 one"),
        ("2026-03-28T13:00:00-09:30", "14:00:05 one"),
        ("2026-03-28T13:00:00+05:45", "05:15:05 one"),
        ("2026-03-28T13:00:00+00:00", "23:30:05 one"),
    ],
)
def test_the_offset_of_the_page_is_the_hotels(time: str, local: str) -> None:
    clock = HotelTime()
    assert clock.learn(told(time, "Some/Where"))
    assert clock.local("23:30:05 UTC one") == local


def test_only_the_time_at_the_beginning_of_a_line_is_put_in_the_hotels() -> None:
    clock = HotelTime()
    clock.learn(told("2026-03-28T13:00:00+01:00"))
    text = "steps:\n10:00:00 UTC clock: set to 09:00:00 UTC\n10:00:00 UTCx\n 10:00:00 UTC"
    assert clock.local(text) == "steps:\n11:00:00 clock: set to 09:00:00 UTC\n10:00:00 UTCx\n 10:00:00 UTC"


@pytest.mark.parametrize(
    "status",
    [
        None,
        told("2026-03-28T13:00:00+01:00", is_agent=False),  # the page that stands in knows no hotel
        told("2026-03-28T13:00:00+00:00", "UTC"),
        told("2026-03-28T13:00:00+01:00", ""),
        told(""),
        told("noon"),
        told("2026-03-28T13:00:00"),
    ],
)
def test_what_tells_no_zone_changes_nothing(status: Status | None) -> None:
    clock = HotelTime()
    assert not clock.learn(status)
    assert clock.local("12:00:00 UTC one") == "12:00:00 UTC one"
    clock.learn(told("2026-03-28T13:00:00+01:00"))
    assert not clock.learn(status)
    assert clock.local("12:00:00 UTC one") == "13:00:00 one"


def test_a_change_of_the_clocks_is_followed_and_is_no_other_zone() -> None:
    clock = HotelTime()
    assert clock.learn(told("2026-03-29T01:59:59+01:00"))
    assert not clock.learn(told("2026-03-29T03:00:14+02:00"))
    assert clock.local("01:00:14 UTC one") == "03:00:14 one"
    assert clock.learn(told("2026-03-29T02:00:14+01:00", "Europe/Lisbon"))
