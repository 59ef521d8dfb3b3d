"""The records of a simulated property, as Mews itself might keep them: frozen, and in no dialect's words.

Must never know how an answer is written. Meanings: reference/mews.md sections 6.2 and 14.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

OWN = "222b5d8a-0492-4271-9941-cd6d89b81d43"  # the enterprise of the v1 page's example
SERVICE = "bd26d8db-86da-4f96-9efc-e5a4654a4a94"  # the docs' "Accommodation"
LONG_AGO = datetime(2015, 7, 7, 13, 33, 17, tzinfo=UTC)  # when the docs' example of an enterprise was made


class RoomState(StrEnum):
    """How a room is."""

    DIRTY = "Dirty"
    CLEAN = "Clean"
    INSPECTED = "Inspected"
    OUT_OF_SERVICE = "OutOfService"
    OUT_OF_ORDER = "OutOfOrder"


class RoomKind(StrEnum):
    """What a resource is: a place, a thing or a person."""

    SPACE = "Space"
    OBJECT = "Object"
    PERSON = "Person"


class StayState(StrEnum):
    """How a reservation is."""

    INQUIRED = "Inquired"
    CONFIRMED = "Confirmed"
    STARTED = "Started"
    PROCESSED = "Processed"
    CANCELED = "Canceled"
    OPTIONAL = "Optional"
    REQUESTED = "Requested"


class AccountType(StrEnum):
    """Who owns a reservation."""

    CUSTOMER = "Customer"
    COMPANY = "Company"


class Category(msgspec.Struct, frozen=True):
    """A kind of rooms. `type` is one of the docs' 26 types, `Room` and `Bed` among them."""

    id: str
    name: str
    short_name: str | None = None
    type: str = "Room"
    service: str = SERVICE
    enterprise: str = OWN
    ordering: int = 0
    capacity: int = 2
    created: datetime = LONG_AGO
    updated: datetime = LONG_AGO


class Room(msgspec.Struct, frozen=True):
    """A resource. `locks` are what keys to it open, if not the lock of its own number."""

    id: str
    number: str
    category: str
    state: RoomState = RoomState.CLEAN
    parent: str | None = None
    kind: RoomKind = RoomKind.SPACE
    is_active: bool = True
    locks: tuple[str, ...] = ()
    floor: str = ""
    notes: str = ""
    description: str = ""
    external_name: str = ""
    directions: str = ""
    enterprise: str = OWN
    created: datetime = LONG_AGO
    updated: datetime = LONG_AGO

    @property
    def lock_ids(self) -> tuple[str, ...]:
        """What a key to it opens."""
        return self.locks or (self.number,)


class Customer(msgspec.Struct, frozen=True):
    """A person."""

    id: str
    last_name: str
    first_name: str | None = None
    email: str | None = None
    phone: str | None = None
    nationality: str | None = None


class Company(msgspec.Struct, frozen=True):
    """A company that pays for others."""

    id: str
    name: str


class Group(msgspec.Struct, frozen=True):
    """Reservations that belong together."""

    id: str
    name: str | None = None


class Reservation(msgspec.Struct, frozen=True):
    """A stay. `start` and `end` are as planned; `more` replaces members that only today's dialect shows."""

    id: str
    number: str
    group: str
    state: StayState
    start: datetime
    end: datetime
    account: str
    account_type: AccountType = AccountType.CUSTOMER
    room: str | None = None
    category: str = ""
    companions: tuple[str, ...] = ()
    actual_start: datetime | None = None
    actual_end: datetime | None = None
    cancelled: datetime | None = None
    channel_number: str | None = None
    channel_manager: str | None = None
    segment: str | None = None
    travel_agency: str | None = None
    service: str = SERVICE
    enterprise: str = OWN
    created: datetime = LONG_AGO
    updated: datetime = LONG_AGO
    more: Mapping[str, object] = {}

    @property
    def begins(self) -> datetime:
        """When it began, or is to."""
        return self.actual_start or self.start

    @property
    def ends(self) -> datetime:
        """When it ended, or is to."""
        return self.actual_end or self.end


class OpenItem(msgspec.Struct, frozen=True):
    """Something unpaid; negative: a rebate, or (`is_payment`) money that was paid in advance."""

    id: str
    account: str
    value: float
    currency: str
    consumed: datetime = LONG_AGO
    is_payment: bool = False


class Device(msgspec.Struct, frozen=True):
    """A printer, a key cutter, ... `identifier` is what a key command calls it."""

    id: str
    name: str
    type: str | None
    identifier: str | None = None
    enterprise: str = OWN


class Card(msgspec.Struct, frozen=True):
    """What opens a door, as Mews keeps it for a reservation: today's "resource access token"."""

    id: str
    reservation: str
    type: str
    value: str
    start: datetime
    end: datetime
    permissions: Mapping[str, bool]
    room: str | None = None
    companionship: str | None = None
    serial_number: str | None = None
    is_active: bool = True
    enterprise: str = OWN
    created: datetime = LONG_AGO
    updated: datetime = LONG_AGO


class Content(msgspec.Struct, frozen=True):
    """All that a property holds to begin with."""

    rooms: tuple[Room, ...] = ()
    categories: tuple[Category, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    groups: tuple[Group, ...] = ()
    customers: tuple[Customer, ...] = ()
    companies: tuple[Company, ...] = ()
    items: tuple[OpenItem, ...] = ()
    devices: tuple[Device, ...] = ()
