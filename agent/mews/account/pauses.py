"""The pauses that Mews asks for (429, 503): until when, and for how long it has gone on. No I/O.

Times are monotonic seconds.
"""

from collections.abc import Callable

FIRST, LONGEST = 10.0, 900.0  # s; where Mews names no pause; a longer one is taken for a mistake
OVER_SECONDS = 30.0  # s; a pause asked of an update is over when no further one has asked for it since
BARRED_SECONDS = 60.0  # s of asking for pauses, from which it is no pause any more: keys grow too old meanwhile


class Pauses:
    """`spread` lets the pauses that Mews does not name drift apart from other boxes'."""

    def __init__(self, spread: Callable[[float], float]) -> None:
        self._spread = spread
        self._until = float("-inf")
        self._since: float | None = None  # when it first asked, without a call let in since
        self._by_update = float("-inf")  # when it last asked so of an update
        self._unnamed = FIRST  # the next one that it does not name

    def left(self, now: float) -> float:
        """Seconds until Mews may be called again."""
        return max(0.0, self._until - now)

    def is_barred(self, now: float) -> bool:
        """Whether Mews has asked for so long that it is no pause any more."""
        return self._since is not None and now - self._since >= BARRED_SECONDS

    def asked(self, named: float | None, now: float, *, of_update: bool) -> float:
        """Mews asks for a pause, of `named` seconds where it says so. Returns the one that is kept."""
        pause = self._next_unnamed() if named is None else min(named, LONGEST)
        self._until = max(self._until, now + pause)
        self._since = now if self._since is None else self._since
        if of_update:
            self._by_update = now
        return pause

    def listed(self, now: float) -> bool:
        """A list came. Whether that ends the pauses: it does not, while updates are still asked for them."""
        self._unnamed = FIRST
        if now - self._by_update <= OVER_SECONDS:
            return False
        self._since = None
        return True

    def update_answered(self) -> None:
        """An update was let in: that ends them."""
        self._by_update = float("-inf")
        self._since = None

    def _next_unnamed(self) -> float:
        pause, self._unnamed = self._unnamed, min(LONGEST, self._unnamed * 2)
        return self._spread(pause)
