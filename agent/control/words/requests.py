"""What can be asked of the desk, one frozen struct a verb. `verbs.py` says how it is written."""

from typing import TypeAlias

import msgspec


class HopTest(msgspec.Struct, frozen=True):
    """Test a hop step by step; all of them where it is empty."""

    hop: str = ""


class KeyOrder(msgspec.Struct, frozen=True):
    """Have a test key cut on a lane (`encoder:1`), which opens a room from now on for some hours."""

    lane: str
    room: str
    copies: int = 1
    hours: int = 2


class LanePause(msgspec.Struct, frozen=True):
    """Begin nothing more on a lane."""

    lane: str


class LaneResume(msgspec.Struct, frozen=True):
    """Go on with a lane that was paused."""

    lane: str


class TakeOver(msgspec.Struct, frozen=True):
    """This box is the one that Mews is to talk to."""


class LookedAfter(msgspec.Struct, frozen=True):
    """A person has looked after the card of this order."""

    id: str


class Reload(msgspec.Struct, frozen=True):
    """Read the provisioning file again."""


class WatchEvents(msgspec.Struct, frozen=True):
    """Tell what happens, as it happens."""


Request: TypeAlias = HopTest | KeyOrder | LanePause | LaneResume | TakeOver | LookedAfter | Reload | WatchEvents
