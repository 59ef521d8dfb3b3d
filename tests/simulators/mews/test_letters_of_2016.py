"""The seed's own examples, letter by letter: what the page shows is what the simulated Mews says."""

import json
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from agent.simulators.mews.commands import Command
from agent.simulators.mews.listing import print_data
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.store.records import RoomState
from tests.simulators.conftest import Post

SIGN_IN_REQUEST = """
{
    "ConnectorToken": "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D"
}
"""
SIGN_IN = """
{
    "AccessToken": "210F2620DDAE4A988D26DEB3A5B75B2F-77EB7EA147D2EAB4863054EB85FFACE",
    "Enterprise":
    {
        "Id": "222b5d8a-0492-4271-9941-cd6d89b81d43",
        "Name": "Test Hotel"
    }
}
"""
ACCESS_REQUEST = """
{
    "AccessToken": "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D"
}
"""
SPACES = """
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
RESERVATIONS_REQUEST = """
{
    "AccessToken": "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
    "StartUtc": "2016-01-01T00:00:00Z",
    "EndUtc": "2016-01-07T00:00:00Z"
}
"""
RESERVATIONS = """
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
BALANCE_REQUEST = """
{
    "ConnectorToken": "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
    "CustomerId": "2a1a4315-7e6f-4131-af21-402cec59b8b9"
}
"""
BALANCE = """
{
    "Currency": "EUR",
    "Value": 100
}
"""
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
UPDATE_REQUEST = """
{
    "AccessToken": "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
    "CommandId": "aa20961f-6d9e-4b35-ad25-071213530aec",
    "State": "Processed"
}
"""
TEST_PRINTER = "63efb573-fc58-4065-b687-9bdd51568529"


@pytest.fixture
def example(mews: MewsSimulator) -> Command:
    """The command of the page's example."""
    device = mews.hotel.devices[TEST_PRINTER]
    created = datetime.fromisoformat("2015-09-02T19:25:44Z")
    id = "aa20961f-6d9e-4b35-ad25-071213530aec"
    command = Command(id, created, device, print_data("Printer", "...", 1), None)
    mews.switch(cancel_hours=0, transitions="lenient")  # it is old, and the sample goes straight to Processed
    mews.commands.add(command)
    return command


@pytest.mark.parametrize(
    ("operation", "request_text", "answer_text"),
    [
        ("app/signIn", SIGN_IN_REQUEST, SIGN_IN),
        ("spaces/getAll", ACCESS_REQUEST, SPACES),
        ("reservations/getAll", RESERVATIONS_REQUEST, RESERVATIONS),
        ("customers/getBalance", BALANCE_REQUEST, BALANCE),
        ("commands/getAllActive", ACCESS_REQUEST, COMMANDS),
        ("commands/update", UPDATE_REQUEST, "{}"),
    ],
)
async def test_the_pages_request_gets_the_pages_answer(
    to_mews: Post, example: Command, operation: str, request_text: str, answer_text: str
) -> None:
    answer = await to_mews(operation, None, **json.loads(request_text))
    assert (answer.status_code, answer.json()) == (200, json.loads(answer_text))


async def test_the_pages_update_ends_the_pages_command(to_mews: Post, example: Command) -> None:
    await to_mews("commands/update", None, **json.loads(UPDATE_REQUEST))
    assert example.states == ("Pending", "Processed")


@pytest.fixture
async def small(mews: MewsSimulator) -> MewsSimulator:
    mews.switch(hotel="small")
    return mews


async def all_reservations(to_mews: Post) -> list[dict[str, Any]]:
    span = {"StartUtc": "2016-01-01T00:00:00Z", "EndUtc": "2017-01-01T00:00:00Z"}
    found: list[dict[str, Any]] = (await to_mews("reservations/getAll", **span)).json()["Reservations"]
    return found


async def test_of_other_rooms_and_stays_the_page_tells_only_what_it_has_words_for(
    small: MewsSimulator, to_mews: Post
) -> None:
    small.hotel.put_room(replace(small.hotel.room("105"), state=RoomState.OUT_OF_ORDER))
    spaces = (await to_mews("spaces/getAll")).json()["Spaces"]
    states = {stay["State"] for stay in await all_reservations(to_mews)}
    numbers = {space["Number"]: space for space in spaces}
    assert numbers.keys() & {"113", "Bicycle 1", "901"} == set()  # over, a thing, another hotel's
    assert (numbers["401A"]["Type"], numbers["401A"]["ParentSpaceId"]) == ("Bed", numbers["401"]["Id"])
    assert numbers["105"]["State"] == "OutOfService"
    assert states == {"Confirmed", "Started", "Processed"}


async def test_a_company_owns_a_reservation_under_its_name(small: MewsSimulator, to_mews: Post) -> None:
    (of_company,) = [stay for stay in await all_reservations(to_mews) if stay["Number"] == "50"]
    assert (of_company["Customer"]["LastName"], of_company["Companions"]) == ("Lanterns Ltd", [])


async def test_a_balance_of_two_currencies_is_in_the_hotels_own(small: MewsSimulator, to_mews: Post) -> None:
    debts = {}
    for name in ("Sommer", "Winter", "Herbst", "Lenz"):
        (id,) = [customer.id for customer in small.hotel.customers.values() if customer.last_name == name]
        debts[name] = (await to_mews("customers/getBalance", CustomerId=id)).json()
    assert debts == {
        "Sommer": {"Currency": "EUR", "Value": 120.5},
        "Winter": {"Currency": "EUR", "Value": 0},
        "Herbst": {"Currency": "GBP", "Value": 30},
        "Lenz": {"Currency": "EUR", "Value": 0},
    }


@pytest.mark.parametrize("operation", ["commands/getAllByIds", "resources/getAll", "devices/getAll"])
async def test_what_came_later_does_not_exist(to_mews: Post, operation: str) -> None:
    assert (await to_mews(operation)).status_code == 404


async def test_no_answer_has_an_id(to_mews: Post) -> None:
    assert "request-id" not in (await to_mews("spaces/getAll")).headers
