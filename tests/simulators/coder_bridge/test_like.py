"""The simulator that is like a recording: where calls are, how answers look, and what is no recording."""

import argparse
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import MockClock

from agent.foundation.errors import UserMistake
from agent.simulators import command_line
from agent.simulators.coder_bridge.like import LikeRecording, Recorded, read
from agent.simulators.coder_bridge.slots import Slot
from tests.in_process import SimulatorTransport

HEAD = b'{"recording":1,"of":"coder-bridge"}\n'
LOG_IN = {"object": [["Token", "text token"], ["expires", "text date yyyy-MM-dd'T'HH:mm:ssXXX"]]}
KEY = {"object": [["Result", "text success"], ["Data", {"object": [["TID", "integer"], ["TID", "text id"]]}]]}
REFUSED = {"object": [["Result", "float failure"], ["(name)", "null"], ["busy", "boolean"], ["m", {"list": []}]]}
SENT = [["zimmer", "room"], ["leser", "encoder"], ["ab", "start date dd.MM.yyyy"], ["bis", "end date dd.MM.yyyy"]]


def exchange(slot: str, answer: Any, **more: Any) -> dict[str, Any]:
    return {"slot": slot, "method": "POST", "path": f"/x/{slot}", "status": 200, "answer": answer} | more


def recording(*exchanges: dict[str, Any]) -> bytes:
    return HEAD + b"".join(json.dumps(each).encode() + b"\n" for each in exchanges)


def recorded(*exchanges: dict[str, Any]) -> tuple[Recorded, ...]:
    return read(recording(*exchanges), "site.jsonl")


async def post(simulator: LikeRecording, path: str, token: str = "", **fields: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=SimulatorTransport(simulator), base_url="http://bridge") as client:
        headers = {"Authorization": f"Bearer {token}"}
        return await client.post(f"/mst/enc{path}", json=fields, headers=headers, timeout=None)


ACCOUNT = {"client_id": "night-porter", "client_pw": "bridge-password"}


async def test_calls_and_fields_are_where_they_were_recorded(autojump_clock: MockClock) -> None:
    like = LikeRecording(
        recorded(
            exchange("guest_key", {"raw": "empty"}, path="/pms/wrong", status=404),
            exchange("guest_key", KEY, status=500, type="application/json", sent=SENT, seconds=9.0),
            exchange("guest_key", REFUSED, type="text/html", path="/x/guest_key"),
            exchange("auth", LOG_IN, path="/auth/auth", type="application/json"),
        )
    )
    token = (await post(like, "/auth/auth", **ACCOUNT)).json()["Token"]
    wanted = {"zimmer": "101", "leser": "1", "ab": "01.12.2026", "bis": "13.12.2026"}
    answer = await post(like, "/x/guest_key", token, **wanted)
    (cut,) = like.cuts
    assert (cut.room, cut.encoder, cut.start, cut.end) == ("101", "1", "01.12.2026", "13.12.2026")
    assert (answer.status_code, answer.text) == (
        500,
        f'{{"Result":"0","Data":{{"TID":{cut.tid},"TID":"{cut.tid}"}}}}',
    )
    refused = await post(like, "/x/guest_key", token)
    assert refused.text == '{"Result":1.0,"name0_1":null,"busy":true,"m":[]}'
    assert refused.headers["content-type"] == "text/html; charset=utf-8"
    assert (await post(like, "/pms/cikey", token)).status_code == 404


@pytest.mark.parametrize(
    ("answer", "kind", "body"),
    [
        ({"raw": "empty"}, "", b""),
        ({"raw": "html"}, "text/html", b"<html>"),
        ({"raw": "other"}, "other", b"~ no JSON"),
        (
            {"list": ["integer", "text number", "text room", "text", "text empty"]},
            "",
            b'[1,"1","made-up room","made-up",""]',
        ),
        ({"list": ["text token", "text date yyyyMMdd"]}, "", b'["made-up-text-as-long-as-a-token","2'),
    ],
)
async def test_a_refusal_has_the_recorded_body(
    autojump_clock: MockClock, answer: Any, kind: str, body: bytes
) -> None:
    said = exchange("room_checkout", answer, type=kind, status=409)
    good = exchange("room_checkout", {"object": [["result", "integer success"]]})
    like = LikeRecording(recorded(good, said))
    token = (await post(like, "/auth/auth", **ACCOUNT)).json()["value"]
    found = await post(like, "/x/room_checkout", token)
    assert found.status_code == 409
    assert found.content.startswith(body)
    assert (await post(like, "/x/room_checkout", token, rm="101")).json() == {"result": 0}


async def test_rows_come_in_all_recorded_shapes_in_turn(autojump_clock: MockClock) -> None:
    rows = {
        "list": [{"object": [["rm", "text room"]]}, {"object": [["RM", "integer"], ["status", "text number"]]}]
    }
    said = exchange("config_rooms", {"object": [["rooms", rows]]}, method="GET", path="/config/rooms")
    like = LikeRecording(recorded(said))
    like.switch(rooms=("101", "102", "103"))
    token = (await post(like, "/auth/auth", **ACCOUNT)).json()["value"]
    async with httpx.AsyncClient(transport=SimulatorTransport(like), base_url="http://bridge") as client:
        answer = await client.get("/mst/enc/config/rooms", headers={"Authorization": f"Bearer {token}"})
    assert [next(iter(row.values())) for row in answer.json()["rooms"]] == ["101", 102, "103"]


async def test_a_token_that_is_refused_is_refused_as_ever(autojump_clock: MockClock) -> None:
    like = LikeRecording(recorded(exchange("guest_key", KEY, sent=SENT)))
    assert (await post(like, "/x/guest_key", "old", zimmer="101")).status_code == 401
    assert (await post(like, "/elsewhere")).status_code == 404


def test_an_answer_that_was_lost_is_left_out() -> None:
    lost = {"slot": "guest_key", "method": "POST", "path": "/x", "seconds": 90, "lost": True}
    assert recorded(lost) == ()


def test_a_recording_that_was_broken_off_in_its_last_line_is_read() -> None:
    content = recording(exchange("auth", "text")) + b'{"slot":"gue'
    assert [each.slot for each in read(content, "x")] == [Slot.AUTH]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no recording"),
        (b"\xff", "is no recording"),
        (b'{"recording":2,"of":"coder-bridge"}\n', "is no recording"),
        (HEAD + b"{}\n", "line 2, is no exchange"),
        (recording(exchange("auth", "text"), exchange("auth", 7)), "line 3, is no exchange"),
        (recording(exchange("auth", {"raw": "png"})), "line 2"),
        (recording(exchange("auth", {"list": 1})), "line 2"),
        (recording(exchange("auth", {"object": [["a"]]})), "line 2"),
        (recording(exchange("auth", {"list": [None]})), "line 2"),
        (recording(exchange("auth", "x" * 200)), "line 2"),
        (recording(exchange("other", "text")), "line 2"),
    ],
)
def test_what_is_no_recording_is_one_sentence(content: bytes, words: str) -> None:
    with pytest.raises(UserMistake, match=words):
        read(content, "site.jsonl")


shapes = st.recursive(
    st.sampled_from(
        ["text", "integer success", "float", "null", "boolean", "text date dd.MM.yyyy %q 'x", "odd odd", ""]
    ),
    lambda inner: (
        st.fixed_dictionaries({"list": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"object": st.lists(st.tuples(st.text(max_size=5), inner), max_size=3)})
    ),
    max_leaves=10,
)


@given(shapes, st.booleans())
def test_any_shape_can_be_answered(shape: Any, is_success: bool) -> None:
    said = exchange("auth", shape, path="/auth/auth", status=200 if is_success else 400)
    try:
        known = recorded(said)
    except UserMistake:
        return

    async def log_in() -> None:
        answer = await post(LikeRecording(known), "/auth/auth", **ACCOUNT)
        assert answer.status_code == 200
        json.loads(answer.content)

    trio.run(log_in)


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command_line.add_arguments(parser)
    return parser.parse_args(words)


def test_the_switch_takes_a_file(tmp_path: Path) -> None:
    file = tmp_path / "site.recording.jsonl"
    file.write_bytes(recording(exchange("auth", LOG_IN)))
    simulator = command_line._simulator("coder-bridge", arguments("coder-bridge", "--like", str(file)))
    assert isinstance(simulator, LikeRecording)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match=r"--like: .* cannot be read: no such file"):
        command_line._simulator("coder-bridge", arguments("coder-bridge", "--like", str(tmp_path / "none")))
