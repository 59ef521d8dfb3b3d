"""The life cycle of a command: one table, and what a restart does with each state. No I/O.

The picture in ARCHITECTURE.md is drawn from this table (`python -m agent.commands.lifecycle`), and a test keeps
them equal. Every change of a command's row is an event of it. States are stored in the journal as these strings:
never rename or renumber one.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a command is in its pass. All but WAITING have a row in the journal."""

    WAITING = "waiting"  # accepted and queued; its origin still has it
    CLAIMED = "claimed"  # synced before the claim is sent
    DISPATCHED = "dispatched"  # synced before the call to the device, with the copy's number
    DONE = "done"  # all copies made
    FAILED = "failed"  # surely not made, or only some copies
    UNKNOWN = "unknown"  # perhaps made; never again by itself
    REPORTED = "reported"  # its origin has the outcome
    WITHDRAWN = "withdrawn"  # left before it was ours: cancelled, or the claim was refused


class Event(StrEnum):
    """What can happen to a command."""

    SET_BACK = "set back"  # a new provisioning file routes it again
    CLAIM = "claim"
    GIVE_BACK = "give back"  # the claim was refused, or had no answer: the next list decides
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    DISPATCH = "dispatch"
    MAKE = "make"  # a copy, with more to come
    SUCCEED = "succeed"
    FAIL = "fail"
    LOSE_SIGHT = "lose sight"
    REMEMBER = "remember"  # it was refused unclaimed, and its origin is about to list it no longer
    DISOWN = "disown"  # its origin does not take the result of what was made
    OWN = "own"  # it takes it after all
    REPORT = "report"
    FORGET_DONE = "forget done"  # its origin lists it again: it forgot the result
    FORGET_FAILED = "forget failed"
    FORGET_UNKNOWN = "forget unknown"
    SEE = "see"  # a person has looked after what was perhaps made, or made for no one


TABLE: dict[tuple[State, Event], State] = {
    (State.WAITING, Event.SET_BACK): State.WAITING,
    (State.WAITING, Event.CLAIM): State.CLAIMED,
    (State.WAITING, Event.REFUSE): State.FAILED,  # stale, or no device here can do it: never claimed
    (State.WAITING, Event.WITHDRAW): State.WITHDRAWN,
    (State.CLAIMED, Event.GIVE_BACK): State.WAITING,
    (State.CLAIMED, Event.DISPATCH): State.DISPATCHED,
    (State.CLAIMED, Event.FAIL): State.FAILED,
    (State.CLAIMED, Event.WITHDRAW): State.WITHDRAWN,
    (State.DISPATCHED, Event.MAKE): State.DISPATCHED,
    (State.DISPATCHED, Event.DISPATCH): State.DISPATCHED,  # this copy is made, the next one begins
    (State.DISPATCHED, Event.SUCCEED): State.DONE,
    (State.DISPATCHED, Event.FAIL): State.FAILED,
    (State.DISPATCHED, Event.LOSE_SIGHT): State.UNKNOWN,
    (State.FAILED, Event.REMEMBER): State.FAILED,
    (State.DONE, Event.DISOWN): State.DONE,
    (State.FAILED, Event.DISOWN): State.FAILED,
    (State.UNKNOWN, Event.DISOWN): State.UNKNOWN,
    (State.DONE, Event.OWN): State.DONE,
    (State.FAILED, Event.OWN): State.FAILED,
    (State.UNKNOWN, Event.OWN): State.UNKNOWN,
    (State.DONE, Event.REPORT): State.REPORTED,
    (State.FAILED, Event.REPORT): State.REPORTED,
    (State.UNKNOWN, Event.REPORT): State.REPORTED,
    (State.REPORTED, Event.FORGET_DONE): State.DONE,
    (State.REPORTED, Event.FORGET_FAILED): State.FAILED,
    (State.REPORTED, Event.FORGET_UNKNOWN): State.UNKNOWN,
    (State.DONE, Event.SEE): State.DONE,
    (State.FAILED, Event.SEE): State.FAILED,
    (State.UNKNOWN, Event.SEE): State.UNKNOWN,
    (State.REPORTED, Event.SEE): State.REPORTED,
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
# The event with which an outcome comes back from REPORTED.
FORGOTTEN = {
    State.DONE: Event.FORGET_DONE,
    State.FAILED: Event.FORGET_FAILED,
    State.UNKNOWN: Event.FORGET_UNKNOWN,
}


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
    lines = ["stateDiagram-v2", "    [*] --> waiting: ordered"]
    steps: dict[tuple[State, State], list[Event]] = {}
    for (state, event), then in TABLE.items():
        steps.setdefault((state, then), []).append(event)
    lines += [f"    {state} --> {then}: {', '.join(events)}" for (state, then), events in steps.items()]
    restarts = {state: event for state, event in ON_RESTART.items() if event is not None}
    lines += [f"    {state} --> {TABLE[state, event]}: restart" for state, event in restarts.items()]
    lines += [f"    {state} --> [*]" for state in State if state in ENDS]
    return "\n".join(lines)


if __name__ == "__main__":  # pragma: no cover - run by hand to redraw the picture
    print(picture())  # noqa: T201
