"""Guests of the simulated hotel, as staff at Mews have them: they book, come, move and leave.

All that is a person's own carries canaries, which no file, log or page of the box may ever hold.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import trio
from msgspec.structs import replace

from agent.demo.hotel_files import profile
from agent.journal.work import Commit, Work
from agent.simulators.base.simulator import Due
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.slots import Slot
from agent.simulators.mews.store.property import Property
from agent.simulators.mews.store.records import (
    AccountType,
    Category,
    Company,
    Customer,
    Group,
    Reservation,
    Room,
    StayState,
)
from tests.in_process import SimulatorTransport
from tests.whole_hotel import Hotel, run_at_once

PERSON = {
    "first_name": "CanaryAda",
    "last_name": "CanaryLovelace",
    "email": "ada.canary@example.org",
    "phone": "+43 699 5551234",
}
FIRM = "Canary Engines Ltd"
PARTY = "CanaryLovelace, party of two"  # the name of a group often is a guest's
MORE = {
    "Notes": "CanaryNote: allergic to feathers",
    "BirthDate": "1815-12-10",
    "ChannelNumber": "CANARY-CHANNEL-77",
    "Options": {"OwnerCheckedIn": True, "PassportNumber": "CANARY-PASS-1"},
}
OWN_DATA = (
    *PERSON.values(),
    FIRM,
    PARTY,
    "CanaryNote",
    "1815-12-10",
    "CANARY-CHANNEL-77",
    "CANARY-PASS-1",
    "5551234",
)


def house(hotel: Hotel) -> Property:
    """The property at the simulated Mews."""
    return hotel.mews.hotel


def now(hotel: Hotel) -> datetime:
    """What time it is at Mews."""
    return hotel.mews.clock.now()


def add_rooms(hotel: Hotel, *numbers: str, parent: str | None = None, category: str | None = None) -> None:
    """Rooms that Mews does not have yet; beds of `parent` where one is named."""
    property = house(hotel)
    known = next(iter(property.categories.values()))
    kind = known
    if category is not None:
        kind = Category(f"category-{category}", category, type=category)
        property.categories[kind.id] = kind
    for number in numbers:
        inside = None if parent is None else property.room(parent).id
        property.put_room(
            Room(f"id-{number.replace(' ', '')}", number, kind.id, parent=inside, updated=now(hotel))
        )


def book(hotel: Hotel, room: str | None = "101", *, nights: int = 2, firm: bool = False, id: str = "") -> str:
    """A reservation from today on, not begun; its id."""
    property, at = house(hotel), now(hotel)
    guest = Customer(str(uuid4()), nationality="GB", **PERSON)
    property.customers[guest.id] = guest
    group = Group(str(uuid4()), PARTY)
    property.groups[group.id] = group
    account, kind = guest.id, AccountType.CUSTOMER
    if firm:
        account, kind = str(uuid4()), AccountType.COMPANY
        property.companies[account] = Company(account, FIRM)
    stay = Reservation(
        id=id or str(uuid4()),
        number=str(1000 + len(property.reservations)),
        group=group.id,
        state=StayState.CONFIRMED,
        start=at - timedelta(hours=1),
        end=at + timedelta(days=nights),
        account=account,
        account_type=kind,
        room=None if room is None else property.room(room).id,
        category=next(iter(property.categories)),
        companions=(guest.id,),
        channel_number="CANARY-CHANNEL-77",
        created=at,
        updated=at,
        more=MORE,
    )
    property.put(stay)
    return stay.id


def arrive(hotel: Hotel, room: str = "101", *, nights: int = 2, firm: bool = False) -> str:
    """Guests who come and check in at once; the reservation's id."""
    id = book(hotel, room, nights=nights, firm=firm)
    start(hotel, id)
    return id


def start(hotel: Hotel, id: str) -> None:
    """They check in."""
    house(hotel).check_in(house(hotel).reservations[id], now(hotel))


def move(hotel: Hotel, id: str, room: str) -> None:
    """They get another room."""
    property = house(hotel)
    property.move(property.reservations[id], property.room(room), now(hotel))


def leave(hotel: Hotel, id: str) -> None:
    """They check out."""
    house(hotel).check_out(house(hotel).reservations[id], now(hotel))


def renumber(hotel: Hotel, room: str, number: str) -> None:
    """Staff call a room otherwise in Mews."""
    property = house(hotel)
    property.put_room(replace(property.room(room), number=number, updated=now(hotel)))


def owe(hotel: Hotel, stay: str, value: float, currency: str = "EUR") -> None:
    """What its owner owes from now on."""
    property = house(hotel)
    property.owe(property.reservations[stay].account, value, currency, now(hotel))


def set_clocks(hotel: Hotel, at: datetime) -> None:
    """What time it is at Mews, and at the box."""
    for clock in (hotel.mews.clock, hotel.wall):
        clock.shift((at - clock.now()).total_seconds())


class Disk:
    """The journal's disk: it tells when the commit of a number that a test names is down."""

    def __init__(self) -> None:
        self.commits, self.last = 0, 1_000_000
        self.is_down = trio.Event()

    async def __call__(self, work: Work) -> Any:
        """Do it."""
        done = await run_at_once(work)
        self.commits += isinstance(work, Commit)
        if self.commits >= self.last:
            self.is_down.set()
        return done


class NotedRooms(CoderBridgeSimulator):
    """A Coder Bridge whose room management keeps what it was told: when (s), which room, taken or not."""

    def __init__(self) -> None:
        super().__init__()
        self.switch(rms_coupling=True)
        self.told: list[tuple[float, str, bool]] = []
        self.ended: list[str] = []  # numbers of keys that were cancelled

    def _act(self, slot: Slot, body: Mapping[str, object]) -> Due:
        due = super()._act(slot, body)
        if slot in (Slot.ROOM_CHECKIN, Slot.ROOM_CHECKOUT):
            self.told.append((self.clock.now().timestamp(), self._room(body), slot is Slot.ROOM_CHECKIN))
        if slot is Slot.GUEST_KEY_CHECKOUT:
            self.ended.append(str(body[self._fields.tid]))
        return due

    @property
    def calls_about(self) -> list[tuple[str, bool]]:
        """What it was told, in order."""
        return [(room, is_taken) for _, room, is_taken in self.told]

    @property
    def taken(self) -> set[str]:
        """The rooms that are taken, as it knows."""
        return {room for room, is_taken in self.occupied.items() if is_taken}


def noted(hotel: Hotel) -> NotedRooms:
    """Give the hotel such a bridge."""
    bridge = NotedRooms()
    hotel.bridge, hotel.bridge_line = bridge, SimulatorTransport(bridge)
    return bridge


SITE_PROFILE = "site.toml"
IN_STEP = "[room_sync]\nactive = true\n"


def provision(hotel: Hotel, more: str = IN_STEP, *, cancels_keys: bool = False, **values: object) -> None:
    """A file for a bridge that is told of rooms, as its site profile has it; polls are rare, for long hours."""
    (hotel.config.parent / SITE_PROFILE).write_text(profile())
    lines = f'profile = "{SITE_PROFILE}"\ncancel_keys_on_checkout = {str(cancels_keys).lower()}'
    hotel.provision(**{"profile": lines, "more": more, "poll_seconds": 30.0} | values)
