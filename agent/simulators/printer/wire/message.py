"""A message of IPP as values, and values as bytes (RFC 8010 section 3). Reading is in `reading.py`.

Must never mend what it is given: what does not fit its tag is a bug of the simulator, and raises.
"""

from collections.abc import Iterable
from struct import pack

import msgspec

from agent.simulators.printer.wire.codes import GroupTag, Tag

Version = tuple[int, int]
Content = object
"""int, bool, str, (low, high), (across, along, unit), bytes, None (no value), or a tuple of members."""


class Value(msgspec.Struct, frozen=True):
    """One value. `tag` is a number and no `Tag`, because a client may send any."""

    tag: int
    content: Content


class Attribute(msgspec.Struct, frozen=True):
    """A name with its values; a message has at least one of them."""

    name: str
    values: tuple[Value, ...]

    @property
    def content(self) -> Content:
        """The first value's content."""
        return self.values[0].content

    @property
    def texts(self) -> tuple[str, ...]:
        """The contents that are texts."""
        return tuple(value.content for value in self.values if isinstance(value.content, str))


class Group(msgspec.Struct, frozen=True):
    """Attributes that belong together; a group of an unknown tag is kept."""

    tag: int
    attributes: tuple[Attribute, ...] = ()


class Head(msgspec.Struct, frozen=True):
    """The first eight bytes: `code` is the operation of a request, the status of an answer."""

    version: Version
    code: int
    request_id: int


class Message(msgspec.Struct, frozen=True):
    """All of it; `document` is what follows the attributes."""

    head: Head
    groups: tuple[Group, ...] = ()
    document: bytes = b""


def attribute(name: str, tag: Tag, *contents: Content) -> Attribute:
    """An attribute whose values all have one tag."""
    return Attribute(name, tuple(Value(tag, content) for content in contents))


def encoded(message: Message) -> bytes:
    """The bytes of a message."""
    head = message.head
    parts = [pack(">BBHI", *head.version, head.code, head.request_id)]
    for group in message.groups:
        parts.append(bytes((group.tag,)))
        parts += [_attribute(each.name, each.values) for each in group.attributes]
    return b"".join((*parts, bytes((GroupTag.END,)), message.document))


def _attribute(name: str, values: Iterable[Value]) -> bytes:
    parts = []
    for index, value in enumerate(values):
        parts.append(_entry(value.tag, "" if index else name, _content(value)))
        if value.tag == Tag.COLLECTION:
            parts.append(_members(value.content))
    return b"".join(parts)


def _members(members: Content) -> bytes:
    """What stands between the begin and the end of a collection, the end included (RFC 8010 section 3.1.6)."""
    assert isinstance(members, tuple)
    parts = [
        _entry(Tag.MEMBER_NAME, "", member.name.encode()) + _attribute("", member.values) for member in members
    ]
    return b"".join(parts) + _entry(Tag.END_COLLECTION, "", b"")


def _entry(tag: int, name: str, content: bytes) -> bytes:
    as_bytes = name.encode()
    return b"".join((pack(">BH", tag, len(as_bytes)), as_bytes, pack(">H", len(content)), content))


def _content(value: Value) -> bytes:
    match value.content:
        case str():
            return value.content.encode()
        case bool():
            return bytes((value.content,))
        case int():
            return pack(">i", value.content)
        case bytes():
            return value.content
        case (int(low), int(high)):
            return pack(">ii", low, high)
        case (int(across), int(along), int(unit)):
            return pack(">iib", across, along, unit)
    return b""  # no value, and the begin of a collection
