"""One damaged element in a list of rooms, reservations, ...: the others come out untouched, and it is counted.

Each list of both dialects gets 1,000 random answers and more.
"""

import json
from functools import cache
from time import perf_counter
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agent.mews.reading.decoding import Unreadable
from tests.mews.lists_of_answers import LISTS, NAMES, Found, List
from tests.mews.reading.damage import BAD_VALUES, damage

BEFORE, AFTER = ("before-1", "before-2"), ("after-1", "after-2")
LARGE = 1000  # bytes of a value; such a one stands in turn only for the needed members
SLOWEST = 10  # s; an ordinary list takes a millisecond
VALUES: dict[str, bytes] = {
    **BAD_VALUES,
    "null": b"null",
    "a text": b'"x"',
    "an empty text": b'""',
    "a number": b"-1.5",
    "yes": b"true",
    "a list": b"[]",
    "an object": b"{}",
}
ODD: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 1e300, 2**70, float("nan"), float("inf"), "", " ", "x" * 500, "\ud83d", "\0"),
    *([], [None], [[{}]], {}, {"Id": "x"}, {"Id": None}, [{"Id": "x", "Id ": 1}], "2026-01-01T00:00:00Z", "9999"),
]
VALUE = st.sampled_from(ODD) | st.text(max_size=6) | st.integers()
CHOICES = st.lists(st.tuples(st.integers(0, 99), VALUE), max_size=4)

each_list = pytest.mark.parametrize("kind", LISTS, ids=NAMES)


def neighbours_of(kind: List, element: bytes) -> tuple[list[Any], Found]:
    """The neighbours as they came out around an element, and all of the answer."""
    first, second, third, fourth = texts(kind)
    began = perf_counter()
    found, unreadable = kind.read(kind.body(first, second, element, third, fourth))
    assert perf_counter() - began < SLOWEST
    sound = [record for record in found if record in untouched(kind)]
    return sound, (found, unreadable)


def texts(kind: List) -> list[bytes]:
    """The neighbours' texts."""
    return _texts(LISTS.index(kind))


@cache
def _texts(number: int) -> list[bytes]:
    return [LISTS[number].text(id) for id in BEFORE + AFTER]


@cache
def _untouched(number: int) -> list[Any]:
    kind = LISTS[number]
    return list(kind.read(kind.body(*texts(kind)))[0])


def untouched(kind: List) -> list[Any]:
    """The neighbours as they come out where nothing is between them."""
    return _untouched(LISTS.index(kind))


def with_value(kind: List, name: str, value: bytes) -> bytes:
    return kind.text("between", **{name: "@HERE@"}).replace(b'"@HERE@"', value)


@each_list
def test_a_sound_list_is_read_whole(kind: List) -> None:
    found, unreadable = kind.read(kind.body(kind.text("one"), kind.text("two")))
    assert (len(found), unreadable) == (2, 0)


@each_list
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_what_is_bad_in_any_member_spoils_no_neighbour_and_in_one_that_is_only_shown_nothing(
    kind: List, value: bytes
) -> None:
    names = kind.needed if len(value) > LARGE else kind.element
    for name in names:
        sound, (found, unreadable) = neighbours_of(kind, with_value(kind, name, value))
        assert sound == untouched(kind), name
        assert len(found) - len(sound) + unreadable == 1, name
        if name not in kind.needed:
            assert unreadable == 0, name


@each_list
def test_a_needed_member_that_is_bad_or_named_twice_is_counted(kind: List) -> None:
    for name in kind.needed:
        twice = kind.text("between")[:-1] + b',"%s":"again"}' % name.encode()
        for element in (with_value(kind, name, b"NaN"), twice):
            sound, (found, unreadable) = neighbours_of(kind, element)
            assert (sound, found, unreadable) == (list(found), tuple(untouched(kind)), 1), name


@each_list
def test_a_shown_member_that_is_named_twice_is_empty(kind: List) -> None:
    for name in set(kind.element) - set(kind.needed):
        element = kind.text("between")[:-1] + b',"%s":null}' % name.encode()
        sound, (found, unreadable) = neighbours_of(kind, element)
        assert (sound, len(found), unreadable) == (untouched(kind), 5, 0), name


@each_list
@pytest.mark.parametrize("element", [b"null", b"[]", b"7", b'"x"', b"{}", b"NaN", b"[" * 10_000 + b"]" * 10_000])
def test_an_element_that_is_none_is_counted(kind: List, element: bytes) -> None:
    sound, (found, unreadable) = neighbours_of(kind, element)
    assert (sound, found, unreadable) == (list(found), tuple(untouched(kind)), 1)


@each_list
def test_no_list_at_all_is_unreadable(kind: List) -> None:
    name = kind.name.encode()
    for body in (b"", b"{}", b"null", b"[]", b"<html>", b'{"%s":null}' % name, b'{"%s":{}}' % name, b"\xff\xfe{"):
        with pytest.raises(Unreadable):
            kind.read(body)


@each_list
def test_the_list_twice_in_one_answer_loses_no_process(kind: List) -> None:
    listed = b'"%s":[%s]' % (kind.name.encode(), kind.text("one"))
    found, _ = kind.read(b"{" + listed + b"," + listed + b"}")
    assert len(found) == 1


@each_list
def test_a_list_that_breaks_off_keeps_what_was_whole_and_is_counted(kind: List) -> None:
    whole = kind.body(kind.text("one"), kind.text("two"))
    cut = whole[: whole.index(b"two")]
    found, unreadable = kind.read(cut)
    assert (len(found), unreadable) == (1, 1)


@each_list
@settings(max_examples=250)
@given(data=st.data())
def test_an_element_that_is_damaged_anywhere_spoils_no_neighbour(kind: List, data: st.DataObject) -> None:
    element = data.draw(damage(kind.text("between")))
    assume(_lost_brackets(kind.text("between"), element) < 2)
    assert neighbours_of(kind, element)[0] == untouched(kind)


def _lost_brackets(before: bytes, after: bytes) -> int:
    """How many closing brackets are gone. With two, what follows may be a sound list inside of the damaged
    element: the answer then looks as if it broke off, and no one can tell."""
    return sum(max(0, before.count(each) - after.count(each)) for each in (b"}", b"]"))


@each_list
@settings(max_examples=500)
@given(choices=CHOICES)
def test_an_element_with_random_members_spoils_no_neighbour(kind: List, choices: list[tuple[int, Any]]) -> None:
    names = list(kind.element)
    members = {names[number % len(names)]: value for number, value in choices}
    sound, (found, unreadable) = neighbours_of(kind, json.dumps(kind.element | members).encode())
    assert sound == untouched(kind)
    assert len(found) + unreadable >= 5


@each_list
@settings(max_examples=250)
@given(body=st.binary(max_size=99) | VALUE.map(lambda value: json.dumps(value).encode()))
def test_a_random_answer_is_read_or_unreadable(kind: List, body: bytes) -> None:
    for answer in (body, b'{"%s":%s}' % (kind.name.encode(), body)):
        try:
            found, unreadable = kind.read(answer)
        except Unreadable:
            continue
        assert len(found) >= 0 <= unreadable
