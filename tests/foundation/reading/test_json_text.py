"""Taking JSON apart without understanding it: nothing gets lost, nothing recurses, garbage is a ValueError."""

import json
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.foundation.reading.json_text import MOST_MARKS, Fate, Text, elements, members, salvaged

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)
STYLES = st.fixed_dictionaries(
    {"ensure_ascii": st.booleans(), "indent": st.sampled_from([None, 0, 2]), "separators": st.just((", ", " : "))}
)


def encoded(value: Any, style: dict[str, Any]) -> bytes:
    return json.dumps(value, **style).encode("utf-8", "surrogatepass")


def decoded(text: Text) -> Any:
    return json.loads(bytes(text).decode("utf-8", "surrogatepass"))


@given(st.lists(VALUES, max_size=6), STYLES)
def test_the_elements_of_any_array_are_the_array(array: list[Any], style: dict[str, Any]) -> None:
    assert [decoded(element) for element in elements(encoded(array, style))] == array


@given(st.lists(st.tuples(st.text(), VALUES), max_size=6), STYLES)
def test_the_members_of_any_object_are_the_object_with_all_its_doubles(
    pairs: list[tuple[str, Any]], style: dict[str, Any]
) -> None:
    text = b"{" + b",".join(encoded(name, style) + b":" + encoded(value, style) for name, value in pairs) + b"}"
    assert [(decoded(name), decoded(value)) for name, value in members(text)] == pairs


@given(st.binary(max_size=60) | st.text('[]{},:"\\ \n1a', max_size=60).map(str.encode))
def test_garbage_is_a_value_error_and_nothing_else(text: bytes) -> None:
    for parts in (elements, members):
        try:
            list(parts(text))
        except ValueError:
            continue


@given(VALUES.filter(lambda value: isinstance(value, dict | list)), st.data())
def test_a_text_that_stops_half_way_is_a_value_error(value: Any, data: st.DataObject) -> None:
    text = json.dumps(value).encode()
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    with pytest.raises(ValueError, match="expected"):
        list((elements if isinstance(value, list) else members)(cut))


@pytest.mark.parametrize("text", [b"", b"  ", b"null", b"7", b'"text"', b"{}", b"x[]", b'"["]'])
def test_what_is_no_array_has_no_elements(text: bytes) -> None:
    with pytest.raises(ValueError, match="not the kind of JSON"):
        list(elements(text))


@pytest.mark.parametrize("text", [b"[]", b"null", b'"{"}', b"x{}"])
def test_what_is_no_object_has_no_members(text: bytes) -> None:
    with pytest.raises(ValueError, match="not the kind of JSON"):
        list(members(text))


@pytest.mark.parametrize(
    "text", [b'{"a": 1, "b"}', b'{"a" 1}', b'{"a":1 "b":2}', b"{:1}", b'{{"a":1}}', b"{1:2:3}"]
)
def test_what_does_not_go_in_pairs_is_noticed(text: bytes) -> None:
    with pytest.raises(ValueError, match="expected"):
        list(members(text))


def test_a_member_that_was_left_out_is_noticed() -> None:
    with pytest.raises(ValueError, match="a comma without a member"):
        list(members(b'{"a": 1,, "b": 2}'))


def test_a_value_that_was_left_out_is_an_empty_text() -> None:
    assert list(members(b'{"a":, "b": }')) == [(b'"a"', b""), (b'"b"', b"")]


@pytest.mark.parametrize("text", [b"[1,2,]", b"[1,/* , */2]", b"[ 1 /* x */ , 2 ]"])
def test_a_last_comma_and_comments_are_passed_over(text: bytes) -> None:
    assert list(elements(text)) == [b"1", b"2"]


@pytest.mark.parametrize(
    "text", [b"[1][2]", b"[1]x", b"[1 2]", b'["a"b]', b'["a""b"]', b"[1/2]", b"[/*]", b"[[1,2}]"]
)
def test_what_stands_where_nothing_may_is_noticed(text: bytes) -> None:
    with pytest.raises(ValueError, match="expected"):
        list(elements(text))


@pytest.mark.parametrize("text", [b"[]", b" [ \n ] "])
def test_an_empty_array_has_no_elements(text: bytes) -> None:
    assert list(elements(text)) == []


def test_an_element_that_is_left_out_is_an_empty_text() -> None:
    assert list(elements(b"[1, , 2]")) == [b"1", b"", b"2"]


def test_brackets_and_commas_inside_a_text_mean_nothing() -> None:
    assert list(elements(rb'["a],[", "\"]", "\\", 3]')) == [rb'"a],["', rb'"\"]"', rb'"\\"', b"3"]


def test_bytes_that_are_no_utf8_stay_where_they_are() -> None:
    assert list(members(b'{"a": "\xff\xfe", "b": 2}')) == [(b'"a"', b'"\xff\xfe"'), (b'"b"', b"2")]


def test_nesting_of_any_depth_is_one_element() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    assert list(elements(b"[1," + deep + b",2]")) == [b"1", deep, b"2"]


def test_a_text_with_more_brackets_than_any_list_has_is_not_begun() -> None:
    began = perf_counter()
    for text in (b"[" * 5_000_000, b"[" + b"1," * MOST_MARKS + b"1]"):
        with pytest.raises(ValueError, match="expected"):
            list(elements(text))
        assert list(salvaged(text, 1)) == []
    assert perf_counter() - began < 2  # s; each bracket costs a microsecond


# -- broken arrays ------------------------------------------------------------------------------------------------

WHOLE, TORN, FOUND = Fate.WHOLE, Fate.TORN, Fate.FOUND


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (b'[{"a":1},{"b":2}]', [(WHOLE, b'{"a":1}'), (WHOLE, b'{"b":2}')]),
        (b'[{"a":1},{"b":"x"y"},{"c":3}]', [(WHOLE, b'{"a":1}'), (TORN, b'{"b":"'), (FOUND, b'{"c":3}')]),
        (b'[{"a":"x},{"b":2},{"c":3}]', [(TORN, b'{"a":"'), (FOUND, b'{"b":2}'), (FOUND, b'{"c":3}')]),
        (b'[{"a":{"b":2},{"c":3}]', [(TORN, b'{"a":{"b":2},'), (FOUND, b'{"c":3}')]),
        (b'[{"a":1}},{"b":2}]', [(TORN, b'{"a":1}'), (FOUND, b'{"b":2}')]),
        (b'[{"a":1},"b":{"c":3}},{"d":4}]', [(TORN, b'{"a":1}'), (FOUND, b'{"d":4}')]),
        (b'[{"a":1]},{"b":2}]', [(TORN, b'{"a":1'), (FOUND, b'{"b":2}')]),
        (b'[{"a":1},{"b":[{"c":3},{"d":4}],x y},{"e":5}]',
         [(WHOLE, b'{"a":1}'), (TORN, b'{"b":[{"c":3},{"d":4}],x'), (FOUND, b'{"e":5}')]),
        (b'[{"a":x y,"b":[{"c":3},{"d":4}]},{"e":5}]',
         [(TORN, b'{"a":x'), (FOUND, b'{"c":3}'), (FOUND, b'{"d":4}'), (FOUND, b'{"e":5}')]),
        (b'[{"a":1},{"b":2', [(WHOLE, b'{"a":1}'), (TORN, b"")]),
        (b'[{"a":1},{"b":"2', [(WHOLE, b'{"a":1}'), (TORN, b"")]),
        (b'[{"a":1}]],[{"b":2}]', [(WHOLE, b'{"a":1}'), (FOUND, b'{"b":2}')]),
    ],
)  # fmt: skip
def test_what_is_whole_beside_a_break_is_found(text: bytes, pieces: list[tuple[Fate, bytes]]) -> None:
    assert [(fate, bytes(piece)) for fate, piece in salvaged(text, 1)] == pieces


@pytest.mark.parametrize(
    "text",
    [
        b'["' + b'\\"' * 500_000,
        b'["' * 150_000,
        b'{"' * 150_000,
        b'{"a":/*' * 150_000,
        b'{"a":"/*' * 150_000,
        b'{"a":{"b":x y},' * 80_000,
        b'{"a":[' * 80_000 + b"]" * 80_000,
        b"{ " * 400_000,
        b'"' * 1_000_001,
        b"/*" * 500_000,
        b"\\" * 1_000_001,
    ],
)
def test_no_text_costs_more_time_than_its_length(text: bytes) -> None:
    began = perf_counter()
    for parts in (elements, members):
        with pytest.raises(ValueError):
            list(parts(text))
    for _ in salvaged(text, 1):
        pass
    assert perf_counter() - began < 10  # s; quadratic, each would be minutes to hours
