"""The one table of verbs: how each is written, who may use it, what it is for. Every face reads it here.

To add a verb, add its request to `requests.py`, its row here, and its errand to `agent/control/desk.py`.
"""

from enum import StrEnum

import msgspec

from agent.control.words.requests import (
    HopTest,
    KeyOrder,
    LanePause,
    LaneResume,
    LookedAfter,
    Reload,
    TakeOver,
    WatchEvents,
)


class May(StrEnum):
    """What somebody has to be allowed for a verb. What acts is written down."""

    LOOK = "look"
    ACT = "act"


class Takes(StrEnum):
    """What a word of an argument names."""

    HOP = "hop"
    ENCODER = "encoder"
    LANE = "lane"
    ROOM = "room"
    ORDER = "order"
    CODE = "code"
    VERB = "verb"
    TEXT = "text"


class Argument(msgspec.Struct, frozen=True):
    """A word behind the verb: its `name` in a usage, the request's `field`, and what it names."""

    name: str
    field: str
    takes: Takes
    is_optional: bool = False


class Option(msgspec.Struct, frozen=True):
    """A flag with a whole number from `least` to `most`; left out, the request's own default counts."""

    flag: str
    name: str
    field: str
    least: int
    most: int
    help: str


class Switch(msgspec.Struct, frozen=True):
    """A flag without a value, by a long name and a short one."""

    flag: str
    short: str
    field: str
    help: str


class Verb(msgspec.Struct, frozen=True):
    """A row of a table. `request` is the struct that it is read into.

    `is_long`: it may take as long as people do, so it shows progress and can be ended.
    """

    name: str
    request: type[msgspec.Struct]
    help: str
    may: May = May.ACT
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    switches: tuple[Switch, ...] = ()
    is_long: bool = False

    @property
    def usage(self) -> str:
        """How it is written."""
        arguments = (f"[{each.name}]" if each.is_optional else each.name for each in self.arguments)
        options = (f"[{each.flag} {each.name}]" for each in self.options)
        switches = (f"[{each.short}]" for each in self.switches)
        return " ".join((self.name, *arguments, *options, *switches))


_LANE = Argument("LANE", "lane", Takes.LANE)

TABLE: tuple[Verb, ...] = (
    Verb(
        "test",
        HopTest,
        "test a hop step by step: mews, box, a lock server, an encoder; all of them without a word",
        arguments=(Argument("HOP", "hop", Takes.HOP, is_optional=True),),
        is_long=True,
    ),
    Verb(
        "key",
        KeyOrder,
        "have a test key cut",
        arguments=(Argument("ENCODER", "lane", Takes.ENCODER), Argument("ROOM", "room", Takes.ROOM)),
        options=(
            Option("--copies", "N", "copies", 1, 10, "how many cards; 1 if left out"),
            Option("--hours", "H", "hours", 1, 168, "how long it opens the room; 2 if left out"),
        ),
        is_long=True,
    ),
    Verb("pause", LanePause, "begin nothing more at an encoder or printer", arguments=(_LANE,)),
    Verb("resume", LaneResume, "go on after a pause", arguments=(_LANE,)),
    Verb("takeover", TakeOver, "sign in at Mews now, though another connector is at work"),
    Verb(
        "seen",
        LookedAfter,
        "say that a card which was perhaps cut was looked after",
        arguments=(Argument("ID", "id", Takes.ORDER),),
    ),
    Verb("reload", Reload, "read the provisioning file again"),
    Verb("watch", WatchEvents, "orders, faults and steps as they happen", may=May.LOOK, is_long=True),
)
VERBS = {verb.name: verb for verb in TABLE}
