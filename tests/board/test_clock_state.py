"""The clock: what chrony's program, timesyncd's file and the clock with the battery say of it."""

import shlex
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.clock_state import (
    BATTERY,
    CHRONY,
    PATIENCE,
    TIMESYNCD,
    ClockState,
    read_clock_state,
    said_by_chrony,
    tracking,
)
from board.linux import LinuxBoard
from tests.board.sysfs import put

NOW = 1_795_000_000.0
REPORT = "C0A80101,192.168.1.1,3,{now:.9f},{behind},0.000012,0.000034,1.5,-0.001,0.05,0.0123,0.0011,64.2,{leap}\n"


class Clock:
    """A machine: its chronyc is a script that the test writes."""

    def __init__(self, folder: Path) -> None:
        self.chronyc, self.timesync, self.rtc = folder / "chronyc", folder / "synchronized", folder / "rtc0"

    def says(self, report: str, code: int = 0) -> None:
        self.script(f'[ "$*" = "-c -n tracking" ] || exit 9\nprintf %s {shlex.quote(report)}\nexit {code}')

    def script(self, text: str) -> None:
        self.chronyc.write_text(f"#!/bin/sh\n{text}\n")
        self.chronyc.chmod(0o755)

    def state(self) -> ClockState:
        return read_clock_state(str(self.chronyc), self.timesync, self.rtc, lambda: NOW)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path)


@pytest.mark.parametrize("leap", ["Normal", "Insert second", "Delete second"])
def test_chrony_tells_that_it_set_the_clock_and_how_far_off_it_is(clock: Clock, leap: str) -> None:
    clock.says(REPORT.format(now=NOW, behind="0.250000000", leap=leap))
    assert clock.state() == ClockState(True, CHRONY, -0.25)
    clock.says(REPORT.format(now=NOW, behind="-1.5", leap=leap))
    assert clock.state() == ClockState(True, CHRONY, 1.5)


def test_chrony_without_a_server_has_not_set_the_clock(clock: Clock) -> None:
    clock.says(REPORT.format(now=0, behind="0.000000000", leap="Not synchronised"))
    assert clock.state() == ClockState(False, CHRONY)


@pytest.mark.parametrize("behind", ["nan", "inf", "", "soon", "1e999"])
def test_an_offset_that_is_no_number_is_not_told(clock: Clock, behind: str) -> None:
    clock.says(REPORT.format(now=NOW, behind=behind, leap="Normal"))
    assert clock.state() == ClockState(True, CHRONY)


@pytest.mark.parametrize(
    ("report", "code"),
    [("", 0), ("506 Cannot talk to daemon\n", 1), (REPORT, 1), ("a,b,c", 0), ("501 Not authorised\n", 0)],
)
def test_a_chrony_that_cannot_be_asked_tells_nothing(clock: Clock, report: str, code: int) -> None:
    clock.says(report.replace("{leap}", "Normal"), code)
    assert clock.state() == ClockState()


def test_a_chrony_that_does_not_answer_is_not_waited_for(clock: Clock) -> None:
    clock.script("exec sleep 60")
    begun = time.monotonic()
    assert tracking(str(clock.chronyc), 0.2) == ""
    assert time.monotonic() - begun < 30
    assert PATIENCE < 10


def test_where_chrony_is_not_there_timesyncd_leaves_a_file(clock: Clock) -> None:
    assert clock.state() == ClockState()
    clock.timesync.touch()
    assert clock.state() == ClockState(True, TIMESYNCD)


def test_a_clock_with_a_battery_by_which_the_kernel_set_the_time(clock: Clock) -> None:
    put(clock.rtc, since_epoch=int(NOW) + 3, hctosys=1)
    assert clock.state() == ClockState(True, BATTERY, None, 3.0)


def test_a_battery_that_is_empty_has_set_a_time_that_is_none(clock: Clock) -> None:
    put(clock.rtc, since_epoch=946_684_800, hctosys=1)
    assert clock.state() == ClockState(False, BATTERY, None, 946_684_800 - NOW)


def test_until_chrony_has_the_time_that_of_the_battery_counts(clock: Clock) -> None:
    clock.says(REPORT.format(now=0, behind="0", leap="Not synchronised"))
    put(clock.rtc, since_epoch=int(NOW), hctosys=1)
    assert clock.state() == ClockState(True, BATTERY, None, 0.0)


def test_a_clock_with_a_battery_that_was_not_used_is_compared_and_no_more(clock: Clock) -> None:
    clock.says(REPORT.format(now=NOW, behind="0.0", leap="Normal"))
    put(clock.rtc, since_epoch=int(NOW) - 10, hctosys=0)
    assert clock.state() == ClockState(True, CHRONY, 0.0, -10.0)


def test_this_machine_is_asked_without_an_error() -> None:
    board = LinuxBoard({})
    assert board.clock_state() == board.clock_state()


@given(st.text(max_size=300))
def test_whatever_chronyc_prints_is_no_error(report: str) -> None:
    found = said_by_chrony(report)
    assert (found.source == "") == (found.is_set is None)
    assert found.offset_seconds is None or found.is_set


@given(st.lists(st.text(st.characters(exclude_characters=","), max_size=12), min_size=14, max_size=16))
def test_a_report_with_odd_fields_is_one_of_a_clock_that_is_set_or_not(fields: list[str]) -> None:
    found = said_by_chrony(",".join(fields))
    assert (found.source, found.is_set is None) == (CHRONY, False)
