"""The last 24 hours in quarters of an hour. Pure."""

from datetime import datetime

import msgspec

from agent.status.snapshot.wall_clock import WallClock

SLOTS = 96  # quarters of an hour
SLOT_SECONDS = 900


class SlotFacts(msgspec.Struct, frozen=True):
    """A quarter of an hour that began `at` (aware)."""

    at: datetime
    done: int = 0
    failed: int = 0
    unknown: int = 0
    seconds: float | None = None


class Slot(msgspec.Struct, frozen=True):
    """A quarter of an hour that began `at` (ISO 8601).

    `done` are keys that were surely cut, `failed` and `unknown` orders of keys that ended so, `seconds` the median
    time from order to key, None where there was none.
    """

    at: str
    done: int = 0
    failed: int = 0
    unknown: int = 0
    seconds: float | None = None


def slot(facts: SlotFacts, clock: WallClock) -> Slot:
    """As it is shown."""
    return Slot(clock.local(facts.at), facts.done, facts.failed, facts.unknown, facts.seconds)
