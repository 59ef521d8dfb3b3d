"""Reading what a Coder Bridge may send: leniently where that is safe, and never with an exception."""

import json
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.coder_bridge.protocol import wire
from agent.drivers.coder_bridge.protocol.wire import Reading, Result, Room
from provisioning.secret import Secret
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, changed

RULES = BUILT_IN.answers


def read(text: str | bytes, **rules: Any) -> Reading:
    body = text.encode() if isinstance(text, str) else text
    return wire.reading(body, changed(BUILT_IN, **rules).answers if rules else RULES)


def test_a_request_is_json_whose_values_are_all_texts_in_plain_ascii() -> None:
    assert wire.request({"pw": Secret("blau")}) == b'{"pw": "blau"}'
    assert wire.request({"rm": "Süd 1", "tid": "5"}) == rb'{"rm": "S\u00fcd 1", "tid": "5"}'


@pytest.mark.parametrize("zero", ["0", '"0"', "0.0", '" 0 "', "-0", "-0.0", '"0.0"', "0e5"])
def test_every_way_to_write_zero_is_success(zero: str) -> None:
    assert read(f'{{"result": {zero}}}').result is Result.SUCCESS


@pytest.mark.parametrize(
    ("value", "code"), [("5", "5"), ('"17"', "17"), ("-1", "-1"), ("2.0", "2"), ("0.5", "0.5"), ("1e3", "1000")]
)
def test_every_other_number_is_failure_with_its_code(value: str, code: str) -> None:
    said = read(f'{{"result": {value}}}')
    assert (said.result, said.code) == (Result.FAILURE, code)


@pytest.mark.parametrize(
    "value",
    ["false", "true", "null", '""', '"OK"', "[0]", '{"a": 0}', "NaN", "1e999", '"1_0"', '"٠"', "1" + "0" * 4000],
)
def test_what_is_neither_number_nor_known_code_is_unreadable_and_never_zero(value: str) -> None:
    assert read(f'{{"result": {value}}}').result is Result.UNREADABLE


def test_a_text_code_of_the_sites_table_is_failure_with_its_meaning() -> None:
    said = read('{"result": "E7", "msg": "enc"}', answers__codes={"E7": "the encoder is off"})
    assert (said.result, said.code, said.words) == (Result.FAILURE, "E7", "the encoder is off: enc")


def test_a_site_may_have_a_word_for_success() -> None:
    assert read('{"result": "OK"}', answers__success_code="OK").result is Result.SUCCESS


def test_a_strict_site_takes_only_plain_numbers_for_numbers() -> None:
    results = [
        read(f'{{"result": {text}}}', answers__number_types="strict").result for text in ("0", '"0"', "0.0")
    ]
    assert results == [Result.SUCCESS, Result.UNREADABLE, Result.UNREADABLE]


def test_names_are_found_in_any_case() -> None:
    said = read('{"RESULT": 0, "Msg": "ok", "Data": {"TID": "7", "Cid": "8"}}')
    assert said == Reading(Result.SUCCESS, "0", "ok", "7", "8")


def test_a_site_with_exact_names_finds_no_others() -> None:
    assert read('{"Result": 0}', answers__name_case="exact").result is Result.ABSENT


@pytest.mark.parametrize("text", ['{"result": 0, "result": 5}', '{"result": 0, "Result": "5"}'])
def test_two_results_that_contradict_each_other_are_unreadable(text: str) -> None:
    assert read(text).result is Result.UNREADABLE


def test_two_results_that_agree_are_one() -> None:
    assert read('{"result": 0, "Result": "0"}').result is Result.SUCCESS


@pytest.mark.parametrize(
    ("data", "tid"),
    [
        ('{"tid": "00123"}', "00123"),
        ('{"tid": 123}', "123"),
        ('{"tid": 123.0}', "123"),
        ('{"tid": 1e400}', ""),
        ('{"tid": true}', ""),
        ('{"tid": null}', ""),
        ('{"tid": ""}', ""),
        ("{}", ""),
        ("null", ""),
        ("[1]", ""),
        ('"x"', ""),
    ],
)
def test_an_id_is_a_text_whatever_it_was_and_empty_if_there_is_none(data: str, tid: str) -> None:
    assert read(f'{{"result": 0, "data": {data}}}').tid == tid


def test_an_id_beside_the_result_counts_where_data_has_none() -> None:
    assert read('{"result": 0, "tid": 5, "cid": 6, "data": {}}').tid == "5"


@pytest.mark.parametrize("message", ["", ', "msg": null', ', "msg": 5', ', "msg": []'])
def test_a_missing_message_is_no_words(message: str) -> None:
    assert read(f'{{"result": 3{message}}}') == Reading(Result.FAILURE, "3")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"5", b"<html>500</html>", b"\xff\xfe\x00", b"[" * 200_000, b'{"a":' * 200_000],
    ids=["empty", "cut", "null", "list", "number", "html", "bad bytes", "deep list", "deep object"],
)
def test_what_is_no_json_object_has_no_result(body: bytes) -> None:
    assert read(body).result is Result.ABSENT


CHARSETS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
AROUND = st.text(st.sampled_from(" \t\r\n\0"), max_size=6)
MARKS = ("", "\ufeff")


@given(AROUND, AROUND, st.sampled_from(MARKS), st.sampled_from(MARKS), st.sampled_from(CHARSETS[:-1]))
def test_what_surrounds_a_result_does_not_hide_it(
    before: str, after: str, first_mark: str, last_mark: str, charset: str
) -> None:
    body = f'{before}{first_mark}{before}{{"result": 0, "msg": "Süd"}}{after}{last_mark}{after}'.encode(charset)
    assert read(body) == Reading(Result.SUCCESS, "0", "Süd")


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("result", [0, 4])
def test_a_result_is_read_in_whatever_charset_a_windows_program_writes(charset: str, result: int) -> None:
    said = read(f'{{"result": {result}, "msg": "Codierer gestört"}}'.encode(charset))
    assert (said.result, said.words) == (Result.FAILURE if result else Result.SUCCESS, "Codierer gestört")


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"result": 0, "msg": "gest\xf6rt"}',  # marked as UTF-8, written in another charset
        b'\0\xef\xbb\xbf\r\n{"result": 0, "msg": "gest\xf6rt \x81"}\0\0',
        b')]}\',\n{"result": 0}',
        rb'"{\"result\": 0}"',
        b'\xef\xbb\xbf"{\\"result\\": 0}\\u0000"\r\n',
        b'{"result": 0, "msg": "line\r\nby line\0"}',
    ],
    ids=["foreign mark", "all at once", "guard", "encoded twice", "twice with marks", "raw line break"],
)
def test_a_result_that_can_be_read_is_read(body: bytes) -> None:
    assert read(body).result is Result.SUCCESS


@pytest.mark.parametrize(
    "body",
    [
        b'{"result": 0}{"result": 0}',
        b'{"result": 0}\0{"result": 5}',
        b'{"result": 0} and more',
        b'<script>x = {"result": 0}</script>',
        b'x{"result": 0}',
        b'{"result": 0',
        b'{"result":\0 0}',
        b'["{\\"result\\": 0}"]',
        rb'"\"{\\\"result\\\": 0}\""',
    ],
)
def test_a_result_among_other_things_is_none(body: bytes) -> None:
    assert read(body).result is Result.ABSENT


def test_a_token_and_rooms_are_read_through_the_same_wrapping() -> None:
    assert wire.token(b'\0\xef\xbb\xbf{"value": "abc"}\0', "value", RULES) == Secret("abc")
    assert wire.rooms('{"rooms": [{"rm": "1"}]}\0'.encode("utf-16"), RULES) == (Room("1", "", ""),)


def test_a_megabyte_of_blanks_is_read_in_no_time() -> None:
    body = b'{"result": 0, "msg": "' + b" \0" * 500_000 + b'"x' + b" " * 500_000 + b"y"
    began = perf_counter()
    assert read(body).result is Result.ABSENT
    assert perf_counter() - began < 2


@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_reading_raise(body: bytes) -> None:
    assert wire.reading(body, RULES).result in Result
    assert wire.rooms(body, RULES) is None or body
    assert wire.token(body, "value", RULES) is None or body


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["result", "msg", "data", "tid", "rooms", "rm", "value", "x"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@given(json_values)
def test_only_a_result_of_zero_is_ever_success(value: Any) -> None:
    said = wire.reading(json.dumps(value).encode(), RULES)
    if said.result is Result.SUCCESS:
        assert float(value["result"]) == 0
        assert value["result"] is not False


@given(json_values)
def test_no_json_at_all_makes_rooms_or_token_raise(value: Any) -> None:
    body = json.dumps(value).encode()
    listed = wire.rooms(body, RULES)
    assert listed is None or all(room.name for room in listed)
    assert wire.token(body, "value", RULES) is None or isinstance(value["value"], str)


def test_of_two_neighbouring_status_members_the_first_counts() -> None:
    body = b'{"rooms": [{"rm": "101", "status": "1", "status": "2", "untildate": "2026-07-04T11:00:00"}]}'
    assert wire.rooms(body, RULES) == (Room("101", "1", "2026-07-04T11:00:00"),)


def test_a_site_may_have_the_last_status_count_and_give_it_a_meaning() -> None:
    rules = changed(BUILT_IN, answers__duplicate_names="last", answers__room_status={"2": "occupied"}).answers
    assert wire.rooms(b'{"rooms": [{"rm": 101, "status": 1, "status": 2}]}', rules) == (
        Room("101", "occupied", ""),
    )


def test_rows_without_a_name_are_left_out_of_the_rooms() -> None:
    body = b'{"Rooms": [null, 5, {}, {"rm": ""}, {"RM": "102", "status": null}]}'
    assert wire.rooms(body, RULES) == (Room("102", "", ""),)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"rooms": null}', b'{"rooms": {}}'])
def test_what_holds_no_list_is_no_list_of_rooms(body: bytes) -> None:
    assert wire.rooms(body, RULES) is None


def test_a_token_is_found_under_the_profiles_name() -> None:
    assert wire.token(b'{"Value": " abc.def.ghi "}', "value", RULES) == Secret("abc.def.ghi")


@pytest.mark.parametrize(
    "value", ['""', "null", "5", '"a b"', '"a\\r\\nX: y"', '"t\\u00f6ken"', '"' + "a" * 9000 + '"']
)
def test_what_cannot_stand_in_a_header_is_no_token(value: str) -> None:
    assert wire.token(f'{{"value": {value}}}'.encode(), "value", RULES) is None
