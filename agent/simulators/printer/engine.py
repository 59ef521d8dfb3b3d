"""The engine of the simulated printer: one job at a time, side by side in time, and all that can stop it.

Nothing happens by a task of its own: before anyone looks, all that is over by now takes place, in the order of
time. Must never lose a job by itself. Times are seconds on trio's clock.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

import trio

from agent.simulators.base.presence import Changes
from agent.simulators.printer.jobs import Job, Jobs
from agent.simulators.printer.prints import Print, Tray
from agent.simulators.printer.switches import BadDocument, PrinterSwitches, Suffix
from agent.simulators.printer.wire.codes import JobState, PrinterState

_HARMLESS = ("-warning", "-report")  # what these follow does not stop a printer (RFC 8011 section 5.4.12)


class Ended(StrEnum):
    """Why a job ended, in the words of `job-state-reasons`."""

    COMPLETED = "job-completed-successfully"
    BY_USER = "job-canceled-by-user"
    AT_DEVICE = "job-canceled-at-device"
    BY_SYSTEM = "aborted-by-system"
    BAD_DOCUMENT = "document-format-error"
    NO_DOCUMENT = "job-data-insufficient"


class Engine:
    """The engine, its paper and its line of jobs; `tray` has what came out."""

    def __init__(self, switches: Callable[[], PrinterSwitches], changes: Changes) -> None:
        self._switches, self._changes = switches, changes
        self.jobs = Jobs()
        self.tray = Tray(changes)
        self.sheets = switches().sheets
        self.reasons: tuple[str, ...] = ()
        self._is_stopping: bool | None = None  # None: as the suffixes of the reasons say
        self.is_paused = False
        self._dark_until = -math.inf  # the power is off until then
        self._next_side = math.inf  # when the next side of the current job is out

    @property
    def is_out_of_paper(self) -> bool:
        """Whether a job waits for paper."""
        return self.sheets == 0 and self._started() is not None

    @property
    def is_stopped(self) -> bool:
        """Whether no side can come out."""
        job = self._started()
        is_stuck = job is not None and job.is_stuck
        return self.is_paused or self.is_out_of_paper or self._has_stopping_reason() or is_stuck

    @property
    def state(self) -> PrinterState:
        """As the printer tells it."""
        if self.is_stopped and self._switches().tells_stop:
            return PrinterState.STOPPED
        return PrinterState.IDLE if self._started() is None else PrinterState.PROCESSING

    @property
    def all_reasons(self) -> tuple[str, ...]:
        """What `printer-state-reasons` says."""
        suffix = self._switches().empty_suffix
        empty = f"media-empty{'' if suffix is Suffix.NONE else suffix}"
        own = (*([empty] if self.is_out_of_paper else []), *(["paused"] if self.is_paused else []))
        return tuple(dict.fromkeys((*own, *self.reasons))) or ("none",)

    def state_of(self, job: Job) -> tuple[JobState, tuple[str, ...]]:
        """A job's state and reasons as the printer tells them."""
        if job.state is not JobState.PROCESSING:
            return job.state, job.reasons or ("none",)
        if job.stops_at is not None:
            return job.state, ("processing-to-stop-point", job.stops_as[1])
        if self.is_stopped:
            is_told = self._switches().tells_stop
            return (JobState.STOPPED if is_told else job.state), ("printer-stopped",)
        return job.state, ("job-printing",)

    def print(self, job: Job, document: bytes, pages: int) -> None:
        """Take a job's document, and print it when its turn comes."""
        now = trio.current_time()
        job.document, job.pages, job.size = document, pages, len(document)
        job.state, job.reasons, job.begins = JobState.PENDING, (), now + self._switches().pending_seconds
        self.jobs.queue(job)
        self._settled(now)

    def hold(self, job: Job) -> None:
        """Have a job wait for its document."""
        now = trio.current_time()
        job.state, job.reasons = JobState.HELD, ("job-incoming",)
        job.begins = now + self._switches().send_document_seconds
        self._changes.announce()

    def end(self, job: Job, state: JobState, why: str) -> None:
        """Cancel or abort a job that has not ended; one that prints takes `cancel_seconds` for it."""
        now = trio.current_time()
        if job.state is JobState.PROCESSING:
            job.stops_at, job.stops_as = now + self._switches().cancel_seconds, (state, why)
        else:
            self._finish(job, state, why, now)
        self._settled(now)

    def say(self, reasons: tuple[str, ...], is_stopping: bool | None = None) -> None:
        """Have these reasons from now on; whether they stop it is said, or is as their suffixes say."""
        with self._going_on():
            self.reasons, self._is_stopping = reasons, is_stopping

    def fill(self, sheets: int | None) -> None:
        """Have so much paper in the tray."""
        with self._going_on():
            self.sheets = sheets

    def pause(self, is_paused: bool) -> None:
        """Stop it at its panel, or let it go on."""
        with self._going_on():
            self.is_paused = is_paused

    def turn_out(self, sides: int) -> int:
        """Have sides come out at once, as many as there are to come; how many that were."""
        self.settle()
        done, now = 0, trio.current_time()
        while done < sides and (job := self._started()) is not None and not self.is_stopped:
            self._put_out(job, now)
            done += 1
        self._settled(now)
        return done

    def lose_power(self, seconds: float | None) -> None:
        """Everything stands still for so long, None: until `get_power`."""
        self.settle()
        self._dark_until = math.inf if seconds is None else trio.current_time() + seconds

    def get_power(self) -> None:
        """End `lose_power`."""
        self.settle()
        if self._dark_until > -math.inf:
            self._dark_until = -math.inf
            self._resume(trio.current_time())
        self.settle()

    def lose_jobs(self) -> None:
        """Forget all jobs; what was coming out stays as it is."""
        self.settle()
        for job in self.jobs:
            self._close_print(job, "lost")
        self.jobs.lose_all()
        self._next_side = math.inf
        self._changes.announce()

    def settle(self) -> None:
        """Have all that is over by now take place."""
        if self._is_at_rest or trio.current_time() < self._dark_until:
            return
        now = trio.current_time()
        if self._dark_until > -math.inf:  # the power has come back: the side that was begun begins again
            back, self._dark_until = self._dark_until, -math.inf
            self._resume(back)
        has_changed = False
        while self._next_event() <= now:
            self._advance(self._next_event())
            has_changed = True
        self._forget(now)
        if has_changed:
            self._changes.announce()

    async def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait until `is_so()`, asked whenever something happens here."""
        self.settle()
        while not is_so():
            with trio.move_on_at(max(self._next_event(), self._dark_until)):
                await self._changes.wait_change()
            self.settle()
        await trio.lowlevel.checkpoint()

    @property
    def _is_at_rest(self) -> bool:
        """Whether nothing can happen by itself; a simulator that no one serves yet has no clock either."""
        return self._dark_until == -math.inf and not any(self.jobs)

    def _next_event(self) -> float:
        return min((self._event_of(job) for job in self._awaited()), default=math.inf)

    def _awaited(self) -> tuple[Job, ...]:
        current = self.jobs.current
        return (*([current] if current is not None else []), *self.jobs.held)

    def _event_of(self, job: Job) -> float:
        """When something happens to it by itself."""
        if job.stops_at is not None:
            return job.stops_at
        if job.state is JobState.PROCESSING:
            return math.inf if self.is_stopped else self._next_side
        return math.inf if job.state is JobState.PENDING and self._cannot_begin() else job.begins

    def _advance(self, at: float) -> None:
        """What happens next, at its time."""
        job = min(self._awaited(), key=self._event_of)
        if job.state is JobState.HELD:
            self._finish(job, JobState.ABORTED, Ended.NO_DOCUMENT, at)
        elif job.stops_at is not None:
            self._finish(job, *job.stops_as, at)
        elif job.state is JobState.PENDING:
            self._start(job, at)
        else:
            self._put_out(job, at)

    def _start(self, job: Job, at: float) -> None:
        job.state, job.started = JobState.PROCESSING, at
        self._restart_side(at)
        if not job.is_bad:
            return
        match self._switches().bad_document:
            case BadDocument.STOP:
                job.is_stuck = True
            case BadDocument.ABORT:
                job.stops_at, job.stops_as = at, self.aborted(Ended.BAD_DOCUMENT)

    def aborted(self, why: str = Ended.BY_SYSTEM) -> tuple[JobState, str]:
        """State and reason of an aborted job, which CUPS shows as a cancelled one."""
        state = JobState(self._switches().aborts_as)
        return state, Ended.AT_DEVICE if state is JobState.CANCELED else why

    def _put_out(self, job: Job, at: float) -> None:
        """One side comes out."""
        if job.print_number is None:
            job.print_number = self.tray.add(self._print_of(job, at)).number
        job.sides += 1
        self.tray.find(job.print_number).sides += 1
        if self.sheets is not None:
            self.sheets -= 1
        if job.sides == job.total:
            self._finish(job, JobState.COMPLETED, Ended.COMPLETED, at)
        else:
            self._restart_side(at)

    def _print_of(self, job: Job, at: float) -> Print:
        number = self.tray.next_number
        facts = (job.id, job.name, job.user, job.format, job.copies, job.pages)
        return Print(number, *facts, job.document, job.size, at)

    def _finish(self, job: Job, state: JobState, why: str, at: float) -> None:
        self._close_print(job, state.name.lower())
        self.jobs.finish(job, state, why, at)
        after = self.jobs.current
        if after is not None:
            after.begins = max(after.begins, at)
        self._changes.announce()

    def _close_print(self, job: Job, word: str) -> None:
        if job.print_number is not None and not job.state.is_final:
            self.tray.find(job.print_number).ended = word

    def _restart_side(self, at: float) -> None:
        seconds = self._switches().page_seconds
        self._next_side = math.inf if seconds is None else at + seconds

    @contextmanager
    def _going_on(self) -> Iterator[None]:
        """Around a change: where it ends a stop, the side that was begun begins again."""
        self.settle()
        was_stopped = self.is_stopped or self._cannot_begin()
        yield
        if self._is_at_rest:
            self._changes.announce()
            return
        if was_stopped:
            self._resume(trio.current_time())
        self._settled(trio.current_time())

    def _resume(self, at: float) -> None:
        self._restart_side(at)
        current = self.jobs.current
        if current is not None:
            current.begins = max(current.begins, at)

    def _settled(self, now: float) -> None:
        self.settle()
        self._forget(now)
        self._changes.announce()

    def _forget(self, now: float) -> None:
        switches = self._switches()
        before = -math.inf if switches.history_seconds is None else now - switches.history_seconds
        self.jobs.forget(switches.history, before)

    def _started(self) -> Job | None:
        job = self.jobs.current
        return job if job is not None and job.state is JobState.PROCESSING else None

    def _cannot_begin(self) -> bool:
        return self.is_paused or self._has_stopping_reason()

    def _has_stopping_reason(self) -> bool:
        if self._is_stopping is not None:
            return self._is_stopping
        return any(not reason.endswith(_HARMLESS) for reason in self.reasons)
