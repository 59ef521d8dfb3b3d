"""The last 24 hours as shapes: what the template draws as SVG, with classes only. Pure.

Keys stand above a line, what went wrong hangs below it, so the picture needs no colour. The shapes are stretched
to the page's width, so there are no letters among them; a table tells the same figures by the hour.
"""

from collections.abc import Sequence
from statistics import median

import msgspec

from agent.status.snapshot.history import Slot

WIDTH = 10  # units of a quarter of an hour
GAP = 2  # units between two bars
ABOVE, BELOW = 100, 40  # units of height for keys and for what went wrong
TIMES = 60  # units of height of the times' picture
SLOTS_IN_HOUR = 4
_LEAST_KEYS, _LEAST_SECONDS = 4, 5.0  # of a full scale: one key is no tower, and a second no mountain


class Bar(msgspec.Struct, frozen=True):
    """A rectangle: `kind` is its class (`done`, `failed` or `unknown`), `slot` whose it is."""

    kind: str
    x: int
    y: float
    height: float
    slot: Slot


class Hour(msgspec.Struct, frozen=True):
    """A line of the table: from when, how many, and the median of the quarters' medians, in seconds."""

    at: str
    done: int
    failed: int
    unknown: int
    seconds: float | None


class Chart(msgspec.Struct, frozen=True):
    """`marks` are the times (ISO 8601) at the four quarters of the axis. `most_keys`, `most_wrong` and
    `most_seconds` are the full scales. `times` is an SVG path of the medians, "" where there is none.
    """

    bars: tuple[Bar, ...]
    times: str
    marks: tuple[str, ...]
    hours: tuple[Hour, ...]
    width: int
    done: int
    failed: int
    unknown: int
    seconds: float | None
    most_keys: int
    most_wrong: int
    most_seconds: float


def draw(history: Sequence[Slot]) -> Chart:
    """The picture of any number of quarters, oldest first."""
    keys = max([_LEAST_KEYS, *(slot.done for slot in history)])
    wrong = max([_LEAST_KEYS, *(slot.failed + slot.unknown for slot in history)])
    known = [slot.seconds for slot in history if slot.seconds is not None]
    seconds = max([_LEAST_SECONDS, *known])
    return Chart(
        bars=tuple(bar for place, slot in enumerate(history) for bar in _bars(place, slot, keys, wrong)),
        times=_path(history, seconds),
        marks=tuple(slot.at for slot in history[:: max(1, len(history) // 4)][:4]),
        hours=_hours(history),
        width=max(1, len(history)) * WIDTH,
        done=sum(slot.done for slot in history),
        failed=sum(slot.failed for slot in history),
        unknown=sum(slot.unknown for slot in history),
        seconds=median(known) if known else None,
        most_keys=keys,
        most_wrong=wrong,
        most_seconds=seconds,
    )


def _bars(place: int, slot: Slot, keys: int, wrong: int) -> tuple[Bar, ...]:
    x, done = place * WIDTH, slot.done / keys * ABOVE
    failed, unknown = slot.failed / wrong * BELOW, slot.unknown / wrong * BELOW
    all_three = (
        Bar("done", x, round(ABOVE - done, 1), round(done, 1), slot),
        Bar("failed", x, ABOVE + 1, round(failed, 1), slot),
        Bar("unknown", x, round(ABOVE + 1 + failed, 1), round(unknown, 1), slot),
    )
    return tuple(bar for bar in all_three if bar.height)


def _path(history: Sequence[Slot], most: float) -> str:
    """A step for each quarter in which a key was cut. A line across the others would be made up."""
    steps = (
        f"M{place * WIDTH} {round(TIMES - slot.seconds / most * (TIMES - 2), 1)}h{WIDTH - GAP}"
        for place, slot in enumerate(history)
        if slot.seconds is not None
    )
    return "".join(steps)


def _hours(history: Sequence[Slot]) -> tuple[Hour, ...]:
    groups = [history[at : at + SLOTS_IN_HOUR] for at in range(0, len(history), SLOTS_IN_HOUR)]
    return tuple(_hour(group) for group in reversed(groups))


def _hour(slots: Sequence[Slot]) -> Hour:
    known = [slot.seconds for slot in slots if slot.seconds is not None]
    return Hour(
        at=slots[0].at,
        done=sum(slot.done for slot in slots),
        failed=sum(slot.failed for slot in slots),
        unknown=sum(slot.unknown for slot in slots),
        seconds=median(known) if known else None,
    )
