"""The simulated Mews says what the v1 page says, and flips every switch."""

from datetime import timedelta

import pytest
import trio

from agent.foundation.errors import UserMistake
from agent.simulators.mews.commands import State
from agent.simulators.mews.simulator import MewsSimulator
from tests.simulators.conftest import NOON, Post

ACTIVE = "commands/getAllActive"
UPDATE = "commands/update"


async def listed(to_mews: Post) -> list[dict[str, object]]:
    commands: list[dict[str, object]] = (await to_mews(ACTIVE)).json()["Commands"]
    return commands


async def test_a_key_command_looks_as_the_page_describes_it(mews: MewsSimulator, to_mews: Post) -> None:
    id = mews.add_key("7", ["101", "POOL"], 2, end=NOON + timedelta(days=2))
    (command,) = await listed(to_mews)
    assert set(command) == {"Id", "State", "CreatedUtc", "Creator", "Device", "Data"}
    assert (command["Id"], command["State"], command["CreatedUtc"]) == (id, "Pending", "2016-05-04T12:00:00Z")
    data = command["Data"]
    assert isinstance(data, dict)
    assert {name: data[name] for name in ("KeyCutterId", "LockIds", "KeyCount")} == {
        "KeyCutterId": "7",
        "LockIds": ["101", "POOL"],
        "KeyCount": 2,
    }
    assert (data["ValidityStartUtc"], data["ValidityEndUtc"]) == ("2016-05-04T12:00:00Z", "2016-05-06T12:00:00Z")


async def test_commands_of_one_key_cutter_are_for_the_same_device(mews: MewsSimulator, to_mews: Post) -> None:
    for cutter in ("1", "2", "1"):
        mews.add_key(cutter)
    first, second, third = (command["Device"] for command in await listed(to_mews))
    assert first == third != second


async def test_a_print_command_has_the_six_fields_of_the_page(mews: MewsSimulator, to_mews: Post) -> None:
    mews.add_print("Front Office", "JVBERg==")
    (command,) = await listed(to_mews)
    assert command["Data"] == {
        "CopyCount": 1,
        "FileType": "application/pdf",
        "FileData": "JVBERg==",
        "PrinterName": "Front Office",
        "PrinterDriverName": "",
        "PrinterPortName": "",
    }


@pytest.mark.parametrize(
    ("operation", "body", "member"),
    [
        ("spaces/getAll", {}, "SpaceCategories"),
        (
            "reservations/getAll",
            {"StartUtc": "2016-01-01T00:00:00Z", "EndUtc": "2016-01-07T00:00:00Z"},
            "Reservations",
        ),
        ("customers/getBalance", {"CustomerId": "2a1a4315-7e6f-4131-af21-402cec59b8b9"}, "Value"),
        (ACTIVE, {}, "Commands"),
    ],
)
async def test_every_reading_operation_answers_with_the_pages_members(
    to_mews: Post, operation: str, body: dict[str, object], member: str
) -> None:
    answer = await to_mews(operation, **body)
    assert (answer.status_code, member in answer.json()) == (200, True)


async def test_only_reservations_that_overlap_are_found(to_mews: Post) -> None:
    answer = await to_mews("reservations/getAll", StartUtc="2021-01-01T00:00:00Z", EndUtc="2021-01-07T00:00:00Z")
    assert answer.json() == {"Reservations": [], "ReservationGroups": []}


async def test_the_balance_takes_its_token_as_the_pages_example_has_it(to_mews: Post, mews: MewsSimulator) -> None:
    body = {"ConnectorToken": mews.switches.token, "CustomerId": "2a1a4315-7e6f-4131-af21-402cec59b8b9"}
    answer = await to_mews("customers/getBalance", None, **body)
    assert answer.json() == {"Currency": "EUR", "Value": 100}


@pytest.mark.parametrize(
    ("operation", "body", "status"),
    [
        ("commands/getallactive", {}, 404),
        ("commands/getAllActive/", {}, 404),
        (UPDATE, {}, 400),
        (UPDATE, {"CommandId": "no such", "State": "Received"}, 400),
        ("reservations/getAll", {"StartUtc": "yesterday", "EndUtc": "x"}, 400),
        ("customers/getBalance", {"CustomerId": "nobody"}, 400),
    ],
)
async def test_a_bad_request_gets_the_pages_status_and_a_message(
    to_mews: Post, operation: str, body: dict[str, object], status: int
) -> None:
    answer = await to_mews(operation, **body)
    assert (answer.status_code, list(answer.json())) == (status, ["Message"])


@pytest.mark.parametrize(
    "extra", [{"State": "Sleeping"}, {"State": "Processed", "Notes": 5}, {"State": "Processing", "Progress": "1"}]
)
async def test_an_update_with_a_member_that_does_not_fit_is_400(
    mews: MewsSimulator, to_mews: Post, extra: dict[str, object]
) -> None:
    assert (await to_mews(UPDATE, CommandId=mews.add_key(), **extra)).status_code == 400


async def test_the_newest_sign_in_wins_and_the_loser_gets_401(to_mews: Post, mews: MewsSimulator) -> None:
    first = (await to_mews("app/signIn", None, ConnectorToken=mews.switches.token)).json()["AccessToken"]
    second = (await to_mews("app/signIn", None, ConnectorToken=mews.switches.token)).json()["AccessToken"]
    assert ((await to_mews(ACTIVE, first)).status_code, (await to_mews(ACTIVE, second)).status_code) == (401, 200)


async def test_the_first_session_has_the_token_of_the_pages_example(to_mews: Post, mews: MewsSimulator) -> None:
    answer = await to_mews("app/signIn", None, ConnectorToken=mews.switches.token)
    assert answer.json() == {
        "AccessToken": "210F2620DDAE4A988D26DEB3A5B75B2F-77EB7EA147D2EAB4863054EB85FFACE",
        "Enterprise": {"Id": "222b5d8a-0492-4271-9941-cd6d89b81d43", "Name": "Test Hotel"},
    }


async def test_a_wrong_connector_token_is_401_and_ends_no_session(to_mews: Post, mews: MewsSimulator) -> None:
    token = (await to_mews("app/signIn", None, ConnectorToken=mews.switches.token)).json()["AccessToken"]
    assert (await to_mews("app/signIn", None, ConnectorToken="wrong")).status_code == 401
    assert (await to_mews(ACTIVE, token)).status_code == 200


async def test_a_rival_that_comes_back_ends_each_session_after_its_seconds(
    to_mews: Post, mews: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    mews.switch(rival_seconds=30)
    for _ in range(2):
        token = (await to_mews("app/signIn", None, ConnectorToken=mews.switches.token)).json()["AccessToken"]
        await trio.sleep(29)
        assert (await to_mews(ACTIVE, token)).status_code == 200
        await trio.sleep(1)
        assert (await to_mews(ACTIVE, token)).status_code == 401
    assert mews.sessions.rival_sign_ins == 2


async def test_the_plain_token_can_be_switched_off(to_mews: Post, mews: MewsSimulator) -> None:
    mews.switch(plain_token=False)
    assert ((await to_mews(ACTIVE)).status_code, mews.refused_tokens) == (401, 1)


async def test_sign_in_can_be_absent_as_on_later_pages(to_mews: Post, mews: MewsSimulator) -> None:
    mews.switch(sign_in=False)
    assert (await to_mews("app/signIn", None, ConnectorToken=mews.switches.token)).status_code == 404


async def test_the_history_tells_state_time_progress_notes_and_who(
    to_mews: Post, mews: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    token = (await to_mews("app/signIn", None, ConnectorToken=mews.switches.token)).json()["AccessToken"]
    id = mews.add_key()
    await trio.sleep(2)
    await to_mews(
        UPDATE, token, CommandId=id, State="Processing", Progress=0.5, Notes="read with final states only"
    )
    await to_mews(UPDATE, CommandId=id, State="Error", Progress=1, Notes="no card")
    told = [(step.state, step.by, step.progress, step.notes) for step in mews.command(id).history]
    assert told == [
        ("Pending", "mews", None, None),
        ("Processing", "session 1", 0.5, None),
        ("Error", "plain token", None, "no card"),
    ]
    assert mews.command(id).history[1].at == NOON + timedelta(seconds=2)


async def test_processing_is_listed_only_when_switched_on(to_mews: Post, mews: MewsSimulator) -> None:
    await to_mews(UPDATE, CommandId=mews.add_key(), State="Processing")
    assert await listed(to_mews) == []
    mews.switch(include_processing=True)
    assert [command["State"] for command in await listed(to_mews)] == ["Processing"]


async def test_getting_all_active_marks_received_only_when_switched_on(to_mews: Post, mews: MewsSimulator) -> None:
    id = mews.add_key()
    await listed(to_mews)
    assert mews.command(id).state is State.PENDING
    mews.switch(mark_received=True)
    assert [command["State"] for command in await listed(to_mews)] == ["Pending"]
    assert [command["State"] for command in await listed(to_mews)] == ["Received"]


async def test_mews_cancels_what_nobody_handled_for_24_hours(
    to_mews: Post, mews: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    waiting, taken = mews.add_key(), mews.add_key()
    await to_mews(UPDATE, CommandId=taken, State="Processing")
    mews.clock.shift(24 * 3600 - 1)
    assert len(await listed(to_mews)) == 1
    mews.clock.shift(1)
    assert await listed(to_mews) == []
    assert (mews.command(waiting).state, mews.command(waiting).history[-1].by) == ("Cancelled", "mews")
    assert mews.command(taken).state == "Processing"


@pytest.mark.parametrize("status", [400, 403, 409])
async def test_a_refused_change_of_state_has_the_chosen_status_and_changes_nothing(
    to_mews: Post, mews: MewsSimulator, status: int
) -> None:
    mews.switch(bad_transition_status=status)
    id = mews.add_key()
    assert (await to_mews(UPDATE, CommandId=id, State="Processed")).status_code == status
    assert (mews.command(id).states, mews.refused_updates) == (("Pending",), 1)


@pytest.mark.parametrize(
    ("rule", "status", "states"),
    [
        ("refuse", 400, ("Pending", "Cancelled")),
        ("ignore", 200, ("Pending", "Cancelled")),
        ("overwrite", 200, ("Pending", "Cancelled", "Error")),
    ],
)
async def test_an_update_of_a_cancelled_command_is_counted_and_treated_as_switched(
    to_mews: Post, mews: MewsSimulator, rule: str, status: int, states: tuple[str, ...]
) -> None:
    mews.switch(finished_update=rule)
    id = mews.add_key()
    mews.cancel(id)
    assert (await to_mews(UPDATE, CommandId=id, State="Error", Notes="late")).status_code == status
    assert (mews.command(id).states, mews.commands.updates_after_final) == (states, 1)
    assert [step.notes for step in mews.command(id).late] == ["late"]


async def test_unknown_members_appear_everywhere_when_switched_on(to_mews: Post, mews: MewsSimulator) -> None:
    mews.switch(unknown_fields=True, type_member=True)
    mews.add_key()
    answer = (await to_mews(ACTIVE)).json()
    (command,) = answer["Commands"]
    parts = (answer, command, command["Device"], command["Data"])
    assert all("SinceTomorrow" in part for part in parts)
    assert next(iter(command["Data"])) == "__type"


async def test_counts_are_written_as_floats_when_switched_on(to_mews: Post, mews: MewsSimulator) -> None:
    mews.switch(float_counts=True)
    mews.add_key()
    assert b'"KeyCount":1.0' in (await to_mews(ACTIVE)).content


async def test_a_switch_reaches_commands_that_were_listed_before(to_mews: Post, mews: MewsSimulator) -> None:
    mews.add_key()
    await listed(to_mews)
    mews.switch(unknown_device_type=True, unknown_state=True, creator_null=True)
    (command,) = await listed(to_mews)
    device = command["Device"]
    assert isinstance(device, dict)
    assert (command["State"], device["Type"], command["Creator"]) == ("Parked", "Teleporter", None)


async def test_a_printers_driver_and_port_have_names_when_switched_so(to_mews: Post, mews: MewsSimulator) -> None:
    mews.switch(empty_driver_and_port=False)
    mews.add_print()
    data = (await listed(to_mews))[0]["Data"]
    assert isinstance(data, dict)
    assert "" not in (data["PrinterDriverName"], data["PrinterPortName"])


async def test_errors_carry_details_only_when_switched_on(to_mews: Post, mews: MewsSimulator) -> None:
    mews.switch(details=True)
    assert list((await to_mews(UPDATE)).json()) == ["Message", "Details"]


async def test_data_can_be_anything_or_missing(to_mews: Post, mews: MewsSimulator) -> None:
    mews.add_key(data="a text")
    mews.add_key(data=None)
    mews.add_key(is_without_data=True)
    text, null, missing = await listed(to_mews)
    assert (text["Data"], null["Data"], "Data" in missing) == ("a text", None, False)


async def test_staff_cannot_cancel_what_is_over(mews: MewsSimulator) -> None:
    id = mews.add_key()
    mews.cancel(id)
    with pytest.raises(UserMistake, match="Cancelled already"):
        mews.cancel(id)


async def test_waiting_ends_with_the_fact_and_not_with_a_time(
    to_mews: Post, mews: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    id = mews.add_key()
    began = trio.current_time()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(mews.wait_all_final)
        nursery.start_soon(mews.wait_final, id)
        nursery.start_soon(mews.wait_state, id, State.PROCESSING)
        await trio.sleep(5)
        await to_mews(UPDATE, CommandId=id, State="Processing")
        await to_mews(UPDATE, CommandId=id, State="Processed")
    assert trio.current_time() - began == 5


async def test_a_call_takes_the_latency(
    to_mews: Post, mews: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    mews.switch(latency_seconds=0.1)
    began = trio.current_time()
    await to_mews(ACTIVE)
    assert trio.current_time() - began == pytest.approx(0.1)


async def test_finished_commands_do_not_pile_up_for_ever(mews: MewsSimulator) -> None:
    for _ in range(20_050):
        mews.set_state(mews.add_key(is_without_data=True), State.PROCESSED, "somebody")
    assert len(mews.commands) == 20_000
