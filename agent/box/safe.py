"""Safe mode: the agent does not stay up. Says so, and why, for the tiny page and the serial line; stops nothing.

`safe` is for a unit that systemd starts on the agent's failure; `stopped` comes here by itself.
"""

import os
import re
from collections.abc import Mapping

from agent import notices, steps
from agent.box import agent_ends
from agent.box.places import Places
from agent.box.programs import ProgramTrouble, Run, run
from agent.commands.text import plain

CODE = "E-BOX-SAFE"
NOTICE = "safe"
_SECONDS = 10.0  # s for one of the system's programs
_STEP = re.compile(r"\d\d:\d\d:\d\d ")  # our own words in the unit's log
_LINE = 300  # characters


def main() -> None:
    """Enter safe mode for what systemd says of the agent."""
    why(os.environ, Places(), run)


def why(environment: Mapping[str, str], places: Places, run: Run) -> None:
    """Find out how the agent ended, from `$MONITOR_*` (systemd.exec(5)) or by asking; then `enter`."""
    result, status = environment.get("MONITOR_SERVICE_RESULT", ""), environment.get("MONITOR_EXIT_STATUS", "")
    if not result:
        result, status = _asked(run)
    enter(agent_ends.words(result, status), places, run)


def enter(happened: str, places: Places, run: Run) -> None:
    """Note safe mode; `happened` continues "The last time it ...". A box that is in it already keeps its time."""
    text = f"The agent has failed three times in a row. The last time it {happened}."
    last_words = _last_words(run)
    if last_words:
        text += f" Its last words: {last_words}"
    if any((notice.code, notice.text) == (CODE, text) for notice in notices.standing(places.notices)):
        return
    notices.put(NOTICE, CODE, text, folder=places.notices)
    steps.say(f"safe mode: the agent {happened}; it is tried again every few minutes", places.steps)


def _asked(run: Run) -> tuple[str, str]:
    try:
        shown = run(("systemctl", "show", "nightporter.service", "-p", "Result,ExecMainStatus"), timeout=_SECONDS)
    except ProgramTrouble:
        return "unknown", ""
    values = dict(line.split("=", 1) for line in shown.out.splitlines() if "=" in line)
    return values.get("Result", "unknown"), values.get("ExecMainStatus", "")


def _last_words(run: Run) -> str:
    """The last line that the agent itself wrote, empty without any."""
    own = "_SYSTEMD_UNIT=nightporter.service"  # not what systemd writes of it
    try:
        log = run(("journalctl", own, "-b", "-n", "20", "-o", "cat", "--no-pager", "-q"), timeout=_SECONDS).out
    except ProgramTrouble:
        return ""
    lines = [line for line in log.splitlines() if line.strip() and not _STEP.match(line)]
    return plain(lines[-1], _LINE) if lines else ""
