"""The control side, as a tester with curl meets it."""

import json
from typing import Any

import pytest
import trio
from trio.abc import Clock

from agent.simulators.base.replies import Drop, Hang, Reply, Request
from agent.simulators.base.simulator import CommonSwitches, Simulator
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import MewsSwitches
from agent.simulators.visionline.simulator import VisionlineSimulator
from agent.simulators.visionline.switches import VisionlineSwitches
from tests.simulators.conftest import NOON, Post

ACTIVE = "commands/getAllActive"


async def ask(simulator: Simulator[Any], method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Status and decoded answer of the control side."""
    raw = b"" if body is None else json.dumps(body).encode()
    reply = await simulator.handle(Request(method, f"/_sim{path}", body=raw))
    assert isinstance(reply, Reply)
    return reply.status, json.loads(reply.body)


async def done(simulator: Simulator[Any], method: str, path: str, body: object = None) -> Any:
    status, answer = await ask(simulator, method, path, body)
    assert status == 200, answer
    return answer


@pytest.mark.parametrize(
    ("simulator", "switches"),
    [
        (MewsSimulator(), MewsSwitches),
        (CoderBridgeSimulator(), CoderBridgeSwitches),
        (VisionlineSimulator(), VisionlineSwitches),
    ],
    ids=["mews", "coder-bridge", "visionline"],
)
async def test_the_documentation_names_every_switch_with_its_meaning(
    simulator: Simulator[Any], switches: type[CommonSwitches]
) -> None:
    documented = (await done(simulator, "GET", "/"))["switches"]
    assert set(documented) == set(switches.__struct_fields__)
    assert all(entry["what"] and entry["takes"] for entry in documented.values())


async def test_an_ordered_key_can_be_followed_and_cancelled(mews: MewsSimulator) -> None:
    id = (await done(mews, "POST", "/commands", {"encoder": "7", "rooms": ["101"], "copies": 2}))["id"]
    shown = await done(mews, "GET", f"/commands/{id}")
    assert (shown["key_cutter"], shown["rooms"], shown["copies"], shown["state"]) == ("7", ["101"], 2, "Pending")
    await done(mews, "POST", f"/commands/{id}/cancel")
    (listed,) = await done(mews, "GET", "/commands")
    assert [(step["state"], step["by"]) for step in listed["history"]] == [
        ("Pending", "mews"),
        ("Cancelled", "staff"),
    ]


async def test_a_key_can_be_ordered_in_the_past_with_any_data(mews: MewsSimulator) -> None:
    order = {"created": "2016-05-04T11:00:00", "data": {"KeyCount": 0}, "device_type": None, "key_cutter": "3"}
    id = (await done(mews, "POST", "/commands", order))["id"]
    command = mews.command(id)
    assert (command.created, command.data, command.device.type) == (NOON.replace(hour=11), {"KeyCount": 0}, None)


async def test_prints_raw_text_and_broken_neighbours_can_be_ordered(mews: MewsSimulator, to_mews: Post) -> None:
    await done(mews, "POST", "/print-commands", {"printer": "P", "copies": 1.5})
    await done(mews, "POST", "/raw", {"text": '"raw"'})
    await done(mews, "POST", "/neighbours", {"kind": "number"})
    raw, number, printed = (await to_mews(ACTIVE)).json()["Commands"]
    assert (raw, number, printed["Data"]["CopyCount"]) == ("raw", 17, 1.5)
    await done(mews, "DELETE", "/neighbours")
    assert len((await to_mews(ACTIVE)).json()["Commands"]) == 1


async def test_somebody_elses_connector_can_take_a_command_and_the_session(mews: MewsSimulator) -> None:
    id = mews.add_key()
    await done(mews, "POST", f"/commands/{id}/state", {"state": "Processing", "by": "box 2"})
    await done(mews, "POST", "/rival")
    assert (mews.command(id).history[-1].by, mews.sessions.rival_sign_ins) == ("box 2", 1)


async def test_switches_are_shown_as_they_are_after_a_change(mews: MewsSimulator) -> None:
    changed = await done(mews, "POST", "/switches", {"bad_transition_status": 409, "mark_received": True})
    assert changed == await done(mews, "GET", "/switches")
    assert (changed["bad_transition_status"], changed["mark_received"]) == (409, True)


async def test_a_fault_is_shown_until_it_is_healed(bridge: CoderBridgeSimulator) -> None:
    await done(bridge, "POST", "/fail", {"kind": "500", "calls": 2})
    await done(bridge, "POST", "/refuse", {"kind": "no-card", "match": {"encoder": "1"}})
    trouble = await done(bridge, "GET", "/fail")
    assert [entry["kind"] for entry in (*trouble["faults"], *trouble["refusals"])] == ["500", "no-card"]
    await done(bridge, "DELETE", "/fail")
    assert await done(bridge, "GET", "/fail") == {"absence": None, "faults": [], "refusals": []}


async def test_cuts_and_counts_are_shown(bridge: CoderBridgeSimulator, to_bridge: Post) -> None:
    await done(bridge, "POST", "/slow", {"seconds": 0})
    await to_bridge("/pms/cikey", rm="101", enco="4", moveout="x")
    (cut,) = await done(bridge, "GET", "/cuts")
    assert (cut["encoder"], cut["room"]) == ("4", "101")
    counts = await done(bridge, "GET", "/counts")
    assert (counts["cuts"], counts["log_ins"], counts["calls"]) == (1, 1, {"auth": 1, "guest_key": 1})


async def test_all_tokens_of_the_bridge_can_be_ended(bridge: CoderBridgeSimulator) -> None:
    token = bridge.tokens.issue(NOON, bridge.switches)
    await done(bridge, "POST", "/tokens/end")
    assert not bridge.tokens.use(token, bridge.switches)


async def test_the_clock_can_be_shifted_and_says_what_it_shows(mews: MewsSimulator, autojump_clock: Clock) -> None:
    assert await done(mews, "POST", "/clock", {"shift_seconds": -60}) == {"now": "2016-05-04T11:59:00Z"}
    await trio.sleep(61)
    assert mews.date() == "Wed, 04 May 2016 12:00:01 GMT"


@pytest.mark.parametrize(("how", "reply"), [("drop", Drop), ("hang", Hang)])
async def test_an_absent_server_still_has_its_control_side_and_comes_back(
    mews: MewsSimulator, how: str, reply: type[object]
) -> None:
    await done(mews, "POST", "/offline", {"how": how})
    request = Request("POST", f"/api/connector/v1/{ACTIVE}", body=b"{}")
    assert isinstance(await mews.handle(request), reply)
    await done(mews, "POST", "/online")
    assert isinstance(await mews.handle(request), Reply)


async def test_a_closed_port_opens_again_after_its_seconds(mews: MewsSimulator, autojump_clock: Clock) -> None:
    await done(mews, "POST", "/offline", {"how": "refuse", "seconds": 30})
    began = trio.current_time()
    await mews.presence.wait_open()
    assert (trio.current_time() - began, mews.presence.is_refusing) == (30, False)


@pytest.mark.parametrize(
    ("method", "path", "body", "sentence"),
    [
        ("POST", "/switches", {"lattency": 1}, "there is no switch 'lattency': did you mean 'latency_seconds'?"),
        (
            "POST",
            "/switches",
            {"latency_seconds": "x"},
            "latency_seconds: 'x' does not fit, write a number from 0 up",
        ),
        (
            "POST",
            "/switches",
            {"latency_seconds": -1},
            "latency_seconds: -1 does not fit, write a number from 0 up",
        ),
        ("POST", "/switches", {"mark_received": "yes"}, "mark_received: 'yes' does not fit, write true or false"),
        ("POST", "/switches", ["x"], 'the body must be a JSON object, for example {"name": "value"}'),
        ("POST", "/comands", {}, "there is no POST /_sim/comands: did you mean POST /_sim/commands?"),
        ("GET", "/commands/none", None, "there is no command 'none'"),
        ("POST", "/commands/none/cancel", None, "there is no command 'none'"),
        ("POST", "/commands", {"copies": "two"}, "copies: 'two' does not fit, write a number"),
        ("POST", "/commands", {"created": "noon"}, "created: 'noon' does not fit, write a date and time like "),
        ("POST", "/raw", {}, "text must be given"),
        ("POST", "/offline", {}, "seconds must be given: a closed port cannot be told to open again"),
        ("POST", "/clock", {"shift_seconds": 1e12}, "shift_seconds: 1000000000000.0 does not fit, write a number"),
        ("POST", "/clock", {"shift_seconds": -9e10}, "shift_seconds: -90000000000.0 does not fit, write a number"),
        ("POST", "/clock", {"shift_seconds": 1e10 * 25}, "shift_seconds: 250000000000.0 does not fit"),
    ],
)
async def test_a_mistake_is_one_sentence_with_400(
    mews: MewsSimulator, method: str, path: str, body: object, sentence: str
) -> None:
    status, answer = await ask(mews, method, path, body)
    assert (status, answer["error"].startswith(sentence)) == (400, True), answer


async def test_the_clock_cannot_be_shifted_off_the_calendar(mews: MewsSimulator) -> None:
    for _ in range(40):
        status, answer = await ask(mews, "POST", "/clock", {"shift_seconds": 1e10})
    assert (status, answer) == (400, {"error": "shift_seconds goes beyond the calendar"})


async def test_a_switch_that_does_not_fit_leaves_the_others_of_the_request_alone(mews: MewsSimulator) -> None:
    before = mews.switches
    await ask(mews, "POST", "/switches", {"mark_received": True, "transitions": "sometimes"})
    assert mews.switches == before
