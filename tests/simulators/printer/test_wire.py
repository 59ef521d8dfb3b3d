"""The printer's own codec: what it writes it reads, and what breaks a rule of RFC 8010 it names."""

from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.simulators.printer.wire.codes import GroupTag, Operation, Tag
from agent.simulators.printer.wire.message import Attribute, Group, Head, Message, Value, attribute, encoded
from agent.simulators.printer.wire.reading import Malformed, decoded, head
from tests.simulators.printer.callers import (
    BOOLEAN,
    COLLECTION,
    END_COLLECTION,
    INTEGER,
    KEYWORD,
    MEMBER,
    NAME,
    PRINT_JOB,
    message,
    said,
)

NAMES = st.text(min_size=1, max_size=9)
NUMBERS = st.integers(-(2**31), 2**31 - 1)
TEXTS = st.sampled_from([Tag.TEXT, Tag.NAME, Tag.KEYWORD, Tag.URI, Tag.CHARSET, Tag.LANGUAGE, Tag.MIME])
SCALARS = st.one_of(
    st.builds(Value, st.sampled_from([Tag.INTEGER, Tag.ENUM]), NUMBERS),
    st.builds(Value, st.just(Tag.BOOLEAN), st.booleans()),
    st.builds(Value, st.just(Tag.RANGE), st.tuples(NUMBERS, NUMBERS)),
    st.builds(Value, st.just(Tag.RESOLUTION), st.tuples(NUMBERS, NUMBERS, st.integers(-128, 127))),
    st.builds(Value, TEXTS, st.text(max_size=20)),
    st.builds(Value, st.just(Tag.OCTETS), st.binary(max_size=20)),
    st.builds(Value, st.just(Tag.DATE_TIME), st.binary(min_size=11, max_size=11)),
    st.builds(Value, st.sampled_from([Tag.UNSUPPORTED, Tag.UNKNOWN, Tag.NO_VALUE]), st.none()),
)


def attributes(values: st.SearchStrategy[Value]) -> st.SearchStrategy[tuple[Attribute, ...]]:
    one = st.builds(Attribute, NAMES, st.lists(values, min_size=1, max_size=3).map(tuple))
    return st.lists(one, max_size=4, unique_by=lambda each: each.name).map(tuple)


VALUES = st.recursive(
    SCALARS, lambda inner: st.builds(Value, st.just(Tag.COLLECTION), attributes(inner)), max_leaves=6
)
GROUPS = st.builds(Group, st.sampled_from([1, 2, 4, 5, 9]), attributes(VALUES))
HEADS = st.builds(
    Head,
    st.tuples(st.integers(0, 255), st.integers(0, 255)),
    st.integers(0, 0xFFFF),
    st.integers(0, 2**32 - 1),
)
MESSAGES = st.builds(Message, HEADS, st.lists(GROUPS, max_size=4).map(tuple), st.binary(max_size=40))


@settings(max_examples=60, deadline=None)
@given(MESSAGES)
def test_what_is_written_is_read_again(written: Message) -> None:
    assert decoded(encoded(written)) == written


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_malformed(data: bytes) -> None:
    try:
        read = decoded(data)
    except Malformed:
        return
    assert read.head == head(data)


@settings(max_examples=30, deadline=None)
@given(MESSAGES, st.floats(0, 1, exclude_max=True))
def test_a_message_that_is_cut_off_before_its_end_is_malformed(written: Message, part: float) -> None:
    whole = encoded(Message(written.head, written.groups))
    with pytest.raises(Malformed):
        decoded(whole[: int(len(whole) * part)])


@pytest.mark.parametrize("cut", [0, 1, 3])
def test_a_message_that_ends_behind_a_whole_value_or_within_it_is_malformed(cut: int) -> None:
    whole = pack(">BBHI", 2, 0, 2, 1) + b"\1" + said(INTEGER, "a", 1)
    with pytest.raises(Malformed, match="ends before its end tag"):
        decoded(whole[: len(whole) - cut])


def test_a_request_made_by_hand_is_read() -> None:
    read = decoded(message(PRINT_JOB, (NAME, "job-name", "x"), job=[(INTEGER, "copies", 2)], document=b"doc"))
    assert (read.head, read.document) == (Head((2, 0), Operation.PRINT_JOB, 1), b"doc")
    assert [group.tag for group in read.groups] == [GroupTag.OPERATION, GroupTag.JOB]
    assert read.groups[1].attributes == (attribute("copies", Tag.INTEGER, 2),)


def test_a_text_with_its_language_is_the_text() -> None:
    content = b"\0\2de\0\6R\xc3\xa4ume"
    read = decoded(message(PRINT_JOB, (Tag.NAME_WITH_LANGUAGE, "job-name", content)))
    assert read.groups[0].attributes[-1].texts == ("Räume",)


def test_only_contents_that_are_texts_are_texts() -> None:
    assert attribute("x", Tag.KEYWORD, "a", "b").texts == ("a", "b")
    assert attribute("x", Tag.INTEGER, 1).texts == ()


DEEP = b"".join(said(COLLECTION, "" if depth else "x", b"") + said(MEMBER, "", "m") for depth in range(20))


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        (said(INTEGER, "", 1), "a further value comes before any attribute"),
        (said(INTEGER, "a", 1) + said(INTEGER, "b", 1) + said(INTEGER, "a", 1), "'a' comes twice"),
        (said(INTEGER, "a", b"\0"), "has 1 bytes instead of 4"),
        (said(BOOLEAN, "a", b"\2"), "neither 0 nor 1"),
        (said(NAME, "a", b"\xff"), "not UTF-8"),
        (said(KEYWORD, "\x00", "x").replace(b"\x00\x01\x00", b"\x00\x01\xff", 1), "not UTF-8"),
        (said(Tag.TEXT_WITH_LANGUAGE, "a", b"\0\2en\0\1xx"), "longer than it says"),
        (said(Tag.TEXT_WITH_LANGUAGE, "a", b"\0\2en\0\5x"), "ends before its end tag"),
        (said(END_COLLECTION, "a", b""), "outside of any"),
        (said(MEMBER, "a", b"x"), "outside of any"),
        (
            said(COLLECTION, "a", b"") + said(MEMBER, "", "m") + said(END_COLLECTION, "", b""),
            "'m' of a collection",
        ),
        (said(COLLECTION, "a", b"") + said(INTEGER, "", 1), "before the name of its member"),
        (said(COLLECTION, "a", b"") + said(INTEGER, "b", 1), "its name in the wrong place"),
        (DEEP, "nested too deeply"),
        (b"\0", "where a group must begin"),
    ],
)
def test_what_breaks_the_encoding_is_named(attributes: bytes, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        decoded(pack(">BBHI", 2, 0, 2, 1) + b"\1" + attributes + b"\3")


def test_a_message_that_begins_without_a_group_is_named() -> None:
    with pytest.raises(Malformed, match="where a group must begin"):
        decoded(pack(">BBHI", 2, 0, 2, 1) + said(INTEGER, "a", 1) + b"\3")


def test_a_message_of_less_than_eight_bytes_has_no_head() -> None:
    with pytest.raises(Malformed, match="within its first eight bytes"):
        head(b"\2\0\0\2\0\0\0")


@pytest.mark.parametrize("operation", Operation)
def test_an_operation_has_a_word(operation: Operation) -> None:
    assert operation.word.replace("-", "_").upper() == operation.name
