"""The recording of a lesson holds names, shapes and delays, and no value of the site, not even a part of one."""

import json
from pathlib import Path
from typing import Any

import pytest
from trio.testing import MockClock

from agent.drivers.coder_bridge.learning import recording
from agent.drivers.coder_bridge.learning.shapes import Known, known
from agent.drivers.coder_bridge.protocol.exchange import Exchange
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.simulators.coder_bridge.site import pairs
from provisioning.secret import Secret
from tests.drivers.coder_bridge.bridge_bench import PASSWORD, SERVER
from tests.drivers.coder_bridge.learning.site_bench import ENCODERS, Ways, site_bench
from tests.drivers.coder_bridge.profile_bench import BUILT_IN

LEAST = 4  # characters of a value that are looked for; shorter parts occur by chance


def line(exchange: Exchange, site: Known | None = None) -> dict[str, Any]:
    found = json.loads(recording.line(exchange, BUILT_IN.answers, site or Known()))
    assert isinstance(found, dict)
    return found


def parts(text: str) -> set[str]:
    """All parts of a value that are long enough to be looked for."""
    return {text[at : at + LEAST] for at in range(len(text) - LEAST + 1)}


async def test_no_value_of_a_site_is_in_its_recording(autojump_clock: MockClock, tmp_path: Path) -> None:
    rooms = ("101", "Zirbenstube", "Gartenhaus 77431")
    ways = Ways(
        switches={"rooms": rooms, "client_id": "quitzow-konto", "echo_secrets": True, "unknown_fields": True}
    )
    async with site_bench(tmp_path, ways) as bench:
        bench.simulator.fail("no-card", Slot.GUEST_KEY, message="Xaverl Wpqz fehlt", calls=1, seconds=0.0)
        bench.simulator.fail("no-card", Slot.READ_CARD, message="Kjhgfd", calls=1, seconds=0.0)
        for _ in range(2):
            await bench.learn()
        kept = bench.learner().recording.read_text().casefold() + bench.file.read_text().casefold()
        host = SERVER.removeprefix("http://").partition("/")[0]
        values = {"quitzow-konto", PASSWORD, host, *ENCODERS.values(), *rooms, "Xaverl Wpqz", "Kjhgfd"}
        cuts = bench.simulator.cuts
        values |= {text for cut in cuts for text in (cut.tid, cut.cid, cut.end)}
        switches = bench.simulator.switches
        values |= {*pairs(switches.special_areas).values(), *pairs(switches.checkout_times).values()}
        assert len(values) > 20
        assert {part for value in values for part in parts(value.casefold()) if part in kept} <= OUR_OWN
        assert "eyj" not in kept
        assert '"101"' not in kept


OUR_OWN = parts("bridge-") | parts("/2026")  # of "coder-bridge" and of no date


async def test_a_lesson_that_goes_on_adds_to_its_recording(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path) as bench:
        await bench.learn()
        before = bench.learner().recording.read_bytes()
        await bench.learn()
        after = bench.learner().recording.read_bytes()
        assert after.startswith(before)
        assert len(after) > len(before)
        assert after.count(recording.head()) == 1


def test_an_exchange_is_told_by_names_and_kinds() -> None:
    fields = {"rm": "101", "enco": "1", "movein": "11/26/2026", "moveout": "20261129", "sa_guest": "", "tid": "7"}
    exchange = Exchange(Slot.GUEST_KEY, "POST", "/pms/cikey", fields)
    answer = exchange.answered(500, "Application/JSON; charset=x", b'{"Result":"0"}', 2.1234)
    assert line(answer) == {
        "slot": "guest_key",
        "method": "POST",
        "path": "/pms/cikey",
        "sent": [
            ["rm", "room"],
            ["enco", "encoder"],
            ["movein", "start date MM/dd/yyyy"],
            ["moveout", "end date"],
            ["sa_guest", "empty"],
            ["tid", "tid"],
        ],
        "seconds": 2.12,
        "status": 500,
        "type": "application/json",
        "answer": {"object": [["Result", "text success"]]},
    }


@pytest.mark.parametrize(
    ("given", "kept"), [("", ""), ("text/html", "text/html"), ("application/x-aurora", "other")]
)
def test_a_type_that_is_no_usual_one_is_hidden(given: str, kept: str) -> None:
    assert line(Exchange(Slot.AUTH, "POST", "/auth", {}).answered(200, given, b"", 0))["type"] == kept


def test_an_answer_that_never_came_is_told_as_lost() -> None:
    told = line(Exchange(Slot.GUEST_KEY, "POST", "/pms/key", {}).lost_after(90))
    assert (told["lost"], told["seconds"], "status" in told) == (True, 90, False)


def test_an_address_with_a_value_in_it_is_hidden_and_so_are_unknown_fields() -> None:
    site = known({"room": ("Zirbenstube",), "username": ("aurora",)})
    fields: dict[str, str | Secret] = {
        "client_id": "aurora",
        "client_pw": Secret("x"),
        "other": "Zirbenstube",
        "y": "z",
    }
    told = line(Exchange(Slot.AUTH, "POST", "/aurora/auth", fields).answered(200, "", b"", 0), site)
    assert told["path"] == ""
    assert told["sent"] == [["client_id", "username"], ["client_pw", "secret"], ["other", "room"], ["y", "text"]]


def test_an_exchange_shows_neither_fields_nor_body() -> None:
    exchange = Exchange(Slot.AUTH, "POST", "/auth", {"a": "canary"}).answered(200, "", b"canary", 0)
    assert "canary" not in repr(exchange)
