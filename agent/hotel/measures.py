"""What of the box can be measured now, for metrics: read when somebody asks, never by itself.

Costs two small files and a system call; no reading is waited for.
"""

import resource
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from agent.hotel.ages import remaining
from agent.hotel.snapshot_facts import HotelFacts
from agent.pipeline.orders import Orders
from agent.status.snapshot.surroundings import AgeFacts
from agent.status.telemetry.figures import Measures
from board.base import Board

_STATM = Path("/proc/self/statm")  # proc(5): the second number is resident, in pages


def measures(
    place: HotelFacts,
    board: Board,
    orders: Orders,
    state: Path,
    *,
    ages: Iterable[AgeFacts] = (),
    mews_now: datetime | None,
    wall: Callable[[], datetime],
    now: float,
) -> Measures:
    """`state` is the agent's directory, `now` in monotonic seconds."""
    disk = board.storage(state)
    return Measures(
        oldest_waiting=max((now - order.first_seen for order in orders.waiting()), default=0.0),
        answer_ages=_answer_ages(place, now),
        memory=_memory(),
        disk_free=None if disk is None else disk.free,
        degrees=board.conditions().degrees,
        certificates=remaining(ages, mews_now or wall()),
        clock_offset=None if mews_now is None else (wall() - mews_now).total_seconds(),
    )


def _answer_ages(place: HotelFacts, now: float) -> tuple[tuple[str, float], ...]:
    answers = [("mews", place.mews.last_answer)] if place.mews is not None else []
    answers += [(driver.hop, driver.last_answer) for driver in place.servers]
    return tuple((hop, max(0.0, now - at)) for hop, at in answers if at is not None)


def _memory() -> int | None:
    try:
        return int(_STATM.read_text().split()[1]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):  # no /proc
        return None
