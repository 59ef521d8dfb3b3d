"""The commands that the box knows of, in memory: those under way, and the last that ended.

The journal holds what must survive; this holds what the next poll and the page need. Bounded by what Mews lists
and by `KEEP_ENDED`.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime

import trio

from agent.commands.bond import Hold, Receipt, Said, Step, held, receipt
from agent.commands.driver import Job, size
from agent.commands.lifecycle import State
from agent.commands.model import Ack, Kind, Outcome, Reply, WaitsFor
from agent.commands.origin import Origin
from agent.commands.record import Record

KEEP_ENDED = 1000  # commands; ids that are never cut again even if Mews should list them once more
MOST_UNDER_WAY = 1000  # commands; a day's keys of a large hotel, and some megabytes
FREE_LANE = 20  # orders that a lane takes even when the box is full, so that a free encoder is never idle
KEEP_SHOWN = 500  # commands for the page; nearly all are kept as ids anyhow, so it costs a place in a table each
DOCUMENT_BYTES = 16 * 1024 * 1024  # of documents that wait; more stays in Mews, which lists it again


class Order:
    """A command under way: its record, and what the journal does not hold.

    `origin` is who ordered it, `job` the first copy's; a command that this box cannot do has a `refusal` instead.
    `is_recovered` is one from before a restart: its origin may have its result already. `first_seen`, `unseen` (a
    list did not have it yet), `since` (it is as it is), `given_back` and `confirmed` (its origin last said that it
    is ours) are monotonic seconds. How it stands with its origin is `hold` and `receipt` (`commands/bond.py`).
    """

    def __init__(
        self,
        record: Record,
        origin: Origin,
        *,
        created: datetime | None = None,
        job: Job | None = None,
        refusal: Outcome | None = None,
        is_recovered: bool = False,
    ) -> None:
        self.record = record
        self.origin = origin
        self.created = created
        self.job = job
        self.refusal = refusal
        self.is_recovered = is_recovered
        self.first_seen = 0.0
        self.unseen = float("-inf")
        self.since = 0.0
        self.given_back = float("-inf")
        self.confirmed = float("-inf")
        self.hold = Hold.LISTED
        self.receipt = Receipt.UNTOLD
        self.sent: trio.Event | None = None  # the newest word about it is on its way; set when it is answered
        self.is_perhaps_told = False  # its result was sent, and the answer was lost
        self.claim_refusals = 0
        self.waits_for: WaitsFor | None = None
        self.said = ""  # Mews' own words about it, for its report and nowhere else

    @property
    def id(self) -> str:
        """Its origin's id of the command."""
        return self.record.id

    def hear(self, reply: Reply, now: float) -> None:
        """Its origin's answer to a claim, or to progress; `now` in monotonic seconds."""
        if reply.ack is Ack.YES:
            self.confirmed = now
            self.hold = held(self.hold, Said.GRANT)
        elif reply.ack is Ack.REFUSED:
            self.close(reply.words)

    def close(self, said: str = "") -> None:
        """Its origin says that it is over."""
        self.hold = held(self.hold, Said.CLOSE)
        self.said = said or self.said

    def step(self, step: Step) -> None:
        """Something happened to its receipt."""
        self.receipt = receipt(self.receipt, step)

    @property
    def is_closed(self) -> bool:
        """Whether its origin says that it is over."""
        return self.hold is Hold.CLOSED

    @property
    def made(self) -> int:
        """How many copies were surely made since the box started."""
        return 0 if self.is_recovered else self.record.made

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
        self._keys = 0  # cut for orders that are over, since the start
        self._documents = 0  # bytes of them that orders hold
        self._last_end: dict[str, float] = {}  # lane -> monotonic seconds
        self._recent: OrderedDict[str, Record] = OrderedDict()

    def __contains__(self, command_id: object) -> bool:
        return command_id in self._under_way or command_id in self._ended

    def have_room(self, queued: int, document: int = 0) -> bool:
        """Whether one more can be under way, behind `queued` others on its lane; Mews lists the rest again.

        One `document` (bytes) is always taken, however big; more only while all of them fit into the budget.
        """
        if document and self._documents and self._documents + document > DOCUMENT_BYTES:
            return False
        return len(self._under_way) < MOST_UNDER_WAY or queued < FREE_LANE

    @property
    def documents(self) -> int:
        """How many bytes of documents the orders hold."""
        return self._documents

    def add(self, order: Order) -> None:
        """A command is under way."""
        self._ended.pop(order.id, None)
        self._under_way[order.id] = order
        self._documents += size(order.job)

    def change(self, order: Order, record: Record, now: float) -> None:
        """Something happened to an order; `now` in monotonic seconds."""
        if record.verdict and not order.record.verdict:
            self._last_end[record.target] = now
            self._let_go(order)
        if (record.state, record.copy) != (order.record.state, order.record.copy):
            order.since, order.waits_for = now, None
        order.record = record

    def get(self, command_id: str) -> Order | None:
        """The command under way with that id."""
        return self._under_way.get(command_id)

    def record(self, command_id: str) -> Record | None:
        """What is known of a command, under way or ended."""
        order = self._under_way.get(command_id)
        return order.record if order else self._ended.get(command_id, (None, 0.0))[0]

    def waiting(self, origin: str = "") -> list[Order]:
        """Those that are queued and not yet ours, of one origin or of all."""
        return [
            order for order in self._under_way.values() if order.is_waiting and origin in ("", order.record.origin)
        ]

    def end(self, order: Order, now: float) -> None:
        """Nothing is owed to Mews for it any more."""
        self._drop(order)
        if order.id not in self._ended:
            self._counts[order.record.verdict] += 1
            self._keys += _keys(order)
        self._remember(order.record, now)

    def remember(self, records: Iterable[Record], now: float) -> None:
        """Take over what ended before the box started. What was withdrawn may come again, as if it were new."""
        for record in records:
            if record.state is State.REPORTED:
                self._remember(record, now)

    def amend(self, record: Record) -> None:
        """Something more is known of a command that ended."""
        if record.id in self._ended:
            self._ended[record.id] = (record, self._ended[record.id][1])
        if record.id in self._recent:
            self._recent[record.id] = record

    def forget(self, order: Order) -> None:
        """It was never ours: should Mews list it again, it is new."""
        self._drop(order)
        self._show(order.record)

    def set_back(self, order: Order) -> None:
        """It waits, and is to be routed by another file: the next list brings it again."""
        self._drop(order)

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
        keys = self._keys + sum(map(_keys, self._under_way.values()))
        return {"waiting": states[State.WAITING], "running": running, **ended, "keys": keys}

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

    def _drop(self, order: Order) -> None:
        if self._under_way.pop(order.id, None) is not None:
            self._let_go(order)

    def _let_go(self, order: Order) -> None:
        """Its document is wanted no more."""
        self._documents -= size(order.job)
        order.job = None if size(order.job) else order.job

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


def _keys(order: Order) -> int:
    return order.made if order.record.kind is Kind.KEY else 0


_URGENCY = {
    State.DISPATCHED: 0,
    State.CLAIMED: 1,
    State.UNKNOWN: 2,
    State.FAILED: 2,
    State.DONE: 2,
    State.WAITING: 3,
}
