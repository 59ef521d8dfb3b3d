"""The commands that the box knows of, in memory: those under way, and the last that ended.

The journal holds what must survive; this holds what the next poll and the page need. Bounded by what Mews lists
and by `KEEP_ENDED`.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime

import trio

from agent.commands.driver import KeyJob
from agent.commands.lifecycle import State
from agent.commands.model import Ack, Outcome, Reply, WaitsFor
from agent.commands.record import Record

KEEP_ENDED = 1000  # commands; ids that are never cut again even if Mews should list them once more
MOST_UNDER_WAY = 1000  # commands; a day's keys of a large hotel, and some megabytes
FREE_LANE = 20  # orders that a lane takes even when the box is full, so that a free encoder is never idle
KEEP_SHOWN = 50  # commands for the page


class Order:
    """A command under way: its record, and what the journal does not hold.

    `job` is the first copy's; a command that this box cannot do has none, but a `refusal`. `first_seen`, `unseen`
    (a list did not have it yet) and `since` (it is as it is) are monotonic seconds.
    """

    def __init__(
        self,
        record: Record,
        *,
        created: datetime | None = None,
        job: KeyJob | None = None,
        refusal: Outcome | None = None,
    ) -> None:
        self.record = record
        self.created = created
        self.first_seen = 0.0
        self.unseen = float("-inf")
        self.job = job
        self.refusal = refusal
        self.since = 0.0
        self.waits_for: WaitsFor | None = None
        self.confirmed = float("-inf")  # monotonic seconds; when Mews last said that it is ours
        self.is_closed = False  # Mews has said that it is over: cancelled, or ended by somebody else
        self.said = ""  # Mews' own words about it, for its report and nowhere else
        self.is_listed = True  # the newest poll that could list it did so
        self.given_back = float("-inf")  # monotonic seconds; a list asked for before that is old news of it
        self.is_received = False  # Mews acknowledged `Received`
        self.receiving: trio.Event | None = None  # `Received` is to be said; set when that is over
        self.is_receiving = False  # ... and is on its way just now
        self.progressing: trio.Event | None = None  # progress is on its way; set when it is answered
        self.is_perhaps_told = False  # its result was sent, and the answer was lost
        self.is_recovered = False  # from before a restart: Mews may have its result already
        self.claim_refusals = 0
        self.is_in_doubt = False  # a claim had no answer: Mews may take it for ours

    @property
    def id(self) -> str:
        """Mews' id of the command."""
        return self.record.id

    def hear(self, reply: Reply, now: float) -> None:
        """Mews' answer to `Processing` for an order that is ours already; `now` in monotonic seconds."""
        if reply.ack is Ack.YES:
            self.confirmed = now
        elif reply.ack is Ack.REFUSED:
            self.is_closed, self.said = True, reply.words or self.said

    @property
    def cards(self) -> int:
        """How many cards were surely cut for it since the box started."""
        return 0 if self.is_recovered else self.record.cut

    @property
    def is_waiting(self) -> bool:
        """Whether it is queued and not yet ours."""
        return self.record.state is State.WAITING


class Orders:
    """All commands that the box knows of, by id."""

    def __init__(self) -> None:
        self._under_way: dict[str, Order] = {}
        self._ended: OrderedDict[str, tuple[Record, float]] = OrderedDict()
        self._counts: Counter[str] = Counter()
        self._cards = 0  # cut for orders that are over, since the start
        self._last_end: dict[str, float] = {}  # lane -> monotonic seconds
        self._recent: OrderedDict[str, Record] = OrderedDict()

    def __contains__(self, command_id: object) -> bool:
        return command_id in self._under_way or command_id in self._ended

    def have_room(self, queued: int) -> bool:
        """Whether one more can be under way, behind `queued` others on its lane; Mews lists the rest again."""
        return len(self._under_way) < MOST_UNDER_WAY or queued < FREE_LANE

    def add(self, order: Order) -> None:
        """A command is under way."""
        self._ended.pop(order.id, None)
        self._under_way[order.id] = order

    def change(self, order: Order, record: Record, now: float) -> None:
        """Something happened to an order; `now` in monotonic seconds."""
        if record.verdict and not order.record.verdict:
            self._last_end[record.target] = now
        if (record.state, record.copy) != (order.record.state, order.record.copy):
            order.since, order.waits_for = now, None
        order.record = record

    def get(self, command_id: str) -> Order | None:
        """The command under way with that id."""
        return self._under_way.get(command_id)

    def waiting(self) -> list[Order]:
        """Those that are queued and not yet ours."""
        return [order for order in self._under_way.values() if order.is_waiting]

    def end(self, order: Order, now: float) -> None:
        """Nothing is owed to Mews for it any more."""
        self._under_way.pop(order.id, None)
        if order.id not in self._ended:
            self._counts[order.record.verdict] += 1
            self._cards += order.cards
        self._remember(order.record, now)

    def remember(self, records: Iterable[Record], now: float) -> None:
        """Take over what ended before the box started. What was withdrawn may come again, as if it were new."""
        for record in records:
            if record.state is State.REPORTED:
                self._remember(record, now)

    def forget(self, order: Order) -> None:
        """It was never ours: should Mews list it again, it is new."""
        self._under_way.pop(order.id, None)
        self._show(order.record)

    def set_back(self, order: Order) -> None:
        """It waits, and is to be routed by another file: the next list brings it again."""
        self._under_way.pop(order.id, None)

    def overdue(self, command_id: str, now: float, after: float) -> Record | None:
        """The record of an ended command, if it ended (or was asked for here) more than `after` seconds ago."""
        record, at = self._ended.get(command_id, (None, now))
        if record is None or now - at <= after:
            return None
        self._ended[command_id] = (record, now)
        return record

    def counts(self) -> dict[str, int]:
        """How many there are, under the names of the status page; ended ones, and the cards, since the start."""
        states = Counter(str(order.record.state) for order in self._under_way.values())
        running = states[State.CLAIMED] + states[State.DISPATCHED]
        pending = Counter(order.record.verdict for order in self._under_way.values())
        ended = {name: self._counts[name] + pending[name] for name in ("done", "failed", "unknown")}
        cards = self._cards + sum(order.cards for order in self._under_way.values())
        return {"waiting": states[State.WAITING], "running": running, **ended, "keys": cards}

    def on_lane(self, lane: str) -> Order | None:
        """The order that is being made on a lane, or the one that is next."""
        mine = (order for order in self._under_way.values() if order.record.target == lane)
        return min(mine, key=lambda order: _URGENCY.get(order.record.state, len(_URGENCY)), default=None)

    def idle_since(self, lane: str) -> float:
        """When the last order on a lane ended, in monotonic seconds; minus infinity where none has."""
        return self._last_end.get(lane, float("-inf"))

    def under_way(self) -> list[Order]:
        """All that are not over, the most urgent first: what is being made, what is next, what waits."""
        return sorted(self._under_way.values(), key=lambda order: _URGENCY.get(order.record.state, len(_URGENCY)))

    def recent(self, most: int = 20) -> Iterator[Record]:
        """The newest commands: those under way first (the most urgent before all), then the last that ended."""
        records = [order.record for order in self.under_way()]
        records += [record for record in reversed(self._recent.values()) if record.id not in self._under_way]
        return iter(records[:most])

    def _remember(self, record: Record, now: float) -> None:
        self._ended.pop(record.id, None)
        self._ended[record.id] = (record, now)
        while len(self._ended) > KEEP_ENDED:
            self._ended.popitem(last=False)
        self._show(record)

    def _show(self, record: Record) -> None:
        self._recent.pop(record.id, None)
        self._recent[record.id] = record
        while len(self._recent) > KEEP_SHOWN:
            self._recent.popitem(last=False)


_URGENCY = {
    State.DISPATCHED: 0,
    State.CLAIMED: 1,
    State.UNKNOWN: 2,
    State.FAILED: 2,
    State.DONE: 2,
    State.WAITING: 3,
}
