"""Mews' words for how a room and a reservation are, of both dialects: today's are the old ones and more. No I/O.

A word that this version does not know is no error (reference/mews.md section 5).
"""

from agent.mews.records import SpaceState, StayState

# reference/mews.md sections 6.2 and 14
SPACE_STATES = {
    "Dirty": SpaceState.DIRTY,
    "Clean": SpaceState.CLEAN,
    "Inspected": SpaceState.INSPECTED,
    "OutOfService": SpaceState.OUT_OF_SERVICE,
    "OutOfOrder": SpaceState.OUT_OF_ORDER,
}
STAY_STATES = {
    "Inquired": StayState.OPEN,
    "Optional": StayState.OPEN,
    "Requested": StayState.OPEN,
    "Confirmed": StayState.CONFIRMED,
    "Started": StayState.STARTED,
    "Processed": StayState.PROCESSED,
    "Canceled": StayState.CANCELED,
}


def space_state(word: str) -> SpaceState:
    """How a room is."""
    return SPACE_STATES.get(word, SpaceState.UNKNOWN)


def stay_state(word: str) -> StayState:
    """How a reservation is."""
    return STAY_STATES.get(word, StayState.UNKNOWN)
