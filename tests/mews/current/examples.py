"""Answers of today's dialect in the shape that Mews' docs of 2026-08-07 show; the values are made up.

Must never be changed to suit a test.
"""

import json
from typing import Any

HOTEL = {
    "NowUtc": "2026-11-26T17:00:05Z",
    "Enterprise": {
        "Id": "hotel-1",
        "Name": "Hotel Post",
        "TimeZoneIdentifier": "Europe/Vienna",
        "IsPortfolio": False,
        "DefaultLanguageCode": "de-AT",
        "Currencies": [
            {"Currency": "GBP", "IsDefault": False, "IsEnabled": True},
            {"Currency": "EUR", "IsDefault": True, "IsEnabled": True},
        ],
        "Email": "post@hotel.example",
        "Phone": "0043 1 234",
    },
    "Service": None,
    "PaymentCardStorage": None,
    "IsIdentityDocumentNumberRequired": True,
}
RESOURCE: dict[str, Any] = {
    "Id": "r101",
    "EnterpriseId": "hotel-1",
    "IsActive": True,
    "ParentResourceId": None,
    "Name": "101",
    "State": "OutOfOrder",
    "Descriptions": {"en-US": "By the lake"},
    "CreatedUtc": "2023-01-15T10:30:00Z",
    "UpdatedUtc": "2026-06-15T14:20:00Z",
    "Data": {"Discriminator": "Space", "Value": {"FloorNumber": "1", "LocationNotes": "A"}},
    "ExternalNames": {},
    "Directions": {},
}
CATEGORY: dict[str, Any] = {
    "Id": "c1",
    "EnterpriseId": "hotel-1",
    "ServiceId": "s1",
    "IsActive": True,
    "Type": "Room",
    "Names": {"de-AT": "Bestes Zimmer", "en-US": "Best Room"},
    "ShortNames": {"de-AT": "BZ"},
    "Descriptions": {},
    "Ordering": 2,
    "Capacity": 1,
    "ExtraCapacity": 0,
    "ExternalIdentifier": None,
}
ASSIGNMENT: dict[str, Any] = {
    "Id": "a1",
    "ResourceId": "r101",
    "CategoryId": "c1",
    "IsActive": True,
    "CreatedUtc": "2023-10-01T11:48:57Z",
    "UpdatedUtc": "2023-10-28T11:48:57Z",
}
SERVICE: dict[str, Any] = {
    "Id": "s1",
    "EnterpriseId": "hotel-1",
    "IsActive": True,
    "Name": "Stay",
    "Data": {"Discriminator": "Bookable", "Value": {"TimeUnitPeriod": "Day"}},
}
RESTAURANT = SERVICE | {"Id": "s2", "Name": "Restaurant", "Data": {"Discriminator": "Additional", "Value": {}}}
RESERVATION: dict[str, Any] = {
    "Id": "v1",
    "ServiceId": "s1",
    "AccountId": "u1",
    "AccountType": "Customer",
    "CreatorProfileId": "p1",
    "UpdaterProfileId": "p1",
    "BookerId": None,
    "Number": "52",
    "State": "Started",
    "Origin": "Connector",
    "CreatedUtc": "2026-10-23T16:00:00Z",
    "UpdatedUtc": "2026-11-25T14:01:02Z",
    "CancelledUtc": None,
    "BusinessSegmentId": "b1",
    "Options": {"OwnerCheckedIn": True},
    "RateId": "t1",
    "GroupId": "g1",
    "RequestedResourceCategoryId": "c1",
    "AssignedResourceId": "r101",
    "TravelAgencyId": "y1",
    "AssignedResourceLocked": False,
    "ChannelNumber": "TW1",
    "ChannelManagerNumber": "M2",
    "StartUtc": "2026-11-25T14:00:00Z",
    "EndUtc": "2026-11-28T10:00:00Z",
    "ScheduledStartUtc": "2026-11-25T14:00:00Z",
    "ActualStartUtc": "2026-11-25T13:12:11Z",
    "ScheduledEndUtc": "2026-11-28T10:00:00Z",
    "ActualEndUtc": None,
    "QrCodeData": '{"Reservations":[{"Id":"v1"}]}',
    "PersonCounts": [{"AgeCategoryId": "age", "Count": 2}],
}
DEVICE: dict[str, Any] = {"Id": "d1", "Name": "Key cutter 1", "Type": "KeyCutter", "Identifier": "1"}
CARD: dict[str, Any] = {
    "Id": "k1",
    "EnterpriseId": "hotel-1",
    "ServiceOrderId": "v1",
    "CompanionshipId": None,
    "ResourceId": "r101",
    "Type": "RfidTag",
    "Value": "04A1B2C3",
    "SerialNumber": None,
    "ValidityStartUtc": "2026-11-25T13:00:00Z",
    "ValidityEndUtc": "2026-11-28T10:00:00Z",
    "CreatedUtc": "2026-11-25T13:00:00Z",
    "UpdatedUtc": "2026-11-25T13:00:00Z",
    "IsActive": True,
    "Permissions": {"Bed": False, "Room": True, "Floor": False, "Building": False},
}


def order_item(id: str, gross: Any, currency: str = "EUR", **members: Any) -> dict[str, Any]:
    """An item of an order or a payment, as `customers/getOpenItems` lists it."""
    return {
        "Id": id,
        "AccountId": "u1",
        "OrderId": "v1",
        "BillId": None,
        "Amount": {
            "Currency": currency,
            "NetValue": -1,
            "GrossValue": gross,
            "TaxValues": [{"Code": "AT", "Value": 5000}],
            "Breakdown": {"Items": [{"TaxRateCode": "AT", "NetValue": 7000, "TaxValue": 5000}]},
        },
        "OriginalAmount": {"Currency": "GBP", "NetValue": 9000, "GrossValue": 9000},
        "AccountingState": "Open",
        "Data": {"Discriminator": "SpaceOrder", "Value": {"Amount": {"GrossValue": 8000}}},
        **members,
    }


def open_items(orders: list[Any], payments: list[Any], customer: str = "u1") -> dict[str, Any]:
    """The answer to `customers/getOpenItems`."""
    return {"Customers": [{"CustomerId": customer, "OrderItems": orders, "PaymentItems": payments}]}


def page(name: str, *elements: Any, cursor: str | None = None) -> bytes:
    """A page of a list."""
    return json.dumps({name: elements, "Cursor": cursor}).encode()
