"""The order of a card as VisiOnline wants it, and what is refused before anything is sent."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest

from agent.commands.model import Outcome, Verdict
from agent.commands.notes import Code
from agent.drivers.visionline.protocol import requests
from agent.drivers.visionline.protocol.notes import KeyCode
from agent.drivers.visionline.protocol.requests import CardRules, NotWritable, written
from provisioning.model import CardFormat, FirstCard
from tests.drivers.visionline.jobs import job

PRAGUE = ZoneInfo("Europe/Prague")
RULES = CardRules(PRAGUE)


def query(rules: CardRules = RULES, **changes: Any) -> str:
    return requests.card(job(**changes), rules).path


def body(rules: CardRules = RULES, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(requests.card(job(**changes), rules).body or b"")
    return found


def refused(rules: CardRules = RULES, **changes: Any) -> Outcome:
    outcome = requests.objection(job(**changes), rules)
    assert outcome is not None
    assert outcome.verdict is Verdict.FAILED
    return outcome


def test_the_body_is_the_worked_example_s_byte_for_byte() -> None:
    assert requests.card(job(), RULES).body == (
        b'{"doorOperations":[{"doors":["101"],"operation":"guest"}],"expireTime":"20261124T1100",'
        b'"format":"rfid48","startTime":"20261121T1500"}'
    )


def test_the_first_card_of_a_new_stay_locks_earlier_guests_out() -> None:
    assert query() == "/cards?action=encode&encoder=FrontDesk1&overwriteValidCard=true&override=true".replace(
        "&overwriteValidCard=true&override=true", "&override=true&overwriteValidCard=true"
    )


@pytest.mark.parametrize(
    "changes", [{"joins": True}, {"copy": 2, "copies": 3}, {"copy": 3, "copies": 3, "joins": True}]
)
def test_a_card_for_guests_who_have_one_joins(changes: dict[str, Any]) -> None:
    assert query(**changes) == "/cards?action=encode&autoJoin=true&encoder=FrontDesk1&overwriteValidCard=true"


def test_a_site_may_have_every_card_join() -> None:
    found = parse_qs(query(CardRules(PRAGUE, first_card=FirstCard.JOIN)).partition("?")[2])
    assert "override" not in found
    assert found["autoJoin"] == ["true"]


def test_rooms_and_common_doors_go_into_one_list_each_once() -> None:
    found = body(rooms=("101", "102"), areas=("POOL", "101", "Garage"))
    assert found["doorOperations"] == [{"doors": ["101", "102", "POOL", "Garage"], "operation": "guest"}]


def test_the_card_s_format_is_the_site_s() -> None:
    assert body(CardRules(PRAGUE, CardFormat.TLCODE))["format"] == "TLCode"


def test_no_guest_and_no_reservation_is_sent() -> None:
    call = requests.card(job(reservation="stay-4711"), RULES)
    assert b"stay-4711" not in (call.body or b"") + call.path.encode()


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 21, 14, 0, tzinfo=UTC), "20261121T1500"),
        (datetime(2026, 7, 1, 14, 0, 59, 999, tzinfo=UTC), "20260701T1600"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "20270101T0030"),
        (datetime(99, 1, 2, 0, 0, tzinfo=UTC), "00990102T0057"),
    ],
)
def test_times_are_the_hotel_s_cut_off_to_the_minute(moment: datetime, text: str) -> None:
    assert written(moment, PRAGUE) == text


def test_the_last_hours_of_the_calendar_cannot_be_written_in_the_hotel_s_zone() -> None:
    end = datetime(9999, 12, 31, 23, 30, tzinfo=UTC)
    with pytest.raises(NotWritable, match="9999"):
        written(end, PRAGUE)
    assert refused(end=end).code == KeyCode.DATES


def test_a_stay_that_ends_before_it_begins_is_called_that() -> None:
    start, end = datetime(2026, 11, 24, 10, 0, tzinfo=UTC), datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
    told = refused(start=start, end=end)
    assert told.code == Code.BACKWARDS
    assert "(24 November 2026 at 11:00 to 21 November 2026 at 15:30)" in told.note


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"contact": "+43 664 0000000"}, KeyCode.MOBILE),
        ({"rooms": ()}, KeyCode.NO_ROOM),
        ({"rooms": (" ",), "areas": ("POOL",)}, KeyCode.NO_ROOM),
        ({"encoder": ""}, KeyCode.ENCODER_NAME),
        ({"encoder": "Front\ndesk"}, KeyCode.ENCODER_NAME),
        ({"encoder": "Front\ud800desk"}, KeyCode.ENCODER_NAME),
        ({"encoder": "x" * 201}, KeyCode.ENCODER_NAME),
        ({"end": None}, KeyCode.NO_END),
        ({"end": datetime(2026, 11, 21, 14, 0, 30, tzinfo=UTC)}, KeyCode.DATES),
        # The hour that the night of 2026-10-25 has twice: the end's clock shows less than the start's.
        (
            {
                "start": datetime(2026, 10, 25, 0, 50, tzinfo=UTC),
                "end": datetime(2026, 10, 25, 1, 10, tzinfo=UTC),
            },
            KeyCode.DATES,
        ),
        ({"rooms": tuple(map(str, range(34)))}, KeyCode.CAPACITY),
        ({"areas": tuple(map(str, range(29)))}, KeyCode.CAPACITY),
    ],
    ids=str,
)
def test_what_cannot_be_asked_for_is_refused_with_its_reason(changes: dict[str, Any], code: KeyCode) -> None:
    assert refused(**changes).code == code


def test_the_refusal_of_a_full_card_says_how_much_fits() -> None:
    note = refused(rooms=tuple(map(str, range(40)))).note
    assert "opens at most 33 rooms, not 40" in note
    assert "opens at most 28 common doors, not 30" in refused(areas=tuple(map(str, range(30)))).note


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"rooms": tuple(map(str, range(33))), "areas": tuple(map(str, range(28)))},
        {"encoder": "Front desk ü"},
        {"encoder": "x" * 200},
    ],
    ids=["usual", "full", "umlaut", "long"],
)
def test_what_can_be_asked_for_has_no_objection(changes: dict[str, Any]) -> None:
    assert requests.objection(job(**changes), RULES) is None


def test_a_larger_card_has_no_known_bound() -> None:
    rules = CardRules(PRAGUE, CardFormat.TLCODE)
    assert requests.objection(job(rooms=tuple(map(str, range(60)))), rules) is None


def test_a_telephone_number_is_in_no_refusal() -> None:
    assert "664" not in refused(contact="+43 664 0000000").note
