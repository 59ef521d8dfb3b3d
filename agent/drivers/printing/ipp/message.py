"""An IPP message as bytes and as a value: the codec. No I/O.

RFC 8010, section 3: a head of eight bytes, groups of attributes, an end; a document may follow, and is no part of
the message. What a printer sends is framed strictly and read leniently: a value whose bytes are not what its tag
promises, and one with a tag of another day, stays as bytes. Must never take one attribute's value for another's,
and never write what would be read as something else: what is written is read back first.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from typing import TypeAlias

import msgspec

from agent.foundation.errors import NightPorterError

MOST_BYTES = 4_000_000  # a printer tells of itself in 100 KB; a thousand jobs are 1 MB
MOST_PARTS = 50_000  # groups, values and members in one message; a fifth of a second
MOST_DEPTH = 8  # collections within collections; media-col-database has three
MOST_LENGTH = 32_767  # bytes of a name or a value; RFC 8010 section 3.2 calls their length a signed short


class GroupTag(IntEnum):
    """What a group of attributes is about (RFC 8010, section 3.5.1)."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03  # begins no group: the message is over
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class ValueTag(IntEnum):
    """What a value is (RFC 8010, section 3.5.2). From 0x10 to 0x1f are the reasons why there is none."""

    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTETS = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    BEGIN_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER_NAME = 0x4A


class NotIpp(NightPorterError):
    """The bytes are no IPP message, or one beyond all bounds: what is wrong, as a clause about "it"."""


class CannotBeSaid(NightPorterError):
    """The value has no bytes in IPP that would be read as the same."""


class Localised(msgspec.Struct, frozen=True):
    """A text or a name with its language."""

    language: str
    text: str

    def __repr__(self) -> str:
        return f"Localised({self.language!r}, {len(self.text)} characters)"


class Resolution(msgspec.Struct, frozen=True):
    """Dots across and along the feed; `unit` 3 is an inch, 4 a centimetre."""

    across: int
    along: int
    unit: int


class Range(msgspec.Struct, frozen=True):
    """Whole numbers from `least` to `most`, both included."""

    least: int
    most: int


class Collection(msgspec.Struct, frozen=True):
    """Attributes as a value. A member may be without a value."""

    members: tuple["Attribute", ...]


Content: TypeAlias = bool | int | str | bytes | Localised | Resolution | Range | Collection | None


class Value(msgspec.Struct, frozen=True):
    """A value and its tag, which may be one that `ValueTag` does not have.

    `content` is None for "no value", and bytes for octets, dates (RFC 2579), and whatever is not as its tag
    promises. It may be a stranger's name or document title: it is in no `repr`.
    """

    tag: int
    content: Content

    def __repr__(self) -> str:
        return f"Value({self.tag:#04x})"


class Attribute(msgspec.Struct, frozen=True):
    """A name of at least one letter, and values, each of which may have a tag of its own."""

    name: str
    values: tuple[Value, ...]


class Group(msgspec.Struct, frozen=True):
    """Attributes of one thing. Several groups of one tag are several things (jobs, printers)."""

    tag: int
    attributes: tuple[Attribute, ...]


class Message(msgspec.Struct, frozen=True):
    """A request or an answer: `code` is the operation of the one, the status of the other."""

    version: tuple[int, int]
    code: int
    request_id: int
    groups: tuple[Group, ...]

    def __repr__(self) -> str:
        return f"Message({self.code:#06x}, {len(self.groups)} groups)"


_HEAD = struct.Struct(">BBHI")
_LENGTH = struct.Struct(">H")
_INTEGER = struct.Struct(">i")
_RESOLUTION = struct.Struct(">iib")
_RANGE = struct.Struct(">ii")
_LAST_DELIMITER = 0x0F
_FIRST_NO_VALUE, _LAST_NO_VALUE = 0x10, 0x1F


def encode(message: Message) -> bytes:
    """The bytes of a message, to be followed by its document. Raises `CannotBeSaid`."""
    try:
        written = b"".join(_written(message))
        is_said = decode(written) == message
    except (struct.error, UnicodeEncodeError):
        raise CannotBeSaid("a number or a letter has no place in IPP") from None
    except NotIpp as error:
        raise CannotBeSaid(str(error)) from None
    if not is_said:
        raise CannotBeSaid("a value would be read as another one")
    return written


def decode(data: bytes) -> Message:
    """The message at the beginning of `data`; what follows its end is the document. Raises `NotIpp`."""
    reader = _Reader(data)
    major, minor, code, request_id = _HEAD.unpack(reader.take(_HEAD.size))
    groups = []
    while (tag := reader.byte()) != GroupTag.END:
        if tag > _LAST_DELIMITER:
            raise NotIpp("it has an attribute before the first group")
        reader.count()
        groups.append(Group(tag, _attributes(reader)))
    return Message((major, minor), code, request_id, tuple(groups))


class _Reader:
    """Walks through the bytes once, and stops at each bound."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._end = min(len(data), MOST_BYTES)
        self._at = 0
        self._parts = 0

    def take(self, size: int) -> bytes:
        start, self._at = self._at, self._at + size
        if self._at > self._end:
            raise NotIpp("it ends too soon" if self._end == len(self._data) else "it is too long")
        return self._data[start : self._at]

    def byte(self) -> int:
        return self.take(1)[0]

    def is_at_delimiter(self) -> bool:
        tag = self.byte()
        self._at -= 1
        return tag <= _LAST_DELIMITER

    def field(self) -> bytes:
        (size,) = _LENGTH.unpack(self.take(_LENGTH.size))
        if size > MOST_LENGTH:
            raise NotIpp("it has a name or a value of an impossible length")
        return self.take(size)

    def name(self) -> str:
        return self.field().decode("latin-1")  # ASCII by the standard; so that any bytes are a name and stay it

    def count(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise NotIpp("it has too many parts")


_Begun: TypeAlias = list[tuple[str, list[Value]]]  # attributes to which values may be added


def _attributes(reader: _Reader) -> tuple[Attribute, ...]:
    begun: _Begun = []
    while not reader.is_at_delimiter():
        tag = reader.byte()
        if name := reader.name():
            begun.append((name, []))
        _last(begun).append(_value(reader, tag, 0))
    return _ended(begun)


def _value(reader: _Reader, tag: int, depth: int) -> Value:
    reader.count()
    raw = reader.field()
    if tag in (ValueTag.MEMBER_NAME, ValueTag.END_COLLECTION):
        raise NotIpp("it has a part of a collection outside of one")
    if tag != ValueTag.BEGIN_COLLECTION:
        return Value(tag, _content(tag, raw))
    if raw:
        raise NotIpp("it has a collection that begins with a value")
    if depth == MOST_DEPTH:
        raise NotIpp("it has collections too deep in others")
    return Value(tag, _collection(reader, depth + 1))


def _collection(reader: _Reader, depth: int) -> Collection:
    begun: _Begun = []
    while True:
        if (tag := reader.byte()) <= _LAST_DELIMITER:
            raise NotIpp("it has a collection without an end")
        if reader.field():
            raise NotIpp("it has an attribute inside a collection")
        if tag == ValueTag.END_COLLECTION:
            break
        if tag == ValueTag.MEMBER_NAME:
            begun.append((_member_name(reader), []))
        else:
            _last(begun).append(_value(reader, tag, depth))
    if reader.field():
        raise NotIpp("it has a collection that ends with a value")
    return Collection(_ended(begun))


def _member_name(reader: _Reader) -> str:
    reader.count()
    name = reader.name()
    if not name:
        raise NotIpp("it has a member without a name")
    return name


def _last(begun: _Begun) -> list[Value]:
    if not begun:
        raise NotIpp("it has a value without a name")
    return begun[-1][1]


def _ended(begun: _Begun) -> tuple[Attribute, ...]:
    return tuple(Attribute(name, tuple(values)) for name, values in begun)


def _content(tag: int, raw: bytes) -> Content:
    if _FIRST_NO_VALUE <= tag <= _LAST_NO_VALUE:
        return raw or None
    try:
        return _READERS[tag](raw) if tag in _READERS else raw
    except (struct.error, ValueError):  # not what the tag promises
        return raw


def _integer(raw: bytes) -> int:
    (number,) = _INTEGER.unpack(raw)
    return int(number)


def _boolean(raw: bytes) -> bool:
    if raw not in (b"\0", b"\1"):
        raise ValueError("neither true nor false")
    return raw == b"\1"


def _localised(raw: bytes) -> Localised:
    language, rest = _short(raw)
    text, rest = _short(rest)
    if rest:
        raise ValueError("more than a language and a text")
    return Localised(_text(language), _text(text))


def _short(raw: bytes) -> tuple[bytes, bytes]:
    (size,) = _LENGTH.unpack(raw[:2])
    if len(raw) < size + 2:
        raise ValueError("a text that ends too soon")
    return raw[2 : size + 2], raw[size + 2 :]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8")


_READERS: Mapping[int, Callable[[bytes], Content]] = {
    ValueTag.INTEGER: _integer,
    ValueTag.BOOLEAN: _boolean,
    ValueTag.ENUM: _integer,
    ValueTag.RESOLUTION: lambda raw: Resolution(*_RESOLUTION.unpack(raw)),
    ValueTag.RANGE: lambda raw: Range(*_RANGE.unpack(raw)),
    ValueTag.TEXT_WITH_LANGUAGE: _localised,
    ValueTag.NAME_WITH_LANGUAGE: _localised,
    ValueTag.TEXT: _text,
    ValueTag.NAME: _text,
    ValueTag.KEYWORD: _text,
    ValueTag.URI: _text,
    ValueTag.URI_SCHEME: _text,
    ValueTag.CHARSET: _text,
    ValueTag.LANGUAGE: _text,
    ValueTag.MIME_TYPE: _text,
}


def _written(message: Message) -> Iterator[bytes]:
    yield _HEAD.pack(*message.version, message.code, message.request_id)
    for group in message.groups:
        yield struct.pack("B", group.tag)
        for attribute in group.attributes:
            yield from _values(attribute.name, attribute.values, 0)
    yield struct.pack("B", GroupTag.END)


def _values(name: str, values: tuple[Value, ...], depth: int) -> Iterator[bytes]:
    for value in values:
        if isinstance(value.content, Collection):
            yield _token(value.tag, name, b"")
            yield from _members(value.content, depth + 1)
        else:
            yield _token(value.tag, name, _raw(value.content))
        name = ""


def _members(collection: Collection, depth: int) -> Iterator[bytes]:
    if depth > MOST_DEPTH:
        raise CannotBeSaid("it has collections too deep in others")
    for member in collection.members:
        yield _token(ValueTag.MEMBER_NAME, "", member.name.encode("latin-1"))
        yield from _values("", member.values, depth)
    yield _token(ValueTag.END_COLLECTION, "", b"")


def _token(tag: int, name: str, raw: bytes) -> bytes:
    return struct.pack("B", tag) + _field(name.encode("latin-1")) + _field(raw)


def _field(raw: bytes) -> bytes:
    return _LENGTH.pack(len(raw)) + raw


def _raw(content: Content) -> bytes:
    match content:
        case bool():
            return bytes([content])
        case int():
            return _INTEGER.pack(content)
        case str():
            return content.encode("utf-8")
        case bytes():
            return content
        case Localised():
            return _field(content.language.encode("utf-8")) + _field(content.text.encode("utf-8"))
        case Resolution():
            return _RESOLUTION.pack(content.across, content.along, content.unit)
        case Range():
            return _RANGE.pack(content.least, content.most)
        case _:
            return b""
