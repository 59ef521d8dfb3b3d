"""How the agent ended, in plain words, and how often: what systemd knows of it, kept in memory for this boot."""

import time
from pathlib import Path

import msgspec

from agent.foundation import files
from agent.foundation.reading.text import plain

CLEAN = "success"
LIFE_SECONDS = 30.0  # s that the agent has to be ready for; what ends sooner has failed to start
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


class AgentEnds(msgspec.Struct, frozen=True):
    """Failures since the box started, and how many of the last starts failed without a good one between.

    `ready_at` is the CLOCK_BOOTTIME at which the agent got ready, 0 while it is not.
    """

    total: int = 0
    in_a_row: int = 0
    ready_at: float = 0.0

    def ready(self, now: float) -> "AgentEnds":
        """The count once the agent is ready, at `now`."""
        return msgspec.structs.replace(self, ready_at=now)

    def failed(self, now: float) -> "AgentEnds":
        """The count after a failure at `now`: a failed start, unless the agent had been ready for long enough."""
        has_lived = self.ready_at > 0 and now - self.ready_at >= LIFE_SECONDS
        return AgentEnds(self.total + 1, 0 if has_lived else self.in_a_row + 1)

    def stopped(self) -> "AgentEnds":
        """The count after an end that was asked for."""
        return AgentEnds(self.total)


def end_in_words(result: str, status: str) -> str:
    """What happened, from `$SERVICE_RESULT` and `$EXIT_STATUS` (systemd.exec(5)): it "ended with an error"."""
    known = _WORDS.get(result, f"failed ({plain(result, 40)})")
    return known.replace("{status}", plain(status, 20) or "unknown")


def times_in_words(count: int) -> str:
    """How often, as people say it."""
    return "once" if count == 1 else f"{count} times"


def time_of_day(unix: float | None = None) -> str:
    """A time of day, now if none is given: the steps' clock, so UTC."""
    return time.strftime("%H:%M UTC", time.gmtime(unix))


def read(run: Path) -> AgentEnds:
    """The count so far; none where nothing is kept."""
    try:
        return msgspec.json.decode((run / _NAME).read_bytes(), type=AgentEnds)
    except (OSError, msgspec.MsgspecError):
        return AgentEnds()


def keep(ends: AgentEnds, run: Path) -> None:
    """Keep the count, whole or not at all. Raises `OSError`."""
    files.write_in_memory(run / _NAME, msgspec.json.encode(ends))
