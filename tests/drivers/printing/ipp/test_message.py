"""The codec: what a printer may send is read as what it is, and what is written reads as the same."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.drivers.printing.ipp.message import (
    MOST_BYTES,
    MOST_DEPTH,
    MOST_LENGTH,
    MOST_PARTS,
    Attribute,
    CannotBeSaid,
    Collection,
    Content,
    Group,
    Localised,
    Message,
    NotIpp,
    Range,
    Resolution,
    Value,
    ValueTag,
    decode,
    encode,
)
from tests.drivers.printing.ipp.messages import END, HEAD, MESSAGES, answer, token, whole

# RFC 8010, appendix A.1: Print-Job request, as far as "copies" and "sides", with the version of today.
PRINT_JOB = (
    b"\x02\x00\x00\x02\x00\x00\x00\x01\x01"
    b"\x47\x00\x12attributes-charset\x00\x05utf-8"
    b"\x48\x00\x1battributes-natural-language\x00\x05en-us"
    b"\x45\x00\x0bprinter-uri\x00\x2cipp://printer.example.com/ipp/print/pinetree"
    b"\x42\x00\x08job-name\x00\x06foobar"
    b"\x22\x00\x16ipp-attribute-fidelity\x00\x01\x01"
    b"\x02"
    b"\x21\x00\x06copies\x00\x04\x00\x00\x00\x14"
    b"\x44\x00\x05sides\x00\x13two-sided-long-edge"
    b"\x03%!PS..."
)


def only(data: bytes) -> Value:
    """The one value of a message."""
    ((attribute,),) = [group.attributes for group in decode(data).groups]
    (value,) = attribute.values
    return value


def said(value: Value) -> Content:
    """What is left of a value after the wire."""
    return only(encode(answer(Group(1, (Attribute("x", (value,)),))))).content


def test_the_example_of_the_standard_is_read_and_its_document_left_alone() -> None:
    message = decode(PRINT_JOB)
    operation, job = message.groups
    assert (message.version, message.code, message.request_id) == ((2, 0), 2, 1)
    assert [attribute.name for attribute in operation.attributes] == [
        "attributes-charset",
        "attributes-natural-language",
        "printer-uri",
        "job-name",
        "ipp-attribute-fidelity",
    ]
    assert job.attributes == (
        Attribute("copies", (Value(ValueTag.INTEGER, 20),)),
        Attribute("sides", (Value(ValueTag.KEYWORD, "two-sided-long-edge"),)),
    )


def test_the_example_of_the_standard_is_written_byte_for_byte() -> None:
    assert encode(decode(PRINT_JOB)) + b"%!PS..." == PRINT_JOB


def reading(data: bytes) -> Message | str:
    """What bytes are read as, or why they are not."""
    try:
        return decode(data)
    except NotIpp as error:
        return str(error)


def judge(data: bytes) -> None:
    """Bytes are refused in words, or are a message that says the same once it is written."""
    found = reading(data)
    if isinstance(found, Message):
        assert decode(encode(found)) == found
    else:
        assert found.startswith("it ")


@settings(max_examples=50)
@given(MESSAGES)
def test_what_is_written_is_read_as_the_same(message: Message) -> None:
    assert decode(encode(message) + b"%PDF-1.7") == message


@settings(max_examples=50)
@given(MESSAGES, st.data())
def test_a_message_with_any_byte_changed_is_refused_or_reads_as_itself_after_writing(
    message: Message, data: st.DataObject
) -> None:
    raw = bytearray(encode(message))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    judge(bytes(raw))


@given(st.binary(max_size=400), st.sampled_from([b"", HEAD, HEAD + b"\x01", HEAD + b"\x02\x34\0\1x\0\0"]))
def test_any_bytes_are_a_message_or_refused_in_words(data: bytes, before: bytes) -> None:
    judge(before + data)


@settings(max_examples=50)
@given(MESSAGES, st.data())
def test_a_message_that_was_cut_is_never_read(message: Message, data: st.DataObject) -> None:
    raw = encode(message)
    with pytest.raises(NotIpp, match="it ends too soon"):
        decode(raw[: data.draw(st.integers(0, len(raw) - 1))])


@pytest.mark.parametrize(
    ("tag", "raw", "content"),
    [
        (ValueTag.INTEGER, b"\xff\xff\xff\xff", -1),
        (ValueTag.ENUM, b"\0\0\0\5", 5),
        (ValueTag.BOOLEAN, b"\1", True),
        (ValueTag.BOOLEAN, b"\0", False),
        (ValueTag.RESOLUTION, b"\0\0\2\x58\0\0\4\xb0\3", Resolution(600, 1200, 3)),
        (ValueTag.RANGE, b"\0\0\0\1\0\0\3\xe7", Range(1, 999)),
        (ValueTag.TEXT, "Süd".encode(), "Süd"),
        (ValueTag.NAME_WITH_LANGUAGE, b"\0\2de\0\3Bar", Localised("de", "Bar")),
        (ValueTag.OCTETS, b"\0\xff", b"\0\xff"),
        (ValueTag.NO_VALUE, b"", None),
        (0x1F, b"", None),  # a reason of another day why there is no value
        (0x7F, b"\0\0\1\0x", b"\0\0\1\0x"),  # a tag that has its number in the value
        (0xEE, b"x", b"x"),
        # Not what the tag promises.
        (ValueTag.INTEGER, b"", b""),
        (ValueTag.INTEGER, b"\0\5", b"\0\5"),
        (ValueTag.BOOLEAN, b"\2", b"\2"),
        (ValueTag.RANGE, b"\0\0\0\1", b"\0\0\0\1"),
        (ValueTag.NAME, b"S\xfcd", b"S\xfcd"),
        (ValueTag.NO_VALUE, b"0", b"0"),
        (ValueTag.TEXT_WITH_LANGUAGE, b"\0", b"\0"),
        (ValueTag.TEXT_WITH_LANGUAGE, b"\0\2de\0\4Bar", b"\0\2de\0\4Bar"),
        (ValueTag.TEXT_WITH_LANGUAGE, b"\0\2de\0\3Bars", b"\0\2de\0\3Bars"),
    ],
)
def test_a_value_is_what_its_tag_promises_or_the_bytes_that_came(tag: int, raw: bytes, content: Content) -> None:
    found = only(whole(b"\1", token(tag, b"x", raw)))
    assert (found.tag, found.content, type(found.content)) == (tag, content, type(content))


def test_further_values_belong_to_the_attribute_before_and_may_have_other_tags() -> None:
    data = whole(b"\4", token(0x33, b"copies", b"\0\0\0\1\0\0\0\2"), token(0x21, b"", b"\0\0\0\5"))
    (group,) = decode(data).groups
    assert group.attributes == (
        Attribute("copies", (Value(ValueTag.RANGE, Range(1, 2)), Value(ValueTag.INTEGER, 5))),
    )


def test_groups_of_one_tag_stay_apart_and_empty_or_strange_ones_stay() -> None:
    data = whole(b"\2", token(0x21, b"job-id", b"\0\0\0\1"), b"\2", token(0x21, b"job-id", b"\0\0\0\2"), b"\2\x0f")
    assert [(group.tag, len(group.attributes)) for group in decode(data).groups] == [
        (2, 1),
        (2, 1),
        (2, 0),
        (15, 0),
    ]


def test_a_value_after_a_new_group_begins_is_not_given_to_the_attribute_before() -> None:
    with pytest.raises(NotIpp, match="a value without a name"):
        decode(whole(b"\2", token(0x21, b"job-id", b"\0\0\0\1"), b"\2", token(0x21, b"", b"\0\0\0\2")))


def member(name: bytes) -> bytes:
    return token(0x4A, b"", name)


BEGIN, FINISH = token(0x34, b"", b""), token(0x37, b"", b"")
SIZE = (
    token(0x34, b"media-col", b"")
    + member(b"media-size")
    + BEGIN
    + member(b"x-dimension")
    + token(0x21, b"", b"\0\0\x52\x08")
    + member(b"y-dimension")
    + token(0x21, b"", b"\0\0\x74\x04")
    + FINISH
    + member(b"media-type")
    + token(0x44, b"", b"stationery")
    + token(0x44, b"", b"labels")
    + FINISH
)


def test_collections_within_collections_are_read_and_what_follows_is_an_attribute_again() -> None:
    (group,) = decode(whole(b"\4", SIZE, BEGIN, FINISH, token(0x22, b"color-supported", b"\1"))).groups
    media, colour = group.attributes
    size = Collection(
        (
            Attribute("x-dimension", (Value(ValueTag.INTEGER, 21000),)),
            Attribute("y-dimension", (Value(ValueTag.INTEGER, 29700),)),
        )
    )
    types = (Value(ValueTag.KEYWORD, "stationery"), Value(ValueTag.KEYWORD, "labels"))
    first = Collection(
        (
            Attribute("media-size", (Value(ValueTag.BEGIN_COLLECTION, size),)),
            Attribute("media-type", types),
        )
    )
    assert [value.content for value in media.values] == [first, Collection(())]
    assert colour.name == "color-supported"


def deep(depth: int) -> bytes:
    """Collections, `depth` of them, each within the one before."""
    inner = (member(b"m") + BEGIN) * (depth - 1) + FINISH * (depth - 1)
    return whole(b"\4", token(0x34, b"x", b""), inner, FINISH)


def test_collections_may_be_as_deep_as_the_bound() -> None:
    assert encode(decode(deep(MOST_DEPTH))) == deep(MOST_DEPTH)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ends too soon"),
        (b"<html><body>401</body></html>", "an attribute before the first group"),
        (HEAD, "ends too soon"),
        (HEAD + b"\1", "ends too soon"),
        (whole(token(0x21, b"x", b"\0\0\0\1")), "an attribute before the first group"),
        (whole(b"\1", token(0x21, b"", b"\0\0\0\1")), "a value without a name"),
        (whole(b"\1\x21\x80\0"), "an impossible length"),
        (whole(b"\1\x21\0\1x\xff\xff"), "an impossible length"),
        (whole(b"\1", token(0x37, b"x", b"")), "a part of a collection outside of one"),
        (whole(b"\1", token(0x4A, b"x", b"y")), "a part of a collection outside of one"),
        (whole(b"\1", token(0x34, b"x", b"y"), FINISH), "a collection that begins with a value"),
        (whole(b"\1", token(0x34, b"x", b""), token(0x37, b"", b"y")), "a collection that ends with a value"),
        (whole(b"\1", token(0x34, b"x", b"")), "a collection without an end"),
        (whole(b"\1", token(0x34, b"x", b""), b"\2"), "a collection without an end"),
        (whole(b"\1", token(0x34, b"x", b""), token(0x21, b"y", b"\0\0\0\1"), FINISH), "an attribute inside"),
        (whole(b"\1", token(0x34, b"x", b""), token(0x21, b"", b"\0\0\0\1"), FINISH), "a value without a name"),
        (whole(b"\1", token(0x34, b"x", b""), member(b""), FINISH), "a member without a name"),
        (deep(MOST_DEPTH + 1), "too deep"),
        (deep(200_000), "too deep"),
    ],
)
def test_what_is_no_message_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(NotIpp, match=words):
        decode(data)


def test_a_message_is_bounded_in_values_and_bytes_and_its_document_is_not() -> None:
    value = token(0x13, b"", b"")
    most = token(0x13, b"x", b"") + value * (MOST_PARTS - 2)
    assert len(decode(whole(b"\1", most) + bytes(MOST_BYTES)).groups[0].attributes[0].values) == MOST_PARTS - 1
    with pytest.raises(NotIpp, match="too many parts"):
        decode(whole(b"\1", most, value))
    with pytest.raises(NotIpp, match="too many parts"):
        decode(whole(b"\1", token(0x34, b"x", b""), member(b"m") * MOST_PARTS, FINISH))
    with pytest.raises(NotIpp, match="too long"):
        decode(whole(b"\1", token(0x30, b"x", bytes(MOST_LENGTH)) * (MOST_BYTES // MOST_LENGTH + 1)))


@pytest.mark.parametrize(
    "part",
    [
        token(0x13, b"", b""),
        token(0x42, b"n", b"\xff"),
        token(0x34, b"y", b"") + FINISH,
        member(b"m") + BEGIN,
        b"\1",
        token(0x36, b"y", b"\0\0\0\0"),
    ],
    ids=["values", "names", "collections", "depth", "groups", "texts"],
)
def test_the_largest_answer_takes_no_time_to_speak_of(part: bytes) -> None:
    data = HEAD + b"\1" + token(0x34, b"x", b"") * part.startswith(b"\x4a") + token(0x21, b"x", b"")
    data += part * (MOST_BYTES // len(part))
    start = process_time()
    with pytest.raises(NotIpp):
        decode(data)
    assert process_time() - start < 10  # s; a half here, and ten times that while its lines are counted


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (ValueTag.INTEGER, 2**31),
        (ValueTag.INTEGER, True),
        (ValueTag.BOOLEAN, 1),
        (ValueTag.INTEGER, b"\0\0\0\1"),  # would be read as the number
        (ValueTag.NAME, b"Bar"),
        (ValueTag.NAME, 5),
        (ValueTag.NAME, "\ud800"),
        (ValueTag.NAME, "x" * (MOST_LENGTH + 1)),
        (ValueTag.NAME, "x" * 70_000),
        (ValueTag.NAME, None),
        (ValueTag.KEYWORD, Localised("de", "Bar")),
        (ValueTag.RANGE, Range(0, 2**40)),
        (ValueTag.RESOLUTION, Resolution(300, 300, 300)),
        (ValueTag.NO_VALUE, b""),
        (ValueTag.END_COLLECTION, b""),
        (ValueTag.TEXT, Collection(())),
        (ValueTag.BEGIN_COLLECTION, "x"),
        (ValueTag.BEGIN_COLLECTION, b""),
        (ValueTag.BEGIN_COLLECTION, Collection((Attribute("", ()),))),
        (0x03, b""),
        (0x100, b""),
    ],
)
def test_a_value_that_would_be_read_as_another_one_is_not_written(tag: int, content: Content) -> None:
    with pytest.raises(CannotBeSaid):
        said(Value(tag, content))


@pytest.mark.parametrize(
    "message",
    [
        Message((2, 256), 0, 1, ()),
        Message((2, 0), 0x10000, 1, ()),
        Message((2, 0), 0, 2**32, ()),
        Message((2, 0), 0, 1, (Group(3, ()),)),
        Message((2, 0), 0, 1, (Group(0x21, ()),)),
        Message((2, 0), 0, 1, (Group(1, (Attribute("x", ()),)),)),
        Message((2, 0), 0, 1, (Group(1, (Attribute("", (Value(ValueTag.INTEGER, 1),)),)),)),
        Message((2, 0), 0, 1, (Group(1, (Attribute("шрифт", (Value(ValueTag.INTEGER, 1),)),)),)),
        Message((2, 0), 0, 1, (Group(1, (Attribute("x" * 40_000, (Value(ValueTag.INTEGER, 1),)),)),)),
    ],
)
def test_a_message_that_has_no_bytes_is_not_written(message: Message) -> None:
    with pytest.raises(CannotBeSaid):
        encode(message)


def test_a_collection_too_deep_is_not_written() -> None:
    value = Value(ValueTag.BEGIN_COLLECTION, Collection(()))
    for _ in range(2000):
        value = Value(ValueTag.BEGIN_COLLECTION, Collection((Attribute("m", (value,)),)))
    with pytest.raises(CannotBeSaid, match="too deep"):
        said(value)


def test_what_a_message_holds_is_in_no_repr() -> None:
    secret = "Mrs Smith"  # in the title of a stranger's job
    texts = (Value(ValueTag.NAME, secret), Value(ValueTag.NAME_WITH_LANGUAGE, Localised("en", secret)))
    message = answer(Group(2, (Attribute("job-name", texts),)))
    shown = repr((message, message.groups, [value.content for value in texts[1:]]))
    assert secret not in shown
    assert "job-name" in shown


def test_the_end_is_one_byte() -> None:
    assert encode(answer()) == HEAD + END
