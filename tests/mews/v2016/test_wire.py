"""Mews' JSON of 2016: what is sent, what is read, and that a broken command breaks nothing but itself.

Shapes and values: reference/mews.md, sections 1 to 3 and 6.
"""

import json
from codecs import BOM_UTF8, BOM_UTF16_BE
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.model import Listed, Standing
from agent.commands.notes import WORDS_LIMIT
from agent.mews.calls import Listing, NewState, Update
from agent.mews.reading import answers, commands
from agent.mews.reading.commands import DATA_LIMIT
from agent.mews.reading.decoding import Unreadable
from agent.mews.reading.values import ID_LIMIT
from agent.mews.v2016 import wire
from provisioning.secret import Secret
from tests.mews.reading.orders_of_keys import COMMAND, DEVICE, GONE, ID, KEY, body, changed, command

TOKEN = Secret("token")
NEIGHBOUR = command(Id="neighbour")


# -- what is sent -------------------------------------------------------------------------------------------------


def test_a_sign_in_sends_the_connector_token_under_its_name() -> None:
    assert json.loads(wire.sign_in(Secret("long"))) == {"ConnectorToken": "long"}


def test_the_list_is_asked_for_with_the_access_token() -> None:
    assert json.loads(wire.get_all_active(TOKEN)) == {"AccessToken": "token"}


def test_an_update_says_no_more_than_it_has_to() -> None:
    sent = json.loads(wire.update(TOKEN, Update(ID, NewState.PROCESSED)))
    assert sent == {"AccessToken": "token", "CommandId": ID, "State": "Processed"}


def test_progress_is_sent_even_when_there_is_none_yet() -> None:
    assert json.loads(wire.update(TOKEN, Update(ID, NewState.PROCESSING, progress=0.0)))["Progress"] == 0


def test_notes_are_sent_with_every_character() -> None:
    assert (
        json.loads(wire.update(TOKEN, Update(ID, NewState.ERROR, notes='Schlüssel „7" ✂')))["Notes"]
        == 'Schlüssel „7" ✂'
    )


# -- answers ------------------------------------------------------------------------------------------------------


def test_the_session_token_is_read_from_the_answer_of_the_page() -> None:
    answer = b'{"AccessToken":"210F-77EB","Enterprise":{"Id":"222b5d8a","Name":"Test Hotel"}}'
    assert wire.signed_in(answer) == Secret("210F-77EB")


@pytest.mark.parametrize("answer", [b"", b"{}", b'{"AccessToken":""}', b'{"AccessToken":null}', b"<html>", b"[]"])
def test_a_sign_in_without_a_token_is_unreadable(answer: bytes) -> None:
    with pytest.raises(Unreadable):
        wire.signed_in(answer)


@pytest.mark.parametrize("answer", [b"{}", b' {"New": [1]} ', b'{"New":"\\ud83d","Newer":NaN}'])
def test_any_object_acknowledges_an_update(answer: bytes) -> None:
    answers.acknowledged(answer)


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b" ", b"{", b"null", b"[]", b"[{}]", b"0", b"true", b'""', b'"OK"', b"OK", b"<html>", b"\xff"),
        *(b'{"a":' * 9999, b"{}{}", b"{}x", b'{"a"}'),
    ],
)
def test_nothing_but_an_object_acknowledges_an_update(answer: bytes) -> None:
    with pytest.raises(Unreadable):
        answers.acknowledged(answer)


@pytest.mark.parametrize(
    "name", ["Message", "message", "MESSAGE", "M\\u0065ssage", "Details", "RequestId", "error"]
)
@pytest.mark.parametrize("value", ["null", '"no"', "{}", '"\\ud83d"'])
def test_an_error_does_not_acknowledge_whatever_its_status(name: str, value: str) -> None:
    with pytest.raises(Unreadable, match="an error"):
        answers.acknowledged(f'{{"New":1,"{name}":{value}}}'.encode())


WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "a byte-order mark": lambda text: BOM_UTF8 + text,
    "two of them": lambda text: BOM_UTF8 * 2 + text,
    "NULs": lambda text: b"\0\0" + text + b"\0",
    "blanks": lambda text: b"\r\n\t " + text + b"\n\n",
    "all of them": lambda text: b"\0\n" + BOM_UTF8 + b" \0" + text + b"\0\r\n\0",
    "UTF-16": lambda text: text.decode().encode("utf-16"),
    "UTF-16, the other way round": lambda text: BOM_UTF16_BE + text.decode().encode("utf-16-be"),
}


@pytest.mark.parametrize("wrapped", WRAPPERS.values(), ids=WRAPPERS)
def test_what_stands_around_an_answer_changes_nothing(wrapped: Callable[[bytes], bytes]) -> None:
    assert wire.signed_in(wrapped(b'{"AccessToken":"210F"}')) == Secret("210F")
    assert answers.refusal(wrapped(b'{"Message":"Invalid CommandId"}')) == "Invalid CommandId"
    assert commands.listing(wrapped(body(command(), NEIGHBOUR))) == commands.listing(body(command(), NEIGHBOUR))
    answers.acknowledged(wrapped(b"{}"))
    with pytest.raises(Unreadable, match="an error"):
        answers.acknowledged(wrapped(b'{"Message":"no"}'))


def test_half_a_surrogate_in_utf16_spoils_its_member_alone() -> None:
    answer = body(command(Creator="\ud83d"), command(Id="\ud83d"), NEIGHBOUR).decode()
    listing = commands.listing(json.loads(f"[{json.dumps(answer)}]")[0].encode("utf-16", "surrogatepass"))
    assert ([listed.id for listed in listing.commands], listing.unreadable) == ([ID, "neighbour"], 1)


@pytest.mark.parametrize("answer", [b"\xff\xfe{", b"\xff\xfe\x00", b"\xfe\xff\x00{\x00"])
def test_utf16_that_breaks_off_is_unreadable(answer: bytes) -> None:
    with pytest.raises(Unreadable):
        answers.acknowledged(answer)


def test_a_hotel_whose_name_cannot_be_read_is_signed_in_to() -> None:
    assert wire.signed_in(b'{"AccessToken":"210F","Enterprise":{"Name":"Caf\xe9 \\ud83d"}}') == Secret("210F")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b'{"Message":"Invalid\\n CommandId","Details":"at Mews..."}', "Invalid CommandId"),
        (b'{"Message":null}', ""),
        (b"{}", ""),
        (b"<html>", ""),
        (b'{"Message":7}', ""),
        (b'{"Message":"no","Message":"yes"}', ""),
        (b'{"Message":"Bad\\ud83d room\tM\xfcller","Details":NaN}', "Bad room M\ufffdller"),
    ],
)
def test_a_refusal_is_passed_on_in_mews_own_words(answer: bytes, words: str) -> None:
    assert answers.refusal(answer) == words


def test_a_refusal_is_passed_on_without_the_tokens_that_it_repeats() -> None:
    tokens = [Secret("210F-77EB"), Secret("C66E")]
    answer = b'{"Message":"210F\\u0000-77EB is no token, nor is C66E, and 210F-77EB ends"}'
    assert answers.refusal(answer, tokens) == "210F -77EB is no token, nor is (hidden), and (hidden) ends"


def test_what_is_left_of_a_token_at_the_end_of_long_words_is_not_shown() -> None:
    answer = json.dumps({"Message": "x" * (WORDS_LIMIT - 5) + "210F-77EB-ACE0-1234"}).encode()
    assert "210F" not in answers.refusal(answer, [Secret("210F-77EB-ACE0-1234")])


def test_a_refusal_is_not_passed_on_without_end() -> None:
    assert len(answers.refusal(json.dumps({"Message": "x" * 9999}).encode())) == WORDS_LIMIT


# -- the list -----------------------------------------------------------------------------------------------------


def only(element: bytes) -> Listed:
    listing = commands.listing(body(element))
    assert (len(listing.commands), listing.unreadable) == (1, 0)
    return listing.commands[0]


def test_a_command_is_read_as_the_page_shows_it() -> None:
    listed = only(command())
    assert (listed.id, listed.standing, listed.defect) == (ID, Standing.NEW, "")
    assert listed.created == datetime(2015, 9, 2, 19, 25, 44, tzinfo=UTC)
    assert (listed.device_id, listed.device_name, listed.device_type) == tuple(DEVICE.values())
    assert json.loads(listed.data or b"") == KEY


def test_commands_keep_the_order_of_mews() -> None:
    listing = commands.listing(body(*(command(Id=id) for id in "cab")))
    assert [listed.id for listed in listing.commands] == ["c", "a", "b"]


def test_an_empty_list_is_a_good_one() -> None:
    assert commands.listing(b'{"Commands":[],"Cursor":null}') == Listing((), 0)


def test_a_command_that_is_listed_twice_counts_once() -> None:
    listing = commands.listing(body(command(), command(State="Received")))
    assert [listed.standing for listed in listing.commands] == [Standing.NEW]


def test_of_known_commands_only_id_and_state_are_read() -> None:
    listing = commands.listing(body(command(State="Received", CreatedUtc="garbage")), known={ID})
    assert listing.commands == (Listed(ID, Standing.RECEIVED, None, "", "", None, None),)


@pytest.mark.parametrize("member", ["Creator", "Data", "State"])
def test_what_is_optional_may_be_missing_or_null(member: str) -> None:
    assert [only(command(**{member: value})).defect for value in (GONE, None)] == ["", ""]


@pytest.mark.parametrize("value", [GONE, None])
def test_data_that_is_missing_or_null_is_none(value: Any) -> None:
    assert only(command(Data=value)).data is None


@pytest.mark.parametrize("value", ["text", 7, [1], True])
def test_data_of_any_kind_is_kept_for_later(value: Any) -> None:
    assert json.loads(only(command(Data=value)).data or b"") == value


def test_data_as_long_as_it_may_be_is_kept() -> None:
    assert len(only(command(Data="x" * (DATA_LIMIT - 2))).data or b"") == DATA_LIMIT


def test_a_document_is_not_kept() -> None:
    assert only(command(Data="x" * (DATA_LIMIT - 1))).data is None


@pytest.mark.parametrize("device", [{}, {"Id": None, "Name": None, "Type": None}, {"Type": ""}])
def test_a_device_without_names_is_no_defect(device: dict[str, Any]) -> None:
    listed = only(command(Device=device))
    assert (listed.device_id, listed.device_name, listed.device_type, listed.defect) == ("", "", None, "")


def test_names_of_devices_are_cleaned() -> None:
    listed = only(command(Device=changed(DEVICE, Name="\x1b[2JDesk\n1", Type="Key\x00Cutter")))
    assert (listed.device_name, listed.device_type) == ("[2JDesk 1", "Key Cutter")


def test_unknown_members_are_passed_over() -> None:
    assert only(command(Priority={"a": [1]})).defect == ""


@pytest.mark.parametrize(
    ("members", "defect"),
    [
        ({"CreatedUtc": GONE}, "the date of the order is missing or no date"),
        ({"CreatedUtc": None}, "the date of the order is missing or no date"),
        ({"CreatedUtc": "yesterday"}, "the date of the order is missing or no date"),
        ({"CreatedUtc": "2015-09-02"}, "the date of the order is no plausible date"),
        ({"CreatedUtc": "0001-01-01T00:00:00Z"}, "the date of the order is no plausible date"),
        ({"CreatedUtc": "9999-12-31T23:59:59Z"}, "the date of the order is no plausible date"),
        ({"CreatedUtc": 7}, "it has no usable CreatedUtc"),
        ({"State": 7}, "it has no usable State"),
        ({"Device": GONE}, "it has no usable Device"),
        ({"Device": None}, "its Device is not an object, or is damaged"),
        ({"Device": "desk"}, "its Device is not an object, or is damaged"),
        ({"Device": {"Id": 7}}, "its Device has no usable Id"),
        ({"Device": {"Type": ["Printer"]}}, "its Device has no usable Type"),
    ],
)
def test_a_command_with_an_id_keeps_its_defect_to_itself(members: dict[str, Any], defect: str) -> None:
    listing = commands.listing(body(command(**members), NEIGHBOUR))
    assert [listed.defect for listed in listing.commands] == [defect, ""]


def test_a_name_that_stands_there_twice_makes_nobody_guess() -> None:
    element = command().replace(b'"State"', b'"Device":{},"State"')
    assert only(element).defect == "it names Device twice"


def test_a_name_that_is_spelt_in_two_ways_is_still_the_same_name() -> None:
    element = command().replace(b'"State"', b'"D\\u0065vice":{},"State"')
    assert only(element).defect == "it names Device twice"


@pytest.mark.parametrize("second", [b'"Id":"another"', b'"I\\u0064":"\xff"'])
def test_a_device_with_two_ids_is_no_device(second: bytes) -> None:
    element = command().replace(b'"Name": "Front desk"', second)
    assert only(element).defect == "its Device names Id twice"


def test_a_member_that_is_not_needed_may_stand_there_twice() -> None:
    assert only(command().replace(b'"State"', b'"Creator":{},"State"')).defect == ""


DEEP = b"[" * 2_000 + b"]" * 2_000
WITH_DEPTH = command(Device="DEEP").replace(b'"DEEP"', DEEP)
WITH_BAD_UTF8 = command().replace(b"63efb573", b"\xff")


@pytest.mark.parametrize("element", [WITH_DEPTH, WITH_BAD_UTF8])
def test_a_command_that_cannot_be_read_whole_still_has_its_id_and_state(element: bytes) -> None:
    listed = only(element)
    assert (listed.id, listed.standing, bool(listed.defect)) == (ID, Standing.NEW, True)


def test_a_devices_name_is_only_shown_so_that_it_may_be_bad() -> None:
    listed = only(command().replace(b"Front desk", b"Front \xff desk\\ud83d\t!"))
    assert (listed.device_name, listed.defect) == ("Front \ufffd desk !", "")


BROKEN = [
    b"null",
    b"7",
    b'"text"',
    b"[]",
    b"{}",
    b"[" + command() + b"]",
    command(Id=GONE),
    command(Id=None),
    command(Id=7),
    command(Id=""),
    command(Id="  "),
    command(Id="\x00"),
    command(Id="two\nlines"),
    command(Id=" padded"),
    command(Id="x" * (ID_LIMIT + 1)),
    command().replace(ID.encode(), b"\xff"),
    command().replace(b'"State"', b'"Id":"another","State"'),
    command().replace(b'"State"', b'"I\\u0064":"another","State"'),
    DEEP,
    b'{"Data":' + DEEP + b"}",
    b'{"Id":"bad",' + b'"Data":"\xff"}',
]


@pytest.mark.parametrize("broken", BROKEN[:-1])
def test_an_element_without_a_usable_id_is_counted_and_spoils_no_other(broken: bytes) -> None:
    listing = commands.listing(body(NEIGHBOUR, broken, command()))
    assert ([listed.id for listed in listing.commands], listing.unreadable) == (["neighbour", ID], 1)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_neighbour_changes_nothing_about_a_good_command(broken: bytes) -> None:
    assert only(NEIGHBOUR) in commands.listing(body(broken, NEIGHBOUR)).commands


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{",
        b"{}",
        b"null",
        b"[]",
        b"<html>",
        b'{"Commands":null}',
        b'{"Commands":{}}',
        b'{"Commands":[',
        b'{"Commands":[{}',
        b'{"commands":[]}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"Commands":' + b"[" * 100_000,
        b'{"Other":' + DEEP + b"}",
        b'{"Other":' + DEEP + b',"Commands":7}',
    ],
)
def test_what_is_no_list_of_commands_is_unreadable(answer: bytes) -> None:
    with pytest.raises(Unreadable, match="not a list of commands"):
        commands.listing(answer)


@given(st.binary(max_size=80))
def test_garbage_for_a_list_is_unreadable_or_empty(answer: bytes) -> None:
    with suppress(Unreadable):
        assert commands.listing(answer).commands == ()


CUTS = [body(command(), WITH_BAD_UTF8, NEIGHBOUR), body(command(), WITH_DEPTH)]


@given(st.sampled_from(CUTS), st.data())
def test_a_list_that_breaks_off_is_never_taken_for_a_whole_one(whole: bytes, data: st.DataObject) -> None:
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with suppress(Unreadable):
        listing = commands.listing(cut)
        count = len(listing.commands)
        assert (listing.is_whole, listing.commands) == (False, commands.listing(whole).commands[:count])


@given(st.lists(st.sampled_from([command(Id="a"), command(Id="b"), *BROKEN]), max_size=4), st.data())
def test_what_a_list_that_breaks_off_says_about_a_command_is_what_it_would_have_said(
    elements: list[bytes], data: st.DataObject
) -> None:
    whole = body(*elements)
    with suppress(Unreadable):
        seen = commands.listing(whole[: data.draw(st.integers(0, len(whole) - 1))]).commands
        assert seen == commands.listing(whole).commands[: len(seen)]


@pytest.mark.parametrize(
    "answer",
    [
        body(command()) + body(NEIGHBOUR),
        body(command()) + b"x",
        body(command()).replace(b"]}", b'],"Cursor":"x"y"}'),
        body(command()).replace(b"]}", b'],"Commands":NaN}'),
        body(command(), b"null"),
    ],
)
def test_absence_from_a_list_that_is_not_whole_means_nothing(answer: bytes) -> None:
    listing = commands.listing(answer)
    assert (listing.commands[0], listing.is_whole) == (only(command()), False)


def test_of_a_damaged_command_that_is_known_the_id_is_enough() -> None:
    listing = commands.listing(body(command()[:-1], NEIGHBOUR), known={ID})
    assert listing.commands[0] == Listed(ID, Standing.NEW, None, "", "", None, None)


def test_an_object_inside_of_a_damaged_command_is_never_taken_for_a_command() -> None:
    people = json.dumps([{"Id": "guest-1", "State": "Started"}, {"Id": "guest-2"}]).encode()
    listing = commands.listing(body(command().removesuffix(b"}") + b' x y,"People":' + people + b"}", NEIGHBOUR))
    assert [(listed.id, listed.defect) for listed in listing.commands] == [
        (ID, "it is damaged"),
        ("neighbour", ""),
    ]


@pytest.mark.parametrize(("end", "defect"), [("}", ""), (',"State":null}', "it names State twice")])
def test_a_command_with_very_many_members_is_read_in_time(end: str, defect: str) -> None:
    crowd = {f"New{number}": number for number in range(40_000)}
    element = json.dumps(COMMAND | crowd).removesuffix("}") + end
    began = perf_counter()
    assert only(element.encode()).defect == defect
    assert perf_counter() - began < 10  # s; looking for each name among all of them took minutes
