"""Whether the box's clock is set, by what, and how far off it is, as those who set it say.

chrony is asked by its own program, in a child that has `PATIENCE` seconds (chronyc(1), its report in CSV): its
protocol changes with its versions. systemd-timesyncd leaves a file. The clock with the battery is read from /sys.
What may not be asked, or is not there, tells nothing.
"""

import time
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from board.small_files import is_there, number_of

TIMESYNC = Path("/run/systemd/timesync/synchronized")
RTC = Path("/sys/class/rtc/rtc0")
CHRONYC = "chronyc"
PATIENCE = 1.5  # s; chronyc itself asks three times within some seconds if chronyd is silent
_FIELDS = 14  # of the report; before version 1.30 there were fewer
_OFFSET, _LEAP = 4, 13  # how far the clock is behind (s); whether there is a time at all
_IS_SET = ("Normal", "Insert second", "Delete second")
_OLDEST = 1_704_067_200  # 2024-01-01: no box is older; a clock that shows less has lost its time

CHRONY, TIMESYNCD, BATTERY = "chrony", "systemd-timesyncd", "clock battery"


class ClockState(NamedTuple):
    """`is_set` is None where nothing tells. `source` says who does: CHRONY, TIMESYNCD, BATTERY or "".

    `offset_seconds`: how far the clock is ahead of the source's time, `rtc_offset_seconds` how far the clock with
    the battery is ahead of the box's own; negative is behind, None is not told.
    """

    is_set: bool | None = None
    source: str = ""
    offset_seconds: float | None = None
    rtc_offset_seconds: float | None = None


def read_clock_state(
    chronyc: str = CHRONYC,
    timesync: Path = TIMESYNC,
    rtc: Path = RTC,
    wall: Callable[[], float] = time.time,
) -> ClockState:
    """As it is now. Never an error. Takes up to PATIENCE seconds, and may hang with the clock's chip."""
    state = said_by_chrony(tracking(chronyc))
    if not state.source and is_there(timesync):
        state = ClockState(True, TIMESYNCD)
    battery = number_of(rtc / "since_epoch")
    if battery is None:
        return state
    if not state.is_set and number_of(rtc / "hctosys") == 1:  # the kernel set the clock by it at the start
        state = ClockState(battery >= _OLDEST, BATTERY)
    return state._replace(rtc_offset_seconds=battery - wall())


def said_by_chrony(report: str) -> ClockState:
    """What a report says, the battery left aside; nothing if it is none."""
    fields = report.strip().split(",")
    if len(fields) < _FIELDS:
        return ClockState()
    is_set = fields[_LEAP] in _IS_SET
    return ClockState(is_set, CHRONY, _ahead(fields[_OFFSET]) if is_set else None)


def tracking(chronyc: str = CHRONYC, patience: float = PATIENCE) -> str:
    """What `chronyc -c -n tracking` prints; "" where chrony is not there, or does not answer in time."""
    import subprocess  # the console's process has no memory for it before it is asked for

    command = [chronyc, "-c", "-n", "tracking"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=patience, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def _ahead(behind: str) -> float | None:
    try:
        seconds = 0.0 - float(behind)
    except ValueError:
        return None
    return seconds if isfinite(seconds) else None
