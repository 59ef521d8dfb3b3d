"""What only rises while the agent lives, counted as it happens, for metrics.

A listener of the hub: it must neither wait nor raise, and costs a few look-ups an event. Knows no guest; rooms and
ids stay in here and are forgotten with their order.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import NamedTuple, Protocol

from agent.commands.lifecycle import OUTCOMES, State
from agent.commands.model import Kind, Verdict
from agent.commands.record import Record
from agent.control.words.events import ActEnded, Event, FaultChanged, OrderChanged
from agent.foundation.timing import Clock
from agent.status.telemetry.figures import ENCODER_SECONDS, ORDER_SECONDS, Counted, Counters, Distribution

KEEP_ENDED = 2000  # ids of orders that are over, so that none is counted twice; twice what the box itself keeps


class Polls(Protocol):
    """What is read of a connector; each counts from its own start."""

    @property
    def polls(self) -> int: ...
    @property
    def polls_failed(self) -> int: ...
    @property
    def reconnects(self) -> int: ...


class _Seen(NamedTuple):
    """An order that is under way: its cards that are counted, the copy that is being made, and since when."""

    made: int
    copy: int
    since: float


class Tally:
    """`clock` gives monotonic seconds, `lost_lines` how many lines the log has lost."""

    def __init__(self, clock: Clock, lost_lines: Callable[[], int] = int) -> None:
        self._clock, self._lost_lines = clock, lost_lines
        self._under_way: dict[str, _Seen] = {}
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._orders: Counter[tuple[str, ...]] = Counter()
        self._faults: Counter[tuple[str, ...]] = Counter()
        self._acts: Counter[tuple[str, ...]] = Counter()
        self._answers: Counter[tuple[str, ...]] = Counter()
        self._order_seconds = Distribution.empty(ORDER_SECONDS)
        self._encoder_seconds = Distribution.empty(ENCODER_SECONDS)
        self._cards = 0
        self._polls: Polls | None = None
        self._earlier = (0, 0, 0)  # of connectors before the present one
        self.samples_dropped: Callable[[], int] = int
        self._readers_dropped = 0

    def hear(self, event: Event) -> None:
        """Something happened."""
        match event:
            case OrderChanged():
                self._hear_order(event.record)
            case FaultChanged(is_over=False):
                self._faults[(event.code,)] += 1
            case ActEnded():
                act = event.act
                self._acts[(act.verb, act.face, act.end)] += 1

    def answered(self, status: int) -> None:
        """The page gave an answer."""
        self._answers[(f"{status // 100}xx",)] += 1

    def reader_dropped(self) -> None:
        """A reader of live news was too slow for what the page sends."""
        self._readers_dropped += 1

    def adopt(self, polls: Polls) -> None:
        """A new file has a connector of its own, which counts from 0."""
        self._earlier = self._all_polls()
        self._polls = polls

    def counters(self) -> Counters:
        """All of it as it is now."""
        polls, failed, reconnects = self._all_polls()
        return Counters(
            orders=_sorted(self._orders),
            cards=self._cards,
            polls=polls,
            polls_failed=failed,
            reconnects=reconnects,
            faults=_sorted(self._faults),
            acts=_sorted(self._acts),
            page_answers=_sorted(self._answers),
            readers_dropped=self._readers_dropped,
            log_lines_lost=self._lost_lines(),
            samples_dropped=self.samples_dropped(),
            order_seconds=self._order_seconds,
            encoder_seconds=self._encoder_seconds,
        )

    def _all_polls(self) -> tuple[int, int, int]:
        now = self._polls
        if now is None:
            return self._earlier
        polls, failed, reconnects = self._earlier
        return polls + now.polls, failed + now.polls_failed, reconnects + now.reconnects

    def _hear_order(self, record: Record) -> None:
        if record.id in self._ended and record.state is not State.CLAIMED:
            return  # reported, looked after, told once more: it was counted
        if record.kind is Kind.KEY:
            self._follow_cards(record)
        if record.state in OUTCOMES or record.state is State.WITHDRAWN:
            self._end(record)

    def _follow_cards(self, record: Record) -> None:
        """Count its cards as they come. What it had when it was first heard of, an earlier process has counted."""
        before = self._under_way.get(record.id)
        now = self._clock()
        if before is None:
            made = 0 if record.state in (State.CLAIMED, State.WAITING, State.DISPATCHED) else record.made
            before = _Seen(min(made, record.made), record.copy, now)
        fresh = max(0, record.made - before.made)
        if fresh:
            self._cards += fresh
            self._encoder_seconds = self._encoder_seconds.observe(max(0.0, now - before.since))
        since = before.since if record.copy == before.copy and not fresh else now
        self._under_way[record.id] = _Seen(record.made, record.copy, since)

    def _end(self, record: Record) -> None:
        self._under_way.pop(record.id, None)
        self._orders[(str(record.kind), str(record.verdict or record.state))] += 1
        if record.kind is Kind.KEY and record.verdict == Verdict.DONE and record.created:
            took = max(0, record.ended - record.created)
            self._order_seconds = self._order_seconds.observe(float(took))
        if record.state is State.WITHDRAWN:
            return  # Mews may list it again, as if it were new
        self._ended[record.id] = None
        while len(self._ended) > KEEP_ENDED:
            self._ended.popitem(last=False)


def _sorted(counted: Counter[tuple[str, ...]]) -> Counted:
    return tuple(sorted(counted.items()))
