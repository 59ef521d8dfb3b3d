"""A printer that speaks IPP, as the pass sees it: one document at a time, and its faults while it has none.

Keeps nothing on disk, and no document beyond its outcome.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import trio

from agent.commands.driver import Job, Lane, PrinterNow
from agent.commands.model import Kind, Outcome
from agent.commands.probe import Step
from agent.drivers.eyes import NO_EYES, Eyes
from agent.drivers.knocking import Knock, Knocker
from agent.drivers.printing.documents.job import document_of, print_job
from agent.drivers.printing.documents.now import printer_now
from agent.drivers.printing.faults import PrinterFaults
from agent.drivers.printing.ipp.notes import PrintCode, ended
from agent.drivers.printing.one_print import OnePrint
from agent.drivers.printing.own_steps import PrinterSteps
from agent.drivers.printing.rasters import Rasters
from agent.drivers.printing.talk import IppTalk
from agent.foundation.errors import CallFailed
from agent.foundation.timing import Clock
from agent.health.asking_again import again_after
from agent.health.health import Health

LOOK_SECONDS = 60.0  # s between two looks at a printer that has nothing to do; it may sleep meanwhile
EYES_SECONDS = 1.8  # s between them for somebody who has just come to look; with what one may take within three
AWAY_SECONDS = 2.0  # s, while it does not answer or has stopped: somebody stands there, and waits for green


class IppPrinter:
    """`name` is the file's, `patience` (s) how long it is waited for while it is away, busy or wants a person;
    `knock` tries whether it is there, `eyes` are those for which it is asked often."""

    calls_at_once: float = 1  # a whole number for trio

    def __init__(
        self,
        name: str,
        talk: IppTalk,
        rasters: Rasters,
        health: Health,
        *,
        patience: float,
        clock: Clock,
        knock: Knock | None = None,
        eyes: Eyes = NO_EYES,
    ) -> None:
        self.hop = f"printer:{name}"
        self.lanes: Sequence[Lane] = (Lane(self.hop, name, name, self.hop, Kind.PRINT),)
        self._talk, self._rasters, self._patience, self._clock = talk, rasters, patience, clock
        self._faults = PrinterFaults(health, self.hop)
        self._turn = trio.Lock()
        self._present: OnePrint | None = None
        self._ones: dict[str, OnePrint] = {}  # by the job's name: which waits for its turn, or has it
        self._over = trio.Event()  # a document is
        self._looking = trio.CancelScope()  # of the last look
        self._knocker = None if knock is None else Knocker(knock, lambda: self._is_idle, lambda: None)
        self._eyes = eyes
        self._warned_since: float | None = None  # it goes on, and says that it will not for long
        self.next_try: float | None = None  # monotonic seconds; only while a printer that is away is waited for

    @property
    def last_answer(self) -> float | None:
        """When the printer last said anything (monotonic seconds)."""
        return self._talk.last_answer

    @property
    def at_work(self) -> str:
        """What it does with the document under way; "" where there is none."""
        return self._present.at_work if self._present else ""

    def share(self, name: str) -> float:
        """How much of that job is printed, 0 to 1."""
        return self._ones[name].share if name in self._ones else 0.0

    def objection(self, job: Job) -> Outcome | None:
        """Why it cannot be printed, as far as its bytes tell."""
        found = document_of(job)
        return found if isinstance(found, Outcome) else None

    async def carry_out(self, job: Job) -> Outcome:
        """Have the document printed, and wait until the printer says how it ended."""
        found = document_of(job)
        if isinstance(found, Outcome):
            return found
        name = print_job(job).name
        with self._one(name) as one:
            with trio.move_on_after(self._patience) as wait:
                await self._turn.acquire()
            if wait.cancelled_caught:
                return ended(PrintCode.BUSY, "it is still at an earlier document")
            async with self._presence(one):
                return await one.printed(name, found, job.copies)

    async def follow(self, name: str) -> Outcome:
        """What became of the job of that name: found at the printer, and followed to its end."""
        with self._one(name) as one:
            await self._turn.acquire()
            async with self._presence(one):
                return await one.found(name)

    def call_off(self, name: str) -> None:
        """That job is wanted no more."""
        if name in self._ones:
            self._ones[name].call_off()

    async def ask_how_it_is(self) -> PrinterNow:
        """As it says now; the page knows it too from then on. Raises `CallFailed`."""
        try:
            facts = await self._talk.printer()
        except CallFailed as error:
            self._faults.failed(error)
            raise
        self._faults.told(facts)
        return printer_now(facts)

    def own_steps(self) -> Sequence[Step]:
        """What can be tested behind the connection."""
        return PrinterSteps(self.ask_how_it_is).steps()

    async def watch(self) -> None:
        """Ask it how it is, again and again, while it prints nothing: a document that comes meanwhile ends a
        look, for not every printer takes two connections."""
        was_unheard = False
        while True:
            pause = LOOK_SECONDS
            if self._is_idle:
                with trio.CancelScope() as self._looking:
                    pause = await self._look()
            was_unheard = await self._is_unheard(pause, may_knock=pause >= LOOK_SECONDS and not was_unheard)
            self._over, self.next_try = trio.Event(), None

    @property
    def _is_idle(self) -> bool:
        return not self._turn.locked()

    async def _look(self) -> float:
        """Ask it how it is; the seconds until it is asked again."""
        try:
            self._faults.told(await self._talk.printer())
        except CallFailed as error:
            self._faults.failed(error)
            self.next_try = trio.current_time() + AWAY_SECONDS
            return AWAY_SECONDS
        if self._knocker is not None:
            self._knocker.well()
        pause = AWAY_SECONDS if self._faults.is_stopped else self._rest()
        return min(pause, EYES_SECONDS) if self._eyes.is_new else pause

    def _rest(self) -> float:
        """Who fetches toner wants to see that it is in; who does so tomorrow need not."""
        if not self._faults.is_warned:
            self._warned_since = None
            return LOOK_SECONDS
        now = trio.current_time()
        self._warned_since = now if self._warned_since is None else self._warned_since
        return again_after(now - self._warned_since, AWAY_SECONDS, LOOK_SECONDS)

    async def _is_unheard(self, pause: float, *, may_knock: bool) -> bool:
        """Wait until it is to be asked again: after the pause or a document, or as somebody comes to look.

        True: a knock was not heard, which ends it too.
        """
        is_unheard = False
        async with trio.open_nursery() as nursery:

            async def end_after(wait: Callable[[], Awaitable[None]]) -> None:
                await wait()
                nursery.cancel_scope.cancel()

            nursery.start_soon(end_after, self._over.wait)  # what held a document up may be over
            if self._is_idle and not self._eyes.is_new:
                nursery.start_soon(end_after, self._eyes.wait_new)
            if may_knock and self._knocker is not None:
                is_unheard = await self._knocker.was_unheard(pause)
            else:
                await trio.sleep(pause)
            nursery.cancel_scope.cancel()
        return is_unheard

    @asynccontextmanager
    async def _presence(self, one: OnePrint) -> AsyncIterator[None]:
        """Its turn, which is over at the end."""
        self._present = one
        self._looking.cancel()
        try:
            yield
        finally:
            self._present = None
            self._turn.release()
            self._over.set()

    @contextmanager
    def _one(self, name: str) -> Iterator[OnePrint]:
        """A job from when it is asked for or followed."""
        one = OnePrint(self._talk, self._rasters, self._faults, patience=self._patience, clock=self._clock)
        self._ones[name] = one
        try:
            yield one
        finally:
            del self._ones[name]
