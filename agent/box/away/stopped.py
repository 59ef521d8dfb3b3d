"""`stopped`: runs after each end of the agent, as root, and says why it ended (systemd.service(5), ExecStopPost=).

The away page comes first: until it runs there is no answer on port 80. Three failed starts in a row
are safe mode; systemd goes on trying. Nothing in here may fail for a disk that is full.
"""

import os
from collections.abc import Mapping
from contextlib import suppress

from agent.box.away import agent_ends, safe
from agent.box.tools.paths import Paths
from agent.box.tools.programs import ProgramTrouble, Run, run
from agent.handover import notices, steps

CODE = "E-BOX-AGENT"
LASTS_SECONDS = 86_400.0  # s; a look at the page the next morning still tells of it
FAILED_STARTS_TO_SAFE_MODE = 3
_SYSTEMCTL_SECONDS = 10.0


def main() -> None:
    """Note the end that systemd tells of in the environment."""
    note(os.environ, Paths(), run)


def note(environment: Mapping[str, str], paths: Paths, run: Run) -> None:
    """Start the away page, and leave word of what happened."""
    _start_away_page(run)
    result, status = environment.get("SERVICE_RESULT", agent_ends.CLEAN), environment.get("EXIT_STATUS", "")
    with suppress(OSError):
        if result == agent_ends.CLEAN:
            agent_ends.keep(agent_ends.read(paths.run).stopped(), paths.run)
            steps.say("the agent has stopped", paths.steps)
        else:
            _note_failure(agent_ends.end_in_words(result, status), paths, run)


def _note_failure(happened: str, paths: Paths, run: Run) -> None:
    ends = agent_ends.read(paths.run).failed(notices.boottime())
    agent_ends.keep(ends, paths.run)
    often = agent_ends.times_in_words(ends.total)
    text = f"The agent {happened} at {agent_ends.time_of_day()}; {often} since the box started."
    notices.put("agent", CODE, text, lasts=LASTS_SECONDS, folder=paths.notices)
    if ends.in_a_row >= FAILED_STARTS_TO_SAFE_MODE:
        safe.enter(happened, paths, run)
    else:
        steps.say(f"the agent {happened}; it is started again", paths.steps)


def _start_away_page(run: Run) -> None:
    with suppress(ProgramTrouble):  # systemd starts the page itself when the next reader comes
        state = run(("systemctl", "is-system-running"), timeout=_SYSTEMCTL_SECONDS, fine=range(256)).out.strip()
        if state != "stopping":
            run(("systemctl", "start", "--no-block", "nightporter-down.service"), timeout=_SYSTEMCTL_SECONDS)
