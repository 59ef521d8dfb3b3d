"""Keys of the last 24 hours in quarters of an hour, as their orders end. Pure.

Counts, and a few times for the median; bounded whatever comes. Unix seconds by Mews' clock: in UTC, so that no
summer time makes a quarter twice as long.
"""

from collections import deque
from collections.abc import Sequence

from agent.commands.model import Kind, Verdict
from agent.commands.record import Record
from agent.foundation.reading.moments import from_unix
from agent.status.snapshot.history import SLOT_SECONDS, SLOTS, SlotFacts

TIMES = 32  # of a quarter, for its median; the latest
MOST_SLOTS = 2 * SLOTS  # kept, so that a clock that was wrong for a while pushes nothing out at once
MOST_IDS = 1000  # orders that are not counted twice; as many as the box keeps in mind


class _Quarter:
    __slots__ = ("done", "failed", "seconds", "unknown")

    def __init__(self) -> None:
        self.done = self.failed = self.unknown = 0
        self.seconds: deque[int] = deque(maxlen=TIMES)


class History:
    """What became of the orders of keys."""

    def __init__(self) -> None:
        self._quarters: dict[int, _Quarter] = {}
        self._counted: dict[str, None] = {}

    def hear(self, record: Record) -> None:
        """Count an order once, when it has ended; anything else is left aside. May be told again and again."""
        if record.kind is not Kind.KEY or not record.verdict or not record.ended or record.id in self._counted:
            return
        self._counted[record.id] = None
        if len(self._counted) > MOST_IDS:
            del self._counted[next(iter(self._counted))]
        quarter = self._quarters.setdefault(record.ended // SLOT_SECONDS, _Quarter())
        _count(quarter, record)
        if len(self._quarters) > MOST_SLOTS:
            del self._quarters[min(self._quarters)]

    def last_day(self, now: int) -> tuple[SlotFacts, ...]:
        """The last 24 hours before `now` (Unix seconds), the oldest first; the last quarter is the present one."""
        last = now // SLOT_SECONDS
        return tuple(_slot(number, self._quarters.get(number)) for number in range(last - SLOTS + 1, last + 1))


def order_to_end(record: Record) -> int | None:
    """Seconds from the order to its end, by Mews' clock; None where one of them is not known."""
    return max(0, record.ended - record.created) if record.created and record.ended else None


def middle(seconds: Sequence[int]) -> float | None:
    """The median; None of nothing. By hand, for `statistics` is 10 ms of a start that has a poll to make."""
    if not seconds:
        return None
    ranked, half = sorted(seconds), len(seconds) // 2
    return float(ranked[half]) if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2


def _count(quarter: _Quarter, record: Record) -> None:
    quarter.done += record.made
    if record.verdict == Verdict.FAILED:
        quarter.failed += 1
    elif record.verdict == Verdict.UNKNOWN:
        quarter.unknown += 1
    elif (seconds := order_to_end(record)) is not None:
        quarter.seconds.append(seconds)


def _slot(number: int, quarter: _Quarter | None) -> SlotFacts:
    at = from_unix(number * SLOT_SECONDS)
    if quarter is None:
        return SlotFacts(at)
    return SlotFacts(at, quarter.done, quarter.failed, quarter.unknown, middle(quarter.seconds))
