"""What is asked of an order before it is queued, before it is claimed, and again right before each card.

Knows time and the stay; asks no other machine. Age and validity go by Mews' clock, never by the box's own.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from agent.commands.driver import KeyJob
from agent.commands.model import Kind, Outcome
from agent.commands.notes import Code, ended
from agent.commands.routing import Limits
from agent.foundation.reading.text import duration
from agent.foundation.timing import Clock, MewsClock
from agent.pipeline.orders import Order


class LastLook:
    """The `limits` of one hotel; dates are said in `zone`, `clock` gives monotonic seconds."""

    def __init__(self, mews_clock: MewsClock, limits: Mapping[Kind, Limits], zone: tzinfo, clock: Clock) -> None:
        self._mews_clock, self._limits, self._zone, self._clock = mews_clock, limits, zone, clock

    def objection(self, order: Order) -> Outcome | None:
        """Why nothing may be made for it now: it waited too long, or its stay is over or backwards."""
        return self._about_age(order) or self._about_stay(order)

    def too_old(self, kind: Kind) -> Outcome:
        """The end of an order that waited longer than it may."""
        return ended(Code.STALE, kind, duration(self._limits[kind].age_seconds))

    def seconds_left(self, order: Order) -> float:
        """For how long the order may still wait; 0 where it is too old."""
        return max(0.0, self._limits[order.record.kind].age_seconds - self._age(order))

    def _about_age(self, order: Order) -> Outcome | None:
        return None if self.seconds_left(order) else self.too_old(order.record.kind)

    def _about_stay(self, order: Order) -> Outcome | None:
        if not isinstance(order.job, KeyJob) or order.job.end is None:
            return None
        start, end, now = order.job.start, order.job.end, self._mews_clock.now()
        if end <= start:
            return ended(Code.BACKWARDS, Kind.KEY, f"{self._said(start)} to {self._said(end)}")
        return ended(Code.OVER, Kind.KEY, self._said(end)) if now is not None and end <= now else None

    def _age(self, order: Order) -> float:
        if order.created is None:
            return self._clock() - order.first_seen
        return self._mews_clock.age(order.created, order.first_seen, order.unseen)

    def _said(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%-d %B %Y at %H:%M}"
