"""Scripted trouble: "the next call fails like this", for each kind of failure, and around the written card."""

from typing import Any

import httpx
import pytest
import trio
from trio.abc import Clock

from agent.foundation.errors import UserMistake
from agent.simulators.visionline.answers import AT_THE_ENCODER, RefusalKind
from agent.simulators.visionline.simulator import VisionlineSimulator
from tests.simulators.visionline.callers import Caller, room

# kind: status, what passes before the answer
KINDS = {
    "no-card": (408, 20),
    "wrong-format": (409, 2),
    "no-sectors": (409, 2),
    "not-reissuable": (409, 2),
    "still-valid": (409, 2),
    "interrupted": (500, 2),
    "unknown-encoder": (404, 0),
    "encoder-offline": (503, 0),
    "encoder-busy": (409, 0),
    "encoder-timeout": (504, 10),
    "unknown-door": (400, 0),
    "too-many-doors": (400, 0),
    "bad-request": (400, 0),
    "bad-time": (400, 0),
    "server-error": (500, 0),
}


def test_every_kind_is_tried() -> None:
    assert KINDS.keys() == set(RefusalKind)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_next_card_fails_in_its_way_and_time_and_the_one_after_is_written(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock, kind: str
) -> None:
    visionline.fail(kind, calls=1)
    began = trio.current_time()
    answer = await caller.encode()
    assert (answer.status_code, trio.current_time() - began) == KINDS[kind]
    assert (answer.json()["message"] != "", visionline.cards) == (True, ())
    assert (await caller.encode()).status_code == 201


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in AT_THE_ENCODER])
@pytest.mark.parametrize("is_written", [True, False])
async def test_the_card_may_have_been_written_all_the_same(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock, kind: str, is_written: bool
) -> None:
    visionline.fail(kind, written=is_written)
    assert (await caller.encode()).status_code == KINDS[kind][0]
    assert len(visionline.cards) == int(is_written)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in AT_THE_ENCODER])
async def test_a_failure_at_the_encoder_takes_its_place_in_the_queue(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock, kind: str
) -> None:
    await caller.log_in()
    began = trio.current_time()
    visionline.fail(kind, calls=1)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(caller.encode)
        await visionline.wait_calls("cards", 1)
        nursery.start_soon(caller.encode)
    assert [card.at - began for card in visionline.cards] == [KINDS[kind][1] + 2]


@pytest.mark.parametrize("kind", ["wrong-format", "interrupted"])
async def test_a_failure_of_the_card_waits_for_a_card(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock, kind: str
) -> None:
    visionline.switch(card_seconds=None)
    visionline.fail(kind)
    began = trio.current_time()
    assert ((await caller.encode()).status_code, trio.current_time() - began) == (408, 20)
    async with trio.open_nursery() as nursery:
        answers: list[httpx.Response] = []

        async def ask() -> None:
            answers.append(await caller.encode())

        nursery.start_soon(ask)
        await visionline.wait_asking("1")
        visionline.present()
    assert [answer.status_code for answer in answers] == [KINDS[kind][0]]


@pytest.mark.parametrize("kind", ["no-card", "encoder-timeout"])
async def test_an_encoder_that_sees_no_card_cannot_be_given_one(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock, kind: str
) -> None:
    visionline.fail(kind)
    await caller.log_in()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(caller.encode)
        await visionline.wait_calls("cards", 1)
        with pytest.raises(UserMistake, match="no encoder waits for a card"):
            visionline.present()


@pytest.mark.parametrize("kind", ["server-error", "interrupted", "no-card"])
async def test_a_failure_can_have_its_own_status_code_text_and_time(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock, kind: str
) -> None:
    visionline.fail(kind, status=422, code=-1, message="Karte weg", seconds=7)
    began = trio.current_time()
    answer = await caller.encode()
    assert (answer.status_code, answer.json()) == (422, {"code": -1, "message": "Karte weg"})
    assert trio.current_time() - began == 7


@pytest.mark.parametrize("match", [{"encoder": "1"}, {"door": "101"}, {"override": "true"}])
async def test_a_failure_meets_only_the_calls_that_it_is_tied_to(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock, match: dict[str, str]
) -> None:
    visionline.fail("server-error", match=match)
    assert (await caller.encode()).status_code == 500
    assert (await caller.encode("2", "autoJoin=true", doorOperations=room("102"))).status_code == 201


async def test_a_call_that_is_refused_anyway_uses_no_failure_up(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    visionline.switch(encoders=["1"])
    visionline.fail("server-error", calls=1)
    assert [(await caller.encode(encoder)).status_code for encoder in ("2", "1", "1")] == [404, 500, 201]


async def test_a_failure_of_one_operation_leaves_the_others_alone(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    visionline.fail("server-error", "doors")
    assert (await caller.encode()).status_code == 201
    assert (await caller.call("GET", "/api/v1/doors")).status_code == 500
    visionline.heal()
    visionline.fail("server-error", "log-out", seconds=3)
    assert (await caller.call("DELETE", f"/api/v1/sessions/{caller.id}")).status_code == 500
    assert (await caller.call("GET", "/api/v1/doors")).status_code == 200


async def test_the_status_of_all_refusals_can_be_switched(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    visionline.switch(failure_status=500)
    visionline.fail("no-card")
    assert (await caller.encode()).status_code == 500


@pytest.mark.parametrize(
    ("form", "content_type", "begins"),
    [("json", "application/json; charset=utf-8", "{"), ("text", "text/plain; charset=utf-8", "The encoder")],
)
async def test_a_refusal_comes_as_json_or_text(
    visionline: VisionlineSimulator, caller: Caller, form: str, content_type: str, begins: str
) -> None:
    visionline.switch(error_as=form)
    visionline.fail("encoder-offline")
    answer = await caller.encode()
    assert (answer.headers["content-type"], answer.text.startswith(begins)) == (content_type, True)


async def test_a_refusal_may_have_no_words(visionline: VisionlineSimulator, caller: Caller) -> None:
    visionline.switch(error_as="empty")
    visionline.fail("encoder-offline")
    answer = await caller.encode()
    assert (answer.status_code, answer.content, "content-type" in answer.headers) == (503, b"", False)


@pytest.mark.parametrize("is_careless", [True, False])
async def test_a_careless_server_repeats_key_and_password_in_a_refused_card(
    visionline: VisionlineSimulator, caller: Caller, is_careless: bool
) -> None:
    visionline.switch(echo_secrets=is_careless)
    visionline.fail("encoder-offline")
    text = (await caller.encode()).text
    assert [word in text for word in (caller.key, caller.id, "visionline-password")] == [is_careless] * 3


@pytest.mark.parametrize(("when", "cards", "seconds"), [("before", 0, 0), ("during", 1, 0), ("after", 1, 2)])
@pytest.mark.parametrize("kind", ["drop", "reset", "500", "html-200", "garbage", "truncated"])
async def test_the_connection_may_be_lost_before_or_after_the_card_was_written(
    visionline: VisionlineSimulator,
    caller: Caller,
    autojump_clock: Clock,
    kind: str,
    when: str,
    cards: int,
    seconds: float,
) -> None:
    visionline.fail(kind, "cards", when=when, calls=1)
    await caller.log_in()
    began = trio.current_time()
    try:
        assert (await caller.encode()).status_code in (200, 500)
    except httpx.TransportError:
        assert kind not in ("500", "html-200")
    assert trio.current_time() - began == seconds
    await trio.sleep(10)
    assert len(visionline.cards) == cards


@pytest.mark.parametrize(("when", "cards"), [("before", 0), ("during", 1), ("after", 1)])
async def test_a_hang_may_come_before_or_after_the_card_was_written(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock, when: str, cards: int
) -> None:
    visionline.fail("hang", "cards", when=when)
    await caller.log_in()
    with trio.move_on_after(90) as scope:
        await caller.encode()
    assert (scope.cancelled_caught, len(visionline.cards)) == (True, cards)


async def test_a_log_in_can_fail_on_the_wire(visionline: VisionlineSimulator, caller: Caller) -> None:
    visionline.fail("401", "log-in", match={"username": "night-porter"}, calls=1)
    assert [(await caller.log_in()).status_code for _ in range(2)] == [401, 201]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"kind": "no-crd"}, "there is no kind of trouble 'no-crd'"),
        ({"kind": "no-card", "operation": "card"}, "there is no operation 'card'"),
        ({"kind": "no-card", "match": {"room": "1"}}, "there is no value to match 'room'"),
        ({"kind": "no-card", "status": 99}, "status: 99 does not fit"),
        ({"kind": "no-card", "seconds": -1}, "seconds: -1 does not fit"),
    ],
)
def test_trouble_that_does_not_fit_is_one_sentence(
    visionline: VisionlineSimulator, form: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UserMistake, match=sentence):
        visionline.script(form)
    assert visionline.refusals.waiting == ()
