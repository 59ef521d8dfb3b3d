"""From an ordered key to the fields of a request, or to the reason why not."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.commands.model import Verdict
from agent.drivers.coder_bridge.protocol import requests as orders
from agent.drivers.coder_bridge.protocol.notes import KeyCode
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.words import Slot
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, all_confirmed, changed, job

VIENNA = ZoneInfo("Europe/Vienna")
PROVEN = all_confirmed()


def objected(profile: Profile, *, allowed: bool = False, **changes: Any) -> str:
    outcome = orders.objection(profile, VIENNA, job(**changes), allowed)
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


def test_a_key_without_end_is_refused_if_its_date_cannot_be_written() -> None:
    assert objected(PROVEN, end=datetime(9999, 12, 31, 23, 59, tzinfo=UTC)) == KeyCode.DATES
