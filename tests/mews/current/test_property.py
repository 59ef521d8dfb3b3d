"""Today's operations beside commands, without a network: what each sends where, and what comes of the answers."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agent.mews import operations
from agent.mews.calls import ANSWER_CAP, CALL_SECONDS, Busy, Failed, MewsError, TooSlow
from agent.mews.current.envelope import envelope
from agent.mews.current.paging import MOST_PAGES, PAGE, SMALLEST_PAGE
from agent.mews.current.property import MOST_IDS, PropertyCalls
from agent.mews.reading.decoding import Unreadable
from agent.mews.records import (
    Category,
    Device,
    KeptCard,
    Money,
    NewCard,
    OwnerKind,
    Property,
    Space,
    SpaceKind,
    SpaceState,
    Stay,
    StayState,
)
from provisioning.secret import Secret
from tests.mews.current.examples import (
    ASSIGNMENT,
    CARD,
    CATEGORY,
    DEVICE,
    HOTEL,
    RESERVATION,
    RESOURCE,
    RESTAURANT,
    SERVICE,
    open_items,
    order_item,
    page,
)

TOKEN = Secret("the-access-token")
ENVELOPE = {"ClientToken": "the-client-token", "AccessToken": "the-access-token", "Client": "Night Porter 0.2.0"}
FIRST_PAGE = {"Limitation": {"Count": PAGE}}
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
STAY = Stay(
    "v1",
    "52",
    StayState.STARTED,
    datetime(2026, 11, 25, 13, 12, 11, tzinfo=UTC),
    datetime(2026, 11, 28, 10, tzinfo=UTC),
    "r101",
    "u1",
    OwnerKind.CUSTOMER,
    "g1",
    "TW1",
    "M2",
    "b1",
    "y1",
    datetime(2026, 11, 25, 14, 1, 2, tzinfo=UTC),
)


class Mews:
    """Answers each operation with the next of its pages, and with an empty object once there is none left."""

    def __init__(self, **pages: bytes | list[bytes | MewsError]) -> None:
        self._pages: dict[str, list[bytes | MewsError]] = {
            path: [found] if isinstance(found, bytes) else found for path, found in pages.items()
        }
        self.sent: list[tuple[str, dict[str, Any]]] = []

    async def __call__(
        self,
        token: Secret,
        path: str,
        body: bytes,
        read: Callable[[bytes], Any],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> Any:
        asked = json.loads(body)
        assert {name: asked.pop(name) for name in ENVELOPE} == ENVELOPE
        assert token == TOKEN
        self.sent.append((path, asked))
        pages = self._pages.get(path.split("/")[1], [])
        answer = pages.pop(0) if pages else b"{}"
        if isinstance(answer, MewsError):
            raise answer
        return read(answer)


def calls(mews: Mews, enterprise: str = "") -> PropertyCalls:
    return PropertyCalls(mews, envelope(Secret("the-client-token"), "0.2.0"), enterprise)


def rooms_of(*resources: Any) -> Mews:
    """A Mews with these resources, a room and a restaurant to book, and one category."""
    return Mews(
        resources=page("Resources", *resources),
        services=page("Services", SERVICE, RESTAURANT),
        resourceCategories=page("ResourceCategories", CATEGORY),
        resourceCategoryAssignments=page("ResourceCategoryAssignments", ASSIGNMENT),
    )


def test_it_has_every_operation_but_looking_commands_up_and_signing_in() -> None:
    found = calls(Mews())
    protocols = [
        kind
        for kind in vars(operations).values()
        if isinstance(kind, type)
        and getattr(kind, "_is_protocol", False)
        and kind.__module__ == operations.__name__
    ]
    assert [kind.__name__ for kind in protocols if not isinstance(found, kind)] == ["LooksUp", "NamesProperty"]


async def test_the_hotel_has_a_zone_a_clock_and_a_currency() -> None:
    mews = Mews(configuration=json.dumps(HOTEL).encode())
    found = await calls(mews).hotel(TOKEN)
    assert found == Property(
        "hotel-1", "Hotel Post", "Europe/Vienna", datetime(2026, 11, 26, 17, 0, 5, tzinfo=UTC), "EUR"
    )
    assert mews.sent == [("/configuration/get", {})]


async def test_a_portfolio_is_told_from_a_hotel() -> None:
    answer = HOTEL | {"Enterprise": {"Id": "all", "Name": "All hotels", "IsPortfolio": True}}
    found = await calls(Mews(configuration=json.dumps(answer).encode())).hotel(TOKEN)
    assert (found.is_portfolio, found.zone, found.currency) == (True, "", "")


async def test_a_hotel_without_an_id_is_none() -> None:
    with pytest.raises(Unreadable, match="its Enterprise"):
        await calls(Mews(configuration=b'{"NowUtc":"2026-11-26T17:00:05Z"}')).hotel(TOKEN)


async def test_a_resource_is_what_its_category_is() -> None:
    mews = rooms_of(RESOURCE, RESOURCE | {"Id": "r102", "Name": "102", "IsActive": False, "State": "Clean"})
    found = await calls(mews).spaces(TOKEN)
    assert found.spaces == (
        Space("r101", "101", SpaceKind.ROOM, SpaceState.OUT_OF_ORDER, "c1"),
        Space("r102", "102", SpaceKind.OTHER, SpaceState.CLEAN, is_active=False),
    )
    assert found.categories == (Category("c1", "Best Room", "BZ", "Room"),)
    assert found.unreadable == 0
    assert mews.sent == [
        ("/resources/getAll", {"Extent": {"Resources": True, "Inactive": True}, **FIRST_PAGE}),
        ("/services/getAll", FIRST_PAGE),
        ("/resourceCategories/getAll", {"ServiceIds": ["s1"], **FIRST_PAGE}),
        ("/resourceCategoryAssignments/getAll", {"ResourceCategoryIds": ["c1"], **FIRST_PAGE}),
    ]


async def test_without_a_service_to_book_no_category_is_asked_for() -> None:
    mews = Mews(resources=page("Resources", RESOURCE), services=page("Services", RESTAURANT, {"Name": "no id"}))
    found = await calls(mews).spaces(TOKEN)
    assert [space.kind for space in found.spaces] == [SpaceKind.OTHER]
    assert (found.categories, found.unreadable) == ((), 1)
    assert [path for path, _ in mews.sent] == ["/resources/getAll", "/services/getAll"]


async def test_what_cannot_be_read_on_any_page_is_counted_once_each() -> None:
    mews = Mews(
        resources=[page("Resources", RESOURCE, {}, cursor="r101"), page("Resources", {"Id": "r102"})],
        services=page("Services", SERVICE, {}),
        resourceCategories=page("ResourceCategories", CATEGORY, {}),
        resourceCategoryAssignments=page("ResourceCategoryAssignments", ASSIGNMENT, {}),
    )
    found = await calls(mews).spaces(TOKEN)
    assert ([space.number for space in found.spaces], found.unreadable) == (["101"], 5)


async def test_the_reservations_of_a_time_are_read_page_by_page_and_each_once() -> None:
    moved = RESERVATION | {"Id": "v2"}
    mews = Mews(
        reservations=[
            page("Reservations", RESERVATION, moved, cursor="v2"),
            page("Reservations", moved | {"AssignedResourceId": "r999"}, RESERVATION | {"Id": "v3"}, cursor="v3"),
            page("Reservations"),
        ]
    )
    found = await calls(mews).stays(TOKEN, NOON, NOON + timedelta(days=1))
    assert found.stays[0] == STAY
    assert [(stay.id, stay.space) for stay in found.stays] == [("v1", "r101"), ("v2", "r101"), ("v3", "r101")]
    asked = {"CollidingUtc": {"StartUtc": "2026-11-26T12:00:00Z", "EndUtc": "2026-11-27T12:00:01Z"}}
    assert mews.sent == [
        ("/reservations/getAll/2023-06-06", {**asked, "Limitation": {"Count": PAGE, **cursor}})
        for cursor in ({}, {"Cursor": "v2"}, {"Cursor": "v3"})
    ]


async def test_changes_of_a_moment_are_asked_for_by_a_whole_second() -> None:
    mews = Mews(reservations=page("Reservations", RESERVATION))
    found = await calls(mews).changed_stays(TOKEN, NOON, NOON)
    assert found.stays == (STAY,)
    [(_, asked)] = mews.sent
    assert asked["UpdatedUtc"] == {"StartUtc": "2026-11-26T12:00:00Z", "EndUtc": "2026-11-26T12:00:01Z"}


async def test_a_long_time_is_asked_for_in_pieces_and_a_stay_over_two_of_them_is_one() -> None:
    mews = Mews(reservations=[page("Reservations", RESERVATION), page("Reservations", RESERVATION)])
    found = await calls(mews).stays(TOKEN, NOON, NOON + timedelta(days=120))
    assert found.stays == (STAY,)
    first, second = (asked["CollidingUtc"] for _, asked in mews.sent)
    assert (first["StartUtc"], second["EndUtc"]) == ("2026-11-26T12:00:00Z", "2027-03-26T12:00:01Z")
    assert first["EndUtc"] == second["StartUtc"]


async def test_a_reservation_by_its_id_is_one_call_though_a_cursor_leads_on() -> None:
    mews = Mews(reservations=page("Reservations", RESERVATION, cursor="v1"))
    assert (await calls(mews).stays_by_id(TOKEN, ["v1"])).stays == (STAY,)
    assert mews.sent == [("/reservations/getAll/2023-06-06", {"ReservationIds": ["v1"], **FIRST_PAGE})]


async def test_many_ids_are_asked_for_in_several_requests() -> None:
    mews = Mews(reservations=[page("Reservations", RESERVATION), page("Reservations", {"Id": "bad"})])
    found = await calls(mews).stays_by_id(TOKEN, [f"v{number}" for number in range(MOST_IDS + 1)])
    assert (len(found.stays), found.unreadable) == (1, 1)
    assert [len(asked["ReservationIds"]) for _, asked in mews.sent] == [MOST_IDS, 1]


async def test_a_balance_is_the_sum_of_all_open_items_in_the_wanted_currency() -> None:
    answer = open_items([order_item("o1", 100.10), order_item("o2", 0.20)], [order_item("p1", -50)])
    mews = Mews(customers=json.dumps(answer).encode())
    assert await calls(mews).balance(TOKEN, "u1", "EUR") == Money(Decimal("50.30"), "EUR")
    assert mews.sent == [("/customers/getOpenItems", {"CustomerIds": ["u1"], "Currency": "EUR"})]


async def test_the_devices_come_in_one_list() -> None:
    printer = {"Id": "d2", "Name": "Laser", "Type": "Printer"}
    mews = Mews(devices=page("Devices", DEVICE, printer, {"Name": "no id"}))
    found = await calls(mews, "hotel-1").devices(TOKEN)
    assert found.devices == (Device("d1", "Key cutter 1", "KeyCutter", "1"), Device("d2", "Laser", "Printer"))
    assert (found.unreadable, mews.sent) == (1, [("/devices/getAll", {})])


async def test_a_key_is_ordered_at_a_device_for_a_reservation() -> None:
    mews = Mews(commands=b'{"CommandId":"x1"}')
    assert await calls(mews).order_key(TOKEN, "d1", "v1", 2) == "x1"
    assert mews.sent == [("/commands/addKeyCutter", {"KeyCutterId": "d1", "ReservationId": "v1", "KeyCount": 2})]


async def test_a_card_is_written_to_its_reservation_and_taken_back_by_mews_id_of_it() -> None:
    mews = Mews(resourceAccessTokens=[page("ResourceAccessTokens", CARD), b"{}"])
    card = NewCard("v1", "r101", "04A1B2C3", NOON, NOON + timedelta(days=2, microseconds=1))
    assert await calls(mews).add_card(TOKEN, card) == "k1"
    await calls(mews).end_card(TOKEN, "k1")
    form = {
        "ServiceOrderId": "v1",
        "ResourceId": "r101",
        "Type": "RfidTag",
        "Value": "04A1B2C3",
        "ValidityStartUtc": "2026-11-26T12:00:00Z",
        "ValidityEndUtc": "2026-11-28T12:00:00Z",
        "Permissions": {
            "Bed": {"Value": False},
            "Room": {"Value": True},
            "Floor": {"Value": False},
            "Building": {"Value": False},
        },
    }
    assert mews.sent == [
        ("/resourceAccessTokens/add", {"ResourceAccessTokenParameters": [form]}),
        ("/resourceAccessTokens/delete", {"Ids": ["k1"]}),
    ]


async def test_a_card_without_a_room_names_none() -> None:
    mews = Mews(resourceAccessTokens=page("ResourceAccessTokens", CARD))
    await calls(mews).add_card(TOKEN, NewCard("v1", "", "04A1B2C3", NOON, NOON))
    [form] = mews.sent[0][1]["ResourceAccessTokenParameters"]
    assert "ResourceId" not in form


async def test_an_answer_that_does_not_tell_which_card_was_added_is_no_success() -> None:
    for answer in (page("ResourceAccessTokens"), page("ResourceAccessTokens", CARD, CARD | {"Id": "k2"})):
        with pytest.raises(Unreadable, match="which card"):
            await calls(Mews(resourceAccessTokens=answer)).add_card(TOKEN, NewCard("v1", "", "04", NOON, NOON))


async def test_an_error_that_came_as_a_success_ends_no_card() -> None:
    with pytest.raises(Unreadable, match="an error"):
        await calls(Mews(resourceAccessTokens=b'{"Message":"no"}')).end_card(TOKEN, "k1")


async def test_the_cards_of_a_reservation_are_also_those_that_are_over() -> None:
    mews = Mews(resourceAccessTokens=page("ResourceAccessTokens", CARD, CARD | {"Id": "k2", "IsActive": False}))
    assert await calls(mews).cards(TOKEN, "v1") == (
        KeptCard("k1", "v1", "04A1B2C3", True),
        KeptCard("k2", "v1", "04A1B2C3", False),
    )
    [(path, asked)] = mews.sent
    assert path == "/resourceAccessTokens/getAll"
    assert asked == {"ServiceOrderIds": ["v1"], "ActivityStates": ["Active", "Deleted"], **FIRST_PAGE}


async def test_the_one_hotel_of_a_portfolio_is_named_where_mews_takes_its_name() -> None:
    mews = Mews(
        configuration=json.dumps(HOTEL).encode(),
        resources=page("Resources"),
        services=page("Services", SERVICE),
        resourceCategories=page("ResourceCategories", CATEGORY),
        resourceCategoryAssignments=page("ResourceCategoryAssignments"),
        reservations=page("Reservations"),
        commands=b'{"CommandId":"x1"}',
        resourceAccessTokens=page("ResourceAccessTokens"),
    )
    pinned = calls(mews, "hotel-1")
    await pinned.hotel(TOKEN)
    await pinned.spaces(TOKEN)
    await pinned.stays_by_id(TOKEN, ["v1"])
    await pinned.order_key(TOKEN, "d1", "v1", 1)
    await pinned.cards(TOKEN, "v1")
    for path, asked in mews.sent:
        name, value = ("EnterpriseIds", ["hotel-1"]) if "getAll" in path else ("EnterpriseId", "hotel-1")
        assert asked[name] == value


@pytest.mark.parametrize("cursors", [["stuck"] * 3, ["a", "b", "a", "b"]])
async def test_a_list_whose_cursors_lead_back_is_no_list(cursors: list[str]) -> None:
    mews = Mews(reservations=[page("Reservations", RESERVATION, cursor=cursor) for cursor in cursors])
    with pytest.raises(Failed, match="does not end"):
        await calls(mews).stays(TOKEN, NOON, NOON)
    assert len(mews.sent) == len(set(cursors)) + 1


async def test_a_list_that_does_not_end_costs_a_bounded_number_of_calls() -> None:
    mews = Mews(
        reservations=[page("Reservations", RESERVATION, cursor=f"c{number}") for number in range(MOST_PAGES + 1)]
    )
    with pytest.raises(Failed, match="does not end"):
        await calls(mews).stays(TOKEN, NOON, NOON)
    assert len(mews.sent) == MOST_PAGES


async def test_a_list_of_which_a_later_page_fails_is_none() -> None:
    mews = Mews(reservations=[page("Reservations", RESERVATION, cursor="v1"), b"<html>"])
    with pytest.raises(Unreadable):
        await calls(mews).stays(TOKEN, NOON, NOON)


async def test_a_cursor_is_found_beside_whatever_is_bad_in_the_answer() -> None:
    first = page("Reservations", RESERVATION, cursor="v1")[:-1] + b',"New":NaN}'
    mews = Mews(reservations=[first, page("Reservations", RESERVATION | {"Id": "v2"})])
    assert [stay.id for stay in (await calls(mews).stays(TOKEN, NOON, NOON)).stays] == ["v1", "v2"]


async def test_a_page_that_breaks_off_is_the_last_and_not_whole() -> None:
    torn = page("Reservations", RESERVATION, RESERVATION | {"Id": "v2"}, cursor="v2")[:-120]
    found = await calls(Mews(reservations=torn)).stays(TOKEN, NOON, NOON)
    assert ([stay.id for stay in found.stays], found.unreadable) == (["v1"], 1)


SLOW = TooSlow("Mews took too long for it (408)")


async def test_a_page_that_takes_mews_too_long_is_asked_for_with_fewer_items() -> None:
    mews = Mews(reservations=[page("Reservations", RESERVATION, cursor="v1"), SLOW, SLOW, page("Reservations")])
    assert (await calls(mews).stays(TOKEN, NOON, NOON)).stays == (STAY,)
    asked = [asked["Limitation"] for _, asked in mews.sent]
    assert asked == [{"Count": PAGE}, *({"Count": count, "Cursor": "v1"} for count in (PAGE, 40, 20))]


async def test_a_page_of_the_fewest_items_that_still_takes_too_long_is_a_failure() -> None:
    mews = Mews(reservations=[SLOW] * 9)
    with pytest.raises(TooSlow):
        await calls(mews).stays(TOKEN, NOON, NOON)
    assert mews.sent[-1][1]["Limitation"] == {"Count": SMALLEST_PAGE}
    assert len(mews.sent) == 3


async def test_a_pause_that_mews_wants_ends_a_list() -> None:
    mews = Mews(reservations=[page("Reservations", RESERVATION, cursor="v1"), Busy(429, None)])
    with pytest.raises(Busy):
        await calls(mews).stays(TOKEN, NOON, NOON)
