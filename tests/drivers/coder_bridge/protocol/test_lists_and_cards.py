"""Lists and cards out of answers whose form no one knows: whatever can be read is, and nothing else is made up."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.driver import CardRead, LockArea, LockTime
from agent.drivers.coder_bridge.protocol import lists
from agent.drivers.coder_bridge.protocol.cards import card
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, changed

TIMES, AREAS, RULES = BUILT_IN.lists.checkout_times, BUILT_IN.lists.special_areas, BUILT_IN.answers
POOL = LockArea("1", "Pool")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["data", "areas", "id", "name", "time", "rm", "tid", "result"]), inner)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "body",
    [
        b'[{"id": "1", "name": "Pool"}]',
        b'{"areas": [{"id": "1", "name": "Pool"}]}',
        b'{"AREAS": [{"ID": 1, "Name": "Pool"}]}',
        b'{"result": 0, "data": [{"id": "1", "name": "Pool"}]}',
        b'{"result": 0, "data": {"list": [{"id": "1", "name": "Pool"}]}}',
        b'{"sa": [{"id": "1", "name": "Pool"}, "words of trouble"]}',
        b'[{"id": "1", "name": "Pool"}, {}, {"id": ""}, null]',
    ],
)
def test_areas_are_found_in_every_likely_form(body: bytes) -> None:
    assert lists.areas(body, AREAS, RULES) == (POOL,)


def test_a_row_without_an_id_or_without_a_name_has_the_other_for_both() -> None:
    assert lists.areas(b'[{"id": 7}, {"name": "Spa"}, "Garage", 5]', AREAS, RULES) == (
        LockArea("7", "7"),
        LockArea("Spa", "Spa"),
        LockArea("Garage", "Garage"),
        LockArea("5", "5"),
    )


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"5", b'"text"', b"{}", b'{"areas": 5}', b'{"a": [], "b": []}', b'{"result": 1}']
)
def test_what_is_no_list_is_none(body: bytes) -> None:
    assert lists.areas(body, AREAS, RULES) is None
    assert lists.times(body, TIMES, RULES) is None


def test_words_in_an_unknown_list_are_no_areas() -> None:
    assert lists.areas(b'{"errors": ["no such path"]}', AREAS, RULES) == ()


def test_names_in_a_list_are_the_sites() -> None:
    profile = changed(BUILT_IN, lists__special_areas__list="l", lists__special_areas__id="nr")
    body = b'{"l": [{"nr": 3, "id": "x", "name": "Pool"}], "other": [1]}'
    assert lists.areas(body, profile.lists.special_areas, profile.answers) == (LockArea("3", "Pool"),)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("11:00", "11:00"),
        ("11.30", "11:30"),
        ("1100", "11:00"),
        ("930", "09:30"),
        ("9:05", "09:05"),
        ("11h15", "11:15"),
        ("11:00:30", "11:00"),
        ("2026-05-04T11:00:00", "11:00"),
        ("2026-05-04T11:00:00.000Z", "11:00"),
        (" 04.05.2026 11:00 ", "11:00"),
        ("11:00 Uhr", "11:00"),
        ("24:00", ""),
        ("11:60", ""),
        ("2026-05-04", ""),
        ("noon", ""),
        ("", ""),
    ],
)
def test_a_time_is_read_in_every_likely_form(text: str, hour: str) -> None:
    assert lists.hour_text(text) == hour


@pytest.mark.parametrize(
    ("wanted", "found"), [("2", time(14)), ("Late", time(14)), ("1", None), ("none", None), ("x", None)]
)
def test_the_usual_time_is_the_one_that_the_profile_names(wanted: str, found: time | None) -> None:
    profile = changed(BUILT_IN, lists__checkout_times__standard=wanted)
    listed = (LockTime("1", "Odd", ""), LockTime("2", "Late", "14:00"))
    assert lists.standard(listed, profile.lists.checkout_times) == found


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b'{"result": 0, "data": {"rm": "101", "tid": 7}}', CardRead(("101",), (), "", key="7")),
        (b'{"result": 0, "rm": 101, "moveout": "x"}', CardRead(("101",), (), "x")),
        (b'{"data": {"RM": ["101", "102"], "SA_GUEST": "1, 3"}}', CardRead(("101", "102"), ("1", "3"), "")),
        (b'{"data": {"movein": "a", "cid": "9"}}', CardRead((), (), "", start="a", card="9")),
        (b'{"data": {}}', None),
        (b'{"result": 0}', None),
        (b"[]", None),
        (b"<html>", None),
    ],
)
def test_a_card_says_what_it_says_and_no_more(body: bytes, read: CardRead | None) -> None:
    assert card(body, BUILT_IN) == read


def test_several_rooms_of_a_card_are_told_apart_where_the_site_writes_several() -> None:
    body = b'{"data": {"rm": "101+102"}}'
    profile = changed(BUILT_IN, several_rooms__separator="+")
    one, two = card(body, BUILT_IN), card(body, profile)
    assert one is not None
    assert two is not None
    assert (one.rooms, two.rooms) == (("101+102",), ("101", "102"))


@given(st.binary(max_size=60) | JSON.map(lambda value: repr(value).replace("'", '"').encode("utf-8", "replace")))
def test_no_bytes_break_a_reader(body: bytes) -> None:
    for read in (lists.areas(body, AREAS, RULES), lists.times(body, TIMES, RULES)):
        assert read is None or all(row.id and row.name for row in read)
    found = card(body, BUILT_IN)
    assert found is None or any((found.rooms, found.areas, found.start, found.end, found.key, found.card))
