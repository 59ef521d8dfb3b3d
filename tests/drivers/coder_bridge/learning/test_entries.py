"""Entries of a profile changed one by one, and written as a site's file that reads as the same profile."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.coder_bridge.learning.entries import (
    MARKER,
    Finding,
    changed,
    entries,
    is_ours,
    site_file,
    unproven,
)
from agent.drivers.coder_bridge.profile_file import read
from agent.drivers.coder_bridge.protocol.words import Guess
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, all_confirmed

SOURCE = "supervised test on site, 2026-11-26"


def test_each_entry_has_its_full_name() -> None:
    named = entries(BUILT_IN)
    assert named["calls.guest_key.fields.encoder"].value == "enco"
    assert named["dates.pattern"].value == "MM/dd/yyyy"
    assert named["rooms.key_room"].guess is Guess.INFERRED


def test_what_has_no_proof_is_listed() -> None:
    assert "calls.guest_key.path" in unproven(BUILT_IN)
    assert "calls.auth.path" not in unproven(BUILT_IN)
    assert unproven(all_confirmed()) == ()


def test_a_proof_takes_the_place_of_a_guess() -> None:
    profile = changed(BUILT_IN, {"dates.zone": Finding("utc", SOURCE)})
    entry = entries(profile)["dates.zone"]
    assert (entry.value, entry.confirmed, entry.source, entry.guess) == ("utc", True, SOURCE, None)


def test_a_guess_takes_the_place_of_a_guess_alone() -> None:
    guess = Finding("other", "tried", is_proved=False)
    profile = changed(BUILT_IN, {"calls.guest_key.fields.end": guess, "calls.auth.fields.username": guess})
    assert entries(profile)["calls.guest_key.fields.end"].value == "other"
    assert not entries(profile)["calls.guest_key.fields.end"].confirmed
    assert entries(profile)["calls.auth.fields.username"].value == "client_id"


def test_a_guess_at_another_calls_address_makes_room_for_the_call_that_is_there() -> None:
    profile = changed(BUILT_IN, {"calls.guest_key.path": Finding("/pms/mkey", SOURCE)})
    assert entries(profile)["calls.mobile_key.path"].value == "/unknown/mobile_key"
    assert read("site.toml", site_file(profile, BUILT_IN)) == renamed(profile)


def test_keys_for_now_and_for_later_may_be_one_call() -> None:
    profile = changed(BUILT_IN, {"calls.guest_key.path": Finding("/pms/precikey", SOURCE)})
    assert entries(profile)["calls.guest_key_precheckin.path"].value == "/pms/precikey"


def test_the_file_holds_what_differs_alone_and_its_first_line_names_the_base() -> None:
    profile = changed(BUILT_IN, {"calls.guest_key.path": Finding("/pms/key", SOURCE)})
    content = site_file(profile, BUILT_IN)
    document = tomllib.loads(content.decode())
    assert content.startswith(b'base = "coder-bridge-v2"\n')
    assert MARKER in content.decode()
    assert document["calls"] == {"guest_key": {"path": {"value": "/pms/key", "confirmed": True, "source": SOURCE}}}


def test_a_file_that_was_written_here_is_known_again() -> None:
    assert is_ours(site_file(BUILT_IN, BUILT_IN))
    assert not is_ours(b'base = "coder-bridge-v2"\n')


def renamed(profile: Any, name: str = "site") -> Any:
    return type(profile)(**{part: getattr(profile, part) for part in profile.__struct_fields__} | {"name": name})


@given(
    st.dictionaries(
        st.sampled_from(unproven(BUILT_IN)), st.text(min_size=1).filter(str.strip), min_size=1, max_size=6
    )
)
def test_whatever_a_source_says_the_file_reads_as_the_profile(sources: dict[str, str]) -> None:
    known = entries(BUILT_IN)
    findings = {
        name: Finding(known[name].value, source.encode("utf-8", "replace").decode())
        for name, source in sources.items()
        if not name.startswith("rooms.")
    }
    profile = changed(BUILT_IN, findings)
    assert read("site.toml", site_file(profile, BUILT_IN)) == renamed(profile)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("duplicates.how", {"copy": "yes", "a.b": 'x"y'}),
        ("answers.codes", {"7": "No\x7f card", "x": "ü"}),
        ("token.log_in_again_on", [401]),
        ("limits.calls_at_once", 3),
        ("limits.key_seconds", 60.5),
    ],
)
def test_tables_lists_and_numbers_are_written_as_toml(name: str, value: object) -> None:
    profile = changed(BUILT_IN, {name: Finding(value, SOURCE)})
    assert read("site.toml", site_file(profile, BUILT_IN)) == renamed(profile)


def test_a_name_of_its_own_is_kept() -> None:
    profile = renamed(BUILT_IN, "hotel-aurora")
    assert read("x.toml", site_file(profile, BUILT_IN)) == profile
