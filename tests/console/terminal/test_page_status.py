"""The box's page as the serial line reads it."""

import msgspec
import pytest

from agent.console.terminal.page_status import ShownFault, Status, decode, troubles_text
from agent.health.catalogue import CATALOGUE
from agent.health.health import Health
from agent.hotel.snapshot_facts import HotelFacts, snapshot_of
from agent.pipeline.orders import Orders
from agent.status.snapshot.facts import HopFacts, HopState
from provisioning.model import Support
from tests.status.samples import fault, hostile, snapshot


def test_a_box_that_is_well_has_no_troubles() -> None:
    told = decode(200, msgspec.json.encode(snapshot()))
    assert told == Status(
        True, "ok", snapshot().summary.text, timezone="Europe/Vienna", time="2026-03-28T23:30:00+01:00"
    )


def test_faults_come_with_their_words_and_hints() -> None:
    told = decode(503, msgspec.json.encode(snapshot(fault("E-ENCODER", "encoder:1", "No card."))))
    kind = CATALOGUE["E-ENCODER"]
    assert told is not None
    assert (told.is_agent, told.level) == (False, "warning")
    assert told.troubles == (
        ShownFault("E-ENCODER", kind.title, "No card.", kind.hint, "warning", kind.front_desk, "encoder:1"),
    )
    assert troubles_text(told).splitlines() == [
        f"Warning: {kind.title} (E-ENCODER)",
        "    No card.",
        f"    At the front desk: {kind.front_desk}",
        f"    For support: {kind.hint}",
    ]


def test_whom_to_call_stands_with_each_trouble() -> None:
    made = snapshot(fault("E-ENCODER", "encoder:1"), fault("E-MEWS-TOKEN", "mews"))
    for support, line in ((Support("Lock service", "1"), "Lock service, 1"), (Support(phone="1"), "1")):
        told = decode(200, msgspec.json.encode(msgspec.structs.replace(made, support=support)))
        assert told is not None
        assert (told.contact, troubles_text(told).count(f"    Call: {line}")) == (line, 2)


def test_an_older_page_is_read_without_what_it_does_not_tell() -> None:
    fault = '{"code": "E-X", "hop": "box", "title": "Odd", "text": "It is odd.", "hint": "Mend it.", "since": ""}'
    hop = '{"id": "mews", "level": "ok", "text": "Mews answers.", "since": ""}'
    older = f'{{"summary": {{"level": "fault", "text": "Odd."}}, "hops": [{hop}], "faults": [{fault}]}}'
    told = decode(200, older.encode())
    assert told == Status(True, "fault", "Odd.", (ShownFault("E-X", "Odd", "It is odd.", "Mend it.", hop="box"),))
    assert troubles_text(told) == "Odd (E-X)\n    It is odd.\n    For support: Mend it."


def test_a_text_of_several_lines_keeps_them() -> None:
    troubles = ShownFault("E-X", "Odd", "one\ntwo", ""), ShownFault("E-Y", "Same", "Same", "Mend it.")
    told = troubles_text(Status(True, "fault", "", troubles))
    assert told == "Odd (E-X)\n    one\n    two\nSame (E-Y)\n    For support: Mend it."


class _Silent:
    is_reached = False
    last_answer = None
    reached_since = 0.0
    polls_every = 2.0
    hears_news = False
    next_try = None
    late_since = None


def test_a_mews_that_has_not_answered_yet_is_waited_for() -> None:
    silent = snapshot_of(
        HotelFacts("desk", mews=_Silent()),
        Health(lambda: 0.0),
        Orders(),
        perhaps=0,
        started=0.0,
        now=1.0,
    )
    told = decode(200, msgspec.json.encode(silent))
    assert told is not None
    assert told.waits_for_mews == "Mews has not answered yet; asked every 2 s."


@pytest.mark.parametrize(
    ("state", "waits_for"),
    [(HopState.SEEN, ""), (HopState.UNHEARD, "Words of any kind."), (HopState.BEHIND, "Words of any kind.")],
)
def test_a_mews_is_waited_for_by_its_state_and_not_by_its_words(state: HopState, waits_for: str) -> None:
    made = snapshot(hops=(HopFacts("mews", "Words of any kind.", 0.0, state), HopFacts("box", "x", 0.0)))
    told = decode(200, msgspec.json.encode(made))
    assert told is not None
    assert told.waits_for_mews == waits_for


def test_a_hostile_snapshot_is_read_like_any_other() -> None:
    assert decode(200, msgspec.json.encode(hostile())) is not None


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"null", b"[]", b"{}", b'{"summary": 1}', b"[" * 100_000, b'{"a":' * 100_000]
)
def test_what_is_no_snapshot_is_none(body: bytes) -> None:
    assert decode(200, body) is None


def test_parts_of_a_strange_kind_are_left_out() -> None:
    told = decode(200, b'{"box": [], "summary": {"level": 1}, "faults": [1, {"code": 2}], "hops": {"id": "mews"}}')
    assert told == Status(True, "", "", (ShownFault("", "", "", ""),))
