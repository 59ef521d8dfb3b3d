"""A printer that takes bytes on a port and says nothing (port 9100): what it was sent is not confirmed.

The format is the hotel's own risk (reference/printing.md, section 7), so a document goes as it is. A byte that was
sent is never sent again.
"""

from collections.abc import Awaitable, Callable, Sequence

import trio

from agent.commands.driver import Job, Lane, PrinterNow
from agent.commands.model import Kind, Outcome
from agent.commands.probe import Step
from agent.drivers.eyes import NO_EYES, Eyes
from agent.drivers.printing.documents.job import document_of, print_job
from agent.drivers.printing.documents.now import UNCONFIRMED
from agent.drivers.printing.failures import not_taken
from agent.drivers.printing.faults import PrinterFaults
from agent.drivers.printing.ipp import verdicts
from agent.drivers.printing.ipp.answers import PrinterFacts
from agent.drivers.printing.ipp.notes import PrintCode, ended
from agent.drivers.printing.own_steps import raw_steps
from agent.foundation.errors import NotSent
from agent.foundation.timing import Backoff, Clock
from agent.health.health import Health

PIECE = 64 * 1024  # bytes at a time
AT_MOST = 3600.0  # s that one copy may take, however steadily it is read
CLOSE_SECONDS = 10.0  # s in which a printer that has taken all closes its side; not every one does
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0  # s before a printer that is away is tried again
LOOK_SECONDS = 300.0  # s between two looks: each is a connection, which some printers count
EYES_SECONDS = 60.0  # s; who has just come to look sees nothing older, and it says nothing of itself
AWAY_SECONDS = 2.0  # s while none comes about, which no printer counts
_BROKEN = (trio.BrokenResourceError, trio.ClosedResourceError)

Connect = Callable[[], Awaitable[trio.abc.Stream]]


class RawPrinter:
    """`connect` makes a connection or raises `NotSent`; for `patience` (s) it may be away, or take nothing.
    For `eyes` that are new it is looked at more often."""

    calls_at_once: float = 1  # a whole number for trio

    def __init__(
        self,
        name: str,
        connect: Connect,
        health: Health,
        *,
        patience: float,
        clock: Clock,
        eyes: Eyes = NO_EYES,
    ) -> None:
        self.hop = f"printer:{name}"
        self.lanes: Sequence[Lane] = (Lane(self.hop, name, name, self.hop, Kind.PRINT),)
        self.last_answer: float | None = None
        self.at_work = ""
        self.next_try: float | None = None  # monotonic seconds; only while a printer that is away is waited for
        self._connect, self._patience, self._clock = connect, patience, clock
        self._faults = PrinterFaults(health, self.hop)
        self._eyes = eyes
        self._turn = trio.Lock()
        self._name = ""  # of the job under way
        self._called_off = trio.Event()  # that job is

    def objection(self, job: Job) -> Outcome | None:
        """Why it cannot be printed, as far as its bytes tell."""
        found = document_of(job)
        return found if isinstance(found, Outcome) else None

    async def carry_out(self, job: Job) -> Outcome:
        """Send the document, once for each copy."""
        found = document_of(job)
        if isinstance(found, Outcome):
            return found
        async with self._turn:
            self._name, self._called_off = print_job(job).name, trio.Event()
            try:
                return await self._sent(found.data, job.copies)
            finally:
                self._name = self.at_work = ""

    async def follow(self, name: str) -> Outcome:
        """Nothing can be asked of it: what was sent was perhaps printed."""
        await trio.lowlevel.checkpoint()
        return verdicts.of_lost_answer()

    def share(self, name: str) -> float:
        """It does not say."""
        return 0.0

    def call_off(self, name: str) -> None:
        """No more of that job is sent."""
        if name == self._name:
            self._called_off.set()

    async def ask_how_it_is(self) -> PrinterNow:
        """Whether it is there: a connection, and not a byte; none beside a document. Raises `NotSent`."""
        if self.at_work:
            return PrinterNow(UNCONFIRMED)
        try:
            await trio.aclose_forcefully(await self._connected())
        except NotSent as error:
            self._faults.failed(error)
            raise
        return PrinterNow(UNCONFIRMED)

    def own_steps(self) -> Sequence[Step]:
        """What can be tested behind the connection: nothing, and it says so."""
        return raw_steps(self.lanes[0].name)

    async def watch(self) -> None:
        """Connect now and then, so that the page tells of one that is away."""
        while True:
            pause = LOOK_SECONDS
            if not self.at_work:
                try:
                    await self.ask_how_it_is()
                except NotSent:
                    pause = AWAY_SECONDS
                    self.next_try = trio.current_time() + pause
            with trio.move_on_after(pause):
                await trio.sleep(EYES_SECONDS)
                await self._eyes.wait_new()
            self.next_try = None

    async def _sent(self, data: bytes, copies: int) -> Outcome:
        until, backoff = self._clock() + self._patience, Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        for copy in range(copies):
            while (line := await self._line()) is None or isinstance(line, Outcome):
                outcome = line or ended(PrintCode.WITHDRAWN)
                if line is None or self._clock() >= until:
                    return outcome if copy == 0 else verdicts.of_lost_answer()
                self.at_work = f"waits: {outcome.cause}"
                with trio.move_on_after(backoff.pause()):
                    await self._called_off.wait()
            self.at_work = "gets a document"
            if not await self._poured(line, data):
                return verdicts.of_lost_answer()
        return verdicts.of_sent()

    async def _line(self) -> trio.abc.Stream | Outcome | None:
        """A connection, or why there is none; None where it is wanted no more."""
        if self._called_off.is_set():
            return None
        try:
            return await self._connected()
        except NotSent as error:
            self._faults.failed(error)
            return not_taken(error)

    async def _connected(self) -> trio.abc.Stream:
        line = await self._connect()
        self.last_answer = self._clock()
        self._faults.told(PrinterFacts())
        return line

    async def _poured(self, line: trio.abc.Stream, data: bytes) -> bool:
        """Whether all of it was taken; no more is sent once it is called off."""
        is_taken = False
        with trio.move_on_after(AT_MOST):
            async with line, trio.open_nursery() as nursery:
                nursery.start_soon(self._cut_when_called_off, nursery.cancel_scope)
                is_taken = await self._is_taken(line, data)
                nursery.cancel_scope.cancel()
        return is_taken

    async def _cut_when_called_off(self, sending: trio.CancelScope) -> None:
        await self._called_off.wait()
        sending.cancel()

    async def _is_taken(self, line: trio.abc.Stream, data: bytes) -> bool:
        """Send it, end our side, and wait for the printer to end its own. Who ends first has not taken all."""
        back = _Back(line)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(back.read)
            is_taken = await self._is_sent(line, data) and not back.is_over.is_set()
            if is_taken and isinstance(line, trio.abc.HalfCloseableStream):
                is_taken = await _is_ended(line)
            with trio.move_on_after(CLOSE_SECONDS if is_taken else 0):
                await back.is_over.wait()
            nursery.cancel_scope.cancel()
        return is_taken and not back.is_broken

    async def _is_sent(self, line: trio.abc.Stream, data: bytes) -> bool:
        for start in range(0, len(data), PIECE):
            with trio.move_on_after(self._patience) as limit:
                try:
                    await line.send_all(memoryview(data)[start : start + PIECE])
                except _BROKEN:
                    return False
            if limit.cancelled_caught:
                return False
        return True


class _Back:
    """What comes back from the printer: of no use, and read so that it does not wait for that."""

    def __init__(self, line: trio.abc.Stream) -> None:
        self._line = line
        self.is_over = trio.Event()
        self.is_broken = False

    async def read(self) -> None:
        """Until the printer ends its side, or the line breaks."""
        try:
            while await self._line.receive_some(PIECE):
                pass
        except _BROKEN:
            self.is_broken = True
        self.is_over.set()


async def _is_ended(line: trio.abc.HalfCloseableStream) -> bool:
    try:
        await line.send_eof()
    except _BROKEN:
        return False
    return True
