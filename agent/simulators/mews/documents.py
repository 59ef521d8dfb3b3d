"""What the v1 page of 2016 shows as examples: the demo hotel, its spaces, its reservation, its guests.

Must never be changed to suit a test. Source: the page's examples (reference/mews.md section 6).
"""

from typing import Any

ENTERPRISE = {"Id": "222b5d8a-0492-4271-9941-cd6d89b81d43", "Name": "Test Hotel"}
FIRST_SESSION = "210F2620DDAE4A988D26DEB3A5B75B2F-77EB7EA147D2EAB4863054EB85FFACE"

_CATEGORY = "aaed6e21-1c1f-4644-9872-e53f96a21bf9"
_ROOM_101 = "5ee074b1-6c86-48e8-915f-c7aa4702086f"
_GROUP = "c704dff3-7811-4af7-a3a0-7b2b0635ac59"

SPACES: dict[str, Any] = {
    "Spaces": [
        {
            "Id": _ROOM_101,
            "Type": "Room",
            "Number": "101",
            "ParentSpaceId": None,
            "CategoryId": _CATEGORY,
            "State": "Dirty",
        },
        {
            "Id": "c32386aa-1cd2-414a-a823-489325842fbe",
            "Type": "Room",
            "Number": "102",
            "ParentSpaceId": None,
            "CategoryId": _CATEGORY,
            "State": "Clean",
        },
    ],
    "SpaceCategories": [{"Id": _CATEGORY, "Name": "Best Room", "ShortName": "BR"}],
}

JANE: dict[str, Any] = {
    "Id": "2a1a4315-7e6f-4131-af21-402cec59b8b9",
    "FirstName": "Jane",
    "LastName": "Smith",
    "Email": None,
    "Phone": None,
    "NationalityCode": None,
}
JOHN: dict[str, Any] = {
    "Id": "35d4b117-4e60-44a3-9580-c582117eff98",
    "FirstName": "John",
    "LastName": "Smith",
    "Email": "john.smith@mews.li",
    "Phone": None,
    "NationalityCode": "US",
}
RESERVATION: dict[str, Any] = {
    "Id": "2bbb5d8a-0492-4271-9941-cd6d89b81d43",
    "GroupId": _GROUP,
    "Number": "123",
    "ChannelNumber": "123456",
    "ChannelManagerId": "132-456-789",
    "State": "Started",
    "StartUtc": "2015-07-07T00:00:00Z",
    "EndUtc": "2019-12-30T23:00:00Z",
    "AssignedSpaceId": _ROOM_101,
    "BusinessSegmentId": "ad42231f-a5b6-466f-b9ef-0bc4d76e8c4c",
    "TravelAgencyId": "ea473215-fe52-4c1a-bd85-3dedc1c4bd56",
    "Customer": JOHN,
    "Companions": [JANE, JOHN],
}
GROUP = {"Id": _GROUP, "Name": "13-12-Smith-F712"}

CREATOR = {"FirstName": "Sample", "LastName": "User", "ImageUrl": "..."}
PRINTER_DATA = {
    "CopyCount": 1,
    "FileType": "application/pdf",
    "FileData": "...",
    "PrinterName": "Printer",
    "PrinterDriverName": "",
    "PrinterPortName": "",
}

TEST_PRINTER = {"id": "63efb573-fc58-4065-b687-9bdd51568529", "name": "Test Printer", "type": "Printer"}

BALANCES: dict[str, dict[str, Any]] = {JANE["Id"]: {"Currency": "EUR", "Value": 100}}
