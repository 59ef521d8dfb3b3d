"""The control side of the simulated property: staff change it, and a mistake is one sentence."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import trio

from agent.simulators.base.replies import Reply, Request
from agent.simulators.mews.simulator import MewsSimulator
from tests.simulators.conftest import Post

Ask = Callable[..., Awaitable[Any]]
JANE = "2a1a4315-7e6f-4131-af21-402cec59b8b9"


@pytest.fixture
def small(mews: MewsSimulator) -> MewsSimulator:
    mews.switch(hotel="small")
    return mews


def asker(simulator: MewsSimulator) -> Ask:
    """Asks the control side: POST with members, else GET; an error is its sentence."""

    async def ask(path: str, **body: object) -> Any:
        method = "POST" if body or path.endswith(("start", "end", "cancel", "drop")) else "GET"
        reply = await simulator.handle(Request(method, f"/_sim{path}", body=json.dumps(body).encode()))
        assert isinstance(reply, Reply)
        answer = json.loads(reply.body)
        return answer["error"] if reply.status == 400 else answer

    return ask


@pytest.fixture
def ask(small: MewsSimulator) -> Ask:
    return asker(small)


async def test_a_reservation_is_made_begins_moves_and_ends(
    small: MewsSimulator, ask: Ask, autojump_clock: trio.abc.Clock
) -> None:
    id = (await ask("/reservations", room="110", last_name="Otto", end="2016-05-06T10:00:00"))["id"]
    steps = []
    for act, body in (("start", {}), ("move", {"room": "111"}), ("end", {})):
        small.clock.shift(60)
        await ask(f"/reservations/{id}/{act}", **body)
        stay = small.hotel.reservation(id)
        steps.append((stay.state, small.hotel.rooms[stay.room or ""].number, stay.updated == small.clock.now()))
    assert steps == [("Started", "110", True), ("Started", "111", True), ("Processed", "111", True)]
    stay = small.hotel.reservation(id)
    assert (stay.actual_start, stay.actual_end) != (None, None)
    assert small.hotel.owner(stay).last_name == "Otto"


async def test_a_reservation_is_cancelled_and_then_stays_so(ask: Ask) -> None:
    await ask("/reservations/4/cancel")
    assert await ask("/reservations/4/start") == "reservation 4 is Canceled, or has no room: it cannot start"
    assert await ask("/reservations/4/cancel") == "reservation 4 is Canceled: it cannot be cancelled"
    assert await ask("/reservations/4/move", room="105") == "reservation 4 is Canceled: it cannot be moved"


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/reservations/10/start", "reservation 10 is Confirmed, or has no room: it cannot start"),
        ("/reservations/4/end", "reservation 4 is Confirmed: it cannot end"),
        ("/reservations/999/end", "there is no reservation '999'"),
    ],
)
async def test_what_cannot_be_is_one_sentence(ask: Ask, path: str, sentence: str) -> None:
    assert await ask(path) == sentence


async def test_a_room_can_be_taken_away_from_a_reservation(small: MewsSimulator, ask: Ask) -> None:
    await ask("/reservations/1/move", room=None)
    assert small.hotel.reservation("1").room is None


async def test_staff_may_put_a_reservation_into_any_state(
    small: MewsSimulator, ask: Ask, autojump_clock: trio.abc.Clock
) -> None:
    before = small.hotel.reservation("6")
    await ask("/reservations/6", state="Started", room="106", end="2016-05-09T10:00:00Z")
    after = small.hotel.reservation("6")
    assert (after.state, after.actual_start, after.actual_end) == ("Started", before.actual_start, None)
    await ask("/reservations/6", state="Canceled", room=None)
    cancelled = small.hotel.reservation("6")
    assert (cancelled.cancelled, cancelled.room) == (small.clock.now(), None)
    await ask("/reservations/6", start="2016-05-03T12:00:00Z")
    assert small.hotel.reservation("6").cancelled == cancelled.cancelled


async def test_a_reservation_that_ends_before_it_starts_is_refused(ask: Ask) -> None:
    assert await ask("/reservations", start="2016-05-09T10:00:00Z", end="2016-05-08T10:00:00Z") == (
        "end comes before start"
    )
    assert await ask("/reservations/1", end="2016-01-01T00:00:00Z") == "end comes before start"


async def test_a_company_may_pay_for_a_new_reservation(
    small: MewsSimulator, ask: Ask, autojump_clock: trio.abc.Clock
) -> None:
    id = (await ask("/reservations", company="Ships Ltd", state="Started", room="109"))["id"]
    stay = small.hotel.reservation(id)
    assert (small.hotel.owner(stay).last_name, stay.companions, stay.actual_start) == (
        "Ships Ltd",
        (),
        small.clock.now(),
    )


async def test_a_reservation_that_was_made_is_told_in_the_dialect(small: MewsSimulator, ask: Ask) -> None:
    await ask("/reservations", state="Processed", room="108")
    assert [stay["state"] for stay in await ask("/reservations")][-1] == "Processed"
    assert (await ask("/reservations"))[-1]["updated"] == "2016-05-04T12:00:00Z"


async def test_a_new_room_is_listed_and_may_be_renamed_and_closed(
    small: MewsSimulator, ask: Ask, to_mews: Post
) -> None:
    id = (await ask("/rooms", number="114", category="Suite", state="Dirty"))["id"]
    bed = (await ask("/rooms", number="114A", parent="114", locks=["114"]))["id"]
    spaces = {space["Id"]: space for space in (await to_mews("spaces/getAll")).json()["Spaces"]}
    assert (spaces[id]["State"], spaces[bed]["ParentSpaceId"]) == ("Dirty", id)
    await ask("/rooms/114", number="115", state="Inspected")
    await ask(f"/rooms/{bed}", is_active=False)
    spaces = {space["Id"]: space for space in (await to_mews("spaces/getAll")).json()["Spaces"]}
    assert (spaces[id]["Number"], spaces[id]["State"], bed in spaces) == ("115", "Inspected", False)
    assert len(await ask("/rooms")) == len(small.hotel.rooms)


async def test_an_unknown_category_or_room_is_one_sentence(ask: Ask) -> None:
    assert await ask("/rooms", number="9", category="Cave") == (
        "there is no category 'Cave': write one of Standard, Suite, Dormitory, Bed, Parking, Bikes"
    )
    assert await ask("/rooms/999", state="Clean") == "there is no room '999'"


async def test_what_a_customer_owes_is_what_was_said_last(ask: Ask, small: MewsSimulator, to_mews: Post) -> None:
    customer = small.hotel.reservation("1").account
    await ask(f"/balances/{customer}", value=12.5, currency="USD")
    balance = (await to_mews("customers/getBalance", CustomerId=customer)).json()
    assert balance == {"Currency": "USD", "Value": 12.5}
    assert [item["value"] for item in await ask("/balances") if item["account"] == customer] == [12.5]
    await ask(f"/balances/{customer}", value=0)
    balance = (await to_mews("customers/getBalance", CustomerId=customer)).json()
    assert balance == {"Currency": "EUR", "Value": 0}


async def test_a_company_owes_as_well(ask: Ask, small: MewsSimulator) -> None:
    company = small.hotel.reservation("50").account
    await ask(f"/balances/{company}", value=5)
    assert [item.value for item in small.hotel.owed(company)] == [5]


async def test_an_unknown_customer_or_currency_is_one_sentence(ask: Ask, small: MewsSimulator) -> None:
    customer = small.hotel.reservation("1").account
    assert await ask("/balances/x", value=1) == "there is no customer or company 'x'"
    assert await ask(f"/balances/{customer}", value=1, currency="XYZ") == (
        "there is no rate for 'XYZ': write one of EUR, GBP, USD"
    )


async def test_debts_in_two_currencies_are_told_in_the_hotels_own(small: MewsSimulator, to_mews: Post) -> None:
    pounds, euros = (
        next(item for item in small.hotel.items.values() if item.currency == currency)
        for currency in ("GBP", "EUR")
    )
    small.hotel.items |= {pounds.id: type(pounds)(pounds.id, euros.account, 8.5, "GBP")}
    balance = (await to_mews("customers/getBalance", CustomerId=euros.account)).json()
    assert balance == {"Currency": "EUR", "Value": 130.5}


async def test_a_device_is_set_up(ask: Ask, small: MewsSimulator) -> None:
    id = (await ask("/devices", name="Night desk", identifier="9"))["id"]
    shown = [device for device in await ask("/devices") if device["id"] == id]
    assert [(device["name"], device["type"], device["identifier"]) for device in shown] == [
        ("Night desk", "KeyCutter", "9")
    ]


async def test_cards_and_push_are_shown(ask: Ask) -> None:
    nothing = {"sockets": 0, "opened": 0, "refused": 0, "events": 0, "messages": 0}
    assert (await ask("/cards"), await ask("/push")) == ([], nothing)
    assert (await ask("/push/say", text="x"), await ask("/push/drop")) == ({"sockets": 0}, {"sockets": 0})
    assert (await ask("/counts"))["push"] == nothing


async def test_a_key_for_a_stay_is_ordered_by_the_control_side(today: MewsSimulator) -> None:
    ask = asker(today)
    id = (await ask("/commands", rooms=["101"], stay="stay-1"))["id"]
    assert (await ask(f"/commands/{id}"))["type"] == "KeyCutter"
    data = today.command(id).data
    assert isinstance(data, dict)
    assert data["ReservationId"] == "stay-1"


async def test_the_list_of_what_there_is_names_the_dialects_operations(today: MewsSimulator) -> None:
    listed = (await asker(today)("/"))["operations"]
    assert ("commands/addKeyCutter" in listed, "ws/connector" in listed, "app/signIn" in listed) == (
        True,
        True,
        False,
    )
