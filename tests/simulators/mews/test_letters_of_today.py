"""The examples of today's docs, letter by letter (reference/mews.md 7, 9 and 14; the docs' state of 2026-08-07).

What the simulated property does not hold is put into it first; then the docs' request gets the docs' answer.
"""

import json
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from agent.simulators.mews.commands import Command
from agent.simulators.mews.current.access_tokens import card
from agent.simulators.mews.current.reservations import reservation
from agent.simulators.mews.current.setup import category, device, resource
from agent.simulators.mews.events import command_event, price_update, reservation_event, resource_event
from agent.simulators.mews.listing import print_data
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.store.property import Property
from agent.simulators.mews.store.records import (
    Card,
    Category,
    Content,
    Customer,
    Device,
    OpenItem,
    Reservation,
    Room,
    RoomKind,
    RoomState,
    StayState,
)
from tests.simulators.conftest import NOON, Post

ELSEWHERE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
ROOM_101 = "20e00c32-d561-4008-8609-82d8aa525714"


def time(text: str) -> datetime:
    return datetime.fromisoformat(text)


COMMANDS = """
{
  "Commands": [
    {
      "Id": "aa20961f-6d9e-4b35-ad25-071213530aec",
      "State": "Pending",
      "CreatedUtc": "2015-09-02T19:25:44Z",
      "Creator": {
        "FirstName": "Sample",
        "LastName": "User",
        "ImageUrl": "..."
      },
      "Device": {
        "Id": "63efb573-fc58-4065-b687-9bdd51568529",
        "Name": "Test Printer",
        "Type": "Printer"
      },
      "Data": {
        "CopyCount": 1,
        "FileType": "application/pdf",
        "FileData": "...",
        "PrinterName": "Printer",
        "PrinterDriverName": "",
        "PrinterPortName": ""
      }
    }
  ]
}
"""
ENVELOPE = """
  "ClientToken": "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D",
  "AccessToken": "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
  "Client": "Sample Client 1.0.0"
"""
BY_IDS_REQUEST = "{" + ENVELOPE + ', "CommandIds": ["aa20961f-6d9e-4b35-ad25-071213530aec"]}'
UPDATE_REQUEST = "{" + ENVELOPE + ', "CommandId": "aa20961f-6d9e-4b35-ad25-071213530aec", "State": "Processed"}'


@pytest.mark.parametrize(
    ("operation", "request_text", "answer_text"),
    [
        ("commands/getAllActive", "{" + ENVELOPE + "}", COMMANDS),
        ("commands/getAllByIds", BY_IDS_REQUEST, COMMANDS),
        ("commands/update", UPDATE_REQUEST, "{}"),
    ],
)
async def test_the_docs_request_about_commands_gets_the_docs_answer(
    today: MewsSimulator, to_today: Post, operation: str, request_text: str, answer_text: str
) -> None:
    printer = today.hotel.devices["63efb573-fc58-4065-b687-9bdd51568529"]
    today.switch(cancel_hours=0, transitions="lenient")
    id = "aa20961f-6d9e-4b35-ad25-071213530aec"
    today.commands.add(Command(id, time("2015-09-02T19:25:44Z"), printer, print_data("Printer", "...", 1), None))
    answer = await to_today(operation, **json.loads(request_text))
    assert (answer.status_code, answer.json()) == (200, json.loads(answer_text))


DEVICE = '{"Id": "d14efcfd-75b9-4bd3-9f10-5657a01f860a", "Name": "Key cutter 1", "Type": "KeyCutter"}'
RESOURCE = """
    {
      "Id": "20e00c32-d561-4008-8609-82d8aa525714",
      "EnterpriseId": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
      "IsActive": true,
      "ParentResourceId": null,
      "Name": "101",
      "State": "Clean",
      "Descriptions": {
        "en-US": "Standard room with city view"
      },
      "CreatedUtc": "2023-01-15T10:30:00Z",
      "UpdatedUtc": "2023-06-15T14:20:00Z",
      "Data": {
        "Discriminator": "Space",
        "Value": {
          "FloorNumber": "1",
          "LocationNotes": "Building A, near elevator"
        }
      },
      "ExternalNames": {
        "en-US": "Room 101"
      },
      "Directions": {
        "en-US": "Take elevator to first floor, turn right"
      }
    }
"""
BED = """
    {
      "Id": "1ec29188-01ca-4294-9983-fac59f85a448",
      "EnterpriseId": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
      "IsActive": true,
      "ParentResourceId": "20e00c32-d561-4008-8609-82d8aa525714",
      "Name": "101A",
      "State": "Inspected",
      "Descriptions": {
        "en-US": "Bed in room 101"
      },
      "CreatedUtc": "2023-01-15T10:35:00Z",
      "UpdatedUtc": "2023-06-15T14:25:00Z",
      "Data": {
        "Discriminator": "Object",
        "Value": {}
      },
      "ExternalNames": {
        "en-US": "Bed A"
      },
      "Directions": {
        "en-US": "Located in room 101"
      }
    }
"""
CATEGORY = """
    {
      "Id": "5c0804f9-d03a-4b13-a57d-b00300781a41",
      "EnterpriseId": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
      "ServiceId": "9b3a6c54-63aa-4383-b50e-b0030078184b",
      "IsActive": true,
      "Type": "Bed",
      "Names": {
        "en-US": "Bed 1"
      },
      "ShortNames": {
        "en-US": "Bed 1"
      },
      "Descriptions": {},
      "Ordering": 2,
      "Capacity": 1,
      "ExtraCapacity": 0,
      "ExternalIdentifier": null
    }
"""
RESERVATION = r"""
    {
      "Id": "0f515589-99b4-423d-b83a-b237009f0509",
      "ServiceId": "bd26d8db-86da-4f96-9efc-e5a4654a4a94",
      "AccountId": "fadd5bb6-b428-45d5-94f8-fd0d89fece6d",
      "AccountType": "Customer",
      "CreatorProfileId": "3cd637ef-4728-47f9-8fb1-afb900c9cdcf",
      "UpdaterProfileId": "3cd637ef-4728-47f9-8fb1-afb900c9cdcf",
      "BookerId": "ebd507c5-6bfd-4ca9-96aa-ffed6fa94f72",
      "Number": "52",
      "State": "Confirmed",
      "Origin": "Connector",
      "CommanderOrigin": null,
      "OriginDetails": null,
      "CreatedUtc": "2023-03-23T16:00:00Z",
      "UpdatedUtc": "2023-04-22T17:00:00Z",
      "CancelledUtc": null,
      "VoucherId": null,
      "BusinessSegmentId": null,
      "Options": {
        "OwnerCheckedIn": true,
        "AllCompanionsCheckedIn": true,
        "AnyCompanionCheckedIn": true,
        "ConnectorCheckIn": true
      },
      "RateId": "ed4b660b-19d0-434b-9360-a4de2ea42eda",
      "CreditCardId": null,
      "GroupId": "94843f6f-3be3-481b-a1c7-06458774c3df",
      "RequestedResourceCategoryId": "773d5e42-de1e-43a0-9ce6-f940faf2303f",
      "AssignedResourceId": "20e00c32-d561-4008-8609-82d8aa525714",
      "AvailabilityBlockId": "5ee074b1-6c86-48e8-915f-c7aa4702086f",
      "PartnerCompanyId": "c021013e-4930-4592-8e32-91b0b1fc9663",
      "TravelAgencyId": "a793d381-65a2-4fa6-9514-00c4c5bfe607",
      "AssignedResourceLocked": false,
      "ChannelNumber": "TW48ZP",
      "ChannelManagerNumber": "",
      "CancellationReason": null,
      "ReleasedUtc": null,
      "StartUtc": "2023-04-23T14:00:00Z",
      "EndUtc": "2023-04-25T12:00:00Z",
      "ScheduledStartUtc": "2023-04-23T14:00:00Z",
      "ActualStartUtc": null,
      "ScheduledEndUtc": "2023-04-25T12:00:00Z",
      "ActualEndUtc": null,
      "Purpose": "Leisure",
      "QrCodeData": "{\"Reservations\":[{\"Id\":\"0f515589-99b4-423d-b83a-b237009f0509\",\"GroupId\":\"94843f6f-3be3-481b-a1c7-06458774c3df\",\"CustomerId\":\"fadd5bb6-b428-45d5-94f8-fd0d89fece6d\"}]}",
      "PersonCounts": [
        {
          "AgeCategoryId": "1f67644f-052d-4863-acdf-ae1600c60ca0",
          "Count": 2
        },
        {
          "AgeCategoryId": "ab58c939-be30-4a60-8f75-ae1600c60c9f",
          "Count": 2
        }
      ]
    }
"""  # noqa: E501 - as the docs have it
CARD = """
    {
      "Id": "72d4b117-1f84-44a3-1f84-8b2c0635ac60",
      "EnterpriseId": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
      "ServiceOrderId": "35d4b117-4e60-44a3-9580-c582117eff98",
      "CompanionshipId": "25d4b117-4e60-44a3-9580-c582117eff98",
      "ResourceId": "65d4b117-4e60-44a3-9580-c582117eff98",
      "Type": "PinCode",
      "Value": "1234#",
      "SerialNumber": null,
      "ValidityStartUtc": "2020-10-09T22:00:00Z",
      "ValidityEndUtc": "2020-10-10T22:00:00Z",
      "CreatedUtc": "2023-10-01T11:48:57Z",
      "UpdatedUtc": "2023-10-28T11:48:57Z",
      "IsActive": true,
      "Permissions": {
        "Bed": true,
        "Room": false,
        "Floor": false,
        "Building": false
      }
    }
"""
IN_101 = Room(
    id=ROOM_101,
    number="101",
    category="",
    floor="1",
    notes="Building A, near elevator",
    description="Standard room with city view",
    external_name="Room 101",
    directions="Take elevator to first floor, turn right",
    enterprise=ELSEWHERE,
    created=time("2023-01-15T10:30:00Z"),
    updated=time("2023-06-15T14:20:00Z"),
)
BED_A = replace(
    IN_101,
    id="1ec29188-01ca-4294-9983-fac59f85a448",
    number="101A",
    parent=ROOM_101,
    state=RoomState.INSPECTED,
    kind=RoomKind.OBJECT,
    description="Bed in room 101",
    external_name="Bed A",
    directions="Located in room 101",
    created=time("2023-01-15T10:35:00Z"),
    updated=time("2023-06-15T14:25:00Z"),
)
BEDS = Category(
    id="5c0804f9-d03a-4b13-a57d-b00300781a41",
    name="Bed 1",
    short_name="Bed 1",
    type="Bed",
    service="9b3a6c54-63aa-4383-b50e-b0030078184b",
    enterprise=ELSEWHERE,
    ordering=2,
    capacity=1,
)
STAY = Reservation(
    id="0f515589-99b4-423d-b83a-b237009f0509",
    number="52",
    group="94843f6f-3be3-481b-a1c7-06458774c3df",
    state=StayState.CONFIRMED,
    start=time("2023-04-23T14:00:00Z"),
    end=time("2023-04-25T12:00:00Z"),
    account="fadd5bb6-b428-45d5-94f8-fd0d89fece6d",
    room=ROOM_101,
    category="773d5e42-de1e-43a0-9ce6-f940faf2303f",
    channel_number="TW48ZP",
    channel_manager="",
    travel_agency="a793d381-65a2-4fa6-9514-00c4c5bfe607",
    created=time("2023-03-23T16:00:00Z"),
    updated=time("2023-04-22T17:00:00Z"),
    more={
        "BookerId": "ebd507c5-6bfd-4ca9-96aa-ffed6fa94f72",
        "Options": {
            "OwnerCheckedIn": True,
            "AllCompanionsCheckedIn": True,
            "AnyCompanionCheckedIn": True,
            "ConnectorCheckIn": True,
        },
        "AvailabilityBlockId": "5ee074b1-6c86-48e8-915f-c7aa4702086f",
        "PartnerCompanyId": "c021013e-4930-4592-8e32-91b0b1fc9663",
        "PersonCounts": [
            {"AgeCategoryId": "1f67644f-052d-4863-acdf-ae1600c60ca0", "Count": 2},
            {"AgeCategoryId": "ab58c939-be30-4a60-8f75-ae1600c60c9f", "Count": 2},
        ],
    },
)
CODE = Card(
    id="72d4b117-1f84-44a3-1f84-8b2c0635ac60",
    reservation="35d4b117-4e60-44a3-9580-c582117eff98",
    type="PinCode",
    value="1234#",
    start=time("2020-10-09T22:00:00Z"),
    end=time("2020-10-10T22:00:00Z"),
    permissions={"Bed": True, "Room": False, "Floor": False, "Building": False},
    room="65d4b117-4e60-44a3-9580-c582117eff98",
    companionship="25d4b117-4e60-44a3-9580-c582117eff98",
    enterprise=ELSEWHERE,
    created=time("2023-10-01T11:48:57Z"),
    updated=time("2023-10-28T11:48:57Z"),
)


@pytest.mark.parametrize(
    ("shown", "example"),
    [
        (device(Device("d14efcfd-75b9-4bd3-9f10-5657a01f860a", "Key cutter 1", "KeyCutter")), DEVICE),
        (resource(IN_101), RESOURCE),
        (resource(BED_A), BED),
        (category(BEDS), CATEGORY),
        (reservation(STAY), RESERVATION),
        (card(CODE), CARD),
    ],
    ids=["device", "room", "bed", "category", "reservation", "card"],
)
def test_an_item_is_written_as_the_docs_write_it(shown: dict[str, Any], example: str) -> None:
    written = json.loads(json.dumps(shown))
    assert written == json.loads(example)
    assert [*written] == [*json.loads(example)]


OPEN_ITEMS = """
{
  "Customers": [
    {
      "CustomerId": "2a1a4315-7e6f-4131-af21-402cec59b8b9",
      "OrderItems": [
        {
          "Id": "35820535-b988-4d6f-80cf-ecb19cdc3e58",
          "AccountId": "2a1a4315-7e6f-4131-af21-402cec59b8b9",
          "OrderId": "6645113e-72cc-4f99-ab77-e4452911bf20",
          "BillId": null,
          "AccountingCategoryId": "d250149e-a29d-4c70-b607-a1759faf7320",
          "Amount": {
            "Currency": "GBP",
            "NetValue": -5,
            "GrossValue": -5,
            "TaxValues": [
              {
                "Code": "UK-Z",
                "Value": 0
              }
            ],
            "Breakdown": {
              "Items": [
                {
                  "TaxRateCode": "UK-Z",
                  "NetValue": -5,
                  "TaxValue": 0
                }
              ]
            }
          },
          "RevenueType": "Additional",
          "ConsumedUtc": "2017-04-04T15:13:39Z",
          "ClosedUtc": null,
          "AccountingState": "Open",
          "Data": {
            "Discriminator": "Rebate",
            "Value": {
              "RebatedItemId": null
            }
          }
        }
      ],
      "PaymentItems": []
    }
  ]
}
"""
JANE = "2a1a4315-7e6f-4131-af21-402cec59b8b9"


async def test_the_docs_request_for_open_items_gets_the_docs_answer(today: MewsSimulator, to_today: Post) -> None:
    id = "35820535-b988-4d6f-80cf-ecb19cdc3e58"
    today.hotel.items = {id: OpenItem(id, JANE, -5, "GBP", time("2017-04-04T15:13:39Z"))}
    answer = await to_today("customers/getOpenItems", CustomerIds=[JANE])
    assert answer.json() == json.loads(OPEN_ITEMS)


ENTERPRISE_MEMBERS = """
Currencies AccountingConfiguration IsPortfolio Id ExternalIdentifier HoldingKey ChainId ChainName CreatedUtc
UpdatedUtc Name ShortName TimeZoneIdentifier LegalEnvironmentCode AccommodationEnvironmentCode
AccountingEnvironmentCode TaxEnvironmentCode DefaultLanguageCode EditableHistoryInterval
AccountingEditableHistoryInterval
OperationalEditableHistoryInterval BusinessDayClosingOffset WebsiteUrl Email Phone LogoImageId CoverImageId Pricing
TaxPrecision AddressId Address GroupNames Subscription
"""


async def test_the_configuration_has_the_members_of_the_docs(today: MewsSimulator, to_today: Post) -> None:
    answer = (await to_today("configuration/get")).json()
    assert list(answer) == [
        "NowUtc",
        "Enterprise",
        "Service",
        "PaymentCardStorage",
        "IsIdentityDocumentNumberRequired",
    ]
    assert answer["NowUtc"] == "2016-05-04T12:00:00Z"
    enterprise = answer["Enterprise"]
    assert (enterprise["Name"], enterprise["TimeZoneIdentifier"]) == ("Test Hotel", "Europe/Vienna")
    assert enterprise["Currencies"][0] == {"Currency": "EUR", "IsDefault": True, "IsEnabled": True}
    assert [*enterprise] == ENTERPRISE_MEMBERS.split()


EVENTS = """
[
        {
            "Type": "DeviceCommand",
            "Id": "2391a3df-1c61-4131-b6f8-c85b4234adcb",
            "State": "Pending"
        },
        {
            "Type": "Reservation",
            "Id": "bfee2c44-1f84-4326-a862-5289598f6e2d",
            "State": "Processed",
            "StartUtc": "2016-02-20T13:00:00Z",
            "EndUtc": "2016-02-22T11:00:00Z"
        },
        {
            "Type": "Resource",
            "Id": "5ee074b1-6c86-48e8-915f-c7aa4702086f",
            "State": "Dirty"
        },
        {
            "Type": "PriceUpdate",
            "Id": "bd75f159-f22a-4685-abdb-aac0008e2af3",
            "StartUtc": "2019-09-07T22:00:00Z",
            "EndUtc": "2019-09-07T22:00:00Z",
            "RateId": "9c6c0556-42bb-409a-86ca-6ca430773b99",
            "ResourceCategoryId": null
        }
]
"""


def test_an_event_is_written_as_the_docs_write_it() -> None:
    command = Command("2391a3df-1c61-4131-b6f8-c85b4234adcb", NOON, Device("d1", "", None), None, None)
    stay = replace(
        STAY,
        id="bfee2c44-1f84-4326-a862-5289598f6e2d",
        state=StayState.PROCESSED,
        start=time("2016-02-20T13:00:00Z"),
        end=time("2016-02-22T11:00:00Z"),
        room=None,
    )
    room = replace(IN_101, id="5ee074b1-6c86-48e8-915f-c7aa4702086f", state=RoomState.DIRTY)
    price = {**price_update(time("2019-09-07T22:00:00Z")), "Id": "bd75f159-f22a-4685-abdb-aac0008e2af3"}
    written = [command_event(command), reservation_event(stay), resource_event(room), price]
    assert json.loads(json.dumps(written)) == json.loads(EVENTS)


def test_an_event_of_a_stay_with_a_room_names_the_room() -> None:
    assert reservation_event(STAY)["AssignedResourceId"] == ROOM_101


def test_a_property_of_its_own_content_has_that_alone() -> None:
    customer = Customer(JANE, "Smith")
    hotel = Property(Content(customers=(customer,), reservations=(replace(STAY, account=JANE),)))
    assert (hotel.owner(hotel.reservation("52")), hotel.rooms) == (customer, {})
