"""Bytes of a request as a message (RFC 8010 section 3).

Must never guess: what breaks a rule of the encoding raises `Malformed`. Nothing is read twice, so that no request
takes longer than its size says.
"""

from struct import Struct

from agent.simulators.printer.wire.codes import GroupTag, Tag
from agent.simulators.printer.wire.message import Attribute, Content, Group, Head, Message, Value

_HEAD = Struct(">BBHI")
_LENGTH = Struct(">H")
_INTEGER = Struct(">i")
_RANGE = Struct(">ii")
_RESOLUTION = Struct(">iib")
_FIRST_VALUE_TAG = 0x10  # below it are the tags of groups
_DEEPEST = 16  # collections in collections; media-col has two
_SIZES: dict[int, int] = {
    Tag.INTEGER: 4,
    Tag.ENUM: 4,
    Tag.BOOLEAN: 1,
    Tag.DATE_TIME: 11,
    Tag.RESOLUTION: 9,
    Tag.RANGE: 8,
}
_TEXTS = range(Tag.TEXT, 0x60)  # character strings, also those that are not registered yet


class Malformed(Exception):
    """The bytes break a rule of the encoding; the text says which."""


def head(data: bytes) -> Head:
    """The first eight bytes. Raises Malformed when there are fewer."""
    if len(data) < _HEAD.size:
        raise Malformed("the message ends within its first eight bytes")
    major, minor, code, request_id = _HEAD.unpack_from(data)
    return Head((major, minor), code, request_id)


def decoded(data: bytes) -> Message:
    """The whole message. Raises Malformed."""
    reader = _Reader(data, _HEAD.size)
    return Message(head(data), tuple(reader.groups()), data[reader.at :])


class _Reader:
    """A place in the bytes."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self.at = data, at

    def groups(self) -> list[Group]:
        groups = []
        while (tag := self._byte()) != GroupTag.END:
            if tag >= _FIRST_VALUE_TAG or tag == 0:
                raise Malformed(f"tag {tag:#04x} stands where a group must begin")
            groups.append(Group(tag, tuple(self._attributes())))
        return groups

    def _attributes(self) -> list[Attribute]:
        found: dict[str, list[Value]] = {}
        name = ""
        while self._peek() >= _FIRST_VALUE_TAG:
            tag, said, content = self._entry()
            if said in found:
                raise Malformed(f"the attribute {said[:60]!r} comes twice in a group")
            name = said or name
            if not name:
                raise Malformed("a further value comes before any attribute")
            found.setdefault(name, []).append(self._value(tag, content, 0))
        return [Attribute(name, tuple(values)) for name, values in found.items()]

    def _entry(self) -> tuple[int, str, bytes]:
        tag = self._byte()
        name = _text(self._sized())
        return tag, name, self._sized()

    def _value(self, tag: int, content: bytes, depth: int) -> Value:
        if tag == Tag.COLLECTION:
            return Value(tag, self._members(depth + 1))
        if tag in (Tag.END_COLLECTION, Tag.MEMBER_NAME):
            raise Malformed("a part of a collection stands outside of any")
        return Value(tag, _content(tag, content))

    def _members(self, depth: int) -> tuple[Attribute, ...]:
        if depth > _DEEPEST:
            raise Malformed("collections are nested too deeply")
        members: list[tuple[str, list[Value]]] = []
        while True:
            tag, name, content = self._entry()
            if name:
                raise Malformed("a member of a collection has its name in the wrong place")
            if tag == Tag.END_COLLECTION:
                return tuple(_member(name, values) for name, values in members)
            if tag == Tag.MEMBER_NAME:
                members.append((_text(content), []))
            elif members:
                members[-1][1].append(self._value(tag, content, depth))
            else:
                raise Malformed("a value of a collection comes before the name of its member")

    def _sized(self) -> bytes:
        (length,) = _LENGTH.unpack(self._take(_LENGTH.size))
        return self._take(length)

    def _byte(self) -> int:
        return self._take(1)[0]

    def _peek(self) -> int:
        if self.at >= len(self._data):
            raise Malformed("the message ends before its end tag")
        return self._data[self.at]

    def _take(self, count: int) -> bytes:
        taken = self._data[self.at : self.at + count]
        if len(taken) < count:
            raise Malformed("the message ends before its end tag")
        self.at += count
        return taken


def _member(name: str, values: list[Value]) -> Attribute:
    if not values:
        raise Malformed(f"the member {name[:60]!r} of a collection has no value")
    return Attribute(name, tuple(values))


def _content(tag: int, content: bytes) -> Content:
    size = _SIZES.get(tag)
    if size is not None and len(content) != size:
        raise Malformed(f"a value of tag {tag:#04x} has {len(content)} bytes instead of {size}")
    match tag:
        case Tag.INTEGER | Tag.ENUM:
            return _INTEGER.unpack(content)[0]
        case Tag.BOOLEAN:
            return _boolean(content)
        case Tag.RANGE:
            return _RANGE.unpack(content)
        case Tag.RESOLUTION:
            return _RESOLUTION.unpack(content)
        case Tag.TEXT_WITH_LANGUAGE | Tag.NAME_WITH_LANGUAGE:
            return _with_language(content)
    if tag in _TEXTS:
        return _text(content)
    return content if tag > Tag.ENUM else None  # octets, or a tag that says that there is no value


def _boolean(content: bytes) -> bool:
    if content not in (b"\0", b"\1"):
        raise Malformed("a boolean is neither 0 nor 1")
    return content == b"\1"


def _with_language(content: bytes) -> str:
    reader = _Reader(content, 0)
    reader._sized()  # the language
    text = reader._sized()
    if reader.at != len(content):
        raise Malformed("a text with its language is longer than it says")
    return _text(text)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("a text is not UTF-8") from None
