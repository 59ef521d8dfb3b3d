"""Whether somebody looks at the page: only for their eyes is it known within seconds that a server is gone."""

from collections.abc import Callable

LASTS = 15.0  # s; a page without a script asks again by then


class Attention:
    """`clock` is in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._paid = float("-inf")

    def pay(self) -> None:
        """Somebody is shown something."""
        self._paid = self._clock()

    @property
    def is_paid(self) -> bool:
        """Whether it was of late."""
        return self._clock() - self._paid < LASTS
