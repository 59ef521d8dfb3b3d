"""An update from a bundle at an address, or from the one that came through the page, as `nightporter update` does
it; its steps are told to the caller too.

It goes on when the caller leaves: a cable that falls out breaks off no update.
"""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from agent.box.helper.caller import Caller
from agent.box.helper.effects import Effects
from agent.box.update import download, update
from agent.box.update.effects import Effects as UpdateEffects
from agent.foundation.errors import NightPorterError, UserMistake, reason_of
from agent.handover.helper import End, Update

COPY = "uploaded.raucb"


class ToldEffects(UpdateEffects, frozen=True, kw_only=True):
    """Each step of the update is told to one more."""

    tell: Callable[[str], None]

    def say(self, text: str) -> None:
        """A step."""
        super().say(text)
        self.tell(text)


def update_box(request: Update, caller: Caller, effects: Effects) -> None:
    """Fetch, check, install, restart."""
    told = ToldEffects(paths=effects.paths, run=effects.run, tell=caller.say)
    uploaded = effects.paths.uploaded
    if request.source == str(uploaded):
        _update_uploaded(told, uploaded)
    elif download.is_url(request.source):
        update.update_box(told, update.Wish(request.source))
    else:
        raise UserMistake("Write the address of a bundle, like http://10.4.5.9/nightporter-amd64.raucb.")
    caller.done(End.DONE, "The update is done as far as it goes before the restart.")


def _update_uploaded(told: ToldEffects, uploaded: Path) -> None:
    """From a copy in root's own folder: the agent's user could change its file between a look and its use."""
    copy = told.paths.update / COPY
    try:
        _copy(uploaded, copy)
        update.update_box(told, update.Wish(str(copy)))
    except OSError as error:
        raise NightPorterError(f"The bundle cannot be copied: {reason_of(error)}.") from None
    finally:
        copy.unlink(missing_ok=True)
        uploaded.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    reading = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(reading, "rb") as file, target.open("wb") as copied:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UserMistake("What came through the page is no file.")
        shutil.copyfileobj(file, copied, 1024 * 1024)
