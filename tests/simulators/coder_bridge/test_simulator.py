"""The simulated Coder Bridge: its slots, its tokens, its answers in every position of the switches."""

import base64
import json
from datetime import timedelta

import pytest
import trio

from agent.simulators.base.replies import Reply, Request
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.slots import ADDRESSES, Address, Fields, Slot
from tests.simulators.conftest import NOON, Post

KEY = {"rm": "101", "enco": "1", "movein": "05/04/2016", "moveout": "05/06/2016"}
CREDENTIALS = {"client_id": "night-porter", "client_pw": "bridge-password"}
CALLS: dict[Slot, dict[str, str]] = {
    Slot.CONFIG_ROOMS: {},
    Slot.CONFIG_CHECKOUT_TIMES: {},
    Slot.CONFIG_SPECIAL_AREAS: {},
    Slot.ROOM_CHECKIN: {"rm": "101"},
    Slot.ROOM_CHECKOUT: {"rm": "101"},
    Slot.GUEST_KEY: KEY,
    Slot.GUEST_KEY_PRECHECKIN: KEY,
    Slot.GUEST_KEY_CHECKOUT: {"rm": "101", "tid": "100001"},
    Slot.MOBILE_KEY: {"rm": "101", "user_id": "7", "checkout_date": "05/06/2016"},
    Slot.MOBILE_KEY_PUSH: {"rm": "101", "user_id": "7", "checkout_date": "05/06/2016", "push_address": "x"},
    Slot.READ_CARD: {"enco": "1"},
}


@pytest.fixture
def fast(bridge: CoderBridgeSimulator) -> CoderBridgeSimulator:
    bridge.switch(card_seconds=0)
    return bridge


@pytest.mark.parametrize("slot", CALLS)
async def test_every_slot_answers_with_200_once_a_key_was_cut(
    fast: CoderBridgeSimulator, to_bridge: Post, slot: Slot
) -> None:
    await to_bridge("/pms/cikey", **KEY)
    answer = await to_bridge(ADDRESSES[slot].path, **CALLS[slot])
    assert (answer.status_code, fast.calls[slot] >= 1) == (200, True)
    if ADDRESSES[slot].method == "POST":
        assert answer.json()["result"] == 0


async def test_a_cut_is_recorded_with_the_requests_own_texts(fast: CoderBridgeSimulator, to_bridge: Post) -> None:
    answer = await to_bridge("/pms/cikey", **KEY, sa_guest="1;3")
    (cut,) = fast.cuts
    assert (cut.encoder, cut.room, cut.areas, cut.start, cut.end) == (
        "1",
        "101",
        "1;3",
        "05/04/2016",
        "05/06/2016",
    )
    assert answer.json()["data"] == {"tid": cut.tid, "cid": cut.cid}


async def test_two_keys_have_two_ids(fast: CoderBridgeSimulator, to_bridge: Post) -> None:
    await to_bridge("/pms/cikey", **KEY)
    await to_bridge("/pms/cikey", **KEY)
    assert len({cut.tid for cut in fast.cuts}) == len({cut.cid for cut in fast.cuts}) == 2


@pytest.mark.parametrize("slot", list(CALLS))
async def test_every_slot_but_auth_needs_a_bearer_token(
    bridge: CoderBridgeSimulator, to_bridge: Post, slot: Slot
) -> None:
    answer = await to_bridge(ADDRESSES[slot].path, token="made up", **CALLS[slot])
    assert (answer.status_code, answer.content, bridge.refused_tokens, bridge.cuts) == (401, b"", 1, ())


async def test_a_token_in_another_scheme_is_refused(bridge: CoderBridgeSimulator, to_bridge: Post) -> None:
    token = (await to_bridge("/auth/auth", **CREDENTIALS)).json()["value"]
    request = Request("GET", "/mst/enc/config/rooms", headers={"authorization": f"JWT {token}"})
    reply = await bridge.handle(request)
    assert isinstance(reply, Reply)
    assert reply.status == 401


@pytest.mark.parametrize(
    ("field", "value"),
    [*((field, value) for field in ("rm", "enco") for value in (None, "", 101)), ("moveout", 101)],
)
async def test_a_key_without_a_field_as_text_is_refused_in_words(
    fast: CoderBridgeSimulator, to_bridge: Post, field: str, value: object
) -> None:
    answer = await to_bridge("/pms/cikey", **{**KEY, field: value})
    assert (answer.status_code, answer.json()["result"], fast.cuts) == (500, 1, ())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/mst/enc/pms/cikey", 405), ("POST", "/mst/enc/pms/ciKey", 404), ("POST", "/pms/cikey", 404)],
)
async def test_a_wrong_address_is_the_web_servers_answer(
    bridge: CoderBridgeSimulator, method: str, path: str, status: int
) -> None:
    reply = await bridge.handle(Request(method, path))
    assert isinstance(reply, Reply)
    assert reply.status == status


@pytest.mark.parametrize(
    ("content_type", "body", "status"), [("text/plain", b"{}", 415), ("application/json", b"{", 400)]
)
async def test_a_body_that_is_no_json_is_refused(
    bridge: CoderBridgeSimulator, content_type: str, body: bytes, status: int
) -> None:
    request = Request("POST", "/mst/enc/auth/auth", headers={"content-type": content_type}, body=body)
    reply = await bridge.handle(request)
    assert isinstance(reply, Reply)
    assert reply.status == status


async def test_a_site_may_have_other_addresses_and_fields() -> None:
    bridge = CoderBridgeSimulator(
        addresses={Slot.GUEST_KEY: Address("POST", "/v2/key")}, fields=Fields(encoder="encoderNumber")
    )
    bridge.switch(card_seconds=0, base="/bridge")
    token = bridge.tokens.issue(NOON, bridge.switches)
    body = json.dumps({"rm": "101", "encoderNumber": "9", "moveout": "x"}).encode()
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json; charset=utf-8"}
    await bridge.handle(Request("POST", "/bridge/v2/key", headers=headers, body=body))
    assert [cut.encoder for cut in bridge.cuts] == ["9"]


@pytest.mark.parametrize("status", [500, 200, 400])
async def test_a_refusal_in_words_has_the_switched_status(
    bridge: CoderBridgeSimulator, to_bridge: Post, status: int
) -> None:
    bridge.switch(failure_status=status, rooms=("102",))
    answer = await to_bridge("/pms/cikey", **KEY)
    assert (answer.status_code, answer.json()) == (status, {"result": 2, "msg": "The room is not known"})


async def test_a_success_may_come_with_500(fast: CoderBridgeSimulator, to_bridge: Post) -> None:
    fast.switch(success_status=500)
    answer = await to_bridge("/pms/cikey", **KEY)
    assert (answer.status_code, answer.json()["result"], len(fast.cuts)) == (500, 0, 1)


async def test_rooms_have_two_neighbouring_status_keys_as_raw_text(
    bridge: CoderBridgeSimulator, to_bridge: Post
) -> None:
    bridge.switch(rooms=("101",), first_status="a", second_status="b")
    assert (await to_bridge("/config/rooms")).content == (
        b'{"rooms":[{"rm":"101","status":"a","status":"b","untildate":"1900-01-01T00:00:00"}]}'
    )


async def test_rooms_may_have_one_status_key(bridge: CoderBridgeSimulator, to_bridge: Post) -> None:
    bridge.switch(rooms=("101",), two_status_keys=False)
    assert (await to_bridge("/config/rooms")).content.count(b'"status"') == 1


@pytest.mark.parametrize(
    ("switches", "body"),
    [
        ({"ids_as_numbers": True}, b'{"result":0,"msg":"OK","data":{"tid":100001,"cid":900001}}'),
        ({"result_as": "text"}, b'{"result":"0","msg":"OK","data":{"tid":"100001","cid":"900001"}}'),
        ({"result_as": "float"}, b'{"result":0.0,"msg":"OK","data":{"tid":"100001","cid":"900001"}}'),
        ({"name_case": "pascal"}, b'{"Result":0,"Msg":"OK","Data":{"Tid":"100001","Cid":"900001"}}'),
        ({"name_case": "upper"}, b'{"RESULT":0,"MSG":"OK","DATA":{"TID":"100001","CID":"900001"}}'),
        ({"success_msg": "null"}, b'{"result":0,"msg":null,"data":{"tid":"100001","cid":"900001"}}'),
        ({"success_msg": "missing"}, b'{"result":0,"data":{"tid":"100001","cid":"900001"}}'),
        ({"tid": "empty"}, b'{"result":0,"msg":"OK","data":{"tid":"","cid":"900001"}}'),
        ({"tid": "null", "ids_as_numbers": True}, b'{"result":0,"msg":"OK","data":{"tid":null,"cid":900001}}'),
    ],
)
async def test_types_and_names_of_an_answer_follow_the_switches(
    fast: CoderBridgeSimulator, to_bridge: Post, switches: dict[str, object], body: bytes
) -> None:
    fast.switch(**switches)
    answer = await to_bridge("/pms/cikey", **KEY)
    assert answer.content.replace(b'"Data":{"tid"', b'"Data":{"Tid"') == body


async def test_unknown_members_appear_when_switched_on(fast: CoderBridgeSimulator, to_bridge: Post) -> None:
    fast.switch(unknown_fields=True)
    assert "trace" in (await to_bridge("/pms/cikey", **KEY)).json()


@pytest.mark.parametrize(
    ("kind", "status", "has_body"),
    [("401-empty", 401, False), ("401-json", 401, True), ("403-empty", 403, False), ("500-json", 500, True)],
)
async def test_bad_credentials_and_bad_tokens_are_answered_as_switched(
    bridge: CoderBridgeSimulator, to_bridge: Post, kind: str, status: int, has_body: bool
) -> None:
    bridge.switch(bad_credentials=kind, bad_token=kind)
    log_in = await to_bridge("/auth/auth", client_id="night-porter", client_pw="wrong")
    call = await to_bridge("/config/rooms", token="wrong")
    for answer in (log_in, call):
        assert (answer.status_code, bool(answer.content)) == (status, has_body)
    assert (bridge.refused_log_ins, bridge.refused_tokens) == (1, 1)


async def test_a_token_lives_for_its_seconds(
    bridge: CoderBridgeSimulator, to_bridge: Post, autojump_clock: trio.abc.Clock
) -> None:
    bridge.switch(token_seconds=60)
    token = (await to_bridge("/auth/auth", **CREDENTIALS)).json()["value"]
    await trio.sleep(59)
    assert (await to_bridge("/config/rooms", token=token)).status_code == 200
    await trio.sleep(1)
    assert (await to_bridge("/config/rooms", token=token)).status_code == 401


async def test_a_token_lives_for_its_number_of_calls(bridge: CoderBridgeSimulator, to_bridge: Post) -> None:
    bridge.switch(token_calls=2)
    token = (await to_bridge("/auth/auth", **CREDENTIALS)).json()["value"]
    assert [(await to_bridge("/config/rooms", token=token)).status_code for _ in range(3)] == [200, 200, 401]


async def test_all_tokens_can_end_as_after_a_restart(bridge: CoderBridgeSimulator, to_bridge: Post) -> None:
    token = (await to_bridge("/auth/auth", **CREDENTIALS)).json()["value"]
    bridge.tokens.end_all()
    assert (await to_bridge("/config/rooms", token=token)).status_code == 401


@pytest.mark.parametrize(
    ("claim", "life"),
    [
        ("none", None),
        ("true", timedelta(seconds=90)),
        ("past", timedelta(hours=-1)),
        ("future", timedelta(days=3650)),
    ],
)
async def test_a_token_looks_like_a_jwt_and_claims_what_is_switched(
    bridge: CoderBridgeSimulator, to_bridge: Post, claim: str, life: timedelta | None
) -> None:
    bridge.switch(token_exp=claim, token_seconds=90)
    token = (await to_bridge("/auth/auth", **CREDENTIALS)).json()["value"]
    _, claims, _ = (base64.urlsafe_b64decode(part + "==") for part in token.split("."))
    assert json.loads(claims).get("exp") == (life and int((NOON + life).timestamp()))


async def test_a_key_can_be_cancelled_once_and_only_with_its_room(
    fast: CoderBridgeSimulator, to_bridge: Post
) -> None:
    tid = (await to_bridge("/pms/cikey", **KEY)).json()["data"]["tid"]
    calls = [("102", tid), ("101", "nonsense"), ("101", tid), ("101", tid)]
    answers = [(await to_bridge("/pms/cokey", rm=room, tid=id)).json() for room, id in calls]
    assert [answer["result"] for answer in answers] == [7, 7, 0, 8]


@pytest.mark.parametrize("is_coupled", [True, False])
async def test_key_and_room_calls_move_the_occupancy_only_when_coupled(
    fast: CoderBridgeSimulator, to_bridge: Post, is_coupled: bool
) -> None:
    fast.switch(rms_coupling=is_coupled)
    tid = (await to_bridge("/pms/cikey", **KEY)).json()["data"]["tid"]
    await to_bridge("/pms/ciems", rm="101")
    assert fast.occupied["101"] is is_coupled
    await to_bridge("/pms/cokey", rm="101", tid=tid)
    assert fast.occupied["101"] is False


async def test_reading_a_card_tells_the_last_one_cut_at_that_encoder(
    fast: CoderBridgeSimulator, to_bridge: Post
) -> None:
    await to_bridge("/pms/cikey", **KEY)
    await to_bridge("/pms/cikey", **{**KEY, "rm": "102", "enco": "2"})
    assert (await to_bridge("/pms/readkey", enco="1")).json()["data"]["rm"] == "101"


async def test_reading_without_any_card_is_refused_in_words(
    fast: CoderBridgeSimulator, to_bridge: Post, autojump_clock: trio.abc.Clock
) -> None:
    assert (await to_bridge("/pms/readkey", enco="1")).json()["result"] == 6
