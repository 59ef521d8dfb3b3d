"""The 2016 page's reading operations: how spaces, reservations and balances are written there.

Must never write a word that the page does not have: what came later is left out. Source: reference/mews.md 6.
"""

from collections.abc import Mapping

from agent.simulators.base.presence import utc_text
from agent.simulators.mews.refusal import invalid, text, time
from agent.simulators.mews.store.property import CURRENCY, Property, converted
from agent.simulators.mews.store.records import (
    OWN,
    Category,
    Customer,
    Reservation,
    Room,
    RoomKind,
    RoomState,
    StayState,
)

_STATES = frozenset({StayState.CONFIRMED, StayState.STARTED, StayState.PROCESSED})


def spaces(property: Property) -> dict[str, object]:
    """The answer of spaces/getAll: places that are in use."""
    return {
        "Spaces": [_space(room, property.categories[room.category]) for room in _places(property)],
        "SpaceCategories": [_category(category) for category in property.categories.values()],
    }


def reservations(property: Property, body: Mapping[str, object]) -> dict[str, object]:
    """The answer of reservations/getAll: those that overlap the time asked for."""
    start, end = time(body, "StartUtc"), time(body, "EndUtc")
    found = [
        stay
        for stay in property.reservations.values()
        if stay.state in _STATES and stay.enterprise == OWN and stay.begins <= end and start <= stay.ends
    ]
    groups = dict.fromkeys(stay.group for stay in found)
    return {
        "Reservations": [reservation(property, stay) for stay in found],
        "ReservationGroups": [{"Id": group, "Name": property.groups[group].name} for group in groups],
    }


def balance(property: Property, body: Mapping[str, object]) -> dict[str, object]:
    """The answer of customers/getBalance, in the currency of all that is unpaid, else in the property's."""
    customer = text(body, "CustomerId")
    if customer not in property.customers:
        raise invalid("CustomerId")
    items = property.owed(customer)
    currencies = {item.currency for item in items}
    currency = currencies.pop() if len(currencies) == 1 else CURRENCY
    value = sum(converted(item.value, item.currency, currency) for item in items)
    return {"Currency": currency, "Value": converted(value, currency, currency)}


def reservation(property: Property, stay: Reservation) -> dict[str, object]:
    """A reservation as the page shows it."""
    return {
        "Id": stay.id,
        "GroupId": stay.group,
        "Number": stay.number,
        "ChannelNumber": stay.channel_number,
        "ChannelManagerId": stay.channel_manager,
        "State": stay.state,
        "StartUtc": utc_text(stay.begins),
        "EndUtc": utc_text(stay.ends),
        "AssignedSpaceId": stay.room,
        "BusinessSegmentId": stay.segment,
        "TravelAgencyId": stay.travel_agency,
        "Customer": _customer(property.owner(stay)),
        "Companions": [_customer(property.customers[id]) for id in stay.companions],
    }


def _places(property: Property) -> list[Room]:
    return [
        room
        for room in property.rooms.values()
        if room.is_active and room.kind is RoomKind.SPACE and room.enterprise == OWN
    ]


def _space(room: Room, category: Category) -> dict[str, object]:
    is_in_order = room.state is not RoomState.OUT_OF_ORDER  # a word that came later
    return {
        "Id": room.id,
        "Type": category.type,
        "Number": room.number,
        "ParentSpaceId": room.parent,
        "CategoryId": room.category,
        "State": room.state if is_in_order else RoomState.OUT_OF_SERVICE,
    }


def _category(category: Category) -> dict[str, object]:
    return {"Id": category.id, "Name": category.name, "ShortName": category.short_name}


def _customer(customer: Customer) -> dict[str, object]:
    return {
        "Id": customer.id,
        "FirstName": customer.first_name,
        "LastName": customer.last_name,
        "Email": customer.email,
        "Phone": customer.phone,
        "NationalityCode": customer.nationality,
    }
