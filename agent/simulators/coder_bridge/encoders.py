"""The encoders of the simulated lock system: one card at a time each, side by side, and every cut key counted.

Must never forget or invent a cut: tests prove with this list that no second key was made. A key that an encoder
has begun is finished, also when no one listens. Times are seconds on trio's clock.
"""

import heapq
from collections import Counter, defaultdict, deque

import msgspec
import trio

from agent.simulators.base.presence import Changes

KEPT = 100_000  # cuts; a demo that runs for weeks must not fill the memory


class Cut(msgspec.Struct, frozen=True):
    """One card written. `areas`, `start` and `end` are the request's own text; `began` and `at` seconds.

    `until` is the end in UTC as the site reads it, "" where it checks no dates.
    """

    slot: str
    encoder: str
    room: str
    areas: str
    start: str
    end: str
    tid: str
    cid: str
    began: float
    at: float
    until: str = ""


class MobileKey(msgspec.Struct, frozen=True):
    """One mobile key made; `push_address` is "" where it was not pushed, `at` seconds."""

    slot: str
    room: str
    user: str
    areas: str
    end: str
    push_address: str
    at: float


class Encoders:
    """All encoders of a site; each knows its queue by the time at which it will be free."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._free_at: dict[str, float] = {}
        self._turns: defaultdict[str, list[float]] = defaultdict(list)
        self._to_come: list[tuple[float, int, Cut]] = []
        self._done: deque[Cut] = deque(maxlen=KEPT)
        self._begun = 0
        self.most_parallel: Counter[str] = Counter()  # requests at one encoder at a time, waiting ones included

    def is_busy(self, encoder: str) -> bool:
        """Whether a request would have to wait."""
        return self._free_at.get(encoder, 0.0) > trio.current_time()

    def take_turn(self, encoder: str, seconds: float, cap: int | None) -> tuple[float, float]:
        """Queue at an encoder for so long: when the turn begins and ends. `cap` bounds the turns at a time."""
        now = trio.current_time()
        began = max(now, self._free_at.get(encoder, 0.0), self._place_free_at(now, cap))
        self._free_at[encoder] = began + seconds
        self._turns[encoder].append(began + seconds)
        self.most_parallel[encoder] = max(self.most_parallel[encoder], len(self._turns[encoder]))
        return began, began + seconds

    def cut(self, cut: Cut) -> None:
        """Write a card, at the time that it says."""
        self._begun += 1
        heapq.heappush(self._to_come, (cut.at, self._begun, cut))
        self._changes.announce()

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """The cards written by now, in the order of time."""
        self._settle()
        return tuple(self._done)

    @property
    def count(self) -> int:
        """How many cards were written by now."""
        self._settle()
        return self._begun - len(self._to_come)

    def last_cut(self, encoder: str) -> Cut | None:
        """The card that was written last at an encoder."""
        return next((cut for cut in reversed(self.cuts) if cut.encoder == encoder), None)

    async def wait_cuts(self, count: int) -> None:
        """Wait until so many cards were written."""
        while self.count < count:
            with trio.move_on_at(self._to_come[0][0] if self._to_come else float("inf")):
                await self._changes.wait_change()
        await trio.lowlevel.checkpoint()

    def _settle(self) -> None:
        now = trio.current_time()
        while self._to_come and self._to_come[0][0] <= now:
            self._done.append(heapq.heappop(self._to_come)[2])

    def _place_free_at(self, now: float, cap: int | None) -> float:
        """When fewer than `cap` turns will be running; forgets those that are over."""
        for encoder, turns in self._turns.items():
            self._turns[encoder] = [end for end in turns if end > now]
        if cap is None:
            return now
        ends = heapq.nlargest(cap, (end for turns in self._turns.values() for end in turns))
        return ends[-1] if len(ends) == cap else now
