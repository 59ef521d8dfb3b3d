"""What to do at a boot, from the slot that runs, the update that is not judged yet, and what came of it. Pure.

The table is the proof that no box restarts for ever: only TRY and GO_BACK restart it, TRY leaves a verdict behind
first, and GO_BACK counts. Each action may be cut short by a power cut anywhere and is met again, or its successor,
at the next boot.
"""

from enum import StrEnum

from agent.box.update.record import Ending, Pending, Stage, Torn, UpdateResult

MOST_RESTARTS = 2  # that are to bring the old version back; one that does not start after two has had six tries


class Action(StrEnum):
    """What the trial does with this boot."""

    SETTLE = "settle"  # no update: this slot works
    DISCARD = "discard"  # the update's file cannot be read: forget it, settle
    WAIT = "wait"  # installed in this very boot: nothing to judge before the restart
    TRY = "try"  # the new version runs: judge it
    CONFIRM = "confirm"  # it was judged good, and not all of that was noted
    GO_BACK = "go back"  # it was judged bad, and runs nevertheless
    STAY = "stay"  # it was judged bad, and the old version does not start
    INTERRUPTED = "interrupted"  # the old version runs: the installation was not finished
    NEVER_STARTED = "never started"  # the old version runs: the new one did not get as far as its trial
    CAME_BACK = "came back"  # the old version runs: the new one was judged bad
    FELL_BACK = "fell back"  # the old version runs: the new one was judged good, and stopped starting
    LEAVE = "leave"  # which slot runs is not known: touch nothing


_ON_TARGET = {
    None: Action.TRY,
    Ending.INTERRUPTED: Action.TRY,  # it was taken for incomplete, and runs
    Ending.GOOD: Action.CONFIRM,
    Ending.KEPT: Action.STAY,
}
_ON_ORIGIN = {
    Ending.INTERRUPTED: Action.INTERRUPTED,
    Ending.REVERTED: Action.CAME_BACK,
    Ending.GOOD: Action.FELL_BACK,
    Ending.KEPT: Action.CAME_BACK,  # the old version does start, after all
}


def action_at(slot: str, boot: str, pending: Pending | Torn | None, result: UpdateResult | None) -> Action:
    """The action for this boot. `slot` is A, B or "" (not known); `boot` is this boot's id."""
    if pending is None:
        return Action.SETTLE
    if isinstance(pending, Torn):
        return Action.DISCARD
    if slot not in (pending.origin, pending.target):
        return Action.LEAVE
    return _with_update(slot == pending.target, boot, pending, _own(result, pending))


def _with_update(is_target: bool, boot: str, pending: Pending, result: UpdateResult | None) -> Action:
    ending = result.ending if result else None
    if is_target:
        if result and result.ending is Ending.REVERTED:
            return Action.GO_BACK if result.restarts < MOST_RESTARTS else Action.STAY
        return _ON_TARGET[ending]
    if ending is not None:
        return _ON_ORIGIN[ending]
    if pending.boot == boot:
        return Action.WAIT
    return Action.INTERRUPTED if pending.stage is Stage.INSTALLING else Action.NEVER_STARTED


def _own(result: UpdateResult | None, pending: Pending) -> UpdateResult | None:
    """The result, if it is this update's and no older one's."""
    return result if result and result.id == pending.id else None
