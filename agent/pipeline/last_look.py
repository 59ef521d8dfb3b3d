"""What is asked of an order before it is queued, before it is claimed, and again right before each card.

Knows time and the stay; asks no other machine. Age and validity go by Mews' clock, never by the box's own.
"""

from datetime import datetime, tzinfo

from agent.commands.model import Outcome
from agent.commands.notes import Code, ended
from agent.foundation.reading.text import duration
from agent.foundation.timing import MewsClock
from agent.pipeline.orders import Order


class LastLook:
    """The limits of one hotel: `key_age_seconds` is how long an order may wait; dates are said in `zone`."""

    def __init__(self, mews_clock: MewsClock, key_age_seconds: float, zone: tzinfo) -> None:
        self._mews_clock, self._key_age, self._zone = mews_clock, key_age_seconds, zone

    def objection(self, order: Order) -> Outcome | None:
        """Why no key may be cut for it now: it waited too long, or its stay is over or backwards."""
        return self._about_age(order) or self._about_stay(order)

    def too_old(self) -> Outcome:
        """The end of an order that waited longer than it may."""
        return ended(Code.STALE, duration(self._key_age))

    def seconds_left(self, order: Order) -> float:
        """For how long the order may still wait; 0 where it is too old."""
        return max(0.0, self._key_age - self._age(order))

    def _about_age(self, order: Order) -> Outcome | None:
        return self.too_old() if self._age(order) >= self._key_age else None

    def _about_stay(self, order: Order) -> Outcome | None:
        if order.job is None:
            return None
        start, end, now = order.job.start, order.job.end, self._mews_clock.now()
        if end <= start:
            return ended(Code.BACKWARDS, f"{self._said(start)} to {self._said(end)}")
        return ended(Code.OVER, self._said(end)) if now is not None and end <= now else None

    def _age(self, order: Order) -> float:
        if order.created is None:
            return 0.0
        return self._mews_clock.age(order.created, order.first_seen, order.unseen)

    def _said(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%-d %B %Y at %H:%M}"
