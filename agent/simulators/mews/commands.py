"""The commands that the simulated Mews holds, each with its whole history.

Must never forget a change: tests judge the agent by what stands here. States and their order: the v1 page,
"Get All Commands"; no table of allowed changes is documented (reference/mews.md section 8), so it is a switch.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from agent.simulators.base.presence import Changes
from agent.simulators.mews.store.records import Device
from agent.simulators.mews.switches import FinishedUpdate, MewsSwitches, Transitions

KEPT = 20_000  # final commands; a demo that runs for weeks must not fill the memory

MEWS = "mews"  # who changed a state: the cloud itself,
STAFF = "staff"  # or somebody at its screen; else the name of a session


class State(StrEnum):
    """A command's state."""

    PENDING = "Pending"
    RECEIVED = "Received"
    PROCESSING = "Processing"
    PROCESSED = "Processed"
    CANCELLED = "Cancelled"
    ERROR = "Error"


WAITING = frozenset({State.PENDING, State.RECEIVED})
FINAL = frozenset({State.PROCESSED, State.CANCELLED, State.ERROR})

_IN_ORDER = frozenset(
    {
        (State.PENDING, State.RECEIVED),
        (State.RECEIVED, State.PROCESSING),
        *((State.PROCESSING, end) for end in FINAL),
    }
)
_EARLY_END = frozenset((state, end) for state in WAITING for end in (State.CANCELLED, State.ERROR))


class Step(msgspec.Struct, frozen=True):
    """One change of state: to which, when (UTC), by whom, with what was said."""

    state: State
    at: datetime
    by: str
    progress: float | None = None
    notes: str | None = None


class Command:
    """A command. `data` is what the list shows as Data, or UNSET for none; `element` replaces the whole entry."""

    def __init__(self, id: str, created: datetime, device: Device, data: object, element: bytes | None) -> None:
        self.id, self.created, self.device, self.data, self.element = id, created, device, data, element
        self.history: list[Step] = [Step(State.PENDING, created, MEWS)]
        self.late: list[Step] = []  # updates that came after a final state
        self.number = 0  # its place in the order of all

    @property
    def state(self) -> State:
        """Its present state."""
        return self.history[-1].state

    @property
    def states(self) -> tuple[State, ...]:
        """All its states in order, progress left out."""
        steps = self.history
        changes = [
            step.state for step, before in zip(steps[1:], steps, strict=False) if step.state != before.state
        ]
        return (steps[0].state, *changes)

    @property
    def notes(self) -> str | None:
        """The notes of its present state."""
        return self.history[-1].notes

    @property
    def is_final(self) -> bool:
        """Whether nothing more is to come."""
        return self.state in FINAL


class Ruling(StrEnum):
    """What became of an update."""

    TAKEN = "taken"
    IGNORED = "ignored"
    REFUSED = "refused"


class Commands:
    """All commands, oldest first. `told` hears of each that is new, or took a step."""

    def __init__(self, changes: Changes, told: Callable[[Command], None] = lambda _: None) -> None:
        self._changes, self._told = changes, told
        self._added = 0
        self._all: dict[str, Command] = {}
        self._open: dict[str, Command] = {}
        self.updates_after_final = 0

    def __iter__(self) -> Iterator[Command]:
        return iter(tuple(self._all.values()))

    def __len__(self) -> int:
        return len(self._all)

    def get(self, id: str) -> Command | None:
        """The command of that id, None if there is none (or it was over long ago)."""
        return self._all.get(id)

    @property
    def open(self) -> tuple[Command, ...]:
        """Those that are not final."""
        return tuple(self._open.values())

    def add(self, command: Command) -> None:
        """Take a new command in; one of the same id is replaced."""
        self._added += 1
        command.number = self._added
        self._all[command.id] = self._open[command.id] = command
        self._told(command)
        self._changes.announce()

    def update(self, command: Command, step: Step, switches: MewsSwitches) -> Ruling:
        """A client's change of state, judged by the switches."""
        if command.is_final:
            return self._update_final(command, step, switches.finished_update)
        if not is_allowed(command.state, step.state, switches):
            return Ruling.REFUSED
        self.put(command, step)
        return Ruling.TAKEN

    def put(self, command: Command, step: Step) -> None:
        """Change a state without asking."""
        command.history.append(step)
        if step.state in FINAL:
            self._open.pop(command.id, None)
            self._forget()
        else:
            self._open[command.id] = command
        self._told(command)
        self._changes.announce()

    def cancel_unhandled(self, now: datetime, hours: float) -> None:
        """Cancel what waits for that long, as Mews does after 24 h (user guide); never what is Processing."""
        latest = now - timedelta(hours=hours)
        for command in self.open if hours else ():
            if command.state in WAITING and command.created <= latest:
                self.put(command, Step(State.CANCELLED, now, MEWS))

    def _update_final(self, command: Command, step: Step, rule: FinishedUpdate) -> Ruling:
        command.late.append(step)
        self.updates_after_final += 1
        if rule is FinishedUpdate.OVERWRITE:
            self.put(command, step)
            return Ruling.TAKEN
        return Ruling.IGNORED if rule is FinishedUpdate.IGNORE else Ruling.REFUSED

    def _forget(self) -> None:
        if len(self._all) - len(self._open) > KEPT:
            del self._all[next(id for id, command in self._all.items() if command.is_final)]


def is_allowed(before: State, after: State, switches: MewsSwitches) -> bool:
    """Whether the simulated Mews takes this change of a command that is not final."""
    if before is after is State.PROCESSING:  # progress
        return switches.repeated_processing
    if switches.transitions is Transitions.LENIENT or (before, after) in _IN_ORDER:
        return True
    if (before, after) == (State.PENDING, State.PROCESSING):
        return switches.direct_processing
    return switches.early_end and (before, after) in _EARLY_END
