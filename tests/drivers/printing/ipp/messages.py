"""Messages to test with: made up at random, and written by hand byte for byte."""

import random
import struct

from hypothesis import strategies as st

from agent.drivers.printing.ipp.message import (
    Attribute,
    Collection,
    Content,
    Group,
    GroupTag,
    Localised,
    Message,
    Range,
    Resolution,
    Value,
    ValueTag,
    encode,
)

HEAD = b"\x02\x00" + b"\x00\x00" + b"\x00\x00\x00\x01"
END = b"\x03"

_INT32 = st.integers(-(2**31), 2**31 - 1)
_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_TEXT_TAGS = (
    ValueTag.TEXT,
    ValueTag.NAME,
    ValueTag.KEYWORD,
    ValueTag.URI,
    ValueTag.URI_SCHEME,
    ValueTag.CHARSET,
    ValueTag.LANGUAGE,
    ValueTag.MIME_TYPE,
)


def token(tag: int, name: bytes, value: bytes) -> bytes:
    """One value with its tag, as RFC 8010 writes it; an empty name continues an attribute."""
    return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value


def whole(*parts: bytes) -> bytes:
    """A message of these parts."""
    return HEAD + b"".join(parts) + END


def answer(*groups: Group, code: int = 0) -> Message:
    """An answer of a printer."""
    return Message((2, 0), code, 1, groups)


def group(tag: GroupTag, **values: Value | tuple[Value, ...]) -> Group:
    """A group whose attributes are named with "_" for "-"."""
    pairs = ((name.replace("_", "-"), value) for name, value in values.items())
    return Group(tag, tuple(Attribute(name, v if isinstance(v, tuple) else (v,)) for name, v in pairs))


def keywords(*texts: str) -> tuple[Value, ...]:
    """Keywords as the values of an attribute."""
    return tuple(Value(ValueTag.KEYWORD, text) for text in texts)


def value(tag: int, content: Content) -> Value:
    """A value, short."""
    return Value(tag, content)


def _of(tags: tuple[int, ...], contents: st.SearchStrategy[Content]) -> st.SearchStrategy[Value]:
    return st.builds(Value, st.sampled_from(tags), contents)


_FLAT = st.one_of(
    _of((ValueTag.INTEGER, ValueTag.ENUM), _INT32),
    _of((ValueTag.BOOLEAN,), st.booleans()),
    _of(_TEXT_TAGS, _TEXT),
    _of((ValueTag.TEXT_WITH_LANGUAGE, ValueTag.NAME_WITH_LANGUAGE), st.builds(Localised, _TEXT, _TEXT)),
    _of((ValueTag.RESOLUTION,), st.builds(Resolution, _INT32, _INT32, st.integers(-128, 127))),
    _of((ValueTag.RANGE,), st.builds(Range, _INT32, _INT32)),
    _of((ValueTag.OCTETS, ValueTag.DATE_TIME, 0x24, 0x4B, 0x7F, 0x80, 0xFF), st.binary(max_size=20)),
    _of((ValueTag.UNSUPPORTED, 0x11, ValueTag.UNKNOWN, ValueTag.NO_VALUE, 0x1F), st.none()),
    _of((ValueTag.INTEGER, ValueTag.BOOLEAN, ValueTag.NO_VALUE), st.binary(min_size=5, max_size=9)),
)
_NAMES = st.text(st.sampled_from("abcxyz-ß"), min_size=1, max_size=12)


def _attributes(values: st.SearchStrategy[Value], least: int) -> st.SearchStrategy[tuple[Attribute, ...]]:
    several = st.lists(values, min_size=least, max_size=3).map(tuple)
    return st.lists(st.builds(Attribute, _NAMES, several), max_size=4).map(tuple)


def _nested(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    collections = st.builds(Collection, _attributes(values, 0))
    return st.builds(Value, st.just(ValueTag.BEGIN_COLLECTION), collections)


VALUES = st.recursive(_FLAT, _nested, max_leaves=6)
GROUPS = st.builds(Group, st.sampled_from((0, 1, 2, 4, 5, 6, 9, 15)), _attributes(VALUES, 1))
MESSAGES = st.builds(
    Message,
    st.tuples(st.integers(0, 255), st.integers(0, 255)),
    st.integers(0, 0xFFFF),
    st.integers(0, 2**32 - 1),
    st.lists(GROUPS, max_size=4).map(tuple),
)


def any_message(chance: random.Random) -> bytes:
    """A message that is good IPP and says anything, in words that printers use."""
    groups = tuple(Group(tag, _any_attributes(chance)) for tag in (1, *chance.choices((2, 4, 5), k=2)))
    return encode(Message((2, 0), chance.choice((0, 0, 0, 1, 0x0406)), chance.randrange(2**31), groups))


_SAID = (
    *("job-id", "job-state", "job-name", "job-state-reasons", "job-impressions", "job-impressions-completed"),
    *("printer-state", "printer-state-reasons", "document-format-supported", "copies-supported", "status-message"),
    *("printer-is-accepting-jobs", "pwg-raster-document-type-supported", "media-default", "operations-supported"),
)


def _any_attributes(chance: random.Random) -> tuple[Attribute, ...]:
    return tuple(Attribute(name, (_any_value(chance),)) for name in chance.sample(_SAID, chance.randrange(9)))


def _any_value(chance: random.Random) -> Value:
    return chance.choice(
        (
            Value(ValueTag.INTEGER, chance.randrange(-(2**31), 2**31)),
            Value(ValueTag.ENUM, chance.randrange(12)),
            Value(ValueTag.KEYWORD, chance.choice(("none", "media-empty", "c-1", "image/pwg-raster", "x" * 200))),
            Value(ValueTag.BOOLEAN, chance.random() < 0.5),
            Value(ValueTag.RANGE, Range(chance.randrange(-9, 9), chance.randrange(-9, 99))),
            Value(ValueTag.NO_VALUE, None),
        )
    )
