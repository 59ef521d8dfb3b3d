"""`trial`: at each boot, says that the slot works; after an update, judges the new version, or tells how it ended.

Each verdict is on the disk before anything is done about it, and `decisions.boot_action` finds the next step
whatever a power cut left. Restarts the box only to bring the old version back, and only if the boot order took it.
"""

import math
import time
from collections.abc import Callable
from contextlib import suppress

import msgspec

from agent.box.tools.filesystem import mounted_options
from agent.box.tools.programs import ProgramTrouble, Run
from agent.box.update import lock, rauc, running_version
from agent.box.update.decisions.boot_action import Action, action_at
from agent.box.update.decisions.result_words import sentence
from agent.box.update.effects import Effects
from agent.box.update.observation import objections_on_trial, wait_agent
from agent.box.update.record import Ending, Pending, Torn, UpdateResult, encoded, read_pending, read_result
from agent.box.update.running_version import RunningVersion
from agent.foundation.errors import NightPorterError, reason_of
from agent.handover import notices

TRIES = 3  # RAUC's service starts on demand, on a machine that has just started
TRY_SECONDS = 5.0  # s between them
RESTART_SECONDS = 60.0  # s; systemd only takes the order
NOTICE = "update"


class Case(msgspec.Struct, frozen=True):
    """An update that has to be dealt with at this boot."""

    effects: Effects
    box: RunningVersion
    pending: Pending
    result: UpdateResult | None

    def ended(self, ending: Ending, *reasons: str, times: int = 1) -> UpdateResult:
        """The result of this update."""
        pending = self.pending
        return UpdateResult(
            id=pending.id,
            ending=ending,
            from_version=pending.from_version,
            version=pending.version,
            sha256=pending.sha256,
            reasons=reasons,
            since=time.time(),
            times=times,
        )

    @property
    def own_result(self) -> UpdateResult | None:
        """What was judged of this very update."""
        return self.result if self.result and self.result.id == self.pending.id else None


def main() -> None:
    """Do it on this machine."""
    judge_start(Effects())


def judge_start(effects: Effects) -> None:
    """Look at what this boot is, and do what that asks for."""
    with lock.held(effects, math.inf):
        if mounted_options(effects.paths.mounts, effects.paths.data) is None:
            # Whether this is a trial cannot be known. The boot counter goes on, and ends one that has no disk.
            effects.say("The data partition is not there: this start is not counted as a good one.")
            return
        _run(effects, running_version.read(effects.paths))


def _run(effects: Effects, box: RunningVersion) -> None:
    pending, result = read_pending(effects.paths.pending_update), read_result(effects.paths.update_result)
    action = action_at(box.slot, box.boot, pending, result)
    if pending is None or isinstance(pending, Torn):
        if action is Action.DISCARD:
            effects.say("What was noted of an update cannot be read: it is forgotten, and this version goes on.")
            _remove_pending(effects)
        _settle(effects, result)
    else:
        _ACTIONS[action](Case(effects, box, pending, result))


# -- the new version runs -----------------------------------------------------------------------------------------


def _try(case: Case) -> None:
    version = case.pending.version
    _note(
        case.effects, "E-UPDATE-TRIAL", f"Version {version} is on trial. It stays if all works as it did before."
    )
    case.effects.say(f"Version {version} is on trial.")
    reasons = objections_on_trial(case.effects, case.box.version, case.pending)
    if reasons:
        _bring_back(case, case.ended(Ending.REVERTED, *reasons))
    else:
        _keep(case.effects, case.ended(Ending.GOOD))
        _confirm(case)


def _confirm(case: Case) -> None:
    effects = case.effects
    if _mark(effects, rauc.mark_good):
        _remove_pending(effects)
        notices.drop(NOTICE, effects.paths.notices)
        effects.say(f"Version {case.pending.version} is good.")
    _rest(effects)


def _go_back(case: Case) -> None:
    _bring_back(case, case.own_result or case.ended(Ending.REVERTED))


def _bring_back(case: Case, result: UpdateResult) -> None:
    """Start the old version, unless that could go on for ever: without a note of it, or without a boot order."""
    effects, text = case.effects, sentence(result)
    effects.say(text)
    is_noted = _keep(effects, result)
    if not _mark(effects, rauc.mark_bad):
        obstacle = "the boot order cannot be written"
    elif not (is_noted and _keep(effects, msgspec.structs.replace(result, restarts=result.restarts + 1))):
        obstacle = "the data partition takes no note of it"
    elif not _restart(effects):
        obstacle = "systemd does not take the order to restart"
    else:
        return
    _note(effects, "E-UPDATE-TRIAL", f"{text} But {obstacle}: restart the box by hand, and tell support.")


def _stay(case: Case) -> None:
    reasons = case.result.reasons if case.result else ()
    result = case.ended(Ending.KEPT, *reasons)
    _keep(case.effects, result)
    if _mark(case.effects, rauc.mark_first):
        _remove_pending(case.effects)
    _settle(case.effects, result)


# -- the old version runs -----------------------------------------------------------------------------------------


def _interrupted(case: Case) -> None:
    own, before = case.own_result, case.result
    is_same = before is not None and before.ending is Ending.INTERRUPTED and before.sha256 == case.pending.sha256
    times = before.times + 1 if before and is_same else 1
    _close(case, own or case.ended(Ending.INTERRUPTED, times=times))


def _never_started(case: Case) -> None:
    _close(case, case.ended(Ending.REVERTED, "It did not start, or not for long enough to be judged."))


def _came_back(case: Case) -> None:
    reasons = case.own_result.reasons if case.own_result else ()
    _close(case, case.ended(Ending.REVERTED, *reasons))


def _fell_back(case: Case) -> None:
    _close(case, case.ended(Ending.REVERTED, "It was good at first, and then did not start any more."))


def _close(case: Case, result: UpdateResult) -> None:
    """The update is over, and its slot is not started any more."""
    case.effects.say(sentence(result))
    _keep(case.effects, result)
    if _mark(case.effects, rauc.mark_other_bad):
        _remove_pending(case.effects)
    _settle(case.effects, result)


# -- nothing to judge ---------------------------------------------------------------------------------------------


def _wait(case: Case) -> None:
    _settle(case.effects, case.result)


def _leave(case: Case) -> None:
    case.effects.say("The boot loader does not say which slot runs: nothing is said of the update.")


def _settle(effects: Effects, result: UpdateResult | None) -> None:
    """The running slot works: its tries count from 0 again. What became of the last update stays on the page."""
    with suppress(OSError):
        effects.paths.bundle.unlink(missing_ok=True)  # a download that a power cut ended
    if result is None or result.ending is Ending.GOOD:
        notices.drop(NOTICE, effects.paths.notices)
    else:
        code = "E-UPDATE-TRIAL" if result.ending is Ending.KEPT else "E-UPDATE-REVERTED"
        _note(effects, code, sentence(result))
    wait_agent(effects)
    _mark(effects, rauc.mark_good)
    _rest(effects)


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


def _mark(effects: Effects, how: Callable[[Run], None]) -> bool:
    tries = 0
    while True:
        try:
            how(effects.run)
            return True
        except ProgramTrouble as trouble:
            tries += 1
            if tries == TRIES:
                effects.say(f"The boot order cannot be written ({trouble}).")
                return False
            effects.pause(TRY_SECONDS)


def _restart(effects: Effects) -> bool:
    try:
        effects.run(("systemctl", "reboot"), timeout=RESTART_SECONDS)
    except ProgramTrouble:
        return False
    return True


def _keep(effects: Effects, result: UpdateResult) -> bool:
    try:
        effects.keep(effects.paths.update_result, encoded(result))
    except OSError as error:
        effects.say(f"The verdict cannot be noted on the data partition ({reason_of(error)}).")
        return False
    return True


def _remove_pending(effects: Effects) -> None:
    try:
        effects.remove(effects.paths.pending_update)
    except OSError as error:
        effects.say(f"The update's note cannot be removed ({reason_of(error)}).")


def _note(effects: Effects, code: str, text: str) -> None:
    with suppress(OSError):
        notices.put(NOTICE, code, text, folder=effects.paths.notices)


def _rest(effects: Effects) -> None:
    """RAUC's service is not needed until the next update: its memory is."""
    with suppress(NightPorterError):
        rauc.stop_service(effects.run)
