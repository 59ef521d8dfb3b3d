"""Before CUPS starts: what the last one had begun is not begun again (`spool.py`)."""

import sys

from agent.box.queues.spool import sweep
from agent.box.tools.paths import Paths


def main() -> None:
    """Sweep the spool of this machine, and say in the journal what went."""
    for number in sweep(Paths().queues / "spool"):
        sys.stderr.write(f"queues: job {int(number)} was being printed when CUPS ended, and is not begun again\n")
