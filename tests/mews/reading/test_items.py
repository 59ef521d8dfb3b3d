"""One object of an answer: what is needed is refused where it is bad, the rest is empty then."""

from datetime import UTC, datetime

import pytest

from agent.mews.reading.decoding import Unreadable
from agent.mews.reading.items import Item


def item(text: bytes) -> Item:
    return Item(text, "a room")


@pytest.mark.parametrize("text", [b"", b"null", b"[]", b"7", b'"x"', b"{", b'{"a":1', b"{}{}", b'{"a":' * 9999])
def test_what_is_no_object_is_refused(text: bytes) -> None:
    with pytest.raises(Unreadable, match="a room is not an object"):
        item(text)


@pytest.mark.parametrize(
    "id", [b"null", b'""', b"7", b"[]", b'" x"', b'"a\\nb"', b'"\\ud83d"', b'"%s"' % (b"x" * 101)]
)
def test_an_id_that_cannot_be_one_is_refused(id: bytes) -> None:
    with pytest.raises(Unreadable):
        item(b'{"Id":%s}' % id).id("Id")


def test_an_id_may_be_absent_but_not_bad_where_it_decides() -> None:
    assert item(b'{"Id":null}').id_if_any("Id") == item(b"{}").id_if_any("Id") == ""
    assert item(b'{"Id":"x"}').id_if_any("Id") == "x"
    for bad in (b'{"Id":7}', b'{"Id":""}', b'{"Id":"x","Id":"y"}'):
        with pytest.raises(Unreadable, match="a room has no usable Id"):
            item(bad).id_if_any("Id")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((b'"101"', "101"), (b"101", "101"), (b"null", ""), (b"[1]", ""), (b"true", ""), (b"1.5", "")),
        *(
            (b'"two words"', "two words"),
            (b'" a\\n b "', "a b"),
            (b'"\\ud83dx"', "x"),
            (b'"M\xfcller"', "M�ller"),
            (b"NaN", ""),
            (b"9" * 21, ""),
        ),
    ],
)
def test_a_text_is_read_as_far_as_it_can_be(value: bytes, text: str) -> None:
    assert item(b'{"Number":%s}' % value).text("Number") == text


def test_a_long_text_is_cut() -> None:
    assert len(item(b'{"Name":"%s"}' % (b"x" * 500)).text("Name", 80)) == 80


def test_a_date_is_needed_or_may_be_absent() -> None:
    found = item(b'{"StartUtc":"2026-11-26T12:00:00Z","EndUtc":7,"Late":"9999-12-31T23:59:59Z"}')
    assert found.date("StartUtc") == datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert found.date_if_any("StartUtc") == found.date("StartUtc")
    for name in ("EndUtc", "Late", "Missing"):
        assert found.date_if_any(name) is None
        with pytest.raises(Unreadable):
            found.date(name)


def test_a_flag_is_yes_no_or_what_is_assumed() -> None:
    found = item(b'{"A":true,"B":false,"C":"true","D":null}')
    assert [found.flag(name, True) for name in "ABCDE"] == [True, False, True, True, True]
    assert [found.flag(name, False) for name in "ABCDE"] == [True, False, False, False, False]


def test_a_member_that_is_named_twice_is_bad_and_the_others_are_not() -> None:
    for text in (b'{"A":"x","A":"x","B":"y"}', b'{"A":"x","\\u0041":"x","B":"y","C":NaN}'):
        found = item(text)
        assert (found.text("A"), found.text("B"), found.raw("A"), found.has("A")) == ("", "y", b"", True)
        with pytest.raises(Unreadable):
            found.id("A")


def test_parts_are_objects_in_it() -> None:
    found = item(b'{"A":{"Id":"x"},"B":[{"Id":"y"},{},7,{"Id":"z"}],"C":"no"}')
    assert found.names == ("A", "B", "C")
    assert (found.part("A").id("Id"), found.part_if_any("A").id("Id")) == ("x", "x")
    assert found.part_if_any("C").names == ()
    with pytest.raises(Unreadable, match="its C"):
        found.part("C")
    assert found.parts("B", lambda text: Item(text, "it").id("Id")) == ("y", "z")
    assert found.parts("C", lambda text: text) == ()
    assert len(found.elements("B")) == 4
    with pytest.raises(Unreadable, match="a room has no usable C"):
        found.elements("C")
