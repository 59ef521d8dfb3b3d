"""The steps of a boot in plain words, as they happen: a line each, for the serial line and for support.

The console follows the file; systemd's journal gets the same words. Never a secret, never a guest.
"""

import time
from pathlib import Path

from agent.handover.nudge import nudge

STEPS = Path("/run/nightporter/steps")


def say(text: str, path: Path = STEPS) -> None:
    """Append one step, with its time in UTC: the hotel's zone is not known yet. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = f"{time.strftime('%H:%M:%S UTC', time.gmtime())} {text}"
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    nudge(path.parent)
    print(line, flush=True)  # noqa: T201 - the unit's output is the system's journal
