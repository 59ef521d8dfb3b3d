"""`trial`: at each boot, says that the slot works; after an update, judges the new version, or tells how it ended.

Each verdict is on the disk before anything is done about it, and `verdict.decide` finds the next step whatever a
power cut left. Restarts the box only to bring the old version back, and only if the boot order took that.
"""

import math
import time
from collections.abc import Callable
from contextlib import suppress

import msgspec

from agent.box.tools.filesystem import mounted_options
from agent.box.tools.programs import ProgramTrouble, Run
from agent.box.update import lock, rauc, running_version
from agent.box.update.effects import World
from agent.box.update.observation import judged, wait_agent
from agent.box.update.record import Outcome, Pending, Result, Torn, encoded, read_pending, read_result
from agent.box.update.running_version import Here
from agent.box.update.verdict.decision import Action, decide
from agent.box.update.verdict.words import words
from agent.foundation.errors import NightPorterError
from agent.handover import notices

TRIES = 3  # RAUC's service starts on demand, on a machine that has just started
TRY_SECONDS = 5.0  # s between them
RESTART_SECONDS = 60.0  # s; systemd only takes the order
NOTICE = "update"


class Case(msgspec.Struct, frozen=True):
    """An update that has to be dealt with at this boot."""

    world: World
    box: Here
    pending: Pending
    result: Result | None

    def verdict(self, outcome: Outcome, *reasons: str, times: int = 1) -> Result:
        """The result of this update."""
        pending = self.pending
        return Result(
            id=pending.id,
            outcome=outcome,
            from_version=pending.from_version,
            version=pending.version,
            sha256=pending.sha256,
            reasons=reasons,
            since=time.time(),
            times=times,
        )

    @property
    def own_result(self) -> Result | None:
        """What was judged of this very update."""
        return self.result if self.result and self.result.id == self.pending.id else None


def main() -> None:
    """Do it on this machine."""
    run(World())


def run(world: World) -> None:
    """Look at what this boot is, and do what that asks for."""
    with lock.held(world, math.inf):
        if mounted_options(world.places.mounts, world.places.data) is None:
            # Whether this is a trial cannot be known. The boot counter goes on, and ends one that has no disk.
            world.say("The data partition is not there: this start is not counted as a good one.")
            return
        _run(world, running_version.read(world.places))


def _run(world: World, box: Here) -> None:
    pending, result = read_pending(world.places.pending), read_result(world.places.verdict)
    action = decide(box.slot, box.boot, pending, result)
    if pending is None or isinstance(pending, Torn):
        if action is Action.DISCARD:
            world.say("What was noted of an update cannot be read: it is forgotten, and this version goes on.")
            _remove_pending(world)
        _settle(world, result)
    else:
        _ACTIONS[action](Case(world, box, pending, result))


# -- the new version runs -----------------------------------------------------------------------------------------


def _try(case: Case) -> None:
    version = case.pending.version
    _note(case.world, "E-UPDATE-TRIAL", f"Version {version} is on trial. It stays if all works as it did before.")
    case.world.say(f"Version {version} is on trial.")
    reasons = judged(case.world, case.box.version, case.pending)
    if reasons:
        _bring_back(case, case.verdict(Outcome.REVERTED, *reasons))
    else:
        _keep(case.world, case.verdict(Outcome.GOOD))
        _confirm(case)


def _confirm(case: Case) -> None:
    world = case.world
    if _mark(world, rauc.mark_good):
        _remove_pending(world)
        notices.drop(NOTICE, world.places.notices)
        world.say(f"Version {case.pending.version} is good.")
    _rest(world)


def _go_back(case: Case) -> None:
    _bring_back(case, case.own_result or case.verdict(Outcome.REVERTED))


def _bring_back(case: Case, result: Result) -> None:
    """Start the old version, unless that could go on for ever: without a note of it, or without a boot order."""
    world, text = case.world, words(result)
    world.say(text)
    is_noted = _keep(world, result)
    if not _mark(world, rauc.mark_bad):
        obstacle = "the boot order cannot be written"
    elif not (is_noted and _keep(world, msgspec.structs.replace(result, restarts=result.restarts + 1))):
        obstacle = "the data partition takes no note of it"
    elif not _restart(world):
        obstacle = "systemd does not take the order to restart"
    else:
        return
    _note(world, "E-UPDATE-TRIAL", f"{text} But {obstacle}: restart the box by hand, and tell support.")


def _stay(case: Case) -> None:
    reasons = case.result.reasons if case.result else ()
    result = case.verdict(Outcome.KEPT, *reasons)
    _keep(case.world, result)
    if _mark(case.world, rauc.mark_first):
        _remove_pending(case.world)
    _settle(case.world, result)


# -- the old version runs -----------------------------------------------------------------------------------------


def _interrupted(case: Case) -> None:
    own, before = case.own_result, case.result
    is_same = before is not None and before.outcome is Outcome.INTERRUPTED and before.sha256 == case.pending.sha256
    times = before.times + 1 if before and is_same else 1
    _close(case, own or case.verdict(Outcome.INTERRUPTED, times=times))


def _never_started(case: Case) -> None:
    _close(case, case.verdict(Outcome.REVERTED, "It did not start, or not for long enough to be judged."))


def _came_back(case: Case) -> None:
    reasons = case.own_result.reasons if case.own_result else ()
    _close(case, case.verdict(Outcome.REVERTED, *reasons))


def _fell_back(case: Case) -> None:
    _close(case, case.verdict(Outcome.REVERTED, "It was good at first, and then did not start any more."))


def _close(case: Case, result: Result) -> None:
    """The update is over, and its slot is not started any more."""
    case.world.say(words(result))
    _keep(case.world, result)
    if _mark(case.world, rauc.mark_other_bad):
        _remove_pending(case.world)
    _settle(case.world, result)


# -- nothing to judge ---------------------------------------------------------------------------------------------


def _wait(case: Case) -> None:
    _settle(case.world, case.result)


def _leave(case: Case) -> None:
    case.world.say("The boot loader does not say which slot runs: nothing is said of the update.")


def _settle(world: World, result: Result | None) -> None:
    """The running slot works: its tries are counted anew. What became of the last update stays on the page."""
    with suppress(OSError):
        world.places.bundle.unlink(missing_ok=True)  # a download that a power cut ended
    if result is None or result.outcome is Outcome.GOOD:
        notices.drop(NOTICE, world.places.notices)
    else:
        code = "E-UPDATE-TRIAL" if result.outcome is Outcome.KEPT else "E-UPDATE-REVERTED"
        _note(world, code, words(result))
    wait_agent(world)
    _mark(world, rauc.mark_good)
    _rest(world)


_ACTIONS: dict[Action, Callable[[Case], None]] = {
    Action.WAIT: _wait,
    Action.TRY: _try,
    Action.CONFIRM: _confirm,
    Action.GO_BACK: _go_back,
    Action.STAY: _stay,
    Action.INTERRUPTED: _interrupted,
    Action.NEVER_STARTED: _never_started,
    Action.CAME_BACK: _came_back,
    Action.FELL_BACK: _fell_back,
    Action.LEAVE: _leave,
}


# -- single acts --------------------------------------------------------------------------------------------------


def _mark(world: World, how: Callable[[Run], None]) -> bool:
    tries = 0
    while True:
        try:
            how(world.run)
            return True
        except ProgramTrouble as trouble:
            tries += 1
            if tries == TRIES:
                world.say(f"The boot order cannot be written ({trouble}).")
                return False
            world.pause(TRY_SECONDS)


def _restart(world: World) -> bool:
    try:
        world.run(("systemctl", "reboot"), timeout=RESTART_SECONDS)
    except ProgramTrouble:
        return False
    return True


def _keep(world: World, result: Result) -> bool:
    try:
        world.keep(world.places.verdict, encoded(result))
    except OSError as error:
        world.say(f"The verdict cannot be noted on the data partition ({(error.strerror or '').lower()}).")
        return False
    return True


def _remove_pending(world: World) -> None:
    try:
        world.remove(world.places.pending)
    except OSError as error:
        world.say(f"The update's note cannot be removed ({(error.strerror or '').lower()}).")


def _note(world: World, code: str, text: str) -> None:
    with suppress(OSError):
        notices.put(NOTICE, code, text, folder=world.places.notices)


def _rest(world: World) -> None:
    """RAUC's service is not needed until the next update: its memory is."""
    with suppress(NightPorterError):
        rauc.stop_service(world.run)
