"""Takes a provisioning file from a USB stick, where it is one that the box never took before.

The stick is mounted read-only and stays as it is: what is on it is the installer's to erase. So it may stay in,
and a file that was taken back is not tried again. What is wrong is said, never raised.
"""

from collections.abc import Callable
from pathlib import Path

from agent.box.setup import live_take, offer, take_trial
from agent.box.setup.known_copies import digest
from agent.box.setup.offer import Offer
from agent.box.setup.take_trial import Hops
from agent.box.tools import programs
from agent.box.tools.paths import Paths
from agent.foundation.errors import NightPorterError, reason_of
from agent.handover import steps
from agent.status.snapshot import reached
from provisioning.problems import Problem

_WHENCE = "on the USB stick"


def take(
    paths: Paths, run: programs.Run, folder: Path, page: Callable[[], Hops | None] = take_trial.own_hops
) -> None:
    """Look into the top folder of the stick, and take what is there."""
    try:
        found = offer.find(folder)
        if isinstance(found, Problem):
            _say(paths, f"{found.wrong}. {found.write}")
        elif found is not None:
            _take(paths, run, found, page)
    except OSError as error:
        _say(paths, f"it cannot be read ({reason_of(error)})")
    except NightPorterError as trouble:
        _say(paths, str(trouble).partition("\n")[0])


def _take(paths: Paths, run: programs.Run, found: Offer, page: Callable[[], Hops | None]) -> None:
    with live_take.working(paths, run, patience=live_take.LONG_SECONDS) as work:
        if work.active and work.active.text == found.text:
            return
        if digest(found.text) in work.adoption.folder.taken():
            _say(paths, "it was taken before, and another one is in use now: change it to have it taken again")
            return
        new = work.judge(found.text, lambda name: _beside(found, name), _WHENCE)
        work.announcer.say_lines((*new.lines, *work.differences(new)))
        work.take(new, reached.well(page() or ()))


def _beside(found: Offer, name: str) -> Path | None:
    path = found.file.parent / name if found.file else None
    return path if path and path.is_file() else None


def _say(paths: Paths, words: str) -> None:
    steps.say(f"provisioning file on the USB stick: {words}", paths.steps)
