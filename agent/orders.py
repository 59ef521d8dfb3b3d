"""The commands that the box knows of, in memory: those under way, and the last that ended.

The journal holds what must survive; this holds what the next poll and the page need. Bounded by what Mews lists
and by `KEEP_ENDED`.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime

import trio

from agent.commands.lifecycle import State
from agent.commands.model import Outcome
from agent.commands.record import Record
from agent.drivers.base import KeyJob

KEEP_ENDED = 1000  # commands; ids that are never cut again even if Mews should list them once more
MOST_UNDER_WAY = 1000  # commands; a day's keys of a large hotel, and some megabytes
KEEP_SHOWN = 50  # commands for the page


class Order:
    """A command under way: its record, and what the journal does not hold.

    `job` is the first copy's; a command that nobody here can do has none, but a `refusal`. `first_seen` is in
    monotonic seconds.
    """

    def __init__(
        self,
        record: Record,
        *,
        created: datetime | None = None,
        first_seen: float = 0.0,
        job: KeyJob | None = None,
        refusal: Outcome | None = None,
    ) -> None:
        self.record = record
        self.created = created
        self.first_seen = first_seen
        self.job = job
        self.refusal = refusal
        self.is_listed = True  # the newest poll that could list it did so
        self.given_back = float("-inf")  # monotonic seconds; a list asked for before that is old news of it
        self.is_received = False  # Mews acknowledged `Received`
        self.receiving: trio.Event | None = None  # `Received` is to be said; set when that is over
        self.is_receiving = False  # ... and is on its way just now
        self.progressing: trio.Event | None = None  # progress is on its way; set when it is answered
        self.is_recovered = False  # from before a restart: Mews may have its result already
        self.claim_refusals = 0
        self.is_in_doubt = False  # a claim had no answer: Mews may take it for ours

    @property
    def id(self) -> str:
        """Mews' id of the command."""
        return self.record.id

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
        self._recent: OrderedDict[str, Record] = OrderedDict()

    def __contains__(self, command_id: object) -> bool:
        return command_id in self._under_way or command_id in self._ended

    @property
    def have_room(self) -> bool:
        """Whether one more can be under way; what Mews lists beyond that comes again with the next poll."""
        return len(self._under_way) < MOST_UNDER_WAY

    def add(self, order: Order) -> None:
        """A command is under way."""
        self._ended.pop(order.id, None)
        self._under_way[order.id] = order

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

    def restart(self) -> list[Record]:
        """Forget what is under way, for a new site; gives what is owed to Mews. The rest it lists again."""
        records = [order.record for order in self._under_way.values()]
        self._under_way.clear()
        return [record for record in records if record.is_open and record.claimed]

    def overdue(self, command_id: str, now: float, after: float) -> Record | None:
        """The record of an ended command, if it ended (or was asked for here) more than `after` seconds ago."""
        record, at = self._ended.get(command_id, (None, now))
        if record is None or now - at <= after:
            return None
        self._ended[command_id] = (record, now)
        return record

    def counts(self) -> dict[str, int]:
        """How many there are, under the names of the status page; ended ones since the start."""
        states = Counter(str(order.record.state) for order in self._under_way.values())
        running = states[State.CLAIMED] + states[State.DISPATCHED]
        pending = Counter(order.record.verdict for order in self._under_way.values())
        ended = {name: self._counts[name] + pending[name] for name in ("done", "failed", "unknown")}
        return {"waiting": states[State.WAITING], "running": running, **ended}

    def recent(self, most: int = 20) -> Iterator[Record]:
        """The newest commands: those under way first, then the last that ended, newest first."""
        records = [order.record for order in reversed(self._under_way.values())]
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
