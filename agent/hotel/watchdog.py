"""Tells the supervisor that the agent moves. Must never tell so of an agent that is stuck."""

import trio

from agent.hotel.parts import Parts
from board.base import Board

LONGEST_CALL = 600.0  # s; every driver bounds its calls well below that
STUCK_SECONDS = 60.0  # s that a commit, or a poll beyond its own deadline, may take before the watchdog bites


async def feed_watchdog(parts: Parts, board: Board) -> None:
    """Three times as often as the supervisor wants it; at once over where it wants nothing."""
    seconds = board.watchdog_seconds
    while seconds:
        if is_moving(parts):
            board.notify("WATCHDOG=1")
        await trio.sleep(seconds / 3)


def is_moving(parts: Parts) -> bool:
    """Whether journal, polls and lanes are within what they may take."""
    site = parts.present.site
    waits = max(parts.journal.busy_seconds, 0.0 if site is None else site.poll_overdue)
    return waits < STUCK_SECONDS and parts.pipeline.longest_call < LONGEST_CALL
