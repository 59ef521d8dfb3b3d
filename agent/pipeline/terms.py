"""Under which terms orders are carried out: what one provisioning file makes of routes, drivers, Mews and limits.

A new file brings new terms; lanes, orders and the journal outlive them. So does what waits for Mews: `CurrentMews`
is the Mews of the terms that hold, as one origin.
"""

from collections.abc import Mapping

import msgspec
import trio

from agent.commands.consent import Consent
from agent.commands.driver import Driver
from agent.commands.model import Ack, Ending, Reply, Verdict, WaitsFor
from agent.commands.origin import Origin
from agent.foundation.timing import MewsClock
from agent.pipeline.intake import Intake
from agent.pipeline.last_look import LastLook


class Terms(msgspec.Struct, frozen=True):
    """One file's. `drivers` are by their server's hop; `consent` is the hotel's own rule about keys."""

    intake: Intake
    drivers: Mapping[str, Driver]
    mews: Origin
    mews_clock: MewsClock
    last_look: LastLook
    consent: Consent | None = None


class CurrentMews:
    """Mews' queue as the pass sees it, whichever connector speaks to it. Before the first there is no answer."""

    def __init__(self) -> None:
        self._queue: Origin | None = None
        self._changed = trio.Event()

    def adopt(self, queue: Origin) -> None:
        """From now on this one speaks. Calls under way at the one before end there."""
        self._queue = queue
        self._changed.set()
        self._changed = trio.Event()

    @property
    def obstacle(self) -> WaitsFor | None:
        """Why Mews cannot be asked just now; None if it can."""
        return WaitsFor.MEWS if self._queue is None else self._queue.obstacle

    async def wait_reached(self) -> None:
        """Wait until the present connector is let in."""
        while self.obstacle is not None:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_cancel_after, self._changed, nursery.cancel_scope)
                if self._queue is None:
                    await trio.sleep_forever()
                else:
                    await self._queue.wait_reached()
                nursery.cancel_scope.cancel()

    async def receive(self, command_id: str) -> Reply:
        """Say that the command was received."""
        return _NOT_YET if self._queue is None else await self._queue.receive(command_id)

    async def claim(self, command_id: str, *, is_received: bool, is_in_doubt: bool = False) -> Reply:
        """Ask for the command; only YES makes it ours."""
        if self._queue is None:
            return _NOT_YET
        return await self._queue.claim(command_id, is_received=is_received, is_in_doubt=is_in_doubt)

    async def progress(self, command_id: str, share: float) -> Reply:
        """Say how far it is, from 0 to 1."""
        return _NOT_YET if self._queue is None else await self._queue.progress(command_id, share)

    async def ending(self, command_id: str, verdict: Verdict) -> Ending | None:
        """How it stands at Mews."""
        return None if self._queue is None else await self._queue.ending(command_id, verdict)

    async def report(self, command_id: str, verdict: Verdict, note: str, *, is_claimed: bool) -> Reply:
        """Say how it ended."""
        if self._queue is None:
            return _NOT_YET
        return await self._queue.report(command_id, verdict, note, is_claimed=is_claimed)


_NOT_YET = Reply(Ack.UNANSWERED, "the box has no provisioning file yet", is_sent=False)


async def _cancel_after(changed: trio.Event, scope: trio.CancelScope) -> None:
    await changed.wait()
    scope.cancel()
