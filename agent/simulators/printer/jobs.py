"""The jobs of the simulated printer: those that wait, the one that prints, and those that it still remembers.

Must never decide when a page comes out: that is the engine's. Times are seconds on trio's clock.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from agent.simulators.printer.wire.codes import JobState


@dataclass(slots=True)
class Job:
    """One job. `document` is None before it has one and after its end; `stops_at` is when a cancelled one ends."""

    id: int
    name: str
    user: str
    format: str
    copies: int
    created: float
    document: bytes | None = None
    pages: int = 0  # of one copy
    size: int = 0
    state: JobState = JobState.PENDING
    reasons: tuple[str, ...] = ()
    begins: float = 0.0  # when it may begin, or, held, when it is given up
    started: float | None = None
    ended: float | None = None
    sides: int = 0
    print_number: int | None = None
    stops_at: float | None = None
    stops_as: tuple[JobState, str] = (JobState.CANCELED, "")
    is_bad: bool = False  # its document is not of its type
    is_stuck: bool = False  # its document stops it until it is cancelled

    @property
    def total(self) -> int:
        """Sides of all copies."""
        return self.pages * self.copies


class Jobs:
    """All jobs that the printer knows."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._all: dict[int, Job] = {}
        self._line: deque[Job] = deque()  # with their documents, unfinished; the first one has the engine
        self._finished: deque[Job] = deque()

    def __iter__(self) -> Iterator[Job]:
        return iter(self._all.values())

    def find(self, id: int) -> Job | None:
        """The job of an id; None for one that never was or is forgotten."""
        return self._all.get(id)

    def new(self, name: str, user: str, format: str, copies: int, now: float) -> Job:
        """A job without a document, which is in no line yet."""
        id = next(self._numbers)
        job = Job(id, name or f"Untitled {id}", user or "anonymous", format, copies, now)
        self._all[job.id] = job
        return job

    def queue(self, job: Job) -> None:
        """Have a job wait for the engine."""
        self._line.append(job)

    @property
    def current(self) -> Job | None:
        """The one that has the engine."""
        return self._line[0] if self._line else None

    @property
    def held(self) -> tuple[Job, ...]:
        """Those that wait for their document."""
        return tuple(job for job in self._all.values() if job.state is JobState.HELD)

    @property
    def unfinished(self) -> tuple[Job, ...]:
        """Those that take a place in the queue, oldest first."""
        return tuple(job for job in self._all.values() if not job.state.is_final)

    def intervening(self, job: Job) -> int:
        """How many stand before it."""
        return self._line.index(job) if job in self._line else 0

    def finish(self, job: Job, state: JobState, reason: str, at: float) -> None:
        """End a job. It is remembered until `forget`."""
        if job in self._line:
            self._line.remove(job)
        job.state, job.reasons, job.ended, job.document = state, (reason,), at, None
        self._finished.append(job)

    def forget(self, most: int, before: float) -> None:
        """Remember the last `most` of the finished ones, and none that ended before a time."""
        while self._finished and (len(self._finished) > most or (self._finished[0].ended or 0.0) < before):
            del self._all[self._finished.popleft().id]

    def lose_all(self) -> None:
        """Be as a printer that was just switched on."""
        self._all.clear()
        self._line.clear()
        self._finished.clear()
        self._numbers = count(1)
