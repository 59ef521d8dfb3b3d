"""Every change of an order passes through here: memory, journal, watchers, and the words for its origin.

Nothing in here decides what happens to an order, and nothing can make a device do anything.
"""

from collections.abc import Callable
from datetime import datetime

from agent.commands.model import Outcome
from agent.commands.record import Record
from agent.foundation.errors import JournalUnavailable
from agent.foundation.timing import Clock, utc_now
from agent.health.health import Health
from agent.journal.journal import Journal
from agent.pipeline.orders import Order, Orders
from agent.pipeline.outbox import Outbox


class Register:
    """The orders, their rows and their results. `mews_now` gives the time at Mews, None where it is not known."""

    def __init__(
        self,
        journal: Journal,
        health: Health,
        orders: Orders,
        on_change: Callable[[Record], None],
        mews_now: Callable[[], datetime | None],
        clock: Clock,
    ) -> None:
        self._journal, self._orders, self._on_change = journal, orders, on_change
        self._mews_now, self._clock = mews_now, clock
        self.outbox = Outbox(health, self._reported, self._remember, self._amend, clock=clock)

    def at(self) -> int:
        """The time at Mews in Unix seconds, for a row; before Mews has told it, the box's own."""
        return int((self._mews_now() or utc_now()).timestamp())

    def change(self, order: Order, record: Record) -> None:
        """Something happened to an order."""
        self._orders.change(order, record, self._clock())
        self._on_change(record)

    async def write(self, order: Order, *others: Order) -> None:
        """Have their rows synced together. Raises `JournalUnavailable`: nothing that they announce may happen."""
        await self._journal.write(*(other.record for other in others), order.record)

    async def keep(self, record: Record) -> None:
        """Have a row synced that is true already; what the disk refuses now is tried again later."""
        await self._journal.keep(record)

    def keep_lazily(self, record: Record) -> None:
        """Have a row on disk soon."""
        self._journal.keep_lazily(record)

    async def end(self, order: Order, outcome: Outcome) -> None:
        """A claimed order is over."""
        order.said = outcome.said or order.said
        self.change(order, order.record.end(outcome, self.at()))
        await self.settle(order)

    async def settle(self, order: Order) -> None:
        """Sync an outcome, then report it; a disk that refuses delays no report, the journal owes the row."""
        await self._journal.keep(order.record)
        self.outbox.report(order)

    def refuse(self, order: Order, outcome: Outcome) -> None:
        """End a command that was never claimed. It needs no row: until Mews has the report, it lists it."""
        order.said = outcome.said or order.said
        self.change(order, order.record.refuse(outcome, self.at()))
        self.outbox.report(order)

    def see(self, record: Record) -> None:
        """A person has looked after what it left behind, which may be of an order that is long over."""
        order = self._orders.get(record.id)
        if order is None:
            record = record.see(self.at())
            self._orders.amend(record)
            self._on_change(record)
        else:
            record = order.record.see(self.at())
            self.change(order, record)
        self._journal.keep_lazily(record)

    def set_back(self, order: Order) -> None:
        """A new file is to route it."""
        self.change(order, order.record.set_back())
        self._orders.set_back(order)

    def withdraw(self, order: Order) -> None:
        """It left before it was ours, or somebody else has ended it."""
        order.record = order.record.withdraw(self.at())
        if order.record.claimed:
            self._journal.keep_lazily(order.record)
        self._orders.forget(order)
        self._on_change(order.record)

    async def _remember(self, order: Order) -> bool:
        """Whether the row of an order that was refused unclaimed is on disk."""
        order.record = order.record.remember(self.at())
        try:
            await self._journal.write(order.record)
        except JournalUnavailable:
            return False
        return True

    def _amend(self, order: Order, record: Record) -> None:
        self.change(order, record)
        self._journal.keep_lazily(record)

    def _reported(self, order: Order) -> None:
        self.change(order, order.record.report(self.at()))
        if order.record.claimed:
            self._journal.keep_lazily(order.record)
        self._orders.end(order, self._clock())
