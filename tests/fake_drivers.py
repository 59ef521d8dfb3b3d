"""Drivers of the tests' own: a second lock system and a printer, which the pass has never heard of."""

from collections.abc import Sequence

import trio

from agent.commands.driver import Job, KeyJob, Lane, PrintJob
from agent.commands.model import Kind, Outcome, Verdict
from agent.hotel.drivers import Means, OpenDrivers, Opened, open_drivers
from provisioning.model import Provisioning

DONE = Outcome(Verdict.DONE)


class FakeDriver:
    """Makes everything, each in `seconds`; keeps what it made, and how many at once."""

    def __init__(self, hop: str, lanes: Sequence[Lane], seconds: float = 0.2) -> None:
        self.hop, self.lanes, self.seconds = hop, lanes, seconds
        self.calls_at_once = float("inf")
        self.last_answer: float | None = 0.0
        self.made: list[Job] = []
        self.at_work = self.most_at_work = 0
        self.sizes: list[int] = []
        self.refuses: Outcome | None = None
        self.ends = DONE
        self.is_silent = False
        self.locks_out = True

    def objection(self, job: Job) -> Outcome | None:
        """What the test has it say."""
        return self.refuses

    async def carry_out(self, job: Job) -> Outcome:
        """Make it, unless it `is_silent`: then it never ends."""
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            await trio.sleep(float("inf") if self.is_silent else self.seconds)
        finally:
            self.at_work -= 1
        self.made.append(job)
        return self.ends

    async def watch(self) -> None:
        """Nothing is ever wrong with it."""
        await trio.sleep_forever()

    @property
    def rooms(self) -> list[str]:
        """The rooms of the keys that were made, in that order."""
        return [room for job in self.made if isinstance(job, KeyJob) for room in job.rooms]

    @property
    def documents(self) -> list[PrintJob]:
        """The documents that were printed, in that order."""
        return [job for job in self.made if isinstance(job, PrintJob)]


def lock_system(*identifiers: str, seconds: float = 0.2) -> FakeDriver:
    """A second lock server, `lock-server:fake`, with these encoders."""
    hop = "lock-server:fake"
    return FakeDriver(hop, [Lane(f"encoder:{id}", id, f"Fake {id}", hop) for id in identifiers], seconds)


def printer(name: str, seconds: float = 0.2) -> FakeDriver:
    """A printer of that name."""
    hop = f"printer:{name}"
    return FakeDriver(hop, [Lane(hop, name, name, hop, Kind.PRINT)], seconds)


def with_drivers(*more: FakeDriver) -> OpenDrivers:
    """Opens what the file asks for, and these; they stand in for whoever would serve the same devices."""
    taken = {lane.id for driver in more for lane in driver.lanes}

    def opened(file: Provisioning, profile: object, means: Means) -> Opened:
        real = open_drivers(file, profile, means)  # type: ignore[arg-type]
        others = (each for each in real.drivers if taken.isdisjoint(lane.id for lane in each.lanes))
        return Opened((*others, *more), real.peers)

    return opened
