"""The property of the v1 page's examples, out of the page's own documents (reference/mews.md section 6).

Must never add what the page does not show, but a key cutter: the page has an example of a printer alone.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from agent.simulators.mews import documents
from agent.simulators.mews.store.devices import key_cutter, printer
from agent.simulators.mews.store.records import (
    Category,
    Content,
    Customer,
    Device,
    Group,
    OpenItem,
    Reservation,
    Room,
    RoomState,
    StayState,
)


def example_hotel() -> Content:
    """Rooms 101 and 102, John Smith's reservation, Jane Smith's debt, three key cutters and two printers."""
    return Content(
        rooms=tuple(_rooms(documents.SPACES["Spaces"])),
        categories=tuple(_categories(documents.SPACES["SpaceCategories"])),
        reservations=(_reservation(documents.RESERVATION),),
        groups=(Group(documents.GROUP["Id"], documents.GROUP["Name"]),),
        customers=(_customer(documents.JANE), _customer(documents.JOHN)),
        items=tuple(_items(documents.BALANCES)),
        devices=(Device(**documents.TEST_PRINTER), printer("Printer"), *map(key_cutter, ("1", "2", "3"))),
    )


def _rooms(spaces: Iterable[Mapping[str, Any]]) -> Iterable[Room]:
    return (
        Room(
            id=space["Id"],
            number=space["Number"],
            category=space["CategoryId"],
            state=RoomState(space["State"]),
            parent=space["ParentSpaceId"],
        )
        for space in spaces
    )


def _categories(categories: Iterable[Mapping[str, Any]]) -> Iterable[Category]:
    return (Category(entry["Id"], entry["Name"], entry["ShortName"]) for entry in categories)


def _customer(shown: Mapping[str, Any]) -> Customer:
    return Customer(
        id=shown["Id"],
        first_name=shown["FirstName"],
        last_name=shown["LastName"],
        email=shown["Email"],
        phone=shown["Phone"],
        nationality=shown["NationalityCode"],
    )


def _reservation(shown: Mapping[str, Any]) -> Reservation:
    start = datetime.fromisoformat(shown["StartUtc"])
    return Reservation(
        id=shown["Id"],
        number=shown["Number"],
        group=shown["GroupId"],
        state=StayState(shown["State"]),
        start=start,
        actual_start=start,
        end=datetime.fromisoformat(shown["EndUtc"]),
        account=shown["Customer"]["Id"],
        companions=tuple(companion["Id"] for companion in shown["Companions"]),
        room=shown["AssignedSpaceId"],
        category=documents.SPACES["SpaceCategories"][0]["Id"],
        channel_number=shown["ChannelNumber"],
        channel_manager=shown["ChannelManagerId"],
        segment=shown["BusinessSegmentId"],
        travel_agency=shown["TravelAgencyId"],
    )


def _items(balances: Mapping[str, Mapping[str, Any]]) -> Iterable[OpenItem]:
    return (
        OpenItem(f"item-{account}", account, balance["Value"], balance["Currency"])
        for account, balance in balances.items()
    )
