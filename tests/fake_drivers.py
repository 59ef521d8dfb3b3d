"""Drivers of the tests' own: a second lock system and a printer, which the pass has never heard of."""

from collections.abc import Sequence

import trio

from agent.commands.driver import Job, KeyJob, Lane, PrintJob
from agent.commands.model import Kind, Outcome, Verdict
from agent.commands.notes import Code, ended
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
        self.busy = self.most_busy = 0
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
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        try:
            await trio.sleep(float("inf") if self.is_silent else self.seconds)
        finally:
            self.busy -= 1
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


class FakePrinter(FakeDriver):
    """Prints everything; `found` is what became of a job that it is asked for, once it `knows`."""

    def __init__(self, name: str, seconds: float) -> None:
        hop = f"printer:{name}"
        super().__init__(hop, [Lane(hop, name, name, hop, Kind.PRINT)], seconds)
        self.printed_share = 0.5
        self.found, self.knows = DONE, trio.Event()
        self.followed: list[str] = []
        self.called_off: list[str] = []
        self.begun, self._let_go = trio.Event(), trio.Event()

    @property
    def at_work(self) -> str:
        """As the page has it."""
        return "prints page 1 of 2" if self.busy else ""

    async def carry_out(self, job: Job) -> Outcome:
        """Print it, unless it is called off meanwhile."""
        self._let_go = trio.Event()
        self.begun.set()
        outcome = ended(Code.CANCELLED, Kind.PRINT)
        async with trio.open_nursery() as nursery:

            async def print_() -> None:
                nonlocal outcome
                outcome = await FakeDriver.carry_out(self, job)
                nursery.cancel_scope.cancel()

            nursery.start_soon(print_)
            await self._let_go.wait()
            nursery.cancel_scope.cancel()
        return outcome

    def share(self, name: str) -> float:
        """As the test has it."""
        return self.printed_share

    def call_off(self, name: str) -> None:
        """It lets go at once."""
        self.called_off.append(name)
        self._let_go.set()

    async def follow(self, name: str) -> Outcome:
        """As the test has it."""
        self.followed.append(name)
        await self.knows.wait()
        return self.found


def printer(name: str, seconds: float = 0.2) -> FakePrinter:
    """A printer of that name."""
    return FakePrinter(name, seconds)


def with_drivers(*more: FakeDriver) -> OpenDrivers:
    """Opens what the file asks for, and these; they stand in for whoever would serve the same devices."""
    taken = {lane.id for driver in more for lane in driver.lanes}

    def opened(file: Provisioning, profile: object, means: Means) -> Opened:
        real = open_drivers(file, profile, means)  # type: ignore[arg-type]
        others = (each for each in real.drivers if taken.isdisjoint(lane.id for lane in each.lanes))
        return Opened((*others, *more), real.peers)

    return opened
