"""What the parts of the agent tell about themselves, as plain inputs of a snapshot. Pure; frozen.

No struct in here has a place for a guest's name, a secret or a command's `Data`, and none may get one.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from provisioning.model import Support


class BoxFacts(msgspec.Struct, frozen=True):
    """`started` and `now` are monotonic seconds, `wall` the present time in UTC, `timezone` an IANA name or "".

    `support` is who is called about a fault. `restart` is why the box last started and `update` how an update
    stands, each a sentence or ""; `fingerprint` is the acting certificate's, `acting` where that page
    listens, HOST:PORT.
    """

    name: str
    version: str
    timezone: str
    started: float
    now: float
    wall: datetime
    support: Support = Support()
    restart: str = ""
    update: str = ""
    fingerprint: str = ""
    acting: str = ""


class HopState(StrEnum):
    """What the words about a hop rest on. Not how well it is: that is its level."""

    SEEN = "seen"
    UNHEARD = "unheard"  # nothing has come from it yet
    BEHIND = "behind"  # it cannot be told, because something before it is in the way


class HopFacts(msgspec.Struct, frozen=True):
    """A hop that should be shown: what to say while no fault holds there, and since when (monotonic seconds).

    `is_late`: the words are that it was asked and has not answered yet, which is newer than any warning there.
    `name` is what the file calls it and `address` where it is (no user, no password), `last_answer` and `next_try`
    monotonic seconds; None: not known.
    """

    id: str
    text: str
    since: float
    state: HopState = HopState.SEEN
    name: str = ""
    address: str = ""
    last_answer: float | None = None
    next_try: float | None = None
    is_late: bool = False


class Counts(msgspec.Struct, frozen=True):
    """How many commands are in which state; `done`, `failed` and `unknown` since the agent's start.

    `keys` are the cards that were surely cut since then, `perhaps` those perhaps cut and not yet looked after.
    """

    waiting: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0
    unknown: int = 0
    keys: int = 0
    perhaps: int = 0


class CommandLine(msgspec.Struct, frozen=True):
    """A command as its journal row tells it; `at` is an aware datetime, or None where no time is known."""

    id: str
    device: str
    kind: str
    target: str
    room: str
    state: str
    note: str
    at: datetime | None
    copies: int = 0
    cut: int = 0


class UpkeepFacts(msgspec.Struct, frozen=True):
    """What the box looks after beside the commands, by a stable id, and how that stands in a sentence."""

    id: str
    title: str
    text: str
