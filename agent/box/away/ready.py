"""`ready`: runs as root once the agent said READY. It has the page now: safe mode is over, the away page ends."""

import os
from contextlib import suppress

from agent.box.away import agent_ends, safe
from agent.box.tools.paths import Paths
from agent.box.tools.programs import ProgramTrouble, Run, run
from agent.handover import notices, steps
from agent.status.own_address import DROP_IN, page_address

_SECONDS = 10.0


def main() -> None:
    """Clear up after the start."""
    clear_up(Paths(), run, page_address(DROP_IN).url(os.uname().nodename.partition(".")[0]))


def clear_up(paths: Paths, run: Run, url: str) -> None:
    """End the away page and safe mode, and say where the page is."""
    with suppress(ProgramTrouble):  # it shares the socket: at worst every other reader still meets it
        run(("systemctl", "stop", "--no-block", "nightporter-down.service"), timeout=_SECONDS)
    ends = agent_ends.read(paths.run)
    if ends.total:
        with suppress(ProgramTrouble):  # the pauses between restarts begin with the shortest again
            run(("systemctl", "reset-failed", "nightporter.service"), timeout=_SECONDS)
    with suppress(OSError):
        agent_ends.keep(ends.ready(notices.boottime()), paths.run)
        notices.drop(safe.NOTICE, paths.notices)
        steps.say(f"the agent is running: page at {url}", paths.steps)
