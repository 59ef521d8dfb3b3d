"""How often Mews is asked while it says by itself when there is news. Pure; times are monotonic seconds.

While the line is open the polls by the clock are rare: they catch what the line has lost, for it may be dead for
most of a minute before that shows. Without it they come at the file's pace, as if there were none.
"""

CATCH_UP_SECONDS = 27.0  # s between such polls; at most 30 with the jitter that they have
BURST, A_SECOND = 60.0, 1.0  # polls for news at once, and how soon there are new ones: 45 % of Mews' limit at most


def catch_up_seconds(poll_seconds: float, key_age_seconds: float) -> float:
    """How far apart polls are while the line is open: a key that it has lost must not be too old when found."""
    return max(poll_seconds, min(CATCH_UP_SECONDS, key_age_seconds / 3))


class Pace:
    """`catch_up` is to the pace of the file as the rests are to be to what they would be."""

    def __init__(self, poll_seconds: float, catch_up: float, now: float) -> None:
        self._usual, self._catch_up = poll_seconds, catch_up
        self._is_open = False
        self._is_awaited = False  # news that the list may show only a moment later
        self._left, self._counted = BURST, now  # polls for news, and when that was so

    @property
    def is_open(self) -> bool:
        """Whether the line is there."""
        return self._is_open

    @property
    def every(self) -> float:
        """How far apart polls by the clock are now, in seconds."""
        return self._catch_up if self._is_open else self._usual

    def opened(self) -> None:
        """The line is there; what was ordered meanwhile has not been said, so one poll is due."""
        self._is_open = self._is_awaited = True

    def lost(self) -> None:
        """It is not there any more; one poll is due."""
        self._is_open = False

    def news(self, now: float) -> float:
        """There is news: the seconds until the poll for it, which are 0 but in a flood."""
        self._is_awaited = True
        self._fill(now)
        return max(0.0, (1.0 - self._left) / A_SECOND)

    def asking(self, now: float) -> None:
        """A poll begins."""
        self._fill(now)
        self._left = max(0.0, self._left - 1.0)

    def rest(self, usual: float) -> float:
        """The seconds from a poll that was answered to the next one by the clock; `usual` without the line.

        After news there is one at the usual time, for Mews may say it a moment before its list shows it.
        """
        is_usual = self._is_awaited or not self._is_open
        self._is_awaited = False
        return usual if is_usual else usual * self._catch_up / self._usual

    def _fill(self, now: float) -> None:
        self._left = min(BURST, self._left + (now - self._counted) * A_SECOND)
        self._counted = now
