"""The v1 page of 2016, letter by letter: what is sent is its example, and of what is read no field gets lost."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from agent.commands.model import PrintRequest
from agent.mews.calls import NewState, Update
from agent.mews.reading.commands import listing
from agent.mews.reading.print_data import print_request
from agent.mews.reading.states import SPACE_STATES, STAY_STATES
from agent.mews.reading.values import stamp
from agent.mews.records import Category, Group, Guest, Money, OwnerKind, Property, Space, Stay
from agent.mews.v2016 import property, wire
from agent.mews.v2016.calls import V2016
from provisioning.secret import Secret
from tests.mews.v2016 import page
from tests.mews.way import Way

TOKEN = Secret("C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D")  # of the page's demo hotel
JANE = "2a1a4315-7e6f-4131-af21-402cec59b8b9"
FROM, TO = datetime(2016, 1, 1, tzinfo=UTC), datetime(2016, 1, 7, tzinfo=UTC)


def word(table: dict[str, Any], meaning: object) -> str:
    """The page's word for a value of ours."""
    return next(word for word, value in table.items() if value is meaning)


def space(record: Space) -> dict[str, Any]:
    return {
        "Id": record.id,
        "Type": word(property.KINDS, record.kind),
        "Number": record.number,
        "ParentSpaceId": record.parent or None,
        "CategoryId": record.category,
        "State": word(SPACE_STATES, record.state),
    }


def category(record: Category) -> dict[str, Any]:
    return {"Id": record.id, "Name": record.name, "ShortName": record.short_name}


def customer(record: Guest) -> dict[str, Any]:
    return {
        "Email": record.email or None,
        "FirstName": record.first_name,
        "Id": record.id,
        "LastName": record.last_name,
        "NationalityCode": record.nationality or None,
        "Phone": record.phone or None,
    }


def reservation(record: Stay) -> dict[str, Any]:
    assert record.customer is not None
    assert (record.owner, record.owner_kind) == (record.customer.id, OwnerKind.CUSTOMER)
    return {
        "AssignedSpaceId": record.space,
        "BusinessSegmentId": record.segment,
        "Companions": shown(customer, record.companions),
        "ChannelNumber": record.channel_number,
        "ChannelManagerId": record.channel_manager,
        "Customer": customer(record.customer),
        "EndUtc": stamp(record.end),
        "GroupId": record.group,
        "Id": record.id,
        "Number": record.number,
        "StartUtc": stamp(record.start),
        "State": word(STAY_STATES, record.state),
        "TravelAgencyId": record.travel_agency,
    }


def group(record: Group) -> dict[str, Any]:
    return {"Id": record.id, "Name": record.name}


def shown(form: Any, records: Iterable[Any]) -> list[dict[str, Any]]:
    return [form(record) for record in records]


async def test_a_sign_in_is_that_of_the_page_and_tells_the_session_and_the_hotel() -> None:
    way = Way(page.SIGNED_IN)
    calls = V2016(way)
    token = await calls.sign_in(TOKEN)
    assert way.sent == [("/app/signIn", json.loads(page.SIGN_IN))]
    hotel = calls.hotel_of_session
    assert hotel == Property("222b5d8a-0492-4271-9941-cd6d89b81d43", "Test Hotel", zone="")
    told = {"AccessToken": token.reveal(), "Enterprise": {"Id": hotel.id, "Name": hotel.name}}
    assert told == json.loads(page.SIGNED_IN)


def test_before_the_first_sign_in_mews_has_said_nothing_of_the_hotel() -> None:
    assert V2016(Way(page.SIGNED_IN)).hotel_of_session is None


async def test_the_spaces_are_those_of_the_page() -> None:
    way = Way(page.SPACES)
    found = await V2016(way).spaces(TOKEN)
    assert way.sent == [("/spaces/getAll", json.loads(page.GET_ALL_SPACES))]
    assert found.unreadable == 0
    told = {"Spaces": shown(space, found.spaces), "SpaceCategories": shown(category, found.categories)}
    assert told == json.loads(page.SPACES)


async def test_the_reservations_are_those_of_the_page() -> None:
    way = Way(page.RESERVATIONS)
    found = await V2016(way).stays(TOKEN, FROM, TO)
    assert way.sent == [("/reservations/getAll", json.loads(page.GET_ALL_RESERVATIONS))]
    assert found.unreadable == 0
    told = {"Reservations": shown(reservation, found.stays), "ReservationGroups": shown(group, found.groups)}
    assert told == json.loads(page.RESERVATIONS)


async def test_the_balance_is_that_of_the_page_and_asked_for_with_the_token_under_either_name() -> None:
    way = Way(page.BALANCE)
    balance = await V2016(way).balance(TOKEN, JANE, "USD")
    [(path, sent)] = way.sent
    assert path == "/customers/getBalance"
    assert sent == json.loads(page.GET_BALANCE) | {"AccessToken": TOKEN.reveal()}
    assert balance == Money(Decimal(100), "EUR")  # as the page has it: 2016 converts nothing
    assert {"Currency": balance.currency, "Value": int(balance.value)} == json.loads(page.BALANCE)


async def test_the_active_commands_are_those_of_the_page() -> None:
    way = Way(page.COMMANDS)
    found = await V2016(way).list_active(TOKEN, frozenset())
    assert way.sent == [("/commands/getAllActive", json.loads(page.GET_ALL_ACTIVE))]
    [told], [listed] = json.loads(page.COMMANDS)["Commands"], found.commands
    assert (listed.id, listed.device_id, listed.device_name, listed.device_type) == (
        told["Id"],
        *(told["Device"][name] for name in ("Id", "Name", "Type")),
    )
    assert listed.created is not None
    assert stamp(listed.created) == told["CreatedUtc"]
    assert listed.data is not None
    assert json.loads(listed.data) == told["Data"]


def test_the_page_s_document_is_three_dots_and_a_real_one_in_its_place_is_printed() -> None:
    [listed] = listing(page.COMMANDS.replace('"..."', '"JVBERi0="').encode()).commands
    assert print_request(listed.data) == PrintRequest("Printer", "application/pdf", b"%PDF-", 1)


def test_an_update_is_that_of_the_page() -> None:
    told = json.loads(page.UPDATE)
    assert json.loads(wire.update(TOKEN, Update(told["CommandId"], NewState.PROCESSED))) == told
