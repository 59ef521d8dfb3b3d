"""How the agent ended, in plain words, and how often: what systemd knows of it, kept in memory for this boot."""

import os
import time
from pathlib import Path

import msgspec

from agent.commands.text import plain

CLEAN = "success"
IN_A_ROW_SECONDS = 600.0  # s; as long a life as that is no failed start
_NAME = "agent-ends.json"
_WORDS = {
    "watchdog": "stopped answering, and its watchdog ended it",
    "timeout": "did not start or stop in time, and was ended",
    "oom-kill": "needed more memory than it may have, and was ended",
    "signal": "was ended by the signal {status}",
    "core-dump": "was ended by the signal {status}",
    "exit-code": "ended with an error (exit code {status})",
    "protocol": "ended before it was ready",
    "resources": "could not be started: the system lacks something that it needs",
    "start-limit-hit": "failed to start too often",
}


class Ends(msgspec.Struct, frozen=True):
    """Failures since the box started, those of them in a row, and the last one's CLOCK_BOOTTIME."""

    total: int = 0
    in_a_row: int = 0
    at: float = 0.0

    def one_more(self, now: float) -> "Ends":
        """The count after a failure at `now`."""
        is_in_a_row = self.total > 0 and now - self.at < IN_A_ROW_SECONDS
        return Ends(self.total + 1, self.in_a_row + 1 if is_in_a_row else 1, now)


def words(result: str, status: str) -> str:
    """What happened, from `$SERVICE_RESULT` and `$EXIT_STATUS` (systemd.exec(5)): it "ended with an error"."""
    known = _WORDS.get(result, f"failed ({plain(result, 40)})")
    return known.replace("{status}", plain(status, 20) or "unknown")


def times(count: int) -> str:
    """How often, as people say it."""
    return "once" if count == 1 else f"{count} times"


def clock(unix: float | None = None) -> str:
    """A time of day, now if none is given: the steps' clock, so UTC."""
    return time.strftime("%H:%M UTC", time.gmtime(unix))


def read(run: Path) -> Ends:
    """The count so far; none where nothing is kept."""
    try:
        return msgspec.json.decode((run / _NAME).read_bytes(), type=Ends)
    except (OSError, msgspec.MsgspecError):
        return Ends()


def keep(ends: Ends, run: Path) -> None:
    """Keep the count, whole or not at all. Raises `OSError`."""
    coming = run / f".{_NAME}.{os.getpid()}"
    coming.write_bytes(msgspec.json.encode(ends))
    coming.replace(run / _NAME)
