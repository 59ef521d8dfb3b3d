"""Answers as shapes: names, types, order and duplicates stay, no value does."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.coder_bridge.learning.shapes import (
    Known,
    Shape,
    date_pattern,
    known,
    members,
    rows,
    shape,
    words,
)
from tests.drivers.coder_bridge.profile_bench import BUILT_IN

SITE = known({"room": ("101", "Zirbenstube"), "encoder": ("1", "Bar"), "secret": ("hunter2-hunter2",)})


def of(body: bytes) -> Shape:
    return shape(body, BUILT_IN.answers, SITE)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"result":0}', {"object": [["result", "integer success"]]}),
        (b'{"Result":"0","Msg":"Ja"}', {"object": [["Result", "text success"], ["Msg", "text"]]}),
        (b'{"result":7.0}', {"object": [["result", "float failure"]]}),
        (b'{"result":null,"x":true}', {"object": [["result", "null"], ["x", "boolean"]]}),
        (b'{"data":{"result":0}}', {"object": [["data", {"object": [["result", "integer"]]}]]}),
        (b'{"tid":4711,"cid":"a-9"}', {"object": [["tid", "integer"], ["cid", "text id"]]}),
        (b'{"status":"1","status":"2"}', {"object": [["status", "text number"], ["status", "text number"]]}),
        (b"[1,2,3]", {"list": ["integer"]}),
        (b'["  "]', {"list": ["text empty"]}),
        (b'["zirbenstube"]', {"list": ["text room"]}),
        (b'["1"]', {"list": ["text number"]}),
        (b'["2026-11-26T09:12:00"]', {"list": ["text date yyyy-MM-dd'T'HH:mm:ss"]}),
        (b'["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.x"]', {"list": ["text token"]}),
        (b'["hunter2-hunter2"]', {"list": ["text secret"]}),
        (b"", {"raw": "empty"}),
        (b"<!DOCTYPE html><HTML></HTML>", {"raw": "html"}),
        (b"{", {"raw": "other"}),
        ('{"msg":"ü"}'.encode("utf-16"), {"object": [["msg", "text"]]}),
        (b'"{\\"result\\":0}"', {"object": [["result", "integer success"]]}),
    ],
)
def test_an_answer_has_this_shape(body: bytes, found: Shape) -> None:
    assert of(body) == found


def test_each_shape_of_a_row_stands_once() -> None:
    body = b'{"rooms":[{"rm":"101"},{"rm":"102"},{"rm":5},{"rm":"103"}]}'
    each = [{"object": [["rm", "text room"]]}, {"object": [["rm", "integer"]]}]
    assert of(body) == {"object": [["rooms", {"list": each}]]}


@pytest.mark.parametrize(
    "body",
    [
        b'{"Zirbenstube":1}',
        b'{"room101":1}',
        b'{"a b":1}',
        b'{"zimmer_zirbenstube_frei":1}',
        b'{"Meier":1,"Huber":2,"Gruber":3,"Bauer":4}',
        json.dumps({chr(97 + at % 26) * (at // 26 + 1): at for at in range(50)}).encode(),
    ],
)
def test_a_name_that_may_be_a_value_is_hidden(body: bytes) -> None:
    assert of(body) == {"object": [["(name)", "integer"]]}


def test_names_that_only_differ_in_what_they_hold_are_kept() -> None:
    body = b'{"alpha":1,"beta":"x","gamma":null,"delta":true}'
    assert [name for name, _ in of(body)["object"]] == ["alpha", "beta", "gamma", "delta"]


def test_what_is_too_deep_is_a_text() -> None:
    text = json.dumps(of(b'{"a":' * 14 + b"1" + b"}" * 14))
    assert text.count("object") == 12
    assert json.dumps(of(b"[" * 14 + b"1" + b"]" * 14)).count("list") == 12


def test_an_abyss_of_brackets_is_no_json() -> None:
    assert of(b"[" * 100_000) == {"raw": "other"}


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ({"raw": "empty"}, "no body"),
        ({"raw": "html"}, "a web page"),
        ({"raw": "other"}, "no JSON"),
        ("text room", "text room"),
        ({"list": ["integer", "null"]}, "a list (integer; null)"),
        (
            {"object": [["result", "integer"], ["data", {"object": [["tid", "text id"]]}]]},
            "result integer, data (tid text id)",
        ),
    ],
)
def test_a_shape_can_be_told_in_words(found: Shape, text: str) -> None:
    assert words(found) == text


def test_the_members_of_data_count_as_members() -> None:
    assert members(b'{"result":0,"Data":{"rm":"101"}}')[-1] == ("rm", "101")
    assert members(b"[]") == members(b"no") == ()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'[{"Id":1,"name":"Pool"}]', ("", (("Id", "name"),))),
        (b'{"areas":[{"id":"1","id":"2"}],"n":1}', ("areas", (("id", "id"),))),
        (b'[7,"x"]', ("", (7, "x"))),
        (b"[]", ("", ())),
        (b'{"a":[],"b":[]}', None),
        (b'{"result":0}', None),
        (b"7", None),
        (b"", None),
    ],
)
def test_rows_of_a_list(body: bytes, found: Any) -> None:
    assert rows(body) == found


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("2026-11-26", "yyyy-MM-dd"),
        ("11/26/2026", "MM/dd/yyyy"),
        ("26.11.2026 09:12", "dd.MM.yyyy HH:mm"),
        ("2026-11-26T09:12:00.123", "yyyy-MM-dd'T'HH:mm:ss"),
        ("2026-11-26T09:12:00Z", "yyyy-MM-dd'T'HH:mm:ssXXX"),
        ("2026-11-26T09:12+01:00", "yyyy-MM-dd'T'HH:mmXXX"),
        ("20261126", None),
        ("soon", None),
        ("2026-11-26 ", None),
    ],
)
def test_a_date_is_known_by_its_form(text: str, pattern: str | None) -> None:
    assert date_pattern(text) == pattern


def test_a_short_value_counts_by_its_name_alone() -> None:
    assert SITE.kind("1") == "encoder"
    assert SITE.kind_in_answer("1") is None
    assert SITE.has_part("1")
    assert not Known().has_part("result")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(10_000) | st.floats(allow_nan=False) | st.text(min_size=3),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["result", "msg", "data", "rm", "x"]), inner)
    ),
    max_leaves=12,
)


@given(json_values)
def test_no_value_is_in_a_shape(value: Any) -> None:
    found = json.dumps(of(json.dumps(value).encode()), ensure_ascii=False)
    for text in texts(value):
        assert text not in found


def texts(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [text for each in inner for text in texts(each)]
    if isinstance(value, bool) or value is None:
        return []
    return [text for text in [str(value)] if text not in OUR_WORDS]


OUR_WORDS = " ".join(
    ("text integer float boolean null success failure object list raw room token number empty", "result")
)


@given(st.binary(max_size=300))
def test_any_bytes_have_a_shape(body: bytes) -> None:
    assert isinstance(of(body), str | dict)
    assert isinstance(words(of(body)), str)
    members(body)
    rows(body)
