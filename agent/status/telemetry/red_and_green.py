"""When a box counts as red, and when as green again, so that a flap is one message and not twenty. Pure.

Red is told once it began half a minute ago and holds; green once nothing was wrong for half a minute. So a fault
that comes and goes is red until it has stayed away. Times are monotonic seconds.
"""

import math
from enum import StrEnum

PATIENCE = 30.0  # s; a switch that restarts, or a cable that is put into another socket, is no message


class Light(StrEnum):
    """Whether something stops keys or documents (a fault), or nothing does; a warning is green."""

    GREEN = "green"
    RED = "red"


class RedAndGreen:
    """Tell it what is `see`n, and it says what is `shown`: None until it has seen enough."""

    def __init__(self) -> None:
        self.shown: Light | None = None
        self.since = 0.0  # when what is shown began
        self._red_since = self._green_since = math.inf

    def see(self, is_red: bool, now: float) -> None:
        """This is so now."""
        if is_red:
            self._red_since, self._green_since = min(self._red_since, now), math.inf
            if self.shown is not Light.RED and now - self._red_since >= PATIENCE:
                self.shown, self.since = Light.RED, self._red_since
            return
        self._green_since = min(self._green_since, now)
        if now - self._green_since >= PATIENCE:
            self._red_since = math.inf
            if self.shown is not Light.GREEN:
                self.shown, self.since = Light.GREEN, self._green_since
