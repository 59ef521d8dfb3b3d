"""What the page may take of the processor: answers wait for their turn while it has had its share.

The page lives in one thread with the pass, so what it computes, a key waits for. Each answer's own processor time
is measured, and the next ones wait, in the order in which they came, until that was `SHARE` of the time since; a
burst of `CREDIT` goes at once. Must never hold up what says whether the box is well: that is left to the caller.
"""

import trio

SHARE = 0.2  # of one processor; the pass needs half of one when eight encoders cut at once
CREDIT = 1.0  # s of the share: some hundred pages
MOST = 0.05  # s that an answer counts at most: what takes longer loads something, once
QUEUE = 32  # answers that may wait; who comes then is told to come back
BESIDE = 2.0  # times what was measured, with what the line and the protocol take before and after


class Turns:
    """All connections of one listener share it."""

    def __init__(self) -> None:
        self._free_at = -CREDIT  # when what was spent is made good, on trio's clock
        self._order = trio.Lock()

    @property
    def are_many(self) -> bool:
        """Whether as many wait as may."""
        return self._order.statistics().tasks_waiting >= QUEUE

    async def wait(self) -> None:
        """Until the page may take processor time again; first come, first served."""
        if self._free_at <= trio.current_time() and not self._order.locked():
            return
        async with self._order:
            await trio.sleep_until(self._free_at)

    def spent(self, seconds: float) -> None:
        """So much processor time went into an answer."""
        self._free_at = max(self._free_at, trio.current_time() - CREDIT) + min(seconds, MOST) * BESIDE / SHARE
