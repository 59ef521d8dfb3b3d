"""Tests hops step by step: each step is told as it is done, and a hop's test ends at the first that fails.

Changes nothing, asks for no key, and says "well" only of what was asked and answered.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import trio

from agent.commands.probe import Finding, Mark, Probe, Step
from agent.control.errands.errand import Tell
from agent.control.errands.lanes import gone
from agent.control.hotel import Hotel
from agent.control.words.requests import HopTest, LockTest
from agent.control.words.told import End, Result, StepTested
from agent.health.catalogue import CATALOGUE

STEP_SECONDS = 30.0  # s; every step has bounds of its own, below that


class _Failure(msgspec.Struct, frozen=True):
    hop: str
    step: str
    finding: Finding


class HopTestErrand:
    """The test of one hop, or of all. `clock` gives monotonic seconds."""

    def __init__(
        self, request: HopTest | LockTest, hotel: Hotel, tell: Tell, clock: Callable[[], float] = trio.current_time
    ) -> None:
        self._request, self._hotel, self._tell, self._clock = request, hotel, tell, clock
        self._failures: dict[str, _Failure] = {}
        self._steps = self._open = 0

    async def run(self) -> Result:
        """Take the steps."""
        probes = self._hotel.probes  # a new file may come in the middle: the test is of the one that was there
        hop = self._request.hop if isinstance(self._request, HopTest) else ""
        if hop and hop not in probes:
            return gone(hop)
        for hop in self._wanted(probes):
            await self._test(hop, probes[hop])
        if self._failures:
            return Result(End.FAILED, " ".join(_words(failure) for failure in self._failures.values()))
        rest = f", {_counted(self._open)} could not be tested" if self._open else ""
        return Result(End.DONE, f"{_counted(self._steps - self._open)} went well{rest}.")

    def left_behind(self) -> Result:
        """Nothing: a test changes nothing."""
        return Result(
            End.FAILED, f"The test was broken off after {_counted(self._steps)}; it has changed nothing."
        )

    def _wanted(self, probes: Mapping[str, Probe]) -> list[str]:
        """The hops to test, each after the one that it lies behind."""
        wanted: Sequence[str] = self._hotel.hops
        match self._request:
            case LockTest():
                systems = self._hotel.lock_systems
                wanted = [hop for each in systems for hop in (each.hop, *(lane.id for lane in each.lanes))]
            case HopTest(hop=hop) if hop:
                wanted = (probes[hop].behind, hop)
        return [hop for hop in wanted if hop in probes]

    async def _test(self, hop: str, probe: Probe) -> None:
        if probe.behind in self._failures:
            self._add(hop, f"behind {probe.behind}", Finding(Mark.OPEN, "Not tested, because that fails."), 0.0)
            return
        for step in probe.steps():
            finding = await self._take(hop, step)
            if finding.mark is Mark.BAD:
                self._failures[hop] = _Failure(hop, step.name, finding)
                return

    async def _take(self, hop: str, step: Step) -> Finding:
        began = self._clock()
        finding = Finding(Mark.BAD, f"It did not end within {STEP_SECONDS:g} s.")
        with trio.move_on_after(STEP_SECONDS):
            finding = await step.take()
        self._add(hop, step.name, finding, self._clock() - began)
        return finding

    def _add(self, hop: str, step: str, finding: Finding, seconds: float) -> None:
        self._steps += 1
        self._open += finding.mark is Mark.OPEN
        self._tell(StepTested(hop, step, finding.mark, finding.text, seconds))


def _words(failure: _Failure) -> str:
    kind = CATALOGUE.get(failure.finding.code)
    hint = f" {failure.finding.code}, {kind.title}: {kind.hint}" if kind else ""
    return f"{failure.hop} fails at {failure.step}: {failure.finding.text}{hint}"


def _counted(number: int) -> str:
    return "1 step" if number == 1 else f"{number} steps"
