"""The control side of the simulated VisiOnline, as a tester with curl meets it."""

import re
from typing import Any

import pytest
import trio
from trio.abc import Clock

from agent.simulators.visionline import control
from agent.simulators.visionline.simulator import VisionlineSimulator
from tests.simulators.base.test_control import ask, done
from tests.simulators.visionline.callers import ORDER, Caller, room


async def test_the_documentation_names_every_entry_that_the_files_head_names(
    visionline: VisionlineSimulator,
) -> None:
    routes = (await done(visionline, "GET", "/"))["routes"]
    named = re.findall(r"(GET|POST) +(/[a-zA-Z/]+)", control.__doc__ or "")
    assert len(named) == 10
    assert all(f"{method} /_sim{path.replace('NAME', '{id}')}" in routes for method, path in named)
    assert all(routes.values())


async def test_written_cards_are_shown_with_query_body_and_the_doors_that_they_open(
    fast: VisionlineSimulator, caller: Caller
) -> None:
    await caller.encode("4", doorOperations=room("101", "Pool"))
    await caller.encode("5")
    first, second = await done(fast, "GET", "/cards")
    assert (first["order"]["encoder"], first["order"]["query"]["override"]) == ("4", "true")
    assert (first["opens"], first["overridden"]) == (["Pool"], True)
    assert (second["opens"], second["overridden"], second["number"]) == (["101"], False, 2)


async def test_a_door_tells_which_cards_open_it(fast: VisionlineSimulator, caller: Caller) -> None:
    await caller.encode(doorOperations=room("101", "Main entrance"))
    shown = await done(fast, "GET", "/doors/Main entrance")
    assert shown == {"door": "Main entrance", "category": "entrance", "opened_by": [1]}
    assert (await done(fast, "GET", "/doors/999"))["opened_by"] == []


async def test_calls_for_cards_are_kept_also_when_they_are_refused(
    fast: VisionlineSimulator, caller: Caller
) -> None:
    await caller.encode("Front%20Desk", expireTime="soon")
    (asked,) = await done(fast, "GET", "/requests")
    assert asked["target"] == "/api/v1/cards?action=encode&encoder=Front%20Desk&override=true"
    assert (asked["query"]["encoder"], asked["body"]) == ("Front Desk", {**ORDER, "expireTime": "soon"})


async def test_an_encoder_that_waits_is_shown_and_can_be_given_a_card(
    visionline: VisionlineSimulator, caller: Caller, nursery: trio.Nursery
) -> None:
    await done(visionline, "POST", "/slow", {"seconds": None})
    nursery.start_soon(caller.encode)
    await visionline.wait_asking("1")
    assert list(await done(visionline, "GET", "/waiting")) == ["1"]
    await done(visionline, "POST", "/present", {"encoder": "1"})
    assert await done(visionline, "GET", "/waiting") == {}
    assert (await done(visionline, "GET", "/counts"))["cards"] == 1


async def test_the_time_until_a_card_is_there_can_be_set(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    await done(visionline, "POST", "/slow", {"seconds": 7})
    began = trio.current_time()
    await caller.encode()
    assert trio.current_time() - began == 7


async def test_a_failure_is_shown_until_it_is_healed(visionline: VisionlineSimulator) -> None:
    await done(visionline, "POST", "/fail", {"kind": "500", "calls": 2})
    await done(visionline, "POST", "/refuse", {"kind": "interrupted", "written": True, "match": {"door": "101"}})
    trouble = await done(visionline, "GET", "/fail")
    assert [entry["kind"] for entry in (*trouble["faults"], *trouble["refusals"])] == ["500", "interrupted"]
    await done(visionline, "DELETE", "/fail")
    assert await done(visionline, "GET", "/fail") == {"absence": None, "faults": [], "refusals": []}


async def test_everything_is_counted(visionline: VisionlineSimulator, caller: Caller) -> None:
    visionline.switch(card_seconds=0)
    await caller.log_in(password="x")
    await caller.encode("4")
    await caller.call("GET", "/api/v1/doors", signed="x")
    await caller.call("DELETE", f"/api/v1/sessions/{caller.id}")
    await caller.call("GET", "/api/v1/doors")
    counts: dict[str, Any] = await done(visionline, "GET", "/counts")
    assert counts["calls"] == {"log-in": 2, "cards": 1, "doors": 2, "log-out": 1}
    assert (counts["log_ins"], counts["log_outs"], counts["open_sessions"], counts["cards"]) == (1, 1, 0, 1)
    refused = (counts["refused_log_ins"], counts["refused_sessions"], counts["refused_signatures"])
    assert (refused, counts["most_parallel"]) == ((1, 1, 1), {"4": 1})


async def test_all_sessions_can_be_ended(visionline: VisionlineSimulator, caller: Caller) -> None:
    await caller.log_in()
    await done(visionline, "POST", "/sessions/end")
    assert (await caller.call("GET", "/api/v1/doors")).status_code == 401


async def test_the_port_of_the_pms_interface_can_be_closed_alone(
    visionline: VisionlineSimulator, autojump_clock: Clock
) -> None:
    def closed() -> tuple[bool, bool]:
        return visionline.pms_presence.is_refusing, visionline.presence.is_refusing

    await done(visionline, "POST", "/pms/offline", {"seconds": 30})
    assert closed() == (True, False)
    await trio.sleep(30)
    assert closed() == (False, False)
    await done(visionline, "POST", "/pms/offline")
    await trio.sleep(10_000)
    assert closed() == (True, False)
    await done(visionline, "POST", "/pms/online")
    assert closed() == (False, False)


async def test_the_closed_web_api_leaves_the_pms_interface_open(visionline: VisionlineSimulator) -> None:
    await done(visionline, "POST", "/offline", {"how": "refuse", "seconds": 30})
    assert (visionline.pms_presence.is_refusing, visionline.presence.is_refusing) == (False, True)


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("/present", {}, "no encoder waits for a card"),
        ("/present", {"encoder": "1"}, "encoder '1' does not wait for a card"),
        ("/present", {"encoder": 1}, "encoder: 1 does not fit, write a text or null"),
        ("/present", {"over": 1}, "there is no card 1"),
        ("/slow", {"seconds": -1}, "card_seconds: -1.0 does not fit, write a number from 0 to"),
        ("/slow", {}, "seconds must be given"),
        ("/pms/offline", {"seconds": 0}, "seconds: 0 does not fit"),
        ("/refuse", {"kind": "no-crad"}, "there is no kind of trouble 'no-crad': did you mean 'no-card'?"),
        ("/switches", {"neither": "both"}, "neither: 'both' does not fit, write one of override, join, refuse"),
        ("/switches", {"more_accounts": ["sym"]}, "more_accounts: ['sym'] does not fit, write a list, of which "),
        ("/switches", {"doors": ["Pool=bar"]}, "doors: ['Pool=bar'] does not fit, write a list, of which each is"),
    ],
)
async def test_a_mistake_is_one_sentence_with_400(
    visionline: VisionlineSimulator, path: str, body: object, sentence: str
) -> None:
    status, answer = await ask(visionline, "POST", path, body)
    assert (status, answer["error"].startswith(sentence)) == (400, True), answer
