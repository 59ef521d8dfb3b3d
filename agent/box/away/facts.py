"""What the away page can find out: notices, the last steps, the version, and in safe mode the agent's last lines.

Everything is read again for each answer, but for the log, which costs a process. Reads only.
"""

import os
import subprocess
import time
from pathlib import Path

from agent.box.away import page
from agent.handover.notices import boottime, standing
from agent.handover.release import RELEASE
from agent.handover.release import read as read_release
from agent.handover.site_facts import SITE
from agent.handover.site_facts import read as read_site
from agent.languages.choice import LANGUAGES

LOG_SECONDS = 3.0  # s that the log may take; there are no answers meanwhile
LOG_KEPT_SECONDS = 5.0  # s; all readers of a page that renews itself share one reading
STEPS_BYTES = 4096  # bytes; a step is under 100
MOST_STEPS = 12


class AwayPage:
    """`run` is /run/nightporter, `log` a command that prints the log, `since` when (unix, boottime) we came up."""

    def __init__(self, run: str, release: str | None, log: tuple[str, ...], since: tuple[float, float]) -> None:
        self._run = Path(run)
        self._command, self._since = log, since
        self._version = read_release(Path(release) if release else RELEASE).version
        self._log: tuple[str, ...] = ()
        self._log_at = -LOG_KEPT_SECONDS

    def answer(self, head: bytes) -> bytes:
        """All that is said to a request."""
        return page.respond(head, self.facts(), nonce=os.urandom(16).hex())

    def facts(self) -> page.Facts:
        """What is true now."""
        notices = standing(self._run / "notices")
        away_since, started = self._since
        return page.Facts(
            name=os.uname().nodename.partition(".")[0],
            version=self._version,
            now=time.time(),
            away_since=away_since,
            uptime=boottime(),
            steps=last_steps(self._run / "steps"),
            notices=notices,
            agents_end=page.end_of_agent(notices, started),
            log=self._last_lines() if page.is_safe_mode(notices) else (),
            language=site.language if (site := read_site(self._run / SITE.name)) else LANGUAGES[0],
        )

    def _last_lines(self) -> tuple[str, ...]:
        now = time.monotonic()
        if now - self._log_at >= LOG_KEPT_SECONDS:
            self._log, self._log_at = _output(self._command), now
        return self._log


def last_steps(path: Path) -> tuple[str, ...]:
    """The last lines of the steps' file, which may not be there yet."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - STEPS_BYTES))
            lines = file.read(STEPS_BYTES).decode(errors="replace").splitlines()
    except OSError:
        return ()
    return tuple(filter(None, lines))[-MOST_STEPS:]


def _output(command: tuple[str, ...]) -> tuple[str, ...]:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LOG_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ("(the log cannot be read)",)
    return tuple(done.stdout.decode(errors="replace").splitlines())
