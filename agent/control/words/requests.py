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


class LockTest(msgspec.Struct, frozen=True):
    """Test the lock servers and their encoders."""


class RoomList(msgspec.Struct, frozen=True):
    """The rooms that the lock systems know."""


class AreaList(msgspec.Struct, frozen=True):
    """The special areas that the lock systems know."""


class TimeList(msgspec.Struct, frozen=True):
    """The check-out times that the lock systems know."""


class DoorList(msgspec.Struct, frozen=True):
    """What the file's lock ids open, and whether the lock systems know it."""


class LockKey(msgspec.Struct, frozen=True):
    """As `KeyOrder`, with special areas (`3,5`); `is_sure`: also by calls that are not confirmed."""

    lane: str
    room: str
    areas: str = ""
    copies: int = 1
    hours: int = 2
    is_sure: bool = False


class EarlyKey(msgspec.Struct, frozen=True):
    """A key whose stay begins in some days."""

    lane: str
    room: str
    days: int = 1
    nights: int = 1
    is_sure: bool = False


class MobileKey(msgspec.Struct, frozen=True):
    """A key for a telephone; `contact` is its number, or an e-mail address."""

    lane: str
    room: str
    contact: str = ""
    hours: int = 2
    is_sure: bool = False

    def __repr__(self) -> str:
        return f"MobileKey({self.lane!r}, {self.room!r})"


class KeyCancel(msgspec.Struct, frozen=True):
    """Cancel the keys of a room that the box has issued, or the one that the lock system calls `key`."""

    room: str
    key: str = ""
    is_sure: bool = False


class RoomIn(msgspec.Struct, frozen=True):
    """Check a room in at the lock system's room management."""

    room: str
    is_sure: bool = False


class RoomOut(msgspec.Struct, frozen=True):
    """Check a room out there."""

    room: str
    is_sure: bool = False


class CardReading(msgspec.Struct, frozen=True):
    """Read the card at an encoder."""

    lane: str
    is_sure: bool = False


class Settling(msgspec.Struct, frozen=True):
    """Read the card at an order's encoder, and say whether it is that order's key."""

    id: str
    is_sure: bool = False


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


class AuditAsk(msgspec.Struct, frozen=True):
    """Compare the rooms and devices of Mews with the file and the lock systems."""


class MewsTest(msgspec.Struct, frozen=True):
    """Test Mews step by step, and tell which hotel it is."""


class CommandList(msgspec.Struct, frozen=True):
    """The commands that Mews lists just now."""


class SpaceList(msgspec.Struct, frozen=True):
    """The hotel's rooms and beds."""


class StayList(msgspec.Struct, frozen=True):
    """The reservations from the `first` to the `last` day (2026-11-26, in the hotel's zone; empty: today).

    `with_all`: also the ids and the numbers of others that Mews has for them.
    """

    first: str = ""
    last: str = ""
    with_names: bool = False
    with_all: bool = False


class BalanceAsk(msgspec.Struct, frozen=True):
    """What a customer owes; `currency` empty: as the dialect tells it."""

    customer: str
    currency: str = ""


class DeviceList(msgspec.Struct, frozen=True):
    """What the hotel has set up as devices."""


class MewsOrder(msgspec.Struct, frozen=True):
    """Order a key at Mews, at a key cutter (Device.Id, identifier or name), for who is in a room."""

    cutter: str
    room: str
    copies: int = 1


class PrinterSearch(msgspec.Struct, frozen=True):
    """Which printers tell of themselves in the box's own networks."""


class PrinterList(msgspec.Struct, frozen=True):
    """How the printers of the file are, asked now."""


class PageOrder(msgspec.Struct, frozen=True):
    """Have a test page printed on a lane (`printer:NAME`)."""

    lane: str


class BundleAsk(msgspec.Struct, frozen=True):
    """Pack a support bundle, and hand it over."""


PrintRequest: TypeAlias = PrinterSearch | PrinterList | PageOrder
MewsRequest: TypeAlias = MewsTest | CommandList | SpaceList | StayList | BalanceAsk | DeviceList | MewsOrder
LockRequest: TypeAlias = (
    LockTest
    | RoomList
    | AreaList
    | TimeList
    | DoorList
    | LockKey
    | EarlyKey
    | MobileKey
    | KeyCancel
    | RoomIn
    | RoomOut
    | CardReading
    | Settling
)
Request: TypeAlias = (
    HopTest
    | KeyOrder
    | LanePause
    | LaneResume
    | TakeOver
    | LookedAfter
    | Reload
    | WatchEvents
    | AuditAsk
    | BundleAsk
    | LockRequest
    | MewsRequest
    | PrintRequest
)
