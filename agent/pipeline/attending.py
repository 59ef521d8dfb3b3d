"""Beside a printer that is at work: the document's origin hears how far it is, and may call it off."""

from collections.abc import Awaitable, Callable

import trio

from agent.commands.driver import Prints
from agent.commands.model import Outcome
from agent.foundation.timing import Clock
from agent.pipeline.orders import Order
from agent.pipeline.register import Register

EVERY_SECONDS = 10.0  # s between two words about a document


class Attending:
    """Of any document, ordered now or before a restart."""

    def __init__(self, register: Register, clock: Clock) -> None:
        self._register, self._clock = register, clock

    async def outcome(self, order: Order, printer: Prints, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """What `work`, the printer's on this order, ends with."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._attend, order, printer)
            outcome = await work()
            nursery.cancel_scope.cancel()
        return outcome

    async def _attend(self, order: Order, printer: Prints) -> None:
        while not (order.is_closed and self._register.outbox.believes(order.origin)):
            await trio.sleep(EVERY_SECONDS)
            await order.origin.wait_reached()
            order.hear(await order.origin.progress(order.id, printer.share(order.id)), self._clock())
        printer.call_off(order.id)
