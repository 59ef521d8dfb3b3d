"""The v1 page of 2016: its examples, letter by letter, in its order; blanks at the end of a line left out.

Must never be changed to suit a test.
"""

SIGN_IN = """\
{
    "ConnectorToken": "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D"
}
"""

SIGNED_IN = """\
{
    "AccessToken": "210F2620DDAE4A988D26DEB3A5B75B2F-77EB7EA147D2EAB4863054EB85FFACE",
    "Enterprise":
    {
        "Id": "222b5d8a-0492-4271-9941-cd6d89b81d43",
        "Name": "Test Hotel"
    }
}
"""

GET_ALL_SPACES = """\
{
    "AccessToken": "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D"
}
"""

SPACES = """\
{
    "Spaces": [
        {
            "Id": "5ee074b1-6c86-48e8-915f-c7aa4702086f",
            "Type": "Room",
            "Number": "101",
            "ParentSpaceId": null,
            "CategoryId": "aaed6e21-1c1f-4644-9872-e53f96a21bf9",
            "State": "Dirty"
        },
        {
            "Id": "c32386aa-1cd2-414a-a823-489325842fbe",
            "Type": "Room",
            "Number": "102",
            "ParentSpaceId": null,
            "CategoryId": "aaed6e21-1c1f-4644-9872-e53f96a21bf9",
            "State": "Clean"
        }
    ],
    "SpaceCategories": [
        {
            "Id": "aaed6e21-1c1f-4644-9872-e53f96a21bf9",
            "Name": "Best Room",
            "ShortName": "BR"
        }
    ]
}
"""

GET_ALL_RESERVATIONS = """\
{
    "AccessToken": "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
    "StartUtc": "2016-01-01T00:00:00Z",
    "EndUtc": "2016-01-07T00:00:00Z"
}
"""

RESERVATIONS = """\
{
    "ReservationGroups": [
        {
            "Id": "c704dff3-7811-4af7-a3a0-7b2b0635ac59",
            "Name": "13-12-Smith-F712"
        }
    ],
    "Reservations": [
        {
            "AssignedSpaceId": "5ee074b1-6c86-48e8-915f-c7aa4702086f",
            "BusinessSegmentId": "ad42231f-a5b6-466f-b9ef-0bc4d76e8c4c",
            "Companions": [
                {
                    "Email": null,
                    "FirstName": "Jane",
                    "Id": "2a1a4315-7e6f-4131-af21-402cec59b8b9",
                    "LastName": "Smith",
                    "NationalityCode": null,
                    "Phone": null
                },
                {
                    "Email": "john.smith@mews.li",
                    "FirstName": "John",
                    "Id": "35d4b117-4e60-44a3-9580-c582117eff98",
                    "LastName": "Smith",
                    "NationalityCode": "US",
                    "Phone": null
                }
            ],
            "ChannelNumber": "123456",
            "ChannelManagerId": "132-456-789",
            "Customer": {
                "Email": "john.smith@mews.li",
                "FirstName": "John",
                "Id": "35d4b117-4e60-44a3-9580-c582117eff98",
                "LastName": "Smith",
                "NationalityCode": "US",
                "Phone": null
            },
            "EndUtc": "2019-12-30T23:00:00Z",
            "GroupId": "c704dff3-7811-4af7-a3a0-7b2b0635ac59",
            "Id": "2bbb5d8a-0492-4271-9941-cd6d89b81d43",
            "Number": "123",
            "StartUtc": "2015-07-07T00:00:00Z",
            "State": "Started",
            "TravelAgencyId": "ea473215-fe52-4c1a-bd85-3dedc1c4bd56"
        }
    ]
}
"""

GET_BALANCE = """\
{
    "ConnectorToken": "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
    "CustomerId": "2a1a4315-7e6f-4131-af21-402cec59b8b9"
}
"""

BALANCE = """\
{
    "Currency": "EUR",
    "Value": 100
}
"""

GET_ALL_ACTIVE = """\
{
    "AccessToken": "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D"
}
"""

COMMANDS = """\
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

UPDATE = """\
{
    "AccessToken": "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
    "CommandId": "aa20961f-6d9e-4b35-ad25-071213530aec",
    "State": "Processed"
}
"""
