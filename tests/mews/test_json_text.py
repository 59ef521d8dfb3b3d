"""Taking JSON apart without understanding it: nothing gets lost, nothing recurses, garbage is a ValueError."""

import json
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mews.json_text import elements, members

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)
STYLES = st.fixed_dictionaries(
    {"ensure_ascii": st.booleans(), "indent": st.sampled_from([None, 0, 2]), "separators": st.just((", ", " : "))}
)


def encoded(value: Any, style: dict[str, Any]) -> bytes:
    return json.dumps(value, **style).encode("utf-8", "surrogatepass")


def decoded(text: bytes) -> Any:
    return json.loads(text.decode("utf-8", "surrogatepass"))


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


def test_a_name_without_a_value_is_noticed() -> None:
    with pytest.raises(ValueError, match="without a value"):
        list(members(b'{"a": 1, "b"}'))


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


def test_a_text_that_never_ends_costs_no_more_time_than_its_length() -> None:
    began = perf_counter()
    with pytest.raises(ValueError, match="expected"):
        list(elements(b'["' + b'\\"' * 500_000))
    assert perf_counter() - began < 5  # s; quadratic, it was an hour
