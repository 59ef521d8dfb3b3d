"""One document on its way to an IPP printer: asked first, sent once, followed to its end.

A document is sent again only where the printer said no to it and, as far as it lists its jobs, has none of its
name. Where it is in doubt whether it was taken the job is looked for by its name, which is the command's id, and
the document is never sent again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import trio

from agent.commands.model import Outcome
from agent.drivers.printing import rasters
from agent.drivers.printing.documents.kinds import Document
from agent.drivers.printing.documents.way import Way, way
from agent.drivers.printing.failures import not_taken
from agent.drivers.printing.faults import PrinterFaults
from agent.drivers.printing.following_job import JobFollowing
from agent.drivers.printing.ipp import answers, verdicts
from agent.drivers.printing.ipp.answers import JobFacts, JobState, PrinterFacts, PrinterState
from agent.drivers.printing.ipp.message import Message
from agent.drivers.printing.ipp.notes import PrintCode, ended
from agent.drivers.printing.ipp.requests import Ticket
from agent.drivers.printing.ipp.standing import stopped_by
from agent.drivers.printing.ipp.statuses import Next, next_of
from agent.drivers.printing.ipp.verdicts import Cancelled
from agent.drivers.printing.raster.rasteriser import RasterFailed
from agent.drivers.printing.rasters import Rasters
from agent.drivers.printing.talk import Document as Sent
from agent.drivers.printing.talk import IppTalk, Refused, Turned
from agent.foundation.errors import CallFailed, NotSent, OtherSpeech
from agent.foundation.timing import Backoff, Clock

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0  # s before a printer that did not take it is asked again
LOOK_SECONDS = 5.0  # s between two looks at a printer that is reading a document
FIRST_SEARCH = 0.5  # s before the first search for a job whose answer was lost
MISSES = 3  # searches in vain, after which the printer has no such job


class Later(msgspec.Struct, frozen=True):
    """It was surely not taken, and may be tried again; `outcome` is how it ends if there is no time for that."""

    outcome: Outcome


class OnePrint:
    """`patience` (s) is how long a printer is waited for that is away, busy, or wants a person."""

    def __init__(
        self,
        talk: IppTalk,
        rasters: Rasters,
        faults: PrinterFaults,
        *,
        patience: float,
        clock: Clock,
    ) -> None:
        self._talk, self._rasters, self._faults = talk, rasters, faults
        self._patience, self._clock = patience, clock
        self._called_off = trio.Event()
        self._following: JobFollowing | None = None
        self._was_refused = False  # after it had gone out
        self._says = "is asked whether it can print"

    @property
    def at_work(self) -> str:
        """What the printer does with it, for the page."""
        return self._following.at_work if self._following else self._says

    @property
    def share(self) -> float:
        """How much of it is printed, 0 to 1."""
        return self._following.share if self._following else 0.0

    def call_off(self) -> None:
        """It is wanted no more."""
        self._called_off.set()

    async def printed(self, name: str, document: Document, copies: int) -> Outcome:
        """Have it printed under that name, and say how it ended."""
        if (objection := await self._rasters.objection(document)) is not None:
            return objection
        until, backoff = self._clock() + self._patience, Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        refused: frozenset[str] = frozenset()  # formats that the printer lists and does not take
        while not self._called_off.is_set():
            step = await self._tried(name, document, copies, refused)
            if isinstance(step, Outcome):
                return step
            if isinstance(step, Later):
                self._says = f"waits: {step.outcome.cause}"
                if self._clock() >= until:
                    return await self._not_printed(name, step.outcome)
                with trio.move_on_after(backoff.pause()):
                    await self._called_off.wait()
            else:
                refused |= {step}
        return await self._not_printed(name, ended(PrintCode.WITHDRAWN))

    async def found(self, name: str, end: Cancelled = Cancelled.NO) -> Outcome:
        """What became of a document of that name which may have been sent: looked for, and followed to its end,
        or ended there for that reason."""
        self._says = "is asked what became of a document"
        until, backoff, misses = self._clock() + self._patience, Backoff(FIRST_SEARCH, LONGEST_PAUSE), 0
        while misses < MISSES and self._clock() < until:
            await trio.sleep(backoff.pause())
            try:
                job = await self._talk.job_named(name)
            except CallFailed as error:
                self._faults.failed(error)
                continue
            if job is not None:
                return await self._follow(job, end=end)
            misses += 1
        return verdicts.of_lost_answer()

    async def _tried(
        self, name: str, document: Document, copies: int, refused: frozenset[str]
    ) -> Outcome | Later | str:
        """Ask the printer, and send it if it can be; a format that it lists and does not take comes back."""
        try:
            facts = await self._talk.printer()
            kept = await self._kept(name) if self._was_refused else None
        except CallFailed as error:
            self._faults.failed(error)
            return Later(not_taken(error))
        self._faults.told(facts)
        if kept is not None:
            return await self._follow(kept)
        if facts.is_accepting is False:
            return Later(ended(PrintCode.BUSY, "it takes no documents"))
        chosen = way(document.kind, _without(facts, refused), copies)
        if isinstance(chosen, Outcome):
            return await self._not_printed(name, chosen)
        try:
            async with self._ready(document, chosen, facts) as sent:
                return await self._sent(name, chosen, sent)
        except RasterFailed as error:
            return await self._not_printed(name, rasters.refused(error))

    @asynccontextmanager
    async def _ready(self, document: Document, chosen: Way, facts: PrinterFacts) -> AsyncIterator[Sent]:
        """What is sent. Raises `RasterFailed`, before anything is sent if that can be told."""
        if chosen.raster is None:
            yield document.data
            return
        self._says = "gets a document drawn"
        async with self._rasters.drawn(document, chosen.raster, chosen.repeats, facts) as pieces:
            yield pieces

    async def _sent(self, name: str, chosen: Way, document: Sent) -> Outcome | Later | str:
        self._says = "gets a document"
        ticket = Ticket(name, chosen.format, chosen.copies)
        try:
            answer = await self._attended(name, ticket, document)
        except (NotSent, OtherSpeech, Turned) as error:
            self._was_refused |= isinstance(error, Turned)
            self._faults.failed(error)
            return Later(not_taken(error))
        except RasterFailed as error:
            await self.found(name, Cancelled.ORDER)
            return rasters.broken_off(error)
        except CallFailed:  # what it made of it is not known
            return await self.found(name)
        if answer is None:
            return await self.found(name, Cancelled.ORDER if self._called_off.is_set() else Cancelled.WAIT)
        return await self._answered(name, chosen, answer)

    async def _attended(self, name: str, ticket: Ticket, document: Sent) -> Message | None:
        """Send it, and look after the printer meanwhile; None where that was broken off."""
        result: Message | CallFailed | RasterFailed | None = None
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._look_after, name, nursery.cancel_scope)
            try:
                result = await self._talk.print(ticket, document)
            except (CallFailed, RasterFailed) as error:
                result = error
            nursery.cancel_scope.cancel()
        if isinstance(result, Exception):
            raise result
        return result

    async def _look_after(self, name: str, sending: trio.CancelScope) -> None:
        """A printer without paper reads no further, and an answer may be lost without a sound: break off when it
        is wanted no more, the job is over, or the printer waits or rests for too long."""
        well = self._clock()
        while not self._called_off.is_set() and self._clock() - well <= self._patience:
            with trio.move_on_after(LOOK_SECONDS):
                await self._called_off.wait()
            try:
                facts = await self._talk.printer()
            except CallFailed as error:
                self._faults.failed(error)
                self._says = f"waits: {error.reason}"
                continue
            self._faults.told(facts)
            stopped = stopped_by(facts)
            self._says = f"waits: {stopped}" if stopped else "gets a document"
            if await self._is_over(name):
                break
            well = well if stopped or facts.state is PrinterState.IDLE else self._clock()
        sending.cancel()

    async def _is_over(self, name: str) -> bool:
        try:
            job = await self._talk.job_named(name)
        except CallFailed:  # nothing is known then, and the printer was just heard
            return False
        return job is not None and job.state.is_over

    async def _answered(self, name: str, chosen: Way, answer: Message) -> Outcome | Later | str:
        ignored = answers.ignored(answer)
        self._was_refused = True  # where it is followed, no one asks
        match next_of(answer.code, ignored):
            case Next.GO_ON:
                job = answers.job_facts(answer)
                has_ignored = "copies" in ignored and chosen.copies > 1
                return await (self._follow(job, has_ignored_copies=has_ignored) if job.id else self.found(name))
            case Next.DOUBT:
                return await self.found(name)
            case Next.OTHER_FORMAT if chosen.raster is None:
                return chosen.format
            case Next.OTHER_VERSION | Next.TRY_LATER | Next.TROUBLE:
                return Later(_refusal(answer))
            case _:
                return await self._not_printed(name, _refusal(answer))

    async def _not_printed(self, name: str, outcome: Outcome) -> Outcome:
        """That outcome, or what becomes of the job that the printer has in spite of its no."""
        try:
            kept = await self._kept(name) if self._was_refused else None
        except CallFailed as error:
            self._faults.failed(error)
            return outcome
        return outcome if kept is None else await self._follow(kept)

    async def _kept(self, name: str) -> JobFacts | None:
        """The job of a document that the printer said no to; None for none, or one that it gave up unprinted.

        Raises `CallFailed`; that it does not list its jobs is none.
        """
        try:
            job = await self._talk.job_named(name)
        except (Refused, Turned):
            return None
        is_given_up = job is not None and job.state in (JobState.CANCELED, JobState.ABORTED)
        return None if job is None or (is_given_up and not job.impressions) else job

    async def _follow(
        self, job: JobFacts, *, has_ignored_copies: bool = False, end: Cancelled = Cancelled.NO
    ) -> Outcome:
        self._following = JobFollowing(
            *(self._talk, self._faults, job, self._called_off),
            patience=self._patience,
            clock=self._clock,
            has_ignored_copies=has_ignored_copies,
            end=end,
        )
        return await self._following.to_its_end()


def _without(facts: PrinterFacts, refused: frozenset[str]) -> PrinterFacts:
    return msgspec.structs.replace(facts, formats=tuple(each for each in facts.formats if each not in refused))


def _refusal(answer: Message) -> Outcome:
    outcome = verdicts.of_refusal(answer.code, answers.status_message(answer), answers.ignored(answer))
    if outcome is None:
        raise AssertionError("a document that was perhaps taken is no refusal")
    return outcome
