"""How the property is set up, as today's operations tell it: configuration, services, devices, resources.

Must never show what the docs' pages do not have. Values that no switch and no table holds are the docs' examples.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from agent.simulators.base.presence import utc_text
from agent.simulators.mews.current.envelope import configured, looking_at
from agent.simulators.mews.current.paging import limitation, newest_first, page
from agent.simulators.mews.documents import ENTERPRISE
from agent.simulators.mews.refusal import interval, invalid, needed_texts, part, texts
from agent.simulators.mews.store.devices import invented_id
from agent.simulators.mews.store.property import CURRENCY, RATES, Property
from agent.simulators.mews.store.records import LONG_AGO, OWN, SERVICE, Category, Device, Room, RoomKind
from agent.simulators.mews.switches import MewsSwitches

LANGUAGE = "en-US"
PORTFOLIO = "851df8c8-90f2-4c4a-8e01-a4fc46b25178"  # the dummy enterprise of a portfolio
_EXTENTS = (
    "ResourceCategories",
    "ResourceCategoryAssignments",
    "ResourceCategoryImageAssignments",
    "ResourceFeatures",
    "ResourceFeatureAssignments",
)


def configuration(body: Mapping[str, object], switches: MewsSwitches, now: datetime) -> dict[str, object]:
    """The answer of configuration/get."""
    enterprise = configured(body, switches)
    names = {OWN: ENTERPRISE["Name"], None: "Portfolio"}
    return {
        "NowUtc": utc_text(now + timedelta(seconds=switches.clock_offset_seconds)),
        "Enterprise": _enterprise(
            enterprise or PORTFOLIO, names.get(enterprise, "Other Hotel"), switches.zone, enterprise is None
        ),
        "Service": None,
        "PaymentCardStorage": None,
        "IsIdentityDocumentNumberRequired": True,
    }


def services(body: Mapping[str, object], switches: MewsSwitches) -> dict[str, object]:
    """The answer of services/getAll: the one that reservations are made against."""
    wish, ids, enterprises = limitation(body), texts(body, "ServiceIds"), looking_at(body, switches)
    is_shown = wish.cursor is None and (ids is None or SERVICE in ids)
    is_shown = is_shown and (enterprises is None or OWN in enterprises)
    return {"Services": [_service()] if is_shown else [], "Cursor": SERVICE if is_shown else None}


def devices(property: Property) -> dict[str, object]:
    """The answer of devices/getAll."""
    return {"Devices": [device(entry) for entry in property.devices.values() if entry.enterprise == OWN]}


def device(device: Device) -> dict[str, object]:
    """A device as the docs show it; one without an identifier has no such member."""
    shown: dict[str, object] = {"Id": device.id, "Name": device.name, "Type": device.type}
    return shown if device.identifier is None else {**shown, "Identifier": device.identifier}


def resources(property: Property, body: Mapping[str, object], switches: MewsSwitches) -> dict[str, object]:
    """The answer of resources/getAll."""
    extent = part(body, "Extent")
    if extent is None or not all(isinstance(value, bool | None) for value in extent.values()):
        raise invalid("Extent")
    is_wanted = _wanted_rooms(body, switches, with_inactive=bool(extent.get("Inactive")))
    found, cursor = page(newest_first(property.rooms.values()), is_wanted, limitation(body), switches)
    parts: dict[str, list[object] | None] = dict.fromkeys(_EXTENTS)
    if extent.get("ResourceCategories"):
        used = dict.fromkeys(room.category for room in found)
        parts["ResourceCategories"] = [category(property.categories[id]) for id in used]
    if extent.get("ResourceCategoryAssignments"):
        parts["ResourceCategoryAssignments"] = [_assignment(room) for room in found]
    shown = [resource(room) for room in found] if extent.get("Resources") else None
    return {"Resources": shown, **parts, "Cursor": cursor}


def categories(property: Property, body: Mapping[str, object], switches: MewsSwitches) -> dict[str, object]:
    """The answer of resourceCategories/getAll."""
    services = needed_texts(body, "ServiceIds") if switches.service_ids else texts(body, "ServiceIds")
    ids, updated = texts(body, "ResourceCategoryIds"), interval(body, "UpdatedUtc")
    enterprises = looking_at(body, switches)
    found, cursor = page(
        newest_first(property.categories.values()),
        lambda entry: (
            (services is None or entry.service in services)
            and (ids is None or entry.id in ids)
            and (enterprises is None or entry.enterprise in enterprises)
            and (updated is None or updated.has(entry.updated))
        ),
        limitation(body),
        switches,
    )
    return {"ResourceCategories": [category(entry) for entry in found], "Cursor": cursor}


def assignments(property: Property, body: Mapping[str, object], switches: MewsSwitches) -> dict[str, object]:
    """The answer of resourceCategoryAssignments/getAll: which resource is of which category."""
    of_categories, of_rooms = needed_texts(body, "ResourceCategoryIds"), texts(body, "ResourceIds")
    enterprises = looking_at(body, switches)
    found, cursor = page(
        newest_first(_Assigned(room) for room in property.rooms.values()),
        lambda entry: (
            entry.room.category in of_categories
            and (of_rooms is None or entry.room.id in of_rooms)
            and (enterprises is None or entry.room.enterprise in enterprises)
        ),
        limitation(body),
        switches,
    )
    return {"ResourceCategoryAssignments": [_assignment(entry.room) for entry in found], "Cursor": cursor}


def resource(room: Room) -> dict[str, object]:
    """A resource as the docs show it."""
    is_space = room.kind is RoomKind.SPACE
    return {
        "Id": room.id,
        "EnterpriseId": room.enterprise,
        "IsActive": room.is_active,
        "ParentResourceId": room.parent,
        "Name": room.number,
        "State": room.state,
        "Descriptions": _localized(room.description),
        "CreatedUtc": utc_text(room.created),
        "UpdatedUtc": utc_text(room.updated),
        "Data": {
            "Discriminator": room.kind,
            "Value": {"FloorNumber": room.floor, "LocationNotes": room.notes} if is_space else {},
        },
        "ExternalNames": _localized(room.external_name),
        "Directions": _localized(room.directions),
    }


def category(category: Category) -> dict[str, object]:
    """A category as the docs show it."""
    return {
        "Id": category.id,
        "EnterpriseId": category.enterprise,
        "ServiceId": category.service,
        "IsActive": True,
        "Type": category.type,
        "Names": _localized(category.name),
        "ShortNames": _localized(category.short_name or ""),
        "Descriptions": {},
        "Ordering": category.ordering,
        "Capacity": category.capacity,
        "ExtraCapacity": 0,
        "ExternalIdentifier": None,
    }


class _Assigned:
    """A room as an item of the table of assignments."""

    def __init__(self, room: Room) -> None:
        self.room, self.id, self.created = room, _assignment_id(room), room.created


def _wanted_rooms(
    body: Mapping[str, object], switches: MewsSwitches, *, with_inactive: bool
) -> Callable[[Room], bool]:
    ids, names = texts(body, "ResourceIds"), texts(body, "Names")
    created, updated = interval(body, "CreatedUtc"), interval(body, "UpdatedUtc")
    enterprises = looking_at(body, switches)
    return lambda room: (
        (room.is_active or with_inactive)
        and (ids is None or room.id in ids)
        and (names is None or room.number in names)
        and (enterprises is None or room.enterprise in enterprises)
        and (created is None or created.has(room.created))
        and (updated is None or updated.has(room.updated))
    )


def _assignment(room: Room) -> dict[str, object]:
    return {
        "Id": _assignment_id(room),
        "ResourceId": room.id,
        "CategoryId": room.category,
        "IsActive": room.is_active,
        "CreatedUtc": utc_text(room.created),
        "UpdatedUtc": utc_text(room.updated),
    }


def _assignment_id(room: Room) -> str:
    return invented_id(f"assignment:{room.id}")


def _localized(text: str) -> dict[str, str]:
    return {LANGUAGE: text} if text else {}


def _enterprise(id: str, name: str, zone: str, is_portfolio: bool) -> dict[str, object]:
    return {
        "Currencies": [
            {"Currency": currency, "IsDefault": currency == CURRENCY, "IsEnabled": True} for currency in RATES
        ],
        "AccountingConfiguration": None,
        "IsPortfolio": is_portfolio,
        "Id": id,
        "ExternalIdentifier": None,
        "HoldingKey": "CA123",
        "ChainId": "8ddea57b-6a5c-4eec-8c4c-24467dce118e",
        "ChainName": "Connector API Chain",
        "CreatedUtc": utc_text(LONG_AGO),
        "UpdatedUtc": utc_text(LONG_AGO),
        "Name": name,
        "ShortName": None,
        "TimeZoneIdentifier": zone,
        "LegalEnvironmentCode": "UK",
        "AccommodationEnvironmentCode": None,
        "AccountingEnvironmentCode": None,
        "TaxEnvironmentCode": None,
        "DefaultLanguageCode": LANGUAGE,
        "EditableHistoryInterval": "P0M7DT0H0M0S",
        "AccountingEditableHistoryInterval": "P0M7DT0H0M0S",
        "OperationalEditableHistoryInterval": "P0M5DT0H0M0S",
        "BusinessDayClosingOffset": None,
        "WebsiteUrl": None,
        "Email": None,
        "Phone": None,
        "LogoImageId": None,
        "CoverImageId": None,
        "Pricing": "Gross",
        "TaxPrecision": None,
        "AddressId": "c556f56e-713e-4102-9de5-0e853b5a8586",
        "Address": _ADDRESS,
        "GroupNames": ["Connector API Group"],
        "Subscription": {"TaxIdentifier": "123456789 RC 0001"},
    }


_ADDRESS = {
    "Id": "8c2c4371-5d42-40a9-b551-ab0b00d75076",
    "Line1": "I.P. Pavlova 5",
    "Line2": None,
    "City": "Prague",
    "PostalCode": "1200",
    "CountryCode": "CZ",
    "CountrySubdivisionCode": None,
    "Latitude": 14.429645,
    "Longitude": 50.075181,
}


def _service() -> dict[str, object]:
    return {
        "Id": SERVICE,
        "EnterpriseId": OWN,
        "CreatedUtc": utc_text(LONG_AGO),
        "UpdatedUtc": utc_text(LONG_AGO),
        "IsActive": True,
        "Name": "Accommodation",
        "Options": {"BillAsPackage": True},
        "Data": {
            "Discriminator": "Bookable",
            "Value": {
                "StartOffset": "P0M0DT15H0M0S",
                "EndOffset": "P0M0DT12H0M0S",
                "OccupancyStartOffset": "P0M0DT15H0M0S",
                "OccupancyEndOffset": "P0M0DT12H0M0S",
                "TimeUnitPeriod": "Day",
            },
        },
        "ExternalIdentifier": None,
    }
