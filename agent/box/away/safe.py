"""Safe mode: the agent does not stay up. Says so, and why, on away page and serial line; stops nothing."""

import re

from agent.box.tools.paths import Paths
from agent.box.tools.programs import ProgramTrouble, Run
from agent.foundation.reading.text import plain
from agent.handover import notices, steps

CODE = "E-BOX-SAFE"
NOTICE = "safe"
_SECONDS = 10.0  # s for one of the system's programs
_STEP = re.compile(r"\d\d:\d\d:\d\d ")  # our own words in the unit's log
_LINE = 300  # characters


def enter(happened: str, paths: Paths, run: Run) -> None:
    """Note safe mode; `happened` continues "The last time it ...". A box that is in it already keeps its time."""
    text = f"The agent has failed three times in a row. The last time it {happened}."
    last_words = _last_words(run)
    if last_words:
        text += f" Its last words: {last_words}"
    if any((notice.code, notice.text) == (CODE, text) for notice in notices.standing(paths.notices)):
        return
    notices.put(NOTICE, CODE, text, folder=paths.notices)
    steps.say(f"safe mode: the agent {happened}; it is tried again every few minutes", paths.steps)


def _last_words(run: Run) -> str:
    """The last line that the agent itself wrote, empty without any."""
    own = "_SYSTEMD_UNIT=nightporter.service"  # not what systemd writes of it
    try:
        log = run(("journalctl", own, "-b", "-n", "20", "-o", "cat", "--no-pager", "-q"), timeout=_SECONDS).out
    except ProgramTrouble:
        return ""
    lines = [line for line in log.splitlines() if line.strip() and not _STEP.match(line)]
    return plain(lines[-1], _LINE) if lines else ""
