"""The encoders of the simulated VisiOnline: one card at a time each, side by side, each waiting for a card.

Must never drop a turn that was taken: it comes to its end at its time, also when no one waits for it any more.
Times are seconds on trio's clock. (The Coder Bridge's encoders know the end of a turn when it is taken; here it
hangs on the person who presents a card, and all later turns at that encoder with it.)
"""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import trio

from agent.foundation.errors import UserMistake
from agent.simulators.base.presence import Changes
from agent.simulators.visionline.answers import Refusal
from agent.simulators.visionline.cards import Card
from agent.simulators.visionline.reading import Order


@dataclass(slots=True)
class Turn:
    """A request at its encoder: what shall be written, and what is known of how it goes.

    `card_after` is when a card comes, in seconds from the turn's begin (None: when it is presented), `patience`
    how long the encoder waits for one. `spoils` is a refusal to come; while `is_deaf` no card ends the waiting.
    """

    order: Order
    card_after: float | None
    patience: float
    spoils: Refusal | None = None
    is_deaf: bool = False
    began: float = 0.0
    ends: float = 0.0
    has_card: bool = False
    over: int | None = None  # number of the card that was presented, if it was one of ours
    end: Card | Refusal | None = None

    def begin(self, at: float) -> None:
        """Plan the turn from this moment on."""
        self.began = at
        comes = float("inf") if self.card_after is None else self.card_after
        self.has_card = comes <= self.patience
        self.ends = at + min(comes, self.patience)

    def present(self, now: float, over: int | None) -> None:
        """A card is put on the encoder."""
        self.has_card, self.ends, self.over = True, now, over


class Encoders:
    """All encoders of a site. `finish` is told each turn that is over, in the order of time; it sets its `end`."""

    def __init__(self, changes: Changes, finish: Callable[[Turn], None]) -> None:
        self._changes = changes
        self._finish = finish
        self._lines: dict[str, deque[Turn]] = {}
        self.most_parallel: Counter[str] = Counter()  # requests at one encoder at a time, waiting ones included

    def is_busy(self, encoder: str) -> bool:
        """Whether a request would have to wait."""
        self.settle()
        return encoder in self._lines

    def queue(self, turn: Turn) -> None:
        """Take a turn at the order's encoder."""
        self.settle()
        line = self._lines.setdefault(turn.order.encoder, deque())
        turn.begin(line[-1].ends if line else trio.current_time())
        line.append(turn)
        self.most_parallel[turn.order.encoder] = max(self.most_parallel[turn.order.encoder], len(line))
        self._changes.announce()

    @property
    def waiting(self) -> tuple[Turn, ...]:
        """The turns that a presented card would end, one an encoder."""
        self.settle()
        return tuple(line[0] for line in self._lines.values() if not line[0].is_deaf)

    def present(self, encoder: str | None, over: int | None) -> None:
        """Put a card on an encoder, or on the only one that waits. Raises UserMistake where none waits for it."""
        turn = self._asking(encoder)
        turn.present(trio.current_time(), over)
        for before, after in pairwise(self._lines[turn.order.encoder]):
            after.begin(before.ends)
        self._changes.announce()
        self.settle()

    def settle(self) -> None:
        """End what is over by now."""
        now = trio.current_time()
        over = [turn for encoder in tuple(self._lines) for turn in self._leave(encoder, now)]
        for turn in sorted(over, key=lambda turn: turn.ends):
            self._finish(turn)
        if over:
            self._changes.announce()

    async def wait_end(self, turn: Turn) -> Card | Refusal:
        """Wait until a turn is over: the card, or why there is none."""
        await self.wait_until(lambda: turn.end is not None)
        assert turn.end is not None
        return turn.end

    async def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait until `is_so()`, asked whenever something happens or a turn ends."""
        self.settle()
        while not is_so():
            with trio.move_on_at(self._next_end()):
                await self._changes.wait_change()
            self.settle()
        await trio.lowlevel.checkpoint()

    def _leave(self, encoder: str, now: float) -> list[Turn]:
        line = self._lines[encoder]
        over = []
        while line and line[0].ends <= now:
            over.append(line.popleft())
        if not line:
            del self._lines[encoder]
        return over

    def _asking(self, encoder: str | None) -> Turn:
        turns = {turn.order.encoder: turn for turn in self.waiting}
        if encoder is not None:
            if encoder not in turns:
                raise UserMistake(f"encoder {encoder[:60]!r} does not wait for a card")
            return turns[encoder]
        if len(turns) != 1:
            names = ", ".join(sorted(turns))
            raise UserMistake(f"say which encoder: {names}" if turns else "no encoder waits for a card")
        return next(iter(turns.values()))

    def _next_end(self) -> float:
        return min((line[0].ends for line in self._lines.values()), default=float("inf"))
