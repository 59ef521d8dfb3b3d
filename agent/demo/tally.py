"""What the demo ends with: how much was ordered, made and reported, counted where it happened.

Must never ask the agent: orders and results are counted in the simulated Mews, cuts by the simulated encoders of
both lock systems, papers by the simulated printer.
"""

from collections import Counter
from collections.abc import Mapping

import msgspec

from agent.commands.lifecycle import State as Step
from agent.commands.model import Kind
from agent.commands.record import Record
from agent.demo.lock_systems import LockSystems
from agent.demo.office import Office
from agent.demo.reception import Ordered
from agent.simulators.mews.commands import FINAL, WAITING, State
from agent.simulators.mews.simulator import MewsSimulator


class Sum(msgspec.Struct, frozen=True):
    """Commands and keys ordered, keys cut by each lock system, commands in Mews by their state; `wanted` commands,
    None for no end. `papers` were ordered to be `printed`. `errands_left` were due at the desk and did not go
    well."""

    commands: int
    keys: int
    cut: Mapping[str, int]
    states: dict[State, int]
    wanted: int | None = None
    at_desk: int = 0  # keys that somebody has ordered at the desk, of which any number may have failed
    papers: int = 0
    printed: int = 0
    papers_at_desk: int = 0  # likewise
    errands_left: int = 0

    @property
    def cuts(self) -> int:
        """Keys cut in all."""
        return sum(self.cut.values())

    @property
    def is_good(self) -> bool:
        """Whether all went well.

        Counted: every command was ordered and ended Processed, a card was cut for each key and a paper came out
        for each that was wanted, none beyond, and what was due at the desk was done.
        Without an end some fail as arranged: none may be made twice, and none may hang in the middle.
        """
        if self._is_too_much:
            return False
        if self.wanted is None:
            return not self.states.get(State.PROCESSING)
        processed = self.states.get(State.PROCESSED, 0)
        is_whole = self.commands == processed == self.wanted and not self.errands_left
        return is_whole and self.keys <= self.cuts and self.papers <= self.printed

    @property
    def _is_too_much(self) -> bool:
        return self.cuts > self.keys + self.at_desk or self.printed > self.papers + self.papers_at_desk

    @property
    def text(self) -> str:
        """The sum, and what it means."""
        reported = sum(self.states.get(state, 0) for state in FINAL)
        waiting = sum(self.states.get(state, 0) for state in WAITING)
        by_state = ", ".join(f"{number} {state}" for state, number in self.states.items() if state in FINAL)
        rest = f", {waiting} still waiting there" if waiting else ""
        stuck = self.states.get(State.PROCESSING, 0)
        lost = f", {stuck} begun and never ended" if stuck else ""
        keys = _counted(self.keys, "key")
        desk = f" and {_counted(self.at_desk, 'key')} at the desk" if self.at_desk else ""
        paper = f", {_counted(self.papers, 'paper')} of which {self.printed} printed" if self.papers else ""
        by_system = ", ".join(f"{number} by {system}" for system, number in self.cut.items())
        left = (
            f" {_counted(self.errands_left, 'errand')} at the desk did not go well." if self.errands_left else ""
        )
        commands = _counted(self.commands, "command")
        return (
            f"{commands} ordered for {keys}{desk}, {self.cuts} cut ({by_system}){paper}; "
            f"{reported} reported in Mews ({by_state or 'none'}){rest}{lost}.{left}\n{self._verdict}"
        )

    @property
    def _verdict(self) -> str:
        if self.wanted is None:
            return (
                "No key was cut twice, no paper was printed twice, no command was lost."
                if self.is_good
                else "That is wrong: please report it."
            )
        return "All went well." if self.is_good else f"Not all of {self.wanted} went well."


class Tally:
    """Counts while the demo runs; `errands` are due at the desk. Forgets a command once it is over, so that a demo
    can run for weeks."""

    def __init__(self, mews: MewsSimulator, locks: LockSystems, office: Office, errands: int) -> None:
        self._mews, self._locks, self._office = mews, locks, office
        self._errands_left = errands
        self._open: set[str] = set()
        self._ended: Counter[State] = Counter()
        self._commands = 0
        self._wanted, self._at_desk = Counter[Kind](), Counter[Kind]()

    def add(self, order: Ordered) -> None:
        """A command was ordered."""
        self._commands += 1
        self._wanted[order.kind] += order.copies
        self._open.add(order.id)
        self._settle()

    def add_desk(self, record: Record) -> None:
        """What somebody orders at the desk took a step; the first one counts."""
        if record.state is Step.WAITING:
            self._at_desk[record.kind] += record.copies

    def add_errand(self, went_well: bool) -> None:
        """An errand at the desk is over."""
        self._errands_left = max(0, self._errands_left - went_well)

    def sum(self, wanted: int | None) -> Sum:
        """The sum as it is now."""
        self._settle()
        states = self._ended + Counter(self._mews.command(id).state for id in self._open)
        return Sum(
            self._commands,
            self._wanted[Kind.KEY],
            self._locks.written,
            dict(states),
            wanted,
            at_desk=self._at_desk[Kind.KEY],
            papers=self._wanted[Kind.PRINT],
            printed=self._office.printed,
            papers_at_desk=self._at_desk[Kind.PRINT],
            errands_left=self._errands_left,
        )

    def _settle(self) -> None:
        over = {id for id in self._open if self._mews.command(id).is_final}
        self._ended.update(self._mews.command(id).state for id in over)
        self._open -= over


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
