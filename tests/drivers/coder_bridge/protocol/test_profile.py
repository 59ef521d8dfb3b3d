"""Site profiles: every fact with its proof, a site's own file, and what is refused for want of proof."""

import msgspec
import pytest

from agent.drivers.coder_bridge.profile_file import built_in, built_in_names, read
from agent.drivers.coder_bridge.protocol.profile import Profile, grouped, unconfirmed
from agent.drivers.coder_bridge.protocol.profile_rules import broken_rules
from agent.drivers.coder_bridge.protocol.words import Guess, Role, Slot, Zone
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, all_confirmed, changed

BASE = 'base = "coder-bridge-v2"\n'
PROOF = "confirmed = true, source = 'test'"


def complaint(text: str | bytes) -> str:
    problems = read("site.toml", text.encode() if isinstance(text, str) else text)
    assert not isinstance(problems, Profile)
    return "\n".join(problem.line for problem in problems)


def site(text: str) -> Profile:
    profile = read("site.toml", (BASE + text).encode())
    assert isinstance(profile, Profile)
    return profile


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


def test_a_log_in_without_proof_taints_every_call() -> None:
    text = "[calls.auth]\npath = {value = '/login', confirmed = false, source = 'heard'}"
    assert unconfirmed(site(text), Slot.CONFIG_ROOMS) == ("calls.auth.path",)


def test_a_site_where_all_is_confirmed_has_no_doubts() -> None:
    assert unconfirmed(all_confirmed(), Slot.GUEST_KEY, areas=True, copies=True) == ()


def test_entry_names_are_grouped_for_the_page() -> None:
    names = ("calls.guest_key.path", "calls.guest_key.fields.room", "dates.zone")
    assert grouped(names) == "guest_key: path, room; dates: zone"


def test_a_guess_keeps_its_kind() -> None:
    call = BUILT_IN.calls[Slot.GUEST_KEY]
    assert (call.method.guess, call.path.guess) == (Guess.INFERRED, Guess.PLACEHOLDER)


def test_a_site_overrides_one_entry_and_keeps_the_others() -> None:
    text = f"[calls.guest_key]\npath = {{value = '/pms/gk', {PROOF}}}\n[dates]\nzone = {{value = 'utc', {PROOF}}}"
    profile = site(text)
    assert profile.calls[Slot.GUEST_KEY].path.value == "/pms/gk"
    assert profile.dates.zone.value is Zone.UTC
    assert profile.calls[Slot.GUEST_KEY_CHECKOUT] == BUILT_IN.calls[Slot.GUEST_KEY_CHECKOUT]


def test_a_sites_profile_is_named_after_its_file_or_by_itself() -> None:
    unnamed = site("").name
    named = site("name = 'Aurora'\n").name
    assert (unnamed, named) == ("site", "Aurora")


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    profile = read("site.toml", b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode())
    assert isinstance(profile, Profile)
    assert profile.dates == BUILT_IN.dates


def test_extra_fields_for_further_copies_are_a_table() -> None:
    profile = site(f"[duplicates]\nhow = {{value = {{dup = '1'}}, {PROOF}}}")
    assert profile.duplicates.how.value == {"dup": "1"}


def test_all_problems_are_told_at_once() -> None:
    text = (
        BASE + f"[dates]\nzone = {{value = 'hotl', {PROOF}}}\n[limits]\nkey_seconds = {{value = 0, {PROOF}}}\n[x]"
    )
    assert len(complaint(text).splitlines()) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"[calls.guest_kye]\npath = {{value = '/x', {PROOF}}}", "Did you mean calls.guest_key?"),
        (
            f"[calls.guest_key.fields]\nencodr = {{value = 'e', {PROOF}}}",
            "Did you mean calls.guest_key.fields.encoder?",
        ),
        (f"zzz = {{value = 'e', {PROOF}}}", "zzz: is not an entry of a site profile. Take it out"),
        ("[calls]\nguest_key = 5", "calls.guest_key: is not an entry"),
        (
            "[calls.guest_key]\npath = '/pms/key'",
            "calls.guest_key.path: is not an entry with its proof. Write { value = ...",
        ),
        ("[calls.guest_key]\npath = {value = '/x'}", "has no confirmed and no source"),
        ("[calls.guest_key]\npath = {value = '/x', confirmed = 1, source = 'x'}", "Expected `bool`"),
        (
            "[calls.guest_key]\npath = {value = '/x', confirmed = true, source = ''}",
            "does not say where it is known from",
        ),
        (
            f"[calls.guest_key]\npath = {{value = '/x', {PROOF}, guess = 'inferred'}}",
            "either confirmed or a guess",
        ),
        (
            f"[calls.guest_key]\npath = {{value = '/x', {PROOF}, sorce = 'x'}}",
            'has "sorce", which no entry has. Did you mean source?',
        ),
        (f"[calls.guest_key]\npath = {{value = 'pms', {PROOF}}}", 'Write something like value = "/pms/cikey"'),
        (f"[calls.guest_key]\npath = {{value = '/a?b=c', {PROOF}}}", "calls.guest_key.path"),
        (f"[calls.guest_key]\npath = {{value = '/../..//', {PROOF}}}", "calls.guest_key.path"),
        (f'[calls.guest_key]\npath = {{value = "/a\\n", {PROOF}}}', "calls.guest_key.path"),
        (f"[calls.guest_key]\nmethod = {{value = 'DELETE', {PROOF}}}", "Invalid enum value 'DELETE'"),
        (f"[calls.guest_key.fields]\nroom = {{value = 'enco', {PROOF}}}", '"enco" stands for two fields'),
        (f"[dates]\npattern = {{value = 'dd.MM.yy', {PROOF}}}", "dates.pattern: 'yy' is not one of"),
        (f"[dates]\nprecision = {{value = 'minute', {PROOF}}}", "dates.pattern: HH is missing"),
        (f"[duplicates]\nhow = {{value = 'twice', {PROOF}}}", "duplicates.how"),
        (f"[duplicates]\nhow = {{value = {{rm = '1'}}, {PROOF}}}", '"rm" is a field of calls.guest_key already'),
        (f"[token]\nlog_in_again_on = {{value = [500], {PROOF}}}", "token.log_in_again_on"),
        (f"[calls.guest_key]\nmethod = {{value = 'GET', {PROOF}}}", "none of the fields would be sent"),
        (f"[calls.auth]\nmethod = {{value = 'GET', {PROOF}}}", "none of the fields would be sent"),
        (
            f"[calls.guest_key]\nanswer = {{value = 'open', {PROOF}}}",
            'cannot tell success here. Write value = "result"',
        ),
        (f"[calls.auth]\nanswer = {{value = 'result', {PROOF}}}", 'Write value = "token"'),
        (f"[calls.guest_key]\npath = {{value = '/pms/../x', {PROOF}}}", "goes a folder up"),
        (f"[calls.guest_key]\npath = {{value = '/pms/cokey', {PROOF}}}", "is the path of calls.guest_key too"),
        (f"[calls.guest_key.fields]\nroom = {{value = 'ENCO', {PROOF}}}", '"ENCO" stands for two fields'),
        (f"[dates]\npattern = {{value = 'MM/yyyy', {PROOF}}}", "dates.pattern: dd is missing"),
        (f"[dates]\npattern = {{value = 'MM/dd/yyyy HH:mm', {PROOF}}}", "before the last morning"),
        (f'[dates]\npattern = {{value = "MM/dd/yyyy \'", {PROOF}}}', "never closed"),
        (f'[dates]\npattern = {{value = "MM/dd/yyyy\\n", {PROOF}}}', "no pattern on one line"),
        (f"[answers]\nsuccess_code = {{value = '  ', {PROOF}}}", "answers.success_code: is blank"),
        (
            f"[answers]\nsuccess_code = {{value = '0', {PROOF}}}\nnumber_types = {{value = 'strict', {PROOF}}}",
            "number_types = strict does not read",
        ),
        (f"[answers]\ncodes = {{value = {{'0' = 'fine'}}, {PROOF}}}", "is the code of success"),
        (f"[answers]\ncodes = {{value = {{' 7' = 'x'}}, {PROOF}}}", 'is read as "7"'),
        (f"[answers]\ncodes = {{value = {{'007' = 'x'}}, {PROOF}}}", '"007" is read as "7"'),
        (f"[answers]\ncodes = {{value = {{'' = 'x'}}, {PROOF}}}", 'is read as ""'),
        (f"[answers]\ncodes = {{value = {{'7' = ' '}}, {PROOF}}}", '"7" has no words'),
        (f"[answers]\ncancelled_already = {{value = [8, '0'], {PROOF}}}", '"0" is the code of success'),
        (f"[answers]\nroom_status = {{value = {{' CI' = 'x'}}, {PROOF}}}", "a status that no answer can have"),
        (f"[token]\nfield = {{value = 'Result', {PROOF}}}", "the name of another member"),
        (f"[token]\nassumed_seconds = {{value = 0.5, {PROOF}}}", "would be old before"),
        (f"[duplicates]\nhow = {{value = {{}}, {PROOF}}}", 'Write value = "repeat"'),
        (f"[duplicates]\nhow = {{value = {{RM = '1'}}, {PROOF}}}", '"RM" is a field of calls.guest_key already'),
        (f"[areas]\nseparator = {{value = '', {PROOF}}}", "areas.separator"),
        (f"[areas]\nseparator = {{value = 'x1', {PROOF}}}", "cannot be told from the areas"),
        (f"[limits]\nkey_seconds = {{value = 3, {PROOF}}}", "no one takes a card"),
        (f"[several_rooms]\nseparator = {{value = 'x', {PROOF}}}", "cannot be told from the rooms"),
        (f"[lists.checkout_times]\nstandard = {{value = ' 1', {PROOF}}}", "no id or name that a list can have"),
        (f"[lists.special_areas]\nlist = {{value = 'a b', {PROOF}}}", "lists.special_areas.list"),
        (f"[mobile]\nuser = {{value = 'name', {PROOF}}}", "Invalid enum value 'name'"),
        (f"[limits]\nlists_seconds = {{value = 5, {PROOF}}}", "limits.lists_seconds"),
        (f"[calls.mobile_key]\nanswer = {{value = 'open', {PROOF}}}", 'Write value = "result"'),
        (f"[calls.config_special_areas]\nanswer = {{value = 'rooms', {PROOF}}}", 'Write value = "list"'),
        (f"[limits]\nkey_seconds = {{value = nan, {PROOF}}}", "limits.key_seconds"),
        (f"[limits]\nshort_seconds = {{value = inf, {PROOF}}}", "limits.short_seconds"),
        (f"[limits]\ncalls_at_once = {{value = 0, {PROOF}}}", "limits.calls_at_once"),
        (f"[answers]\nsuccess_code = {{value = '', {PROOF}}}", "answers.success_code"),
        (
            f"[address]\nport = {{value = 7773, {PROOF}}}",
            "is set in the provisioning file (coder_bridge.server). Leave it out here",
        ),
        (f"[rooms]\nkey_room = {{value = 'x', {PROOF}}}", "set in the provisioning file ([doors])"),
        ("name = 5", "name: is not text. Write it in quotes"),
        ('"\\u001b[31m" = 1', "is not an entry"),
    ],
)
def test_a_mistake_in_a_sites_file_is_told_with_its_place(text: str, words: str) -> None:
    said = complaint(BASE + text)
    assert words in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# nothing", 'Write base = "coder-bridge-v2"'),
        ("base = 'coder-bridge-v3'", "coder-bridge-v2"),
        ("base = 5", "coder-bridge-v2"),
        ("base = ", 'there is nothing behind the "="'),
        (b"base = '\xff'", "not UTF-8"),
        ("a = " + "[" * 1_900, "nested too deeply"),
        ("#" * 300_000, "larger than 256 KB"),
    ],
)
def test_a_file_that_is_no_profile_is_refused_in_one_line(text: str | bytes, words: str) -> None:
    said = complaint(text)
    assert words in said
    assert len(said.splitlines()) == 1


def test_what_ships_is_known_by_name() -> None:
    assert built_in_names() == ("coder-bridge-v2",)


def test_a_problem_names_the_profile_and_the_line_of_its_entry() -> None:
    said = complaint(f"{BASE}\n[limits]\nkey_seconds = {{value = 3, {PROOF}}}\n")
    assert said.startswith("error    site.toml, line 4, limits.key_seconds: is less than 10 s")


def test_a_slip_in_the_syntax_of_a_profile_is_told_with_its_file_and_line() -> None:
    assert complaint(f"{BASE}[dates\n").startswith("error    site.toml, line 2")


def test_strict_numbers_are_still_known_by_their_codes() -> None:
    profile = changed(
        BUILT_IN, answers__number_types="strict", answers__codes={"7": "no card was presented", "NO": "x"}
    )
    assert list(broken_rules(profile)) == []


def test_words_for_the_status_of_a_room_are_fine_as_they_are_read() -> None:
    assert list(broken_rules(changed(BUILT_IN, answers__room_status={"CI": "checked in"}))) == []


def test_the_call_before_the_stay_may_be_the_same_as_the_one_for_a_key() -> None:
    assert list(broken_rules(changed(BUILT_IN, calls__guest_key_precheckin__path="/pms/cikey"))) == []


@pytest.mark.parametrize("name", built_in_names())
def test_what_ships_breaks_no_rule(name: str) -> None:
    assert list(broken_rules(built_in(name))) == []


@pytest.mark.parametrize(
    ("slot", "role"),
    [
        ("auth", "username"),
        ("auth", "password"),
        ("guest_key", "room"),
        ("guest_key", "encoder"),
        ("guest_key", "start"),
        ("guest_key", "end"),
        ("guest_key", "areas"),
        ("guest_key_precheckin", "room"),
        ("guest_key_checkout", "tid"),
        ("room_checkin", "room"),
        ("room_checkout", "room"),
        ("mobile_key", "user"),
        ("mobile_key", "areas"),
        ("mobile_key_push", "push_address"),
        ("read_card", "encoder"),
    ],
)
def test_a_call_that_has_no_name_for_what_it_needs_is_refused(slot: str, role: str) -> None:
    document = msgspec.to_builtins(BUILT_IN)
    del document["calls"][slot]["fields"][role]
    [(entry, wrong, _)] = broken_rules(msgspec.convert(document, Profile))
    assert (entry, wrong) == (f"calls.{slot}.fields", f"has no name for {role}")


def test_a_key_before_check_in_always_says_when_it_begins() -> None:
    profile = changed(BUILT_IN, dates__send_start=False)
    assert "calls.guest_key_precheckin.fields.start" in unconfirmed(profile, Slot.GUEST_KEY_PRECHECKIN)
    document = msgspec.to_builtins(profile)
    del document["calls"]["guest_key_precheckin"]["fields"]["start"]
    [(entry, wrong, _)] = broken_rules(msgspec.convert(document, Profile))
    assert (entry, wrong) == ("calls.guest_key_precheckin.fields", "has no name for start")


def test_a_pushed_mobile_key_may_have_the_path_of_one_that_is_not() -> None:
    assert list(broken_rules(changed(BUILT_IN, calls__mobile_key_push__path="/pms/mkey"))) == []


@pytest.mark.parametrize(
    ("slot", "names"),
    [
        (Slot.MOBILE_KEY, {"mobile.user", "calls.mobile_key.fields.user", "calls.mobile_key.fields.end"}),
        (Slot.MOBILE_KEY_PUSH, {"mobile.user", "calls.mobile_key_push.fields.push_address"}),
        (Slot.READ_CARD, {"card.room", "card.tid", "calls.read_card.fields.encoder"}),
        (Slot.CONFIG_SPECIAL_AREAS, {"lists.special_areas.list", "lists.special_areas.id"}),
        (Slot.CONFIG_CHECKOUT_TIMES, {"lists.checkout_times.time"}),
        (Slot.ROOM_CHECKOUT, {"calls.room_checkout.path"}),
    ],
)
def test_each_request_names_what_it_alone_goes_by(slot: Slot, names: set[str]) -> None:
    assert names <= set(unconfirmed(BUILT_IN, slot))


def test_several_rooms_on_a_key_need_proof_of_their_own() -> None:
    text = "[several_rooms]\nseparator = {value = ',', confirmed = false, source = 'heard'}"
    more = set(unconfirmed(site(text), Slot.GUEST_KEY, rooms=True)) - set(unconfirmed(BUILT_IN, Slot.GUEST_KEY))
    assert more == {"several_rooms.separator"}


@pytest.mark.parametrize("slot", [Slot.MOBILE_KEY, Slot.MOBILE_KEY_PUSH])
def test_user_and_end_of_a_mobile_key_are_placeholders(slot: Slot) -> None:
    fields = BUILT_IN.calls[slot].fields
    assert {fields[role].guess for role in (Role.USER, Role.END)} == {Guess.PLACEHOLDER}


def test_what_is_never_sent_needs_no_name() -> None:
    profile = changed(BUILT_IN, areas__use=False, dates__send_start=False)
    document = msgspec.to_builtins(profile)
    for slot in ("guest_key", "guest_key_precheckin", "mobile_key", "mobile_key_push"):
        del document["calls"][slot]["fields"]["areas"]
    del document["calls"]["guest_key"]["fields"]["start"]
    assert list(broken_rules(msgspec.convert(document, Profile))) == []
