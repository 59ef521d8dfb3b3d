"""What the pass, the faults and the disk report, passed on to who has to know before the hub tells all.

Called on the spot, in the pass' own time: none of it may wait or raise.
"""

from collections.abc import Callable
from typing import TypeAlias

from agent.commands.record import Record
from agent.control.hub import Hub
from agent.control.words.events import FaultChanged, OrderChanged
from agent.health import box_kinds
from agent.health.health import Fault, Health
from agent.pipeline.orders import Orders

Hear: TypeAlias = Callable[[Record], None]


class News:
    """One for the life of the process."""

    def __init__(self, health: Health, hub: Hub, orders: Orders) -> None:
        self._health, self._hub, self._orders = health, hub, orders
        self._first: tuple[Hear, ...] = ()

    def tell_first(self, *hear: Hear) -> None:
        """From now on, have these told of each step of an order before the hub."""
        self._first = (*self._first, *hear)

    def order(self, record: Record) -> None:
        """Something happened to an order."""
        for hear in self._first:
            hear(record)
        order = self._orders.get(record.id)
        self._hub.publish(OrderChanged(record, order.waits_for or "" if order else ""))

    def fault(self, fault: Fault, is_raised: bool) -> None:
        """A fault came or went."""
        kind = fault.kind
        self._hub.publish(FaultChanged(kind.code, fault.hop, kind.level, fault.text, is_over=not is_raised))

    def journal_trouble(self, reason: str | None) -> None:
        """The disk refuses a commit, or (None) takes them again."""
        if reason is None:
            self._health.clear("box", box_kinds.JOURNAL_WRITE)
        else:
            self._health.raise_fault(box_kinds.JOURNAL_WRITE, "box", f"The disk refuses to write: {reason}.")
