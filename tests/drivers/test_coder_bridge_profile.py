"""Site profiles: every fact with its proof, a site's own file, and what is refused for want of proof."""

from pathlib import Path

import pytest

from agent.drivers.coder_bridge.profile import grouped, unconfirmed
from agent.drivers.coder_bridge.profile_file import built_in_names, load
from agent.drivers.coder_bridge.terms import Guess, Slot, Zone
from agent.errors import UserMistake
from tests.drivers.coder_bridge_site import BUILT_IN, all_confirmed, changed

BASE = 'base = "coder-bridge-v2"\n'
PROOF = "confirmed = true, source = 'test'"


def complaint(tmp_path: Path, text: str | bytes) -> str:
    file = tmp_path / "site.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(UserMistake) as caught:
        load("site.toml", tmp_path)
    return str(caught.value)


def site(tmp_path: Path, text: str) -> Path:
    (tmp_path / "site.toml").write_text(BASE + text)
    return tmp_path


def test_the_built_in_profile_has_all_twelve_slots() -> None:
    assert set(BUILT_IN.calls) == set(Slot)


def test_the_confirmed_calls_of_the_reference_need_no_permission() -> None:
    proven = {slot for slot in Slot if not unconfirmed(BUILT_IN, slot)}
    assert proven == {Slot.AUTH, Slot.CONFIG_ROOMS, Slot.ROOM_CHECKIN, Slot.GUEST_KEY_CHECKOUT}


def test_a_guest_key_names_everything_that_nobody_has_confirmed() -> None:
    assert unconfirmed(BUILT_IN, Slot.GUEST_KEY) == (
        "calls.guest_key.method",
        "calls.guest_key.path",
        "calls.guest_key.answer",
        "calls.guest_key.fields.room",
        "calls.guest_key.fields.encoder",
        "calls.guest_key.fields.start",
        "calls.guest_key.fields.end",
        "dates.pattern",
        "dates.zone",
        "dates.precision",
        "dates.send_start",
    )


def test_areas_and_copies_need_more_proof() -> None:
    more = set(unconfirmed(BUILT_IN, Slot.GUEST_KEY, areas=True, copies=True))
    assert more - set(unconfirmed(BUILT_IN, Slot.GUEST_KEY)) == {
        "calls.guest_key.fields.areas",
        "areas.use",
        "areas.separator",
        "duplicates.how",
    }


def test_a_field_that_is_not_sent_needs_no_proof() -> None:
    profile = changed(BUILT_IN, dates__send_start=False)
    assert "calls.guest_key.fields.start" not in unconfirmed(profile, Slot.GUEST_KEY)


def test_a_field_that_is_sent_empty_needs_proof() -> None:
    profile = changed(BUILT_IN, areas__when_none="empty_text")
    assert "calls.guest_key.fields.areas" in unconfirmed(profile, Slot.GUEST_KEY)


def test_a_log_in_without_proof_taints_every_call(tmp_path: Path) -> None:
    text = "[calls.auth]\npath = {value = '/login', confirmed = false, source = 'heard'}"
    assert unconfirmed(load("site.toml", site(tmp_path, text)), Slot.CONFIG_ROOMS) == ("calls.auth.path",)


def test_a_site_where_all_is_confirmed_has_no_doubts() -> None:
    assert unconfirmed(all_confirmed(), Slot.GUEST_KEY, areas=True, copies=True) == ()


def test_entry_names_are_grouped_for_the_page() -> None:
    names = ("calls.guest_key.path", "calls.guest_key.fields.room", "dates.zone")
    assert grouped(names) == "guest_key: path, room; dates: zone"


def test_a_guess_keeps_its_kind() -> None:
    call = BUILT_IN.calls[Slot.GUEST_KEY]
    assert (call.method.guess, call.path.guess) == (Guess.INFERRED, Guess.PLACEHOLDER)


def test_a_site_overrides_one_entry_and_keeps_the_others(tmp_path: Path) -> None:
    text = f"[calls.guest_key]\npath = {{value = '/pms/gk', {PROOF}}}\n[dates]\nzone = {{value = 'utc', {PROOF}}}"
    profile = load("site.toml", site(tmp_path, text))
    assert profile.calls[Slot.GUEST_KEY].path.value == "/pms/gk"
    assert profile.dates.zone.value is Zone.UTC
    assert profile.calls[Slot.GUEST_KEY_CHECKOUT] == BUILT_IN.calls[Slot.GUEST_KEY_CHECKOUT]


def test_a_sites_profile_is_named_after_its_file_or_by_itself(tmp_path: Path) -> None:
    unnamed = load("site.toml", site(tmp_path, "")).name
    named = load("site.toml", site(tmp_path, "name = 'Aurora'\n")).name
    assert (unnamed, named) == ("site", "Aurora")


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode())
    assert load("site.toml", tmp_path).dates == BUILT_IN.dates


def test_extra_fields_for_further_copies_are_a_table(tmp_path: Path) -> None:
    profile = load("site.toml", site(tmp_path, f"[duplicates]\nhow = {{value = {{dup = '1'}}, {PROOF}}}"))
    assert profile.duplicates.how.value == {"dup": "1"}


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = (
        BASE + f"[dates]\nzone = {{value = 'hotl', {PROOF}}}\n[limits]\nkey_seconds = {{value = 0, {PROOF}}}\n[x]"
    )
    assert len(complaint(tmp_path, text).splitlines()) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"[calls.guest_kye]\npath = {{value = '/x', {PROOF}}}", "did you mean calls.guest_key.path?"),
        (
            f"[calls.guest_key.fields]\nencodr = {{value = 'e', {PROOF}}}",
            "did you mean calls.guest_key.fields.encoder?",
        ),
        (f"zzz = {{value = 'e', {PROOF}}}", "zzz is not an entry of a site profile."),
        ("[calls]\nguest_key = 5", "calls.guest_key is not an entry"),
        ("[calls.guest_key]\npath = '/pms/key'", "calls.guest_key.path: write { value = ..."),
        ("[calls.guest_key]\npath = {value = '/x'}", "confirmed and source missing"),
        ("[calls.guest_key]\npath = {value = '/x', confirmed = 1, source = 'x'}", "Expected `bool`"),
        ("[calls.guest_key]\npath = {value = '/x', confirmed = true, source = ''}", "length >= 1"),
        (
            f"[calls.guest_key]\npath = {{value = '/x', {PROOF}, guess = 'inferred'}}",
            "either confirmed or a guess",
        ),
        (f"[calls.guest_key]\npath = {{value = '/x', {PROOF}, sauce = 'x'}}", "'sauce' is not a part of an entry"),
        (f"[calls.guest_key]\npath = {{value = 'pms', {PROOF}}}", "the built-in profile has '/pms/cikey'"),
        (f"[calls.guest_key]\npath = {{value = '/a?b=c', {PROOF}}}", "calls.guest_key.path"),
        (f"[calls.guest_key]\npath = {{value = '/../..//', {PROOF}}}", "calls.guest_key.path"),
        (f'[calls.guest_key]\npath = {{value = "/a\\n", {PROOF}}}', "calls.guest_key.path"),
        (f"[calls.guest_key]\nmethod = {{value = 'DELETE', {PROOF}}}", "Invalid enum value 'DELETE'"),
        (f"[calls.guest_key.fields]\nroom = {{value = 'enco', {PROOF}}}", "'enco' is used for two fields"),
        (f"[dates]\npattern = {{value = 'dd.MM.yy', {PROOF}}}", "dates.pattern: 'yy' is not one of"),
        (f"[dates]\nprecision = {{value = 'minute', {PROOF}}}", "dates.pattern: HH is missing"),
        (f"[duplicates]\nhow = {{value = 'twice', {PROOF}}}", "duplicates.how"),
        (f"[duplicates]\nhow = {{value = {{rm = '1'}}, {PROOF}}}", "'rm' is a field of calls.guest_key already"),
        (f"[token]\nlog_in_again_on = {{value = [500], {PROOF}}}", "token.log_in_again_on"),
        (f"[rms]\nsend = {{value = true, {PROOF}}}", "this version sends no room management requests"),
        (f"[limits]\nkey_seconds = {{value = nan, {PROOF}}}", "limits.key_seconds"),
        (f"[limits]\nshort_seconds = {{value = inf, {PROOF}}}", "limits.short_seconds"),
        (f"[limits]\ncalls_at_once = {{value = 0, {PROOF}}}", "limits.calls_at_once"),
        (f"[answers]\nsuccess_code = {{value = '', {PROOF}}}", "answers.success_code"),
        (f"[address]\nport = {{value = 7773, {PROOF}}}", "set in the provisioning file (coder_bridge.server)"),
        (f"[rooms]\nkey_room = {{value = 'x', {PROOF}}}", "set in the provisioning file ([doors])"),
        ("name = 5", "name: write a text in quotes"),
        ('"\\u001b[31m" = 1', "is not an entry"),
    ],
)
def test_a_mistake_in_a_sites_file_is_told_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    said = complaint(tmp_path, BASE + text)
    assert words in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 'write base = "..."'),
        ("base = 'coder-bridge-v3'", "coder-bridge-v2"),
        ("base = 5", "coder-bridge-v2"),
        ("base = ", "not valid TOML"),
        (b"base = '\xff'", "not UTF-8"),
        ("a = " + "[" * 100_000, "cannot be read"),
        ("#" * 300_000, "larger than 256 KB"),
    ],
)
def test_a_file_that_is_no_profile_is_refused_in_one_line(tmp_path: Path, text: str | bytes, words: str) -> None:
    said = complaint(tmp_path, text)
    assert words in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("coder-bridge-v1", "did you mean coder-bridge-v2?"),
        ("xyz", "There is no site profile named 'xyz'."),
        ("gone.toml", "cannot be read: no such file"),
        ("nul\0.toml", "cannot be read"),
    ],
)
def test_a_profile_that_is_not_there_is_refused_in_words(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(UserMistake) as caught:
        load(name, tmp_path)
    assert words in str(caught.value)


def test_a_directory_is_no_profile(tmp_path: Path) -> None:
    (tmp_path / "site.toml").mkdir()
    with pytest.raises(UserMistake, match="is a directory"):
        load("site.toml", tmp_path)


def test_an_absolute_path_is_taken_as_it_is(tmp_path: Path) -> None:
    assert load(str(site(tmp_path, "") / "site.toml"), Path("/nowhere")).dates == BUILT_IN.dates


def test_what_ships_is_known_by_name() -> None:
    assert built_in_names() == ("coder-bridge-v2",)
