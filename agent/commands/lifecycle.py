"""The life cycle of a command: one table, and what a restart does with each state. No I/O.

The picture in ARCHITECTURE.md is drawn from this table (`python -m agent.commands.lifecycle`), and a test keeps
them equal. States are stored in the journal as these strings: never rename or renumber one.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a command is in its pass. All but WAITING have a row in the journal."""

    WAITING = "waiting"  # accepted and queued; Mews still lists it
    CLAIMED = "claimed"  # synced before `Processing` is sent
    DISPATCHED = "dispatched"  # synced before the call to the device, with the copy's number
    DONE = "done"  # all copies made
    FAILED = "failed"  # surely not made, or only some copies
    UNKNOWN = "unknown"  # perhaps made; never again by itself
    REPORTED = "reported"  # Mews has the outcome
    WITHDRAWN = "withdrawn"  # left before it was ours: cancelled in Mews, or the claim was refused


class Event(StrEnum):
    """What can happen to a command."""

    CLAIM = "claim"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    DISPATCH = "dispatch"
    SUCCEED = "succeed"
    FAIL = "fail"
    LOSE_SIGHT = "lose sight"
    REPORT = "report"


TABLE: dict[tuple[State, Event], State] = {
    (State.WAITING, Event.CLAIM): State.CLAIMED,
    (State.WAITING, Event.REFUSE): State.FAILED,  # stale, or nobody here can do it: never claimed
    (State.WAITING, Event.WITHDRAW): State.WITHDRAWN,
    (State.CLAIMED, Event.DISPATCH): State.DISPATCHED,
    (State.CLAIMED, Event.FAIL): State.FAILED,
    (State.CLAIMED, Event.WITHDRAW): State.WITHDRAWN,
    (State.DISPATCHED, Event.DISPATCH): State.DISPATCHED,  # this copy is made, the next one begins
    (State.DISPATCHED, Event.SUCCEED): State.DONE,
    (State.DISPATCHED, Event.FAIL): State.FAILED,
    (State.DISPATCHED, Event.LOSE_SIGHT): State.UNKNOWN,
    (State.DONE, Event.REPORT): State.REPORTED,
    (State.FAILED, Event.REPORT): State.REPORTED,
    (State.UNKNOWN, Event.REPORT): State.REPORTED,
}

# What a start of the box does with a state found in the journal. None: it stays; an outcome is then reported.
ON_RESTART: dict[State, Event | None] = {
    State.CLAIMED: Event.FAIL,  # the device was not called
    State.DISPATCHED: Event.LOSE_SIGHT,  # it may have been
    State.DONE: None,
    State.FAILED: None,
    State.UNKNOWN: None,
    State.REPORTED: None,
    State.WITHDRAWN: None,
}

OUTCOMES = frozenset({State.DONE, State.FAILED, State.UNKNOWN})
ENDS = frozenset({State.REPORTED, State.WITHDRAWN})


class NotInTable(ValueError):
    """An event that cannot happen in this state: a bug of the caller, nothing was changed."""


def after(state: State, event: Event) -> State:
    """The state that follows. Raises `NotInTable` for a pair that the table does not have."""
    try:
        return TABLE[state, event]
    except KeyError:
        raise NotInTable(f"{event} cannot happen to a command that is {state}") from None


def picture() -> str:
    """The table as a Mermaid state diagram, restarts included."""
    lines = ["stateDiagram-v2", "    [*] --> waiting: listed by Mews"]
    lines += [f"    {state} --> {then}: {event}" for (state, event), then in TABLE.items()]
    for state, event in ON_RESTART.items():
        if event is not None:
            lines.append(f"    {state} --> {TABLE[state, event]}: restart")
    lines += [f"    {state} --> [*]" for state in State if state in ENDS]
    return "\n".join(lines)


if __name__ == "__main__":  # pragma: no cover - run by hand to redraw the picture
    print(picture())  # noqa: T201
