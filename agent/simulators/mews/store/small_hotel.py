"""A small hotel of today, invented: four floors, a dormitory, guests who are here, come or go, a company.

Must never hold the name of a living person. Its guests are here today, whenever that is.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.simulators.mews.store.devices import invented_id, key_cutter, printer
from agent.simulators.mews.store.records import (
    AccountType,
    Category,
    Company,
    Content,
    Customer,
    Group,
    OpenItem,
    Reservation,
    Room,
    RoomKind,
    RoomState,
    StayState,
)

ELSEWHERE = "4d0201db-36f5-428b-8d11-4f0a65e960cc"  # another property; only a portfolio token sees it
STANDARD, SUITE, DORMITORY, BED = (
    Category(invented_id(f"category:{name}"), name, short, type)
    for name, short, type in (
        ("Standard", "STD", "Room"),
        ("Suite", "SUI", "Suite"),
        ("Dormitory", "DRM", "Dorm"),
        ("Bed", "BED", "Bed"),
    )
)
PARKING = Category(invented_id("category:Parking"), "Parking", "PRK", "ParkingSpot")
BIKES = Category(invented_id("category:Bikes"), "Bikes", None, "Bike")
CATEGORIES = (STANDARD, SUITE, DORMITORY, BED, PARKING, BIKES)

_FLOORS, _A_FLOOR = 3, 12
_BEDS = "ABCD"
_GUESTS = (  # room, first name, last name, state, nights since the arrival, nights to come
    ("101", "Ada", "Sommer", StayState.STARTED, 2, 1),
    ("102", "Bruno", "Winter", StayState.STARTED, 1, 3),
    ("103", "Clara", "Herbst", StayState.STARTED, 0, 2),
    ("104", "Dario", "Lenz", StayState.CONFIRMED, 0, 2),
    ("105", "Edda", "Frühling", StayState.CONFIRMED, 0, 5),
    ("106", "Fritz", "März", StayState.PROCESSED, 3, 0),
    ("401A", "Gina", "Mai", StayState.STARTED, 1, 1),
    ("401B", "Hugo", "Juni", StayState.STARTED, 1, 1),
    ("201", "Ines", "Juli", StayState.CANCELED, 0, 1),
    ("", "Jan", "August", StayState.CONFIRMED, 0, 2),
    ("202", "Kim", "September", StayState.OPTIONAL, 0, 1),
)
_COMPANY = Company(invented_id("company:Lanterns"), "Lanterns Ltd")


def small_hotel(now: datetime) -> Content:
    """As it is today."""
    guests = tuple(_guests(now))
    stays = (*(stay for _, stay in guests), _of_the_company(now))
    return Content(
        rooms=tuple(_rooms()),
        categories=CATEGORIES,
        reservations=stays,
        groups=tuple(Group(stay.group, f"Group {stay.number}") for stay in stays),
        customers=tuple(customer for customer, _ in guests),
        companies=(_COMPANY,),
        items=(
            OpenItem(invented_id("item:1"), guests[0][0].id, 120.5, "EUR", now),
            OpenItem(invented_id("item:2"), guests[1][0].id, 80, "EUR", now),
            OpenItem(invented_id("item:3"), guests[1][0].id, -80, "EUR", now, is_payment=True),
            OpenItem(invented_id("item:4"), guests[2][0].id, 30, "GBP", now),
        ),
        devices=(printer("Front Office"), *map(key_cutter, ("1", "2", "3", "BAR1"))),
    )


def room_id(number: str) -> str:
    """The id of the room of that number."""
    return invented_id(f"room:{number}")


def _rooms() -> Iterator[Room]:
    for floor in range(1, _FLOORS + 1):
        for number in range(floor * 100 + 1, floor * 100 + _A_FLOOR + 1):
            category = SUITE if number == _FLOORS * 100 + 1 else STANDARD
            yield _room(str(number), category, floor=str(floor))
    yield _room("401", DORMITORY, floor="4")
    for bed in _BEDS:
        yield _room(f"401{bed}", BED, parent=room_id("401"), locks=("401",), floor="4")
    yield _room("P1", PARKING)
    yield _room("Bicycle 1", BIKES, kind=RoomKind.OBJECT)
    yield _room("113", STANDARD, is_active=False, floor="1")
    yield _room("901", STANDARD, enterprise=ELSEWHERE)


def _room(
    number: str,
    category: Category,
    *,
    parent: str | None = None,
    kind: RoomKind = RoomKind.SPACE,
    is_active: bool = True,
    locks: tuple[str, ...] = (),
    floor: str = "",
    enterprise: str = STANDARD.enterprise,
) -> Room:
    state = RoomState.DIRTY if number.endswith("2") else RoomState.CLEAN
    return Room(
        id=room_id(number),
        number=number,
        category=category.id,
        state=state,
        parent=parent,
        kind=kind,
        is_active=is_active,
        locks=locks,
        floor=floor,
        enterprise=enterprise,
    )


def _guests(now: datetime) -> Iterator[tuple[Customer, Reservation]]:
    for number, (room, first_name, last_name, state, since, left) in enumerate(_GUESTS, 1):
        customer = Customer(invented_id(f"customer:{number}"), last_name, first_name)
        yield customer, _stay(str(number), room, state, now, since, left, customer.id)


def _of_the_company(now: datetime) -> Reservation:
    return _stay("50", "301", StayState.STARTED, now, 1, 4, _COMPANY.id, AccountType.COMPANY)


def _stay(
    number: str,
    room: str,
    state: StayState,
    now: datetime,
    since: int,
    left: int,
    account: str,
    account_type: AccountType = AccountType.CUSTOMER,
) -> Reservation:
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    start, end = noon - timedelta(days=since), noon + timedelta(days=left, hours=-2)
    has_begun = state in (StayState.STARTED, StayState.PROCESSED)
    return Reservation(
        id=invented_id(f"reservation:{number}"),
        number=number,
        group=invented_id(f"group:{number}"),
        state=state,
        start=start,
        end=end,
        account=account,
        account_type=account_type,
        room=room_id(room) if room else None,
        category=(BED if room.startswith("4") else STANDARD).id,
        companions=(account,) if account_type is AccountType.CUSTOMER else (),
        actual_start=start if has_begun else None,
        actual_end=end if state is StayState.PROCESSED else None,
        cancelled=start if state is StayState.CANCELED else None,
        created=start - timedelta(days=7),
        updated=start,
    )
