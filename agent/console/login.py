"""Who may act on a line: the console code, with a pause after wrong ones, and an end when it lies idle. Pure.

A box without a provisioning file is open to who stands beside it; one whose file sets no code only looks.
"""

from enum import StrEnum

IDLE_SECONDS = 600.0  # s without a key after which the line only looks again
FREE_TRIES = 3  # that cost no pause
FIRST_PAUSE = 2.0  # s after the next wrong one, then twice as long each time
LONGEST_PAUSE = 300.0  # s


class Access(StrEnum):
    """What a line lets a person do."""

    OPEN = "open"  # no provisioning file yet, or a terminal of the box itself
    LOOKS = "looks"  # the file sets no code
    LOCKED = "locked"  # the code is asked for
    LOGGED_IN = "logged in"


class LineLogin:
    """One line's log-in. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._wrong = 0
        self._pause_until = float("-inf")
        self._until: float | None = None  # when it ends; None: not logged in

    def access(self, now: float, *, is_provisioned: bool, has_code: bool) -> Access:
        """What the line lets a person do now."""
        if not is_provisioned:
            return Access.OPEN
        if not has_code:
            return Access.LOOKS
        if self._until is None or now >= self._until:
            self._until = None
            return Access.LOCKED
        return Access.LOGGED_IN

    def pause(self, now: float) -> float:
        """Seconds until a code may be tried again."""
        return max(0.0, self._pause_until - now)

    def tried(self, now: float, *, is_right: bool) -> None:
        """A code was typed."""
        if is_right:
            self._wrong, self._until = 0, now + IDLE_SECONDS
            return
        self._wrong += 1
        if self._wrong >= FREE_TRIES:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._wrong - FREE_TRIES, 20))
            self._pause_until = now + pause

    def touched(self, now: float) -> None:
        """A key was pressed, or a verb works on."""
        if self._until is not None and now < self._until:
            self._until = now + IDLE_SECONDS

    def log_out(self) -> bool:
        """The line only looks again. False: it did already."""
        was, self._until = self._until is not None, None
        return was

    def idle_end(self) -> float | None:
        """When it ends by itself if no key is pressed."""
        return self._until
