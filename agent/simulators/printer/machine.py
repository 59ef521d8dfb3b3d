"""The simulated printer as a machine: its engine, its plug, its panel, and the facts that tests wait for.

Must never know how it is spoken to.
"""

import trio

from agent.foundation.errors import UserMistake
from agent.simulators.base.presence import Absence, Presence, SimulatedClock
from agent.simulators.base.simulator import Simulator
from agent.simulators.printer.engine import Ended, Engine
from agent.simulators.printer.jobs import Job
from agent.simulators.printer.prints import Tray
from agent.simulators.printer.switches import PowerOff, PrinterSwitches, RawPort
from agent.simulators.printer.wire.codes import JobState


class PrinterMachine(Simulator[PrinterSwitches]):
    """The printer without its interfaces. `engine` prints, `tray` has what came out."""

    def __init__(self, switches: PrinterSwitches | None = None, *, clock: SimulatedClock | None = None) -> None:
        super().__init__(switches or PrinterSwitches(), clock)
        self.engine = Engine(lambda: self.switches, self.changes)
        self.raw_presence = Presence()  # of port 9100
        self._close_raw_port()
        self._since: float | None = None

    @property
    def tray(self) -> Tray:
        """What came out by now."""
        self.engine.settle()
        return self.engine.tray

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs that the printer knows now."""
        self.engine.settle()
        return tuple(self.engine.jobs)

    async def wait_prints(self, count: int) -> None:
        """Wait until so many documents have come out whole, or have stopped coming out."""
        await self.engine.wait_until(lambda: sum(bool(each.ended) for each in self.engine.tray) >= count)

    async def wait_sides(self, count: int) -> None:
        """Wait until so many sides have come out in all."""
        await self.engine.wait_until(lambda: sum(each.sides for each in self.engine.tray) >= count)

    async def wait_idle(self) -> None:
        """Wait until no job is unfinished."""
        await self.engine.wait_until(lambda: not self.engine.jobs.unfinished)

    def switch(self, **changes: object) -> None:
        """Flip switches by name, and fill the tray where that is one of them. Raises UserMistake."""
        self.engine.settle()
        super().switch(**changes)
        if "sheets" in changes:
            self.engine.fill(self.switches.sheets)
        if "raw_port" in changes:
            self._close_raw_port()

    def power_off(self, seconds: float | None = None) -> None:
        """Pull the plug, for so long or until `power_on`; the switch `power_off` says what becomes of the jobs."""
        if self.switches.power_off is PowerOff.LOST:
            self.engine.lose_jobs()
            self._since = None
        self.engine.lose_power(seconds)
        self.presence.leave(Absence.REFUSE, seconds)
        self.raw_presence.leave(Absence.REFUSE, seconds)

    def power_on(self) -> None:
        """Plug it in again."""
        self.engine.get_power()
        self.presence.come_back()
        self._close_raw_port()

    def heal(self) -> None:
        """End all scripted trouble, and be there again."""
        super().heal()
        self.power_on()

    def press_cancel(self) -> None:
        """A person presses the red button. Raises UserMistake where there is nothing to cancel."""
        self.engine.end(self._current(), JobState.CANCELED, Ended.AT_DEVICE)

    def abort(self) -> None:
        """The printer gives up the job that it has. Raises UserMistake where there is none."""
        self.engine.end(self._current(), *self.engine.aborted())

    def counts(self) -> dict[str, object]:
        """What was counted; `copies` by job name, whole ones."""
        tray = self.tray
        sides = sum(each.sides for each in tray)
        return {**super().counts(), "prints": len(tray), "sides": sides, "copies": tray.counts}

    def _close_raw_port(self) -> None:
        """Or open it, as the switch says."""
        if self.switches.raw_port is RawPort.REFUSES:
            self.raw_presence.leave(Absence.REFUSE)
        else:
            self.raw_presence.come_back()

    def _current(self) -> Job:
        self.engine.settle()
        job = self.engine.jobs.current
        if job is None:
            raise UserMistake("there is no job")
        return job

    def switched_on(self) -> float:
        """Since when it is on; taken at the first look, because trio's clock needs a running loop."""
        if self._since is None:
            self._since = trio.current_time()
        return self._since
