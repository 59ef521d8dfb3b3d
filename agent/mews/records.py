"""What Mews tells beside its commands: rooms, stays, balances, devices, the hotel. Frozen; no dialect's JSON.

A guest's name, telephone number or e-mail address is in no `repr`, and is shown only to a person who asks for
names.
Fields that a dialect does not tell are empty. Meanings: reference/mews.md sections 6.2 and 14.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec


class SpaceKind(StrEnum):
    """What a space is; many more are possible today, and all of them are OTHER."""

    ROOM = "room"
    BED = "bed"
    OTHER = "other"


class SpaceState(StrEnum):
    """How a room is; UNKNOWN is a word that this version does not know."""

    DIRTY = "dirty"
    CLEAN = "clean"
    INSPECTED = "inspected"
    OUT_OF_SERVICE = "out of service"
    OUT_OF_ORDER = "out of order"
    UNKNOWN = "unknown"


class Space(msgspec.Struct, frozen=True):
    """A room or a bed. `number` is what people call it, and what a key's lock id usually is; `parent` the id of
    the room that a bed stands in."""

    id: str
    number: str
    kind: SpaceKind
    state: SpaceState
    category: str = ""
    parent: str = ""
    is_active: bool = True


class Category(msgspec.Struct, frozen=True):
    """A kind of rooms, as the hotel sells them. `word` is Mews' own for its spaces ("Room"; "": not told)."""

    id: str
    name: str
    short_name: str = ""
    word: str = ""


class Spaces(msgspec.Struct, frozen=True):
    """All of the hotel's; `unreadable` counts those that could not be read."""

    spaces: tuple[Space, ...]
    categories: tuple[Category, ...]
    unreadable: int = 0


class StayState(StrEnum):
    """How a reservation is. OPEN: asked for or offered, and no room is owed yet."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    STARTED = "started"
    PROCESSED = "processed"
    CANCELED = "canceled"
    UNKNOWN = "unknown"


class OwnerKind(StrEnum):
    """Whose a reservation is."""

    CUSTOMER = "customer"
    COMPANY = "company"
    UNKNOWN = "unknown"


class Guest(msgspec.Struct, frozen=True):
    """One of those who stay: a person's data, for a person's eyes."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    nationality: str = ""

    def __repr__(self) -> str:
        return f"Guest({self.id!r})"


class Stay(msgspec.Struct, frozen=True):
    """A reservation. `start` and `end` are aware, in UTC: as they were once begun or ended, else as planned.

    `space` is the id of the room, "" where none is assigned yet; `owner` the id of the one who pays.
    """

    id: str
    number: str
    state: StayState
    start: datetime
    end: datetime
    space: str = ""
    owner: str = ""
    owner_kind: OwnerKind = OwnerKind.UNKNOWN
    group: str = ""
    channel_number: str = ""
    channel_manager: str = ""
    segment: str = ""
    travel_agency: str = ""
    updated: datetime | None = None
    customer: Guest | None = None
    companions: tuple[Guest, ...] = ()


class Group(msgspec.Struct, frozen=True):
    """Reservations that belong together; its name may be empty, or another group's too, or a guest's."""

    id: str
    name: str = ""

    def __repr__(self) -> str:
        return f"Group({self.id!r})"


class Stays(msgspec.Struct, frozen=True):
    """Those that were asked for; `unreadable` counts those that could not be read."""

    stays: tuple[Stay, ...]
    groups: tuple[Group, ...] = ()
    unreadable: int = 0


class Money(msgspec.Struct, frozen=True):
    """`currency` is an ISO 4217 code. A positive balance is owed to the hotel."""

    value: Decimal
    currency: str


class Device(msgspec.Struct, frozen=True):
    """A printer, a key cutter, ... that the hotel has set up in Mews. `identifier` is what a command calls it."""

    id: str
    name: str
    type: str
    identifier: str = ""


class Devices(msgspec.Struct, frozen=True):
    """All of the hotel's; `unreadable` counts those that could not be read."""

    devices: tuple[Device, ...]
    unreadable: int = 0


class Property(msgspec.Struct, frozen=True):
    """The hotel as Mews has it; `zone` is the IANA name of its time zone ("": not told), `now` Mews' own clock.

    `is_portfolio`: no hotel, but what stands for several of them, because the token is good for all.
    """

    id: str
    name: str
    zone: str
    now: datetime | None = None
    currency: str = ""
    is_portfolio: bool = False


class NewCard(msgspec.Struct, frozen=True):
    """A card that was made for a reservation: `number` is what a reader would read, `space` may be ""."""

    stay: str
    space: str
    number: str
    start: datetime
    end: datetime

    def __repr__(self) -> str:
        return f"NewCard({self.stay!r})"


class KeptCard(msgspec.Struct, frozen=True):
    """A card as Mews keeps it; `id` is its own for it. One that `is_active` is still good."""

    id: str
    stay: str
    number: str
    is_active: bool

    def __repr__(self) -> str:
        return f"KeptCard({self.id!r})"
