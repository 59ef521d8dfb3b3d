"""The one table of verbs: how each is written, who may use it, what it is for. Every face reads it here.

To add a verb, add its request to `requests.py`, its row here, and its errand to `agent/control/desk.py`.
"""

from enum import StrEnum

import msgspec

from agent.control.words.requests import (
    AreaList,
    AuditAsk,
    BalanceAsk,
    BundleAsk,
    CardReading,
    CommandList,
    DeviceList,
    DoorList,
    EarlyKey,
    HopTest,
    KeyCancel,
    KeyOrder,
    LanePause,
    LaneResume,
    LockKey,
    LockTest,
    LookedAfter,
    MewsOrder,
    MewsTest,
    MobileKey,
    PageOrder,
    PrinterList,
    PrinterSearch,
    Reload,
    RoomIn,
    RoomList,
    RoomOut,
    Settling,
    SpaceList,
    StayList,
    TakeOver,
    TimeList,
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
    PRINTER = "printer"
    ROOM = "room"
    ORDER = "order"
    CODE = "code"
    VERB = "verb"
    TEXT = "text"
    DAY = "day"


class Argument(msgspec.Struct, frozen=True):
    """A word behind the verb: its `name` in a usage, the request's `field`, and what it names.

    What `is_private`, a guest's number, is repeated nowhere.
    """

    name: str
    field: str
    takes: Takes
    is_optional: bool = False
    is_private: bool = False


class Option(msgspec.Struct, frozen=True):
    """A flag with a whole number from `least` to `most`; left out, the request's own default counts."""

    flag: str
    name: str
    field: str
    least: int
    most: int
    help: str


class TextOption(msgspec.Struct, frozen=True):
    """A flag with a word: `takes` says of what kind. Left out, the request's own default counts, if it has one."""

    flag: str
    name: str
    field: str
    help: str
    takes: Takes = Takes.TEXT
    is_required: bool = False


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
    options: tuple[Option | TextOption, ...] = ()
    switches: tuple[Switch, ...] = ()
    is_long: bool = False

    @property
    def is_discreet(self) -> bool:
        """Whether a mistake repeats no word, because any of them may be the private one in a wrong place."""
        return any(argument.is_private for argument in self.arguments)

    @property
    def usage(self) -> str:
        """How it is written."""
        arguments = (f"[{each.name}]" if each.is_optional else each.name for each in self.arguments)
        options = (_usage(each) for each in self.options)
        switches = (f"[{each.short}]" for each in self.switches)
        return " ".join((self.name, *arguments, *options, *switches))


def _usage(option: Option | TextOption) -> str:
    written = f"{option.flag} {option.name}"
    return written if isinstance(option, TextOption) and option.is_required else f"[{written}]"


_LANE = Argument("LANE", "lane", Takes.LANE)
_PRINTER = Argument("PRINTER", "lane", Takes.PRINTER)
_ENCODER = Argument("ENCODER", "lane", Takes.ENCODER)
_ROOM = Argument("ROOM", "room", Takes.ROOM)
_HOURS = Option("--hours", "H", "hours", 1, 168, "how long it opens the room; 2 if left out")
_COPIES = Option("--copies", "N", "copies", 1, 10, "how many cards; 1 if left out")
_NAMES = Switch("--names", "-n", "with_names", "with the names of guests")
_ALL = Switch("--all", "-a", "with_all", "with all ids, and the numbers of channels and groups")
_SURE = Switch("--sure", "-s", "is_sure", "also by calls that are not confirmed: a person watches")

TABLE: tuple[Verb, ...] = (
    Verb(
        "test",
        HopTest,
        "test a hop step by step: mews, box, a lock server, an encoder, a printer; all of them without a word",
        arguments=(Argument("HOP", "hop", Takes.HOP, is_optional=True),),
        is_long=True,
    ),
    Verb(
        "key",
        KeyOrder,
        "have a test key cut",
        arguments=(_ENCODER, _ROOM),
        options=(_COPIES, _HOURS),
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
    Verb(
        "audit",
        AuditAsk,
        "compare the rooms and devices of Mews with the file and the lock systems",
        may=May.LOOK,
        is_long=True,
    ),
    Verb("bundle", BundleAsk, "pack a support bundle: how the box is and was, without secrets", is_long=True),
    Verb("watch", WatchEvents, "orders, faults and steps as they happen", may=May.LOOK, is_long=True),
    Verb("lock test", LockTest, "test the lock servers step by step, and nothing else", is_long=True),
    Verb("lock rooms", RoomList, "the rooms that the lock system knows", may=May.LOOK, is_long=True),
    Verb("lock areas", AreaList, "its special areas", may=May.LOOK, is_long=True),
    Verb("lock times", TimeList, "its check-out times", may=May.LOOK, is_long=True),
    Verb("lock doors", DoorList, "what Mews' lock ids open, and whether it is there", may=May.LOOK, is_long=True),
    Verb(
        "lock key",
        LockKey,
        "have a test key cut, with special areas if wanted (3,5)",
        arguments=(_ENCODER, _ROOM, Argument("AREAS", "areas", Takes.TEXT, is_optional=True)),
        options=(_COPIES, _HOURS),
        switches=(_SURE,),
        is_long=True,
    ),
    Verb(
        "lock cancel",
        KeyCancel,
        "cancel the keys of a room that this box has issued, or one by the lock system's id",
        arguments=(_ROOM, Argument("KEY", "key", Takes.TEXT, is_optional=True)),
        switches=(_SURE,),
        is_long=True,
    ),
    Verb(
        "lock precheckin",
        EarlyKey,
        "a key for a stay that begins later",
        arguments=(_ENCODER, _ROOM),
        options=(
            Option("--days", "N", "days", 1, 60, "in how many days it begins; 1 if left out"),
            Option("--nights", "N", "nights", 1, 60, "how long it lasts; 1 if left out"),
        ),
        switches=(_SURE,),
        is_long=True,
    ),
    Verb(
        "lock mobile",
        MobileKey,
        "a key for a telephone, pushed to a number or an e-mail address where one is given",
        arguments=(
            _ENCODER,
            _ROOM,
            Argument("CONTACT", "contact", Takes.TEXT, is_optional=True, is_private=True),
        ),
        options=(_HOURS,),
        switches=(_SURE,),
        is_long=True,
    ),
    Verb(
        "lock room-in",
        RoomIn,
        "check a room in at the lock system",
        arguments=(_ROOM,),
        switches=(_SURE,),
        is_long=True,
    ),
    Verb(
        "lock room-out",
        RoomOut,
        "check a room out at the lock system",
        arguments=(_ROOM,),
        switches=(_SURE,),
        is_long=True,
    ),
    Verb(
        "lock read",
        CardReading,
        "read the card at an encoder",
        arguments=(_ENCODER,),
        switches=(_SURE,),
        is_long=True,
    ),
    Verb(
        "lock settle",
        Settling,
        "read the card of an order that was perhaps cut, and say whether it is its key",
        arguments=(Argument("ID", "id", Takes.ORDER),),
        switches=(_SURE,),
        is_long=True,
    ),
    Verb("mews test", MewsTest, "test Mews step by step, and tell which hotel it is", is_long=True),
    Verb("mews commands", CommandList, "the commands that Mews lists just now", may=May.LOOK, is_long=True),
    Verb("mews spaces", SpaceList, "the rooms and beds of the hotel", may=May.LOOK, is_long=True),
    Verb(
        "mews reservations",
        StayList,
        "the reservations of some days, today's if left out",
        may=May.LOOK,
        options=(
            TextOption("--from", "DAY", "first", "the first day, like 2026-11-26", Takes.DAY),
            TextOption("--to", "DAY", "last", "the last day", Takes.DAY),
        ),
        switches=(_NAMES, _ALL),
        is_long=True,
    ),
    Verb(
        "mews balance",
        BalanceAsk,
        "what a customer owes",
        may=May.LOOK,
        arguments=(Argument("CUSTOMER", "customer", Takes.TEXT),),
        options=(TextOption("--currency", "CODE", "currency", "in which currency, like EUR"),),
        is_long=True,
    ),
    Verb("mews devices", DeviceList, "the key cutters and printers of the hotel", may=May.LOOK, is_long=True),
    Verb(
        "mews order",
        MewsOrder,
        "order a key at Mews, and follow it from there to the encoder",
        options=(
            TextOption("--cutter", "ID", "cutter", "the key cutter, as mews devices lists it", is_required=True),
            TextOption("--room", "ROOM", "room", "a room with a reservation", is_required=True),
            _COPIES,
        ),
        is_long=True,
    ),
    Verb("print", PageOrder, "print a test page: short for print test", arguments=(_PRINTER,), is_long=True),
    Verb(
        "print find",
        PrinterSearch,
        "the printers that tell of themselves in the box's networks, with lines for the provisioning file",
        may=May.LOOK,
        is_long=True,
    ),
    Verb(
        "print test",
        PageOrder,
        "have a test page printed, with the box, the time and a ruler on it",
        arguments=(_PRINTER,),
        is_long=True,
    ),
    Verb(
        "print status",
        PrinterList,
        "how each printer of the file is, what it takes, and what waits for it, asked now",
        may=May.LOOK,
        is_long=True,
    ),
)
VERBS = {verb.name: verb for verb in TABLE}
