"""Scripted trouble: which calls it meets, before or after the effect; and broken entries in the list."""

import json

import pytest
import trio

from agent.foundation.errors import UserMistake
from agent.simulators.base.replies import Reply, Request
from agent.simulators.mews.listing import Neighbour
from agent.simulators.mews.simulator import MewsSimulator
from tests.simulators.conftest import Post

ACTIVE = "commands/getAllActive"
UPDATE = "commands/update"


async def statuses(to_mews: Post, operation: str, count: int) -> list[int]:
    return [(await to_mews(operation)).status_code for _ in range(count)]


async def test_a_fault_with_a_number_of_calls_ends_by_itself(to_mews: Post, mews: MewsSimulator) -> None:
    mews.fail("503", calls=2)
    assert await statuses(to_mews, ACTIVE, 3) == [503, 503, 200]


async def test_a_fault_without_a_number_lasts_until_healed(to_mews: Post, mews: MewsSimulator) -> None:
    mews.fail("500")
    assert await statuses(to_mews, ACTIVE, 3) == [500, 500, 500]
    mews.heal()
    assert await statuses(to_mews, ACTIVE, 1) == [200]


async def test_a_fault_of_one_operation_leaves_the_others_alone(to_mews: Post, mews: MewsSimulator) -> None:
    mews.fail("500", "spaces/getAll")
    assert (await statuses(to_mews, ACTIVE, 1), await statuses(to_mews, "spaces/getAll", 1)) == ([200], [500])


async def test_the_older_of_two_faults_comes_first(to_mews: Post, mews: MewsSimulator) -> None:
    mews.fail("503", calls=1)
    mews.fail("408", calls=1)
    assert await statuses(to_mews, ACTIVE, 3) == [503, 408, 200]


async def test_a_fault_can_meet_only_the_update_to_one_state(to_mews: Post, mews: MewsSimulator) -> None:
    mews.fail("500", UPDATE, match={"State": "Processing"})
    id = mews.add_key()
    answers = [await to_mews(UPDATE, CommandId=id, State=state) for state in ("Received", "Processing", "Error")]
    assert [answer.status_code for answer in answers] == [200, 500, 200]


@pytest.mark.parametrize(
    ("when", "states"),
    [("before", ("Pending",)), ("during", ("Pending", "Received")), ("after", ("Pending", "Received"))],
)
async def test_a_lost_answer_may_hide_an_update_that_took_place(
    to_mews: Post, mews: MewsSimulator, when: str, states: tuple[str, ...]
) -> None:
    mews.fail("500", UPDATE, calls=1, when=when)
    id = mews.add_key()
    assert (await to_mews(UPDATE, CommandId=id, State="Received")).status_code == 500
    assert mews.command(id).states == states


@pytest.mark.parametrize("retry_after", [None, "7", "Wed, 04 May 2016 12:01:00 GMT"])
async def test_too_many_requests_comes_with_and_without_retry_after(
    to_mews: Post, mews: MewsSimulator, retry_after: str | None
) -> None:
    mews.fail("429", retry_after=retry_after)
    answer = await to_mews(ACTIVE)
    assert (answer.status_code, answer.headers.get("retry-after")) == (429, retry_after)


async def test_a_drip_after_the_effect_is_the_true_answer_byte_by_byte(
    to_mews: Post, mews: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    whole = (await to_mews("spaces/getAll")).content
    mews.fail("drip", when="after", seconds=0.5)
    began = trio.current_time()
    assert (await to_mews("spaces/getAll")).content == whole
    assert trio.current_time() - began == len(whole) * 0.5


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"kind": "501"}, "kind: '501' does not fit, write one of 400,"),
        ({}, "kind must be given"),
        (
            {"kind": "500", "operation": "update"},
            "there is no operation 'update': did you mean 'commands/update'?",
        ),
        ({"kind": "500", "cals": 1}, "there is no field 'cals': did you mean 'calls'?"),
        ({"kind": "500", "calls": 0}, "calls: 0 does not fit, write a whole number from 1 up or null"),
        ({"kind": "500", "match": {"Stat": "x"}}, "there is no value to match 'Stat': did you mean 'State'?"),
    ],
)
async def test_a_script_with_a_mistake_is_refused_in_one_sentence_and_changes_nothing(
    mews: MewsSimulator, form: dict[str, object], sentence: str
) -> None:
    with pytest.raises(UserMistake) as raised:
        mews.script(form)
    assert str(raised.value).startswith(sentence)
    assert mews.faults.waiting == ()


@pytest.mark.parametrize("kind", [Neighbour.NULL, Neighbour.NUMBER, Neighbour.TEXT, Neighbour.EMPTY_OBJECT])
async def test_neighbours_without_an_id_stand_before_the_good_commands(
    to_mews: Post, mews: MewsSimulator, kind: Neighbour
) -> None:
    good = mews.add_key()
    assert mews.add_neighbour(kind) is None
    broken, command = (await to_mews(ACTIVE)).json()["Commands"]
    assert (command["Id"], isinstance(broken, dict) and "Id" in broken) == (good, False)


WITHOUT_ID = {Neighbour.NULL, Neighbour.NUMBER, Neighbour.TEXT, Neighbour.EMPTY_OBJECT, Neighbour.MISSING_ID}


@pytest.mark.parametrize("kind", [kind for kind in Neighbour if kind not in WITHOUT_ID])
async def test_broken_neighbours_with_an_id_are_commands_that_can_be_ended(
    to_mews: Post, mews: MewsSimulator, kind: Neighbour
) -> None:
    id = mews.add_neighbour(kind, megabytes=1)
    assert id is not None
    assert f'"Id":"{id}"'.encode() in (await to_mews(ACTIVE)).content
    assert (await to_mews(UPDATE, CommandId=id, State="Error", Notes="unreadable")).status_code == 200
    assert (await to_mews(ACTIVE)).json() == {"Commands": []}


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (Neighbour.BAD_UTF8, UnicodeDecodeError),
        (Neighbour.DEEP, RecursionError),
        *((kind, json.JSONDecodeError) for kind in (Neighbour.BAD_ESCAPE, Neighbour.RAW_TAB)),
        *((kind, json.JSONDecodeError) for kind in (Neighbour.STRAY_QUOTE, Neighbour.UNCLOSED)),
    ],
)
async def test_broken_neighbours_do_break_a_plain_decoder(
    to_mews: Post, mews: MewsSimulator, kind: Neighbour, error: type[Exception]
) -> None:
    mews.add_neighbour(kind)
    content = (await to_mews(ACTIVE)).content
    with pytest.raises(error):
        json.loads(content.decode())


async def test_a_huge_neighbour_is_as_large_as_asked_for(to_mews: Post, mews: MewsSimulator) -> None:
    mews.add_neighbour("huge", megabytes=40)
    assert len((await to_mews(ACTIVE)).content) > 40 << 20


async def test_raw_text_goes_out_as_it_is(to_mews: Post, mews: MewsSimulator) -> None:
    id = mews.add_raw(b'{"Id": "@ID@", "CreatedUtc": "@CREATED@", oops}')
    assert (await to_mews(ACTIVE)).content == (
        b'{"Commands":[{"Id": "%b", "CreatedUtc": "2016-05-04T12:00:00Z", oops}]}' % (id or "").encode()
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
async def test_a_request_that_is_no_json_object_is_400(mews: MewsSimulator, body: bytes) -> None:
    reply = await mews.handle(Request("POST", f"/api/connector/v1/{ACTIVE}", body=body))
    assert isinstance(reply, Reply)
    assert reply.status == 400
