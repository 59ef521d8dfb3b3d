"""The simulated property as it is now: tables that change by an act of staff or of a client, never by themselves.

Must never do I/O, nor know how an answer is written. What changes is told to `told`, and so gets into the push.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from agent.foundation.errors import UserMistake
from agent.simulators.mews.store.devices import invented_id
from agent.simulators.mews.store.records import (
    AccountType,
    Card,
    Category,
    Company,
    Content,
    Customer,
    Device,
    Group,
    OpenItem,
    Reservation,
    Room,
    StayState,
)

CURRENCY = "EUR"  # of the property
RATES = {"EUR": 1.0, "GBP": 0.85, "USD": 1.1}  # for one euro; invented

T = TypeVar("T", Room, Reservation, Category, Company, Customer, Device, Group, OpenItem, Card)
Told = Callable[[Reservation | Room], None]

_BEFORE_ARRIVAL = frozenset(StayState) - {StayState.STARTED, StayState.PROCESSED, StayState.CANCELED}
_OVER = frozenset({StayState.PROCESSED, StayState.CANCELED})


class Property:
    """All tables, each in the order in which its entries were made."""

    def __init__(self, content: Content, told: Told = lambda _: None) -> None:
        self._told = told
        self.rooms = _by_id(content.rooms)
        self.categories = _by_id(content.categories)
        self.reservations = _by_id(content.reservations)
        self.groups = _by_id(content.groups)
        self.customers = _by_id(content.customers)
        self.companies = _by_id(content.companies)
        self.items = _by_id(content.items)
        self.devices = _by_id(content.devices)
        self.cards: dict[str, Card] = {}

    def room(self, name: str) -> Room:
        """The room of that id or number. Raises UserMistake."""
        for room in self.rooms.values():
            if name in (room.id, room.number):
                return room
        raise UserMistake(f"there is no room {name[:60]!r}")

    def reservation(self, name: str) -> Reservation:
        """The reservation of that id or number. Raises UserMistake."""
        for stay in self.reservations.values():
            if name in (stay.id, stay.number):
                return stay
        raise UserMistake(f"there is no reservation {name[:60]!r}")

    def account(self, id: str) -> Customer | Company:
        """The customer or company of that id. Raises UserMistake."""
        found = self.customers.get(id) or self.companies.get(id)
        if found is None:
            raise UserMistake(f"there is no customer or company {id[:60]!r}")
        return found

    def put_room(self, room: Room) -> None:
        """A new room, or another state of one."""
        self.rooms[room.id] = room
        self._told(room)

    def put(self, stay: Reservation) -> None:
        """A new reservation, or another state of one."""
        self.reservations[stay.id] = stay
        self._told(stay)

    def check_in(self, stay: Reservation, now: datetime) -> None:
        """The guest has come. Raises UserMistake unless that can be."""
        if stay.state not in _BEFORE_ARRIVAL or stay.room is None:
            raise UserMistake(f"reservation {stay.number} is {stay.state}, or has no room: it cannot start")
        self.put(replace(stay, state=StayState.STARTED, actual_start=now, updated=now))

    def check_out(self, stay: Reservation, now: datetime) -> None:
        """The guest has left. Raises UserMistake unless that can be."""
        if stay.state is not StayState.STARTED:
            raise UserMistake(f"reservation {stay.number} is {stay.state}: it cannot end")
        self.put(replace(stay, state=StayState.PROCESSED, actual_end=now, updated=now))

    def cancel(self, stay: Reservation, now: datetime) -> None:
        """The guest does not come, or not any more. Raises UserMistake if the stay is over."""
        if stay.state in _OVER:
            raise UserMistake(f"reservation {stay.number} is {stay.state}: it cannot be cancelled")
        self.put(replace(stay, state=StayState.CANCELED, cancelled=now, updated=now))

    def move(self, stay: Reservation, room: Room | None, now: datetime) -> None:
        """Another room, or none yet. Raises UserMistake if the stay is over."""
        if stay.state in _OVER:
            raise UserMistake(f"reservation {stay.number} is {stay.state}: it cannot be moved")
        category = stay.category if room is None else room.category
        self.put(replace(stay, room=room and room.id, category=category, updated=now))

    def owe(self, account: str, value: float, currency: str, now: datetime) -> None:
        """What a customer or company owes from now on, whatever it was. Raises UserMistake."""
        self.account(account)
        if currency not in RATES:
            raise UserMistake(f"there is no rate for {currency[:60]!r}: write one of {', '.join(RATES)}")
        self.items = {item.id: item for item in self.items.values() if item.account != account}
        item = OpenItem(invented_id(f"owed:{account}"), account, value, currency, now)
        self.items |= {item.id: item} if value else {}

    def owed(self, account: str) -> tuple[OpenItem, ...]:
        """The open items of a customer or company."""
        return tuple(item for item in self.items.values() if item.account == account)

    def add_device(self, device: Device) -> None:
        """Have a device set up; one that is there stays as it is."""
        self.devices.setdefault(device.id, device)

    def owner(self, stay: Reservation) -> Customer:
        """Whose it is, as a person: a company stands there by its name."""
        if stay.account_type is AccountType.COMPANY:
            return Customer(stay.account, self.companies[stay.account].name)
        return self.customers[stay.account]


def converted(value: float, currency: str, into: str) -> float:
    """An amount in another currency, as a whole number where it is one."""
    amount = value if currency == into else round(value / RATES[currency] * RATES[into], 2)
    return int(amount) if float(amount).is_integer() else amount


def _by_id(entries: Iterable[T]) -> dict[str, T]:
    table: Mapping[str, T] = {entry.id: entry for entry in entries}
    return dict(table)
