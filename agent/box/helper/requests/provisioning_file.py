"""A provisioning file over the console: looked at, taken, confirmed, or given up for the one before."""

from pathlib import Path
from tempfile import TemporaryDirectory

from agent.box.helper.caller import Caller
from agent.box.helper.effects import Effects
from agent.box.setup import live_take
from agent.box.setup.active_file import own_profile
from agent.box.setup.adoption import Judged
from agent.box.setup.decisions import file_trial
from agent.box.setup.live_take import LiveTake
from agent.foundation.errors import UserMistake
from agent.handover.helper import End, TakeFile
from agent.status.snapshot import reached

_WHENCE = "from the console"
_BY_HAND = "It was taken back by hand."


def take(request: TakeFile, caller: Caller, effects: Effects) -> None:
    """Say what would change; and unless that was all, take the file, on trial where there was one before."""
    with live_take.working(effects.paths, effects.run) as work:
        new = _judged(work, request, effects)
        for line in (*new.lines, *work.differences(new)):
            caller.say(line)
        if work.active and new.text == work.active.text and request.profile is None:
            caller.done(End.DONE, "The box works with this very file already: nothing was changed.")
        elif request.is_trial_only:
            caller.done(End.DONE, "The file is good. Nothing was changed.")
        else:
            _take(work, new, caller, effects)


def confirm(caller: Caller, effects: Effects) -> None:
    """The file on trial stays."""
    with live_take.working(effects.paths, effects.run) as work:
        if work.trial is None:
            raise UserMistake("No provisioning file is on trial: the one that the box has stays anyway.")
        work.keep("the one on trial was confirmed: it stays")
    caller.done(End.DONE, "The new provisioning file stays.")


def roll_back(caller: Caller, effects: Effects) -> None:
    """The file before comes back."""
    with live_take.working(effects.paths, effects.run) as work:
        if work.adoption.folder.previous() is None:
            raise UserMistake("There is no provisioning file before this one.")
        work.go_back(_BY_HAND)
    caller.done(End.DONE, "The box works with the provisioning file before again.")


def _judged(work: LiveTake, request: TakeFile, effects: Effects) -> Judged:
    if request.profile is None:
        return work.judge(request.text, lambda name: None, _WHENCE)
    with TemporaryDirectory(prefix="profile-", dir=effects.paths.run) as folder:
        path = Path(folder) / "profile.toml"
        path.write_bytes(request.profile)
        new = work.judge(request.text, lambda name: path, _WHENCE)
    if new.provisioning is not None and not own_profile(new.provisioning):
        raise UserMistake("The file names no profile of the site's own: send it without one.")
    return new


def _take(work: LiveTake, new: Judged, caller: Caller, effects: Effects) -> None:
    hops = reached.well(effects.page() or ())
    if not work.take(new, hops):
        caller.done(End.DONE, "The box works with the new provisioning file.")
        return
    what = file_trial.names(hops)
    goes = f"If {what} cannot be reached with it within two minutes, the one before comes back." if what else ""
    words = f"The box works with the new provisioning file. {goes}".rstrip()
    caller.done(End.DONE, words, file_trial.SECONDS if what else None)
