"""From an ordered key to the fields of a request, or to the reason why not."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from agent.commands.driver import LockArea
from agent.commands.model import Verdict
from agent.drivers.coder_bridge.protocol import objections
from agent.drivers.coder_bridge.protocol import requests as orders
from agent.drivers.coder_bridge.protocol.notes import KeyCode
from agent.drivers.coder_bridge.protocol.objections import Rules
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.words import Slot
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, START, all_confirmed, changed, job

VIENNA = ZoneInfo("Europe/Vienna")
PROVEN = all_confirmed()
NOW = START


def objected(profile: Profile, *, allowed: bool = False, **changes: Any) -> str:
    outcome = objections.objection(Rules(profile, VIENNA, allowed), job(**changes), NOW)
    assert outcome is None or outcome.verdict is Verdict.FAILED
    return outcome.code if outcome else ""


def test_a_plain_key_is_room_encoder_start_and_end() -> None:
    assert orders.guest_key(PROVEN, VIENNA, job()) == {
        "rm": "101",
        "enco": "1",
        "movein": "07/01/2026",
        "moveout": "07/04/2026",
    }


def test_areas_are_written_with_the_sites_separator() -> None:
    profile = changed(PROVEN, areas__separator=";")
    assert orders.guest_key(profile, VIENNA, job(areas=("3", "7")))["sa_guest"] == "3;7"


def test_a_site_may_want_the_areas_field_even_when_empty() -> None:
    profile = changed(PROVEN, areas__when_none="empty_text")
    assert orders.guest_key(profile, VIENNA, job())["sa_guest"] == ""


def test_a_site_that_takes_no_start_is_sent_none() -> None:
    assert "movein" not in orders.guest_key(changed(PROVEN, dates__send_start=False), VIENNA, job())


def test_a_further_copy_is_the_same_request_where_nothing_else_is_known() -> None:
    first, second = (orders.guest_key(PROVEN, VIENNA, job(copy=copy, copies=2)) for copy in (1, 2))
    assert first == second


def test_extra_fields_go_with_further_copies_only() -> None:
    profile = changed(PROVEN, duplicates__how={"dup": "1"})
    requests = [orders.guest_key(profile, VIENNA, job(copy=copy, copies=3)) for copy in (1, 2, 3)]
    assert [request.get("dup") for request in requests] == [None, "1", "1"]


@pytest.mark.parametrize(("how", "mark"), [({"dup": "1"}, "1"), ("repeat", None)])
def test_a_key_that_joins_a_stay_is_marked_as_a_further_card_where_there_is_a_mark(
    how: object, mark: str | None
) -> None:
    profile = changed(PROVEN, duplicates__how=how)
    assert orders.guest_key(profile, VIENNA, job(joins=True)).get("dup") == mark
    assert objected(profile, joins=True) == ""


@pytest.mark.parametrize("allowed", [False, True])
def test_a_later_order_of_a_stay_is_refused_where_the_site_refuses_further_cards(allowed: bool) -> None:
    profile = changed(PROVEN, duplicates__how="refuse")
    assert objected(profile, allowed=allowed, joins=True) == KeyCode.FURTHER
    assert objected(profile, allowed=allowed) == ""
    # A key for a test joins as a precaution; whether there are guests, the desk cannot tell.
    assert objected(profile, allowed=allowed, joins=True, is_test=True) == ""


def test_a_later_order_uses_no_mark_that_is_not_proved_and_needs_none_where_there_is_none() -> None:
    marked = unproven_duplicates({"dup": "1"})
    assert (objected(marked), objected(marked, joins=True)) == ("", KeyCode.FURTHER)
    assert objected(marked, allowed=True, joins=True) == ""
    assert objected(unproven_duplicates("repeat"), joins=True) == ""


def unproven_duplicates(how: object) -> Profile:
    document = msgspec.to_builtins(PROVEN)
    document["duplicates"]["how"] = {"value": how, "confirmed": False, "source": "test"}
    return msgspec.convert(document, Profile)


def test_a_key_without_an_end_leaves_it_out() -> None:
    assert "moveout" not in orders.guest_key(PROVEN, VIENNA, job(end=None))


def test_a_mobile_key_is_room_user_and_end() -> None:
    assert orders.mobile_key(PROVEN, VIENNA, job(reservation="s-1"), Slot.MOBILE_KEY) == {
        "rm": "101",
        "user_id": "s-1",
        "checkout_date": "07/04/2026",
    }


def test_a_pushed_mobile_key_has_the_address_too() -> None:
    asked = job(reservation="s-1", contact="a@b.at", areas=("1", "2"))
    assert orders.mobile_key(PROVEN, VIENNA, asked, Slot.MOBILE_KEY_PUSH) == {
        "rm": "101",
        "user_id": "s-1",
        "checkout_date": "07/04/2026",
        "sa_guest": "1,2",
        "push_address": "a@b.at",
    }


def test_rooms_and_cards_are_asked_for_by_one_field() -> None:
    assert orders.room_state(PROVEN, Slot.ROOM_CHECKIN, "101") == {"rm": "101"}
    assert orders.read_card(PROVEN, "1") == {"enco": "1"}


def test_cancelling_a_key_sends_its_id_as_text() -> None:
    assert orders.guest_key_checkout(PROVEN, "101", "0007") == {"rm": "101", "tid": "0007"}


@pytest.mark.parametrize("rooms", [(), ("",), (" ",)])
def test_a_key_without_a_room_is_refused(rooms: tuple[str, ...]) -> None:
    assert objected(PROVEN, rooms=rooms, areas=("3",)) == KeyCode.NO_ROOM


def test_a_key_for_several_rooms_is_refused_because_a_request_has_one() -> None:
    assert objected(PROVEN, rooms=("101", "102")) == KeyCode.SEVERAL_ROOMS


def test_without_proof_and_permission_no_key_is_asked_for() -> None:
    assert objected(BUILT_IN) == KeyCode.UNCONFIRMED


def test_with_the_installers_permission_everything_is_asked_for() -> None:
    assert objected(BUILT_IN, allowed=True, areas=("3",), copies=3) == ""


def test_with_proof_no_permission_is_needed() -> None:
    assert objected(PROVEN, areas=("3",), copies=3) == ""


def plain_keys_only() -> Profile:
    """A site where a plain key has been proved and nothing else."""
    entries = {
        f"calls__guest_key__{name}": getattr(BUILT_IN.calls[Slot.GUEST_KEY], name).value
        for name in ("method", "path", "answer")
    }
    fields = {
        f"calls__guest_key__fields__{role}": entry.value
        for role, entry in BUILT_IN.calls[Slot.GUEST_KEY].fields.items()
        if role != "areas"
    }
    dates = {f"dates__{name}": getattr(BUILT_IN.dates, name).value for name in BUILT_IN.dates.__struct_fields__}
    return changed(BUILT_IN, **entries, **fields, **dates)


def test_areas_without_proof_are_refused_and_a_plain_key_is_not() -> None:
    profile = plain_keys_only()
    assert (objected(profile), objected(profile, areas=("3",))) == ("", KeyCode.AREAS)


def test_copies_without_proof_are_refused_from_the_first_one_on() -> None:
    assert objected(plain_keys_only(), copy=1, copies=2) == KeyCode.COPIES


def test_a_site_without_special_areas_refuses_them_even_if_all_is_allowed() -> None:
    assert objected(changed(BUILT_IN, areas__use=False), allowed=True, areas=("3",)) == KeyCode.AREAS


def test_a_site_without_further_copies_refuses_them_even_if_all_is_allowed() -> None:
    assert objected(changed(BUILT_IN, duplicates__how="refuse"), allowed=True, copies=2) == KeyCode.COPIES


def test_a_start_before_the_calendar_is_refused_where_it_is_sent() -> None:
    early = datetime(1, 1, 1, tzinfo=UTC)
    west = Rules(PROVEN, ZoneInfo("America/New_York"))
    refused = objections.objection(west, job(start=early), NOW)
    assert refused is not None
    assert refused.code == KeyCode.DATES
    silent = msgspec.structs.replace(west, profile=changed(PROVEN, dates__send_start=False))
    assert objections.objection(silent, job(start=early), NOW) is None


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (datetime(2026, 7, 1, 9, 0, tzinfo=UTC), "(2 July 2026 at 15:00 to 1 July 2026 at 11:00)"),
        (datetime(1, 1, 1, tzinfo=UTC), "to 1 January 1 at"),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Vienna", "America/New_York"])
def test_a_later_stay_that_ends_before_it_begins_is_called_backwards_and_not_early(
    end: datetime, words: str, zone: str
) -> None:
    start = datetime(2026, 7, 2, 13, 0, tzinfo=UTC)
    refused = objections.objection(Rules(PROVEN, ZoneInfo(zone)), job(start=start, end=end), NOW)
    assert refused is not None
    assert (refused.verdict, refused.code) == (Verdict.FAILED, "E-KEY-BACKWARDS")
    assert zone != "Europe/Vienna" or words in refused.note


def test_a_site_without_areas_of_its_own_is_not_asked_for_any() -> None:
    assert objections.unknown_areas(job(areas=("9",)), ()) is None


def test_an_area_without_a_name_of_its_own_is_told_once() -> None:
    listed = (LockArea("1", "1"), LockArea("2", "Spa"))
    assert objections.unknown_areas(job(areas=("2", "9")), listed) == ("9", "1, 2 (Spa)")


def test_a_key_without_end_is_refused_if_its_date_cannot_be_written() -> None:
    assert objected(PROVEN, end=datetime(9999, 12, 31, 23, 59, tzinfo=UTC)) == KeyCode.DATES
