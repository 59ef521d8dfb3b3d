"""What the room management knows of a room: one table, and what a restart does with each state.

States are stored in the journal as these strings: never rename one. A word of a later version counts as a doubt.

A call whose answer was lost leaves a doubt, and is made again if it is still wanted: the bridge takes a check-in
of a room that is taken (the C# client makes one after each move and each lost card, reference/coder-bridge.md
section 3), so that repeating it changes nothing. A bridge that says no to the repetition, again and again, has
taken the first one: then it is done already.
"""

from enum import StrEnum


class RoomState(StrEnum):
    """What the room management was told, as far as is known."""

    OUT = "out"
    IN = "in"
    DOUBT = "in doubt"  # an answer was lost, or keys were cancelled, which may free the room
    GOING_IN = "going in"  # synced before the call
    GOING_OUT = "going out"
    TRYING_IN = "trying in"  # the same, out of a doubt
    TRYING_OUT = "trying out"


class Event(StrEnum):
    """What can happen to it."""

    ASK_IN = "ask in"
    ASK_OUT = "ask out"
    SUCCEED = "succeed"
    REFUSE = "refuse"
    REPEAT_REFUSED = "repeat refused"  # often enough to be sure that it was done already
    MISS = "miss"  # surely not asked
    LOSE = "lose sight"
    UNSETTLE = "unsettle"  # its keys were cancelled while others stay


TABLE: dict[tuple[RoomState, Event], RoomState] = {
    (RoomState.OUT, Event.ASK_IN): RoomState.GOING_IN,
    (RoomState.IN, Event.ASK_OUT): RoomState.GOING_OUT,
    (RoomState.DOUBT, Event.ASK_IN): RoomState.TRYING_IN,
    (RoomState.DOUBT, Event.ASK_OUT): RoomState.TRYING_OUT,
    (RoomState.GOING_IN, Event.SUCCEED): RoomState.IN,
    (RoomState.GOING_IN, Event.REFUSE): RoomState.OUT,
    (RoomState.GOING_IN, Event.MISS): RoomState.OUT,
    (RoomState.GOING_IN, Event.LOSE): RoomState.DOUBT,
    (RoomState.GOING_OUT, Event.SUCCEED): RoomState.OUT,
    (RoomState.GOING_OUT, Event.REFUSE): RoomState.IN,
    (RoomState.GOING_OUT, Event.MISS): RoomState.IN,
    (RoomState.GOING_OUT, Event.LOSE): RoomState.DOUBT,
    (RoomState.TRYING_IN, Event.SUCCEED): RoomState.IN,
    (RoomState.TRYING_IN, Event.REFUSE): RoomState.DOUBT,
    (RoomState.TRYING_IN, Event.REPEAT_REFUSED): RoomState.IN,
    (RoomState.TRYING_IN, Event.MISS): RoomState.DOUBT,
    (RoomState.TRYING_IN, Event.LOSE): RoomState.DOUBT,
    (RoomState.TRYING_OUT, Event.SUCCEED): RoomState.OUT,
    (RoomState.TRYING_OUT, Event.REFUSE): RoomState.DOUBT,
    (RoomState.TRYING_OUT, Event.REPEAT_REFUSED): RoomState.OUT,
    (RoomState.TRYING_OUT, Event.MISS): RoomState.DOUBT,
    (RoomState.TRYING_OUT, Event.LOSE): RoomState.DOUBT,
    (RoomState.IN, Event.UNSETTLE): RoomState.DOUBT,
}

# What a start makes of a state in the journal: the call was perhaps made.
ON_RESTART: dict[RoomState, RoomState] = {
    RoomState.OUT: RoomState.OUT,
    RoomState.IN: RoomState.IN,
    RoomState.DOUBT: RoomState.DOUBT,
    RoomState.GOING_IN: RoomState.DOUBT,
    RoomState.GOING_OUT: RoomState.DOUBT,
    RoomState.TRYING_IN: RoomState.DOUBT,
    RoomState.TRYING_OUT: RoomState.DOUBT,
}

TRYING = frozenset({RoomState.TRYING_IN, RoomState.TRYING_OUT})
# Those in its row were in house; of one in doubt at least perhaps.
HOLDS_STAYS = frozenset({RoomState.IN, RoomState.DOUBT, RoomState.GOING_IN, RoomState.TRYING_IN})
_KNOWN: frozenset[str] = frozenset(RoomState)


class NotInTable(ValueError):
    """An event that cannot happen in this state: a bug of the caller, nothing was changed."""


def after(state: RoomState, event: Event) -> RoomState:
    """The state that follows. Raises `NotInTable` for a pair that the table does not have."""
    following = TABLE.get((state, event))
    if following is None:
        raise NotInTable(f"a room that is {state} cannot {event}")
    return following


def stored(word: str) -> RoomState:
    """The state of a row; a doubt for a word that this version does not have."""
    return RoomState(word) if word in _KNOWN else RoomState.DOUBT
