"""Whether another connector takes the orders of this box: one that was listed as new was found taken. No I/O.

Where a token has no session that a second box would end, this is all that shows it. Once may be chance.
"""

WITHIN = 3600.0  # s
ENOUGH = 2  # times in that


class OtherHand:
    """Times are monotonic seconds."""

    def __init__(self) -> None:
        self._seen: list[float] = []

    def found(self, now: float) -> None:
        """An order was taken by someone else."""
        self._seen = [at for at in self._seen if now - at <= WITHIN] + [now]

    def is_there(self, now: float) -> bool:
        """Whether that was seen often enough, not long ago."""
        return sum(now - at <= WITHIN for at in self._seen) >= ENOUGH
