"""The property of the simulated Mews in today's dialect: lists, filters, what is owed, cards."""

from datetime import timedelta
from typing import Any

import pytest

from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.store.records import SERVICE, StayState
from tests.simulators.conftest import NOON, Post

STAYS = "reservations/getAll/2023-06-06"
ALL = {"Count": 1000}
JANE = "2a1a4315-7e6f-4131-af21-402cec59b8b9"
DAY = {"StartUtc": "2016-05-04T00:00:00Z", "EndUtc": "2016-05-05T00:00:00Z"}


@pytest.fixture
def small(today: MewsSimulator) -> MewsSimulator:
    today.switch(hotel="small")
    return today


async def found(to_today: Post, **filters: object) -> set[str]:
    """The numbers of the reservations that pass."""
    answer = await to_today(STAYS, Limitation=ALL, **filters)
    assert answer.status_code == 200, answer.text
    return {stay["Number"] for stay in answer.json()["Reservations"]}


async def paged(to_today: Post, operation: str, name: str, count: int, **body: object) -> list[dict[str, Any]]:
    """All items, page by page."""
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        wish = {"Count": count, "Cursor": cursor}
        answer = (await to_today(operation, Limitation=wish, **body)).json()
        if answer["Cursor"] is None:
            return items
        items += answer[name]
        cursor = answer["Cursor"]


async def test_the_configuration_has_the_switched_zone_and_clock(today: MewsSimulator, to_today: Post) -> None:
    today.switch(zone="Asia/Tokyo", clock_offset_seconds=-90)
    answer = (await to_today("configuration/get")).json()
    zone = answer["Enterprise"]["TimeZoneIdentifier"]
    assert (answer["NowUtc"], zone, answer["Enterprise"]["IsPortfolio"]) == (
        "2016-05-04T11:58:30Z",
        "Asia/Tokyo",
        False,
    )


@pytest.mark.parametrize(
    ("enterprise", "name", "is_portfolio"),
    [
        (None, "Portfolio", True),
        ("222b5d8a-0492-4271-9941-cd6d89b81d43", "Test Hotel", False),
        ("4d0201db-36f5-428b-8d11-4f0a65e960cc", "Other Hotel", False),
    ],
)
async def test_a_portfolios_configuration_is_a_dummys_unless_a_hotel_is_named(
    today: MewsSimulator, to_today: Post, enterprise: str | None, name: str, is_portfolio: bool
) -> None:
    today.switch(portfolio="documented")
    answer = (await to_today("configuration/get", EnterpriseId=enterprise)).json()["Enterprise"]
    assert (answer["Name"], answer["IsPortfolio"]) == (name, is_portfolio)


async def test_devices_are_listed_as_they_are_set_up(small: MewsSimulator, to_today: Post) -> None:
    small.add_key("77")
    devices = (await to_today("devices/getAll")).json()["Devices"]
    assert [(device["Type"], device["Name"], device.get("Identifier")) for device in devices] == [
        ("Printer", "Front Office", None),
        ("KeyCutter", "Key cutter 1", "1"),
        ("KeyCutter", "Key cutter 2", "2"),
        ("KeyCutter", "Key cutter 3", "3"),
        ("KeyCutter", "Key cutter BAR1", "BAR1"),
        ("KeyCutter", "Key cutter 77", "77"),
    ]


@pytest.mark.parametrize("count", [1, 7, 1000])
async def test_resources_come_in_pages_and_each_once(small: MewsSimulator, to_today: Post, count: int) -> None:
    rooms = await paged(to_today, "resources/getAll", "Resources", count, Extent={"Resources": True})
    numbers = [room["Name"] for room in rooms]
    assert len(numbers) == len({*numbers}) == 43
    assert {"101", "312", "401", "401A", "P1", "Bicycle 1"} <= {*numbers}
    assert "113" not in numbers


async def test_resources_that_are_over_are_shown_to_who_asks(small: MewsSimulator, to_today: Post) -> None:
    extent = {"Resources": True, "Inactive": True}
    rooms = (await to_today("resources/getAll", Extent=extent, Names=["113", "101"], Limitation=ALL)).json()
    assert {room["Name"]: room["IsActive"] for room in rooms["Resources"]} == {"113": False, "101": True}


@pytest.mark.parametrize("body", [{}, {"Extent": {"Resources": 1}}, {"Extent": []}])
async def test_an_extent_that_does_not_fit_is_400(to_today: Post, body: dict[str, object]) -> None:
    assert (await to_today("resources/getAll", Limitation=ALL, **body)).status_code == 400


@pytest.mark.parametrize("operation", ["resources/getAll", STAYS, "services/getAll", "resourceCategories/getAll"])
async def test_what_comes_in_pages_needs_a_limitation(to_today: Post, operation: str) -> None:
    answer = await to_today(operation, Extent={"Resources": True}, ServiceIds=[SERVICE])
    assert answer.json()["Message"] == "Invalid Limitation."


async def test_the_old_extents_still_show_categories_and_assignments(small: MewsSimulator, to_today: Post) -> None:
    extent = {"ResourceCategories": True, "ResourceCategoryAssignments": True}
    answer = (await to_today("resources/getAll", Extent=extent, Names=["401A"], Limitation=ALL)).json()
    (category,), (assignment,) = answer["ResourceCategories"], answer["ResourceCategoryAssignments"]
    assert answer["Resources"] is None
    assert (category["Type"], assignment["CategoryId"]) == ("Bed", category["Id"])


async def test_the_category_of_a_room_is_found_by_services_categories_and_assignments(
    small: MewsSimulator, to_today: Post
) -> None:
    services = await paged(to_today, "services/getAll", "Services", 10)
    of_services = [service["Id"] for service in services]
    categories = await paged(
        to_today, "resourceCategories/getAll", "ResourceCategories", 4, ServiceIds=of_services
    )
    types = {category["Id"]: category["Type"] for category in categories}
    assignments = await paged(
        to_today,
        "resourceCategoryAssignments/getAll",
        "ResourceCategoryAssignments",
        10,
        ResourceCategoryIds=[*types],
    )
    of_room = {entry["ResourceId"]: types[entry["CategoryId"]] for entry in assignments}
    wanted = {"101": "Room", "301": "Suite", "401": "Dorm", "401B": "Bed", "P1": "ParkingSpot"}
    assert {number: of_room[small.hotel.room(number).id] for number in wanted} == wanted


async def test_a_service_that_is_not_there_is_not_shown(to_today: Post) -> None:
    answer = await to_today("services/getAll", ServiceIds=["x"], Limitation=ALL)
    assert answer.json() == {"Services": [], "Cursor": None}


async def test_categories_without_services_are_refused_as_the_docs_say(
    small: MewsSimulator, to_today: Post
) -> None:
    assert (await to_today("resourceCategories/getAll", Limitation=ALL)).status_code == 400
    small.switch(service_ids=False)
    one = {"ResourceCategoryIds": [small.hotel.room("101").category]}
    answer = await to_today("resourceCategories/getAll", Limitation=ALL, **one)
    assert [category["Names"] for category in answer.json()["ResourceCategories"]] == [{"en-US": "Standard"}]


async def test_all_reservations_come_in_pages_the_newest_first(small: MewsSimulator, to_today: Post) -> None:
    stays = await paged(to_today, STAYS, "Reservations", 5)
    made = [stay["CreatedUtc"] for stay in stays]
    assert len({stay["Id"] for stay in stays}) == len(stays) == 12
    assert made == sorted(made, reverse=True)


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({"States": ["Started"]}, {"1", "2", "3", "7", "8", "50"}),
        ({"States": ["Processed", "Canceled"]}, {"6", "9"}),
        ({"States": []}, set()),
        ({"Numbers": ["1", "50"], "States": ["Started"]}, {"1", "50"}),
        ({"ReservationIds": ["unknown"]}, set()),
        (
            {"CollidingUtc": {"StartUtc": "2016-05-07T00:00:00Z", "EndUtc": "2016-05-07T01:00:00Z"}},
            {"2", "5", "50"},
        ),
        ({"UpdatedUtc": DAY}, {"3", "4", "5", "9", "10", "11"}),
        ({"ScheduledStartUtc": DAY, "ActualEndUtc": None}, {"3", "4", "5", "9", "10", "11"}),
        ({"ActualStartUtc": DAY}, {"3"}),
        ({"ActualEndUtc": DAY}, {"6"}),
        ({"CreatedUtc": {"StartUtc": "2016-04-24T12:00:00Z", "EndUtc": "2016-04-24T12:00:00Z"}}, {"6"}),
        ({"CreatedUtc": {"StartUtc": "2016-04-24T11:00:00Z", "EndUtc": "2016-04-24T12:00:00Z"}}, set()),
    ],
)
async def test_reservations_pass_all_filters_that_are_there(
    small: MewsSimulator, to_today: Post, filters: dict[str, object], numbers: set[str]
) -> None:
    assert await found(to_today, **filters) == numbers


async def test_reservations_are_found_by_their_ids_and_rooms(small: MewsSimulator, to_today: Post) -> None:
    stay = small.hotel.reservation("7")
    assert await found(to_today, ReservationIds=[stay.id]) == {"7"}
    assert await found(to_today, AssignedResourceIds=[stay.room]) == {"7"}
    assert await found(to_today, AccountIds=[stay.account]) == {"7"}


@pytest.mark.parametrize(
    "filters",
    [
        {"CollidingUtc": {"StartUtc": "2016-05-01T00:00:00Z", "EndUtc": "2016-08-01T00:00:01Z"}},
        {"UpdatedUtc": {"StartUtc": "2016-05-02T00:00:00Z", "EndUtc": "2016-05-01T00:00:00Z"}},
        {"UpdatedUtc": {"StartUtc": "yesterday", "EndUtc": "2016-05-01T00:00:00Z"}},
        {"UpdatedUtc": {"StartUtc": "9999-12-01T00:00:00Z"}},
        {"UpdatedUtc": "2016"},
        {"States": ["Arrived"]},
        {"States": "Started"},
        {"ReservationIds": ["x"] * 1001},
        {"ScheduledStartUtc": DAY, "ActualStartUtc": DAY},
    ],
)
async def test_a_filter_that_does_not_fit_is_400(to_today: Post, filters: dict[str, object]) -> None:
    assert (await to_today(STAYS, Limitation=ALL, **filters)).status_code == 400


async def test_the_end_of_the_calendar_is_no_end_of_three_months(to_today: Post) -> None:
    span = {"StartUtc": "9999-12-01T00:00:00Z", "EndUtc": "9999-12-31T00:00:00Z"}
    assert await found(to_today, CollidingUtc=span) == set()


async def test_an_unknown_cursor_is_refused(to_today: Post) -> None:
    answer = await to_today(STAYS, Limitation={"Count": 5, "Cursor": "unknown"})
    assert answer.json()["Message"] == "Invalid Cursor."


@pytest.mark.parametrize(
    ("start", "end"),
    [("2016-05-01T00:00:00Z", "2016-08-01T00:00:00Z"), ("2016-11-30T00:00:00Z", "2017-02-28T00:00:00Z")],
)
async def test_three_months_are_allowed(to_today: Post, start: str, end: str) -> None:
    assert await found(to_today, CollidingUtc={"StartUtc": start, "EndUtc": end}) == {"123"}


async def test_a_stay_that_moves_and_ends_is_found_by_its_change(small: MewsSimulator, to_today: Post) -> None:
    small.clock.shift(3600)
    since = {"StartUtc": "2016-05-04T13:00:00Z", "EndUtc": "2016-05-04T14:00:00Z"}
    assert await found(to_today, UpdatedUtc=since) == set()
    stay = small.hotel.reservation("1")
    small.hotel.move(stay, small.hotel.room("112"), small.clock.now())
    small.hotel.check_out(small.hotel.reservation("1"), small.clock.now())
    (shown,) = (await to_today(STAYS, UpdatedUtc=since, Limitation=ALL)).json()["Reservations"]
    assert (shown["State"], shown["AssignedResourceId"]) == ("Processed", small.hotel.room("112").id)
    assert (shown["ActualEndUtc"], shown["ScheduledEndUtc"]) == ("2016-05-04T13:00:00Z", "2016-05-05T10:00:00Z")


async def test_a_company_is_the_owner_by_its_id_and_kind(small: MewsSimulator, to_today: Post) -> None:
    (stay,) = (await to_today(STAYS, Numbers=["50"], Limitation=ALL)).json()["Reservations"]
    assert (stay["AccountType"], stay["AccountId"] in small.hotel.companies) == ("Company", True)


async def owed(small: MewsSimulator, to_today: Post, name: str, currency: str | None) -> list[tuple[str, object]]:
    (customer,) = [entry for entry in small.hotel.customers.values() if entry.last_name == name]
    answer = await to_today("customers/getOpenItems", CustomerIds=[customer.id], Currency=currency)
    (found,) = answer.json()["Customers"]
    amounts = [item["Amount"] for item in found["OrderItems"] + found["PaymentItems"]]
    return [(amount["Currency"], amount["GrossValue"]) for amount in amounts]


@pytest.mark.parametrize(
    ("name", "currency", "amounts"),
    [
        ("Sommer", None, [("EUR", 120.5)]),
        ("Winter", None, [("EUR", 80), ("EUR", -80)]),  # the second one is a payment
        ("Herbst", None, [("GBP", 30)]),
        ("Herbst", "EUR", [("EUR", 35.29)]),
        ("Sommer", "USD", [("USD", 132.55)]),
        ("Lenz", "EUR", []),
    ],
)
async def test_open_items_are_in_their_own_currency_or_in_the_one_asked_for(
    small: MewsSimulator, to_today: Post, name: str, currency: str | None, amounts: list[tuple[str, object]]
) -> None:
    assert await owed(small, to_today, name, currency) == amounts


@pytest.mark.parametrize("body", [{"CustomerIds": ["x"]}, {"CustomerIds": [JANE], "Currency": "XYZ"}, {}])
async def test_open_items_of_an_unknown_customer_or_currency_are_refused(
    to_today: Post, body: dict[str, object]
) -> None:
    assert (await to_today("customers/getOpenItems", **body)).status_code == 400


async def test_a_company_has_no_open_items_to_ask_for(small: MewsSimulator, to_today: Post) -> None:
    (company,) = small.hotel.companies
    assert (await to_today("customers/getOpenItems", CustomerIds=[company])).status_code == 400


def card(stay: str, **changes: object) -> dict[str, object]:
    return {
        "ServiceOrderId": stay,
        "Type": "RfidTag",
        "Value": "04A1B2C3",
        "ValidityStartUtc": "2016-05-04T12:00:00Z",
        "ValidityEndUtc": "2016-05-05T10:00:00Z",
        "Permissions": {"Room": {"Value": True}},
        **changes,
    }


async def add(to_today: Post, *cards: dict[str, object]) -> list[dict[str, Any]]:
    answer = await to_today("resourceAccessTokens/add", ResourceAccessTokenParameters=cards)
    assert answer.status_code == 200, answer.text
    added: list[dict[str, Any]] = answer.json()["ResourceAccessTokens"]
    return added


async def test_a_card_is_kept_for_its_reservation(small: MewsSimulator, to_today: Post) -> None:
    stay = small.hotel.reservation("1")
    (added,) = await add(to_today, card(stay.id, ResourceId=stay.room))
    await add(to_today, card(small.hotel.reservation("2").id))
    answer = await to_today("resourceAccessTokens/getAll", ServiceOrderIds=[stay.id], Limitation=ALL)
    assert answer.json() == {"ResourceAccessTokens": [added], "Cursor": added["Id"]}
    assert (added["Value"], added["Type"], added["ResourceId"], added["IsActive"]) == (
        "04A1B2C3",
        "RfidTag",
        stay.room,
        True,
    )
    assert added["Permissions"] == {"Bed": False, "Room": True, "Floor": False, "Building": False}


async def test_a_card_ends_by_an_update_or_is_deleted(small: MewsSimulator, to_today: Post) -> None:
    first, second = await add(to_today, *[card(small.hotel.reservation("1").id)] * 2)
    small.clock.shift(60)
    end = {"Value": "2016-05-04T12:01:00Z"}
    change = {"ResourceAccessTokenId": first["Id"], "ValidityEndUtc": end, "Permissions": {"Bed": {"Value": True}}}
    answer = await to_today("resourceAccessTokens/update", ResourceAccessTokenUpdates=[change])
    (updated,) = answer.json()["ResourceAccessTokens"]
    deleted = await to_today("resourceAccessTokens/delete", Ids=[second["Id"]])
    assert (updated["ValidityEndUtc"], updated["UpdatedUtc"]) == (end["Value"], "2016-05-04T12:01:00Z")
    assert (updated["Permissions"]["Bed"], updated["Permissions"]["Room"]) == (True, True)
    assert (deleted.status_code, deleted.json()) == (200, {})
    ids = [first["Id"], second["Id"]]
    for state, id in (("Active", first["Id"]), ("Deleted", second["Id"])):
        wish = {"ResourceAccessTokenIds": ids, "ActivityStates": [state], "Limitation": ALL}
        answer = await to_today("resourceAccessTokens/getAll", **wish)
        assert [entry["Id"] for entry in answer.json()["ResourceAccessTokens"]] == [id]


async def test_a_deleted_card_cannot_be_changed(small: MewsSimulator, to_today: Post) -> None:
    (added,) = await add(to_today, card(small.hotel.reservation("1").id))
    await to_today("resourceAccessTokens/delete", Ids=[added["Id"]])
    change = {"ResourceAccessTokenId": added["Id"], "Value": {"Value": "1"}}
    answer = await to_today("resourceAccessTokens/update", ResourceAccessTokenUpdates=[change])
    assert answer.json()["Message"] == "Invalid ResourceAccessTokenId."
    assert (await to_today("resourceAccessTokens/delete", Ids=[added["Id"]])).status_code == 400


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"ServiceOrderId": "x"}, "ServiceOrderId"),
        ({"ResourceId": "x"}, "ResourceId"),
        ({"Type": "Fingerprint"}, "Type"),
        ({"Value": ""}, "Value"),
        ({"Value": "x" * 256}, "Value"),
        ({"ValidityEndUtc": None}, "ValidityEndUtc"),
        ({"Permissions": {"Room": True}}, "Room"),
        ({"Permissions": {"Room": {"Value": "yes"}}}, "Permissions"),
    ],
)
async def test_of_several_cards_none_is_added_if_one_does_not_fit(
    small: MewsSimulator, to_today: Post, change: dict[str, object], name: str
) -> None:
    stay = small.hotel.reservation("1").id
    both = [card(stay), {**card(stay), **change}]
    answer = await to_today("resourceAccessTokens/add", ResourceAccessTokenParameters=both)
    assert (answer.status_code, answer.json()["Message"]) == (400, f"Invalid {name}.")
    assert small.hotel.cards == {}


@pytest.mark.parametrize("forms", [None, [], [1], "card", [{}] * 1001])
async def test_cards_are_a_list_of_1_to_1000_objects(to_today: Post, forms: object) -> None:
    assert (await to_today("resourceAccessTokens/add", ResourceAccessTokenParameters=forms)).status_code == 400


async def test_cards_are_found_by_when_they_are_good(small: MewsSimulator, to_today: Post) -> None:
    await add(to_today, card(small.hotel.reservation("1").id))
    wish = {"CollidingUtc": DAY, "UpdatedUtc": DAY, "Limitation": ALL}
    later = {"StartUtc": "2016-05-06T00:00:00Z", "EndUtc": "2016-05-07T00:00:00Z"}
    found = await to_today("resourceAccessTokens/getAll", **wish)
    none = await to_today("resourceAccessTokens/getAll", CollidingUtc=later, Limitation=ALL)
    assert (len(found.json()["ResourceAccessTokens"]), none.json()["ResourceAccessTokens"]) == (1, [])
    assert (await to_today("resourceAccessTokens/getAll", Limitation=ALL)).status_code == 400


async def test_nothing_changes_by_itself(small: MewsSimulator, to_today: Post) -> None:
    before = await paged(to_today, STAYS, "Reservations", 100)
    small.clock.shift(timedelta(days=30).total_seconds())
    assert await paged(to_today, STAYS, "Reservations", 100) == before
    assert small.hotel.reservation("4").state is StayState.CONFIRMED


async def test_another_hotel_begins_anew(today: MewsSimulator) -> None:
    today.hotel.owe(JANE, 5, "EUR", NOON)
    today.switch(zone="Europe/Prague")
    assert today.hotel.owed(JANE)[0].value == 5
    today.switch(hotel="small")
    assert JANE not in today.hotel.customers
