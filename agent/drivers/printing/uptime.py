"""Whether a printer has been running all the time: with a restart it forgets its jobs. No I/O.

`printer-up-time` (RFC 8011, section 5.4.29) counts seconds since the start. A printer that does not tell it has
perhaps restarted whenever it was not reached for a while.
"""

from agent.foundation.timing import Clock

SLACK = 3.0  # s by which a printer's clock may be behind ours between two answers
ROUNDED = 1.0  # s that are not in whole seconds: after a silence they are doubt


class Uptime:
    """`restarts` counts what was seen of one printer so far."""

    def __init__(self, clock: Clock) -> None:
        self.restarts = 0
        self._clock = clock
        self._heard = clock()  # when it answered last, and when it started, in our seconds
        self._started: float | None = None
        self._was_away = False

    def told(self, seconds: int | None) -> None:
        """It has answered, and says that it runs for so long."""
        now = self._clock()
        started = None if seconds is None else now - seconds
        if started is None or self._started is None:
            self.restarts += self._was_away
        else:
            doubt = ROUNDED if self._was_away else 0.0
            self.restarts += started > self._heard - doubt or started > self._started + SLACK
        self._heard, self._started, self._was_away = now, started, False

    def away(self) -> None:
        """It was asked, and did not answer."""
        self._was_away = True
