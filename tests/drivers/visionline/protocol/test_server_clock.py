"""The date that is signed: the box's where both clocks agree, the server's where they do not."""

from datetime import UTC, datetime, timedelta

import pytest

from agent.drivers.visionline.protocol.server_clock import ServerClock, differ

NOW = datetime(2026, 11, 21, 14, tzinfo=UTC)


def test_before_the_first_answer_the_box_s_own_time_counts() -> None:
    clock = ServerClock()
    clock.heard(None, 100.0)
    assert clock.time(NOW, 100.0) == NOW


@pytest.mark.parametrize("seconds", [-4, 0, 4])
def test_two_clocks_that_are_near_each_other_agree(seconds: int) -> None:
    clock = ServerClock()
    clock.heard(NOW + timedelta(seconds=seconds), 100.0)
    assert clock.time(NOW, 100.0) == NOW


@pytest.mark.parametrize("days", [-7300, -1, 1, 365])
def test_a_server_s_other_time_is_carried_on_by_the_monotonic_clock(days: int) -> None:
    clock = ServerClock()
    clock.heard(NOW + timedelta(days=days), 100.0)
    assert clock.time(NOW + timedelta(hours=5), 160.0) == NOW + timedelta(days=days, seconds=60)


def test_the_newest_answer_counts() -> None:
    clock = ServerClock()
    clock.heard(NOW + timedelta(days=1), 100.0)
    clock.heard(NOW, 101.0)
    assert clock.time(NOW + timedelta(seconds=1), 102.0) == NOW + timedelta(seconds=1)


def test_clocks_differ_from_five_seconds_on() -> None:
    assert not differ(NOW, NOW + timedelta(seconds=5))
    assert differ(NOW, NOW - timedelta(seconds=6))
