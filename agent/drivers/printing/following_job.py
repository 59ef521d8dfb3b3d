"""One job at a printer, from when it is known there to its end: how far it is, what holds it up, when to give up.

Sends no document, ever. What it says of the job is what the printer said last. Never cancels a job that the
printer has not just shown to be ours: one that was off may give its number to a stranger's.
"""

import trio

from agent.commands.model import Outcome
from agent.drivers.printing.faults import PrinterFaults
from agent.drivers.printing.ipp import reasons, verdicts
from agent.drivers.printing.ipp.answers import JobFacts, JobState, PrinterFacts, PrinterState
from agent.drivers.printing.ipp.reasons import Severity
from agent.drivers.printing.ipp.standing import stopped_by
from agent.drivers.printing.ipp.verdicts import Cancelled
from agent.drivers.printing.talk import IppTalk
from agent.foundation.errors import CallFailed
from agent.foundation.timing import Clock

FIRST_LOOK, LONGEST_PAUSE = 0.25, 2.0  # s between two looks at a job
AT_MOST = 3600.0  # s that a job may take, however well the printer says it goes
LETS_GO = 60.0  # s that a printer has to end a job which it was told to cancel
CONNECTING = "connecting-to-device"  # what CUPS says for a moment, or for as long as the printer behind it is off


class JobFollowing:
    """`patience` (s) is how long the printer may wait for a person, or be silent, before the job is cancelled.

    `has_ignored_copies`: the printer did not take the number of copies. `end`: it is to be cancelled at once.
    """

    def __init__(
        self,
        talk: IppTalk,
        faults: PrinterFaults,
        job: JobFacts,
        called_off: trio.Event,
        *,
        patience: float,
        clock: Clock,
        has_ignored_copies: bool = False,
        end: Cancelled = Cancelled.NO,
    ) -> None:
        self._talk, self._faults, self._job, self._called_off = talk, faults, job, called_off
        self._patience, self._clock, self._has_ignored_copies = patience, clock, has_ignored_copies
        self._began = self._moved = clock()
        self._restarts = talk.uptime.restarts
        self._id, self._name = job.id, job.name
        self._is_seen = True  # at the last look
        self._end = end
        self._ending, self._ending_since = Cancelled.NO, float("inf")
        self._is_cancelled = False  # the printer has said yes to that
        self._stopped = ""  # what holds it up, in words
        self._trouble: tuple[str, ...] = ()  # the printer's own words for that

    @property
    def at_work(self) -> str:
        """What the printer is doing, for the page."""
        if self._stopped:
            return f"waits: {self._stopped}"
        done, total = self._job.impressions or 0, self._job.total
        if total and done < total:
            return f"prints page {done + 1} of {total}"
        return "prints a document"

    @property
    def share(self) -> float:
        """How much of it is printed, 0 to 1."""
        return min(1.0, (self._job.impressions or 0) / self._job.total) if self._job.total else 0.0

    async def to_its_end(self) -> Outcome:
        """Look at it until its outcome is known, or no more can be."""
        pause = FIRST_LOOK
        while True:
            with trio.move_on_after(pause):
                await self._wait_called_off()
            pause = min(LONGEST_PAUSE, pause * 2)
            outcome = await self._look()
            if outcome is not None:
                return outcome
            if self._clock() - self._ending_since > LETS_GO or self._clock() - self._began > AT_MOST:
                return verdicts.of_lost_answer()
            await self._give_up_in_time()

    async def _wait_called_off(self) -> None:
        if self._called_off.is_set():
            await trio.sleep_forever()
        await self._called_off.wait()

    async def _look(self) -> Outcome | None:
        """What the printer says now; None while that is no end."""
        was_seen, self._is_seen = self._is_seen, False
        try:
            job = await self._talk.job(self._id)
            if job is None or not self._is_ours(job):
                return await self._vanished(was_away=job is not None or not was_seen)
            self._is_seen = True
            outcome = self._told(job)
            if outcome is None:
                self._printer_told(await self._talk.printer())
        except CallFailed as error:
            self._faults.failed(error)
            self._stopped = error.reason
            return None
        return outcome

    def _is_ours(self, job: JobFacts) -> bool:
        """Whether it has the name that it had, where both are told: a restarted printer counts from 1 again."""
        self._name = self._name or job.name
        return job.name in ("", self._name)

    async def _vanished(self, *, was_away: bool) -> Outcome:
        """What that means for the document. A queue of CUPS forgets no job, unless it had to start again."""
        facts = await self._talk.printer()
        was_away |= facts.is_cups or self._talk.uptime.restarts != self._restarts
        cancelled = self._ending if self._is_cancelled else Cancelled.NO
        return verdicts.of_vanished(self._job, cancelled, trouble=self._trouble, was_away=was_away)

    def _told(self, job: JobFacts) -> Outcome | None:
        if (job.state, job.impressions) != (self._job.state, self._job.impressions):
            self._moved = self._clock()
        self._job = job
        return verdicts.of_job(
            job,
            self._ending,
            trouble=self._trouble,
            held_up=self._stopped,
            has_ignored_copies=self._has_ignored_copies,
        )

    def _printer_told(self, facts: PrinterFacts) -> None:
        self._faults.told(facts)
        of_job = (*self._job.reasons, *self._job.printer_reasons)
        waits = self._job.state in (JobState.HELD, JobState.STOPPED)
        words = reasons.in_words(of_job) if waits or reasons.severity(of_job) is Severity.STOPS else ""
        self._stopped = stopped_by(facts) or words or ("the job is held back" if waits else "")
        if not self._stopped and CONNECTING in (*facts.reasons, *of_job):
            self._stopped = "its queue tries to reach it"
        self._trouble = facts.reasons
        rests = facts.state is PrinterState.IDLE and self._job.state is not JobState.PROCESSING
        if not self._stopped and not rests:
            self._moved = self._clock()

    async def _give_up_in_time(self) -> None:
        """Have the job cancelled where it is wanted no more, or the printer did not go on for too long."""
        if not self._is_cancelled:
            self._ending = self._wanted_end()
            if self._ending is Cancelled.NO:
                self._ending_since = float("inf")
                return
            self._ending_since = min(self._ending_since, self._clock())
            if self._is_seen:
                await self._cancel()

    def _wanted_end(self) -> Cancelled:
        if self._end is not Cancelled.NO:
            return self._end
        if self._called_off.is_set():
            return Cancelled.ORDER
        return Cancelled.WAIT if self._clock() - self._moved > self._patience else Cancelled.NO

    async def _cancel(self) -> None:
        """Tell the printer. A no may mean that it is over already: the next look tells."""
        try:
            await self._talk.cancel(self._id)
            self._is_cancelled = True
        except CallFailed as error:
            self._stopped = self._stopped or error.reason
