"""`stopped`: runs after each end of the agent, as root, and says why it ended (systemd.service(5), ExecStopPost=).

The tiny page comes first: until it runs nobody answers on port 80. Three failed starts in a row
are safe mode; systemd goes on trying. Nothing in here may fail for a disk that is full.
"""

import os
from collections.abc import Mapping
from contextlib import suppress

from agent.box.away import agent_ends, safe
from agent.box.tools.paths import Places
from agent.box.tools.programs import ProgramTrouble, Run, run
from agent.handover import notices, steps

CODE = "E-BOX-AGENT"
LASTS_SECONDS = 86_400.0  # s; who looks at the page the next morning still learns of it
FAILED_STARTS_TO_SAFE_MODE = 3
_SYSTEMCTL_SECONDS = 10.0


def main() -> None:
    """Note the end that systemd tells of in the environment."""
    note(os.environ, Places(), run)


def note(environment: Mapping[str, str], places: Places, run: Run) -> None:
    """Start the tiny page, and leave word of what happened."""
    _start_tiny_page(run)
    result, status = environment.get("SERVICE_RESULT", agent_ends.CLEAN), environment.get("EXIT_STATUS", "")
    with suppress(OSError):
        if result == agent_ends.CLEAN:
            agent_ends.keep(agent_ends.read(places.run).stopped(), places.run)
            steps.say("the agent has stopped", places.steps)
        else:
            _note_failure(agent_ends.words(result, status), places, run)


def _note_failure(happened: str, places: Places, run: Run) -> None:
    ends = agent_ends.read(places.run).failed(notices.boottime())
    agent_ends.keep(ends, places.run)
    text = f"The agent {happened} at {agent_ends.clock()}; {agent_ends.times(ends.total)} since the box started."
    notices.put("agent", CODE, text, lasts=LASTS_SECONDS, folder=places.notices)
    if ends.in_a_row >= FAILED_STARTS_TO_SAFE_MODE:
        safe.enter(happened, places, run)
    else:
        steps.say(f"the agent {happened}; it is started again", places.steps)


def _start_tiny_page(run: Run) -> None:
    with suppress(ProgramTrouble):  # systemd starts the page itself when the next reader comes
        state = run(("systemctl", "is-system-running"), timeout=_SYSTEMCTL_SECONDS, fine=range(256)).out.strip()
        if state != "stopping":
            run(("systemctl", "start", "--no-block", "nightporter-down.service"), timeout=_SYSTEMCTL_SECONDS)
