"""The simulated Mews in today's dialect: its envelope, its commands, its errors, and every switch about them."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import trio

from agent.simulators.base.replies import Reply, Request
from agent.simulators.mews.commands import State
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.store.records import OWN
from agent.simulators.mews.store.small_hotel import ELSEWHERE
from tests.simulators.conftest import NOON, Post

ACTIVE = "commands/getAllActive"
BY_IDS = "commands/getAllByIds"
UPDATE = "commands/update"
EXAMPLE_STAY = "2bbb5d8a-0492-4271-9941-cd6d89b81d43"


async def listed(to_today: Post, operation: str = ACTIVE, **body: object) -> list[dict[str, Any]]:
    commands: list[dict[str, Any]] = (await to_today(operation, **body)).json()["Commands"]
    return commands


async def key_cutter_data(to_today: Post) -> str:
    """What that member holds; it is always a text."""
    (command,) = await listed(to_today)
    text = command["Data"]["KeyCutterData"]
    assert isinstance(text, str)
    return text


async def test_a_key_command_has_the_members_of_todays_page(today: MewsSimulator, to_today: Post) -> None:
    id = today.add_key("7", ["101", "POOL"], 2, end=NOON + timedelta(days=2))
    (command,) = await listed(to_today)
    assert (command["Id"], command["State"], command["Device"]["Type"]) == (id, "Pending", "KeyCutter")
    assert command["Data"] == {
        "KeyCutterId": "7",
        "ApiUrl": "http://198.51.100.7:8265",
        "KeyCutterData": '{"Type":"FiasProtocol"}',
        "KeyCount": 2,
        "LockIds": ["101", "POOL"],
        "StartUtc": "2016-05-04T12:00:00Z",
        "EndUtc": "2016-05-06T12:00:00Z",
        "FirstName": "John",
        "LastName": "Smith",
        "NormalizedFirstName": "John",
        "NormalizedLastName": "Smith",
        "Telephone": None,
        "Email": "john.smith@mews.li",
        "ReservationId": EXAMPLE_STAY,
        "ReservationNumber": "123",
    }


async def test_a_key_can_be_for_a_stay_that_the_property_does_not_know(
    today: MewsSimulator, to_today: Post, mews: MewsSimulator, to_mews: Post
) -> None:
    today.add_key(stay="stay-1")
    mews.add_key(stay="stay-1")
    (now,), (then,) = await listed(to_today), (await to_mews(ACTIVE)).json()["Commands"]
    assert (now["Data"]["ReservationId"], now["Data"]["LastName"]) == ("stay-1", "Guest")
    assert then["Data"]["Reservation"] == {"Id": "stay-1"}


@pytest.mark.parametrize("member", ["ClientToken", "AccessToken", "Client"])
@pytest.mark.parametrize("operation", [ACTIVE, BY_IDS, "configuration/get"])
async def test_every_member_of_the_envelope_has_to_be_there(to_today: Post, operation: str, member: str) -> None:
    answer = await to_today(operation, **{member: None, "CommandIds": ["x"]})
    assert (answer.status_code, answer.json()["Message"]) == (400, f"Invalid {member}.")


@pytest.mark.parametrize("member", ["ClientToken", "AccessToken"])
async def test_a_wrong_token_is_401_and_counted(today: MewsSimulator, to_today: Post, member: str) -> None:
    assert (await to_today(ACTIVE, **{member: "wrong"})).status_code == 401
    assert today.refused_tokens == 1


async def test_an_empty_client_name_is_none(to_today: Post) -> None:
    assert (await to_today(ACTIVE, Client=" ")).status_code == 400


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ("app/signIn", 404),
        ("spaces/getAll", 404),
        ("customers/getBalance", 404),
        ("reservations/getAll", 410),
        ("commands/getAllactive", 404),
        ("reservations/getAll/2023-06-07", 404),
    ],
)
async def test_an_old_operation_is_gone(to_today: Post, operation: str, status: int) -> None:
    assert (await to_today(operation)).status_code == status


async def test_every_answer_has_an_id_and_an_error_repeats_it(to_today: Post) -> None:
    good, bad = await to_today(ACTIVE), await to_today(UPDATE)
    ids = [str(UUID(answer.headers["request-id"])) for answer in (good, bad)]
    assert (bad.status_code, bad.json()) == (400, {"Message": "Invalid CommandId.", "RequestId": ids[1]})
    assert ids[0] != ids[1]


async def test_details_and_scripted_errors_have_the_id_as_well(today: MewsSimulator, to_today: Post) -> None:
    today.switch(details=True)
    assert list((await to_today(UPDATE)).json()) == ["Message", "RequestId", "Details"]
    for status in ("408", "409", "410", "413", "503"):
        today.fail(status, calls=1)
        answer = await to_today(ACTIVE)
        assert answer.status_code == int(status)
        assert answer.json()["RequestId"] == answer.headers["request-id"]


async def test_html_stays_html(today: MewsSimulator, to_today: Post) -> None:
    today.fail("html-500", calls=1)
    answer = await to_today(ACTIVE)
    assert (answer.text.startswith("<!DOCTYPE html>"), "request-id" in answer.headers) == (True, True)


async def test_a_large_request_is_413(today: MewsSimulator, to_today: Post) -> None:
    today.switch(body_limit=1000)
    assert (await to_today(ACTIVE)).status_code == 200
    assert (await to_today(ACTIVE, Filler="x" * 1000)).status_code == 413


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"Client": "x",}'])
async def test_what_is_no_json_object_is_invalid_json(today: MewsSimulator, body: bytes) -> None:
    reply = await today.handle(Request("POST", f"/api/connector/v1/{ACTIVE}", body=body))
    assert isinstance(reply, Reply)
    assert (reply.status, json.loads(reply.body)["Message"]) == (400, "Invalid JSON.")


async def test_only_post_is_supported(today: MewsSimulator) -> None:
    reply = await today.handle(Request("GET", f"/api/connector/v1/{ACTIVE}"))
    assert isinstance(reply, Reply)
    assert reply.status == 405


MINIMAL = {"Prefer": "return=minimal"}


async def test_who_prefers_less_gets_204_where_there_is_nothing_to_say(
    today: MewsSimulator, to_today: Post
) -> None:
    id = today.add_key()
    update = await to_today(UPDATE, MINIMAL, CommandId=id, State="Received")
    empty = await to_today("reservations/getAll/2023-06-06", MINIMAL, ReservationIds=[], Limitation={"Count": 10})
    assert (update.status_code, update.content, "content-type" in update.headers) == (204, b"", False)
    assert empty.status_code == 204
    assert (await to_today(ACTIVE, MINIMAL)).status_code == 200
    assert (await to_today(UPDATE, MINIMAL, CommandId=id)).status_code == 400


async def test_commands_are_found_by_their_ids_in_any_state(today: MewsSimulator, to_today: Post) -> None:
    first, second, third = (today.add_key() for _ in range(3))
    today.set_state(second, State.PROCESSING, "another connector")
    today.cancel(third)
    found = await listed(to_today, BY_IDS, CommandIds=[third, second, "unknown", first, third])
    assert [(command["Id"], command["State"]) for command in found] == [
        (third, "Cancelled"),
        (second, "Processing"),
        (first, "Pending"),
    ]


async def test_an_unknown_id_is_refused_where_that_is_switched_on(today: MewsSimulator, to_today: Post) -> None:
    today.switch(unknown_ids="refused")
    known = today.add_key()
    assert (await to_today(BY_IDS, CommandIds=[known])).status_code == 200
    assert (await to_today(BY_IDS, CommandIds=[known, "unknown"])).status_code == 400


@pytest.mark.parametrize("ids", [None, [], "one", [1], ["x"] * 1001])
async def test_ids_are_a_list_of_1_to_1000_texts(to_today: Post, ids: object) -> None:
    answer = await to_today(BY_IDS, CommandIds=ids)
    assert (answer.status_code, answer.json()["Message"]) == (400, "Invalid CommandIds.")


async def test_commands_by_ids_come_in_pages_as_well(today: MewsSimulator, to_today: Post) -> None:
    ids = [today.add_key() for _ in range(3)]
    first = (await to_today(BY_IDS, CommandIds=ids, Limitation={"Count": 2})).json()
    rest = (await to_today(BY_IDS, CommandIds=ids, Limitation={"Count": 2, "Cursor": first["Cursor"]})).json()
    assert [command["Id"] for command in first["Commands"] + rest["Commands"]] == ids


async def test_an_update_has_no_result_and_tells_who_made_it(today: MewsSimulator, to_today: Post) -> None:
    id = today.add_key()
    await to_today(UPDATE, CommandId=id, State="Processing", Progress=0.5)
    answer = await to_today(UPDATE, CommandId=id, State="Processed", Result={"ignored": True}, Notes="cut")
    assert (answer.status_code, answer.json()) == (200, {})
    told = [(step.state, step.by, step.progress, step.notes) for step in today.command(id).history]
    assert told[1:] == [("Processing", "client", 0.5, None), ("Processed", "client", None, "cut")]


async def test_1001_commands_come_in_two_pages_without_anybody_asking(
    today: MewsSimulator, to_today: Post
) -> None:
    ids = [today.add_key() for _ in range(1001)]
    first = (await to_today(ACTIVE)).json()
    second = (await to_today(ACTIVE, Limitation={"Count": 1000, "Cursor": first["Cursor"]})).json()
    assert [command["Id"] for command in first["Commands"] + second["Commands"]] == ids
    assert second["Cursor"] == ids[-1]


async def test_a_short_list_has_no_cursor_unless_it_was_asked_for_in_pages(
    today: MewsSimulator, to_today: Post
) -> None:
    id = today.add_key()
    assert "Cursor" not in (await to_today(ACTIVE)).json()
    assert (await to_today(ACTIVE, Limitation={"Count": 5})).json()["Cursor"] == id
    over = await to_today(ACTIVE, Limitation={"Count": 5, "Cursor": id})
    assert over.json() == {"Commands": [], "Cursor": None}


async def test_a_command_that_goes_on_between_two_pages_hides_no_other(
    today: MewsSimulator, to_today: Post
) -> None:
    today.switch(page_size=2)
    ids = [today.add_key() for _ in range(5)]
    cursor = (await to_today(ACTIVE)).json()["Cursor"]
    for id in ids[:2]:
        await to_today(UPDATE, CommandId=id, State="Processing")
    rest = await listed(to_today, Limitation={"Count": 1000, "Cursor": cursor})
    assert [command["Id"] for command in rest] == ids[2:4]


async def test_the_newest_command_comes_first_where_that_is_switched_on(
    today: MewsSimulator, to_today: Post
) -> None:
    today.switch(newest_first=True, page_size=2)
    ids = [today.add_key() for _ in range(3)]
    first = (await to_today(ACTIVE)).json()
    rest = await listed(to_today, Limitation={"Count": 2, "Cursor": first["Cursor"]})
    assert [command["Id"] for command in first["Commands"] + rest] == ids[::-1]


async def test_broken_neighbours_stand_on_the_first_page_alone(today: MewsSimulator, to_today: Post) -> None:
    today.switch(page_size=1)
    today.add_neighbour("null")
    first, _ = today.add_key(), today.add_key()
    answer = (await to_today(ACTIVE)).json()
    assert (answer["Commands"][0], answer["Commands"][1]["Id"]) == (None, first)
    assert None not in await listed(to_today, Limitation={"Count": 1, "Cursor": first})


@pytest.mark.parametrize(
    "limitation", [{}, {"Count": 0}, {"Count": 1001}, {"Count": True}, {"Count": 5, "Cursor": "x"}, 5, []]
)
async def test_a_limitation_that_does_not_fit_is_400(to_today: Post, limitation: object) -> None:
    assert (await to_today(ACTIVE, Limitation=limitation)).status_code == 400


async def test_stuck_cursors_give_the_same_page_for_ever(today: MewsSimulator, to_today: Post) -> None:
    today.switch(cursors="stuck", page_size=2)
    for _ in range(3):
        today.add_key()
    first = (await to_today(ACTIVE)).json()
    again = (await to_today(ACTIVE, Limitation={"Count": 2, "Cursor": first["Cursor"]})).json()
    assert first == again


async def test_endless_cursors_begin_again_after_the_last_page(today: MewsSimulator, to_today: Post) -> None:
    today.switch(cursors="endless", page_size=2)
    ids = [today.add_key() for _ in range(3)]
    cursor, seen = None, []
    for _ in range(4):
        wish = {"Count": 2} if cursor is None else {"Count": 2, "Cursor": cursor}
        page = (await to_today(ACTIVE, Limitation=wish)).json()
        cursor = page["Cursor"]
        seen += [command["Id"] for command in page["Commands"]]
    assert seen == ids + ids


@pytest.mark.parametrize(
    ("kind", "beginning", "length"),
    [("array", "[1, 2]", 6), ("huge", "{", 1 << 20), ("deep", "[[[[", 20_000), ("not-json", "{", 50)],
)
async def test_the_custom_data_of_a_key_cutter_can_be_anything(
    today: MewsSimulator, to_today: Post, kind: str, beginning: str, length: int
) -> None:
    today.add_key()
    today.switch(key_cutter_data=kind)
    text = await key_cutter_data(to_today)
    assert text.startswith(beginning)
    assert len(text) >= length


async def test_the_custom_data_of_a_key_cutter_may_be_null_or_missing(
    today: MewsSimulator, to_today: Post
) -> None:
    today.add_key()
    today.switch(key_cutter_data="null")
    assert (await listed(to_today))[0]["Data"]["KeyCutterData"] is None
    today.switch(key_cutter_data="absent")
    assert "KeyCutterData" not in (await listed(to_today))[0]["Data"]


@pytest.mark.parametrize("kind", ["not-json", "deep"])
async def test_bad_custom_data_does_break_a_plain_decoder(today: MewsSimulator, to_today: Post, kind: str) -> None:
    today.add_key()
    today.switch(key_cutter_data=kind)
    text = await key_cutter_data(to_today)
    with pytest.raises((json.JSONDecodeError, RecursionError)):
        json.loads(text)


async def test_the_broken_members_of_2016_are_there_today_as_well(today: MewsSimulator, to_today: Post) -> None:
    today.switch(unknown_fields=True, type_member=True, creator_null=True, float_counts=True)
    today.add_key()
    answer = await to_today(ACTIVE)
    (command,) = answer.json()["Commands"]
    assert "SinceTomorrow" in answer.json().keys() & command["Data"].keys() & command["Device"].keys()
    assert (command["Creator"], next(iter(command["Data"]))) == (None, "__type")
    assert b'"KeyCount":1.0' in answer.content


async def device_id(to_today: Post, identifier: str) -> str:
    devices = (await to_today("devices/getAll")).json()["Devices"]
    return next(str(device["Id"]) for device in devices if device.get("Identifier") == identifier)


async def test_an_ordered_key_is_the_reservations(today: MewsSimulator, to_today: Post) -> None:
    cutter = await device_id(to_today, "2")
    answer = await to_today("commands/addKeyCutter", KeyCutterId=cutter, ReservationId=EXAMPLE_STAY, KeyCount=2)
    (command,) = await listed(to_today)
    assert (answer.status_code, answer.json()) == (200, {"CommandId": command["Id"]})
    assert command["Device"] == {
        "Id": cutter,
        "Name": "Key cutter 2",
        "Type": "KeyCutter",
        "Identifier": "2",
    }
    wanted = {
        "KeyCutterId": "2",
        "LockIds": ["101"],
        "KeyCount": 2,
        "StartUtc": "2015-07-07T00:00:00Z",
        "EndUtc": "2019-12-30T23:00:00Z",
        "LastName": "Smith",
        "ReservationId": EXAMPLE_STAY,
    }
    assert command["Data"].items() >= wanted.items()


async def test_a_key_for_a_bed_opens_its_room(today: MewsSimulator, to_today: Post) -> None:
    today.switch(hotel="small")
    cutter = await device_id(to_today, "1")
    stay = today.hotel.reservation("7")
    await to_today("commands/addKeyCutter", KeyCutterId=cutter, ReservationId=stay.id, KeyCount=1)
    (command,) = await listed(to_today)
    assert (command["Data"]["LockIds"], command["Data"]["LastName"]) == (["401"], "Mai")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"KeyCutterId": "unknown"}, "KeyCutterId"),
        ({"KeyCutterId": "63efb573-fc58-4065-b687-9bdd51568529"}, "KeyCutterId"),  # a printer
        ({"KeyCutterId": None}, "KeyCutterId"),
        ({"ReservationId": "unknown"}, "ReservationId"),
        ({"ReservationId": None}, "ReservationId"),
        ({"KeyCount": 0}, "KeyCount"),
        ({"KeyCount": 1.5}, "KeyCount"),
        ({"KeyCount": None}, "KeyCount"),
    ],
)
async def test_an_order_that_does_not_fit_is_400_and_makes_no_command(
    today: MewsSimulator, to_today: Post, change: dict[str, object], name: str
) -> None:
    order = {"KeyCutterId": await device_id(to_today, "1"), "ReservationId": EXAMPLE_STAY, "KeyCount": 1}
    answer = await to_today("commands/addKeyCutter", **order | change)
    assert (answer.status_code, answer.json()["Message"]) == (400, f"Invalid {name}.")
    assert len(today.commands) == 0


@pytest.mark.parametrize("number", ["6", "9", "10"])  # it is over; it is cancelled; it has no room
async def test_a_stay_without_a_room_to_open_gets_no_key(
    today: MewsSimulator, to_today: Post, number: str
) -> None:
    today.switch(hotel="small")
    stay = today.hotel.reservation(number)
    order = {"KeyCutterId": await device_id(to_today, "1"), "ReservationId": stay.id, "KeyCount": 1}
    assert (await to_today("commands/addKeyCutter", **order)).status_code == 400


async def test_an_ordered_print_has_the_document(today: MewsSimulator, to_today: Post) -> None:
    printer = "63efb573-fc58-4065-b687-9bdd51568529"
    answer = await to_today("commands/addPrinter", PrinterId=printer, Data="JVBERg==", CopyCount=2)
    (command,) = await listed(to_today)
    assert answer.json() == {"CommandId": command["Id"]}
    assert command["Device"] == {"Id": printer, "Name": "Test Printer", "Type": "Printer"}
    assert command["Data"] == {
        "CopyCount": 2,
        "FileType": "application/pdf",
        "FileData": "JVBERg==",
        "PrinterName": "Test Printer",
        "PrinterDriverName": "",
        "PrinterPortName": "",
    }


@pytest.mark.parametrize("document", ["", "no Base64!", "JVBERg", None])
async def test_a_document_that_is_no_base64_is_refused(to_today: Post, document: str | None) -> None:
    printer = "63efb573-fc58-4065-b687-9bdd51568529"
    answer = await to_today("commands/addPrinter", PrinterId=printer, Data=document, CopyCount=1)
    assert answer.json()["Message"] == "Invalid Data."


async def test_a_portfolio_token_has_to_say_for_which_property_it_acts(
    today: MewsSimulator, to_today: Post
) -> None:
    today.switch(portfolio="documented", hotel="small")
    order = {"KeyCutterId": await device_id(to_today, "1"), "KeyCount": 1}
    order |= {"ReservationId": today.hotel.reservation("1").id}
    without = await to_today("commands/addKeyCutter", **order)
    elsewhere = await to_today("commands/addKeyCutter", EnterpriseId=ELSEWHERE, **order)
    here = await to_today("commands/addKeyCutter", EnterpriseId=OWN, **order)
    assert (without.status_code, elsewhere.status_code, here.status_code) == (400, 400, 200)


async def test_a_portfolio_token_sees_all_properties_unless_it_names_one(
    today: MewsSimulator, to_today: Post
) -> None:
    today.switch(portfolio="documented", hotel="small")

    async def numbers(**body: object) -> set[str]:
        wish = {"Extent": {"Resources": True}, "Limitation": {"Count": 1000}}
        answer = await to_today("resources/getAll", **wish, **body)
        return {room["Name"] for room in answer.json()["Resources"]}

    assert {"101", "901"} <= await numbers()
    assert "901" not in await numbers(EnterpriseIds=[OWN])
    assert await numbers(EnterpriseIds=[ELSEWHERE]) == {"901"}
    today.switch(portfolio="no")
    assert "901" not in await numbers(EnterpriseIds=[ELSEWHERE])  # ignored


async def test_a_portfolio_token_finds_reservations_of_the_property_that_it_names(
    today: MewsSimulator, to_today: Post
) -> None:
    today.switch(portfolio="documented")
    operation, wish = "reservations/getAll/2023-06-06", {"Limitation": {"Count": 10}}
    everywhere = await to_today(operation, **wish)
    elsewhere = await to_today(operation, **wish, EnterpriseIds=[ELSEWHERE])
    assert (len(everywhere.json()["Reservations"]), elsewhere.json()["Reservations"]) == (1, [])


async def test_a_strict_portfolio_takes_no_list_without_a_property(today: MewsSimulator, to_today: Post) -> None:
    today.switch(portfolio="strict")
    wish = {"Extent": {"Resources": True}, "Limitation": {"Count": 10}}
    assert (await to_today("resources/getAll", **wish)).status_code == 400
    assert (await to_today("configuration/get")).status_code == 400
    assert (await to_today("resources/getAll", **wish, EnterpriseIds=[OWN])).status_code == 200
    assert (await to_today("configuration/get", EnterpriseId=OWN)).status_code == 200


async def test_the_limit_of_calls_is_counted_and_not_enforced_unless_switched_on(
    today: MewsSimulator, to_today: Post, autojump_clock: trio.abc.Clock
) -> None:
    today.switch(call_limit=3)
    answers = [(await to_today(ACTIVE)).status_code for _ in range(5)]
    assert (answers, today.window.most, today.window.above, today.window.refused) == ([200] * 5, 5, 2, 0)


@pytest.mark.parametrize("has_retry_after", [True, False])
async def test_above_the_limit_comes_429_until_there_is_room_again(
    today: MewsSimulator, to_today: Post, autojump_clock: trio.abc.Clock, has_retry_after: bool
) -> None:
    today.switch(call_limit=2, call_limit_enforced=True, call_limit_retry_after=has_retry_after)
    assert [(await to_today(ACTIVE)).status_code for _ in range(2)] == [200, 200]
    await trio.sleep(10)
    refused = await to_today(ACTIVE)
    assert (refused.status_code, refused.headers.get("retry-after")) == (429, "20" if has_retry_after else None)
    await trio.sleep(20)
    assert (await to_today(ACTIVE)).status_code == 200
    counts = today.counts()
    assert (counts["most_calls_in_a_window"], counts["calls_refused_by_the_limit"]) == (3, 1)


async def test_scripted_trouble_counts_as_a_call_and_a_wrong_path_does_not(
    today: MewsSimulator, to_today: Post
) -> None:
    today.fail("503", calls=1)
    await to_today(ACTIVE)
    await to_today("nowhere")
    assert today.window.most == 1


async def test_trouble_can_be_scripted_for_todays_operations_alone(today: MewsSimulator, to_today: Post) -> None:
    today.fail("409", "commands/addKeyCutter", calls=1)
    assert (await to_today("commands/addKeyCutter")).status_code == 409
