"""Messages made up at random for foreign codecs, and ours as they see them.

What they cannot say is left out and named here: neither knows tags beyond 0x7f, ipp-encoder shows a collection as
the row of its parts and bytes as text, ippx drops the language of a text and merges members of one name; neither
writes collections.
"""

import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

from ippx._codec import Attribute as TheirAttribute
from ippx._codec import IppMessage, Tag
from ippx._codec import Resolution as TheirResolution

from agent.drivers.printing.ipp.message import (
    Attribute,
    Collection,
    Content,
    Group,
    Localised,
    Message,
    Range,
    Resolution,
    Value,
    ValueTag,
)

_GROUPS = (1, 2, 4, 5)
_LETTERS = "abcxyz0189-_/:. äßя漢\U0001f5a8"
_NO_VALUE = (ValueTag.UNSUPPORTED, ValueTag.UNKNOWN, ValueTag.NO_VALUE)
_NUMBERS = (ValueTag.INTEGER, ValueTag.ENUM)
_TEXTS = (
    ValueTag.TEXT,
    ValueTag.NAME,
    ValueTag.KEYWORD,
    ValueTag.URI,
    ValueTag.URI_SCHEME,
    ValueTag.CHARSET,
    ValueTag.LANGUAGE,
    ValueTag.MIME_TYPE,
)
_LOCALISED = (ValueTag.TEXT_WITH_LANGUAGE, ValueTag.NAME_WITH_LANGUAGE)
_BYTES = (ValueTag.OCTETS, 0x24, 0x38, 0x4B, 0x7F)
_THEIR_TAGS = frozenset(Tag)
_DATE = struct.Struct(">H6Bc2B")


def messages(count: int, seed: int, *, is_plain: bool = False) -> Iterator[Message]:
    """So many, the same for one seed; plain ones are what both codecs can write: one tag an attribute, no
    collection, no language."""
    random = Random(seed)
    for _ in range(count):
        groups = tuple(_group(random, is_plain) for _ in range(random.randint(0, 4)))
        version = (random.randint(0, 127), random.randint(0, 127))
        yield Message(version, random.randint(0, 0x7FFF), random.randint(0, 2**31 - 1), groups)


def seen_by_ipp_encoder(message: Message) -> list[Any]:
    """A message as the script's JSON has it."""
    groups = [
        [group.tag, [[each.values[0].tag, each.name, list(_row(each.values))] for each in group.attributes]]
        for group in message.groups
    ]
    return [*message.version, message.code, message.request_id, groups]


def seen_by_ippx(message: Message) -> IppMessage:
    """A message as ippx has it."""
    groups = [(Tag(group.tag), [_their_attribute(each) for each in group.attributes]) for group in message.groups]
    return IppMessage(message.version, message.code, message.request_id, groups)


def _group(random: Random, is_plain: bool) -> Group:
    values = _plain_values if is_plain else _any_values
    return Group(random.choice(_GROUPS), _attributes(random, values))


def _attributes(random: Random, values: Callable[[Random], tuple[Value, ...]]) -> tuple[Attribute, ...]:
    return tuple(Attribute(f"{_word(random)}-{at}", values(random)) for at in range(random.randint(0, 4)))


def _plain_values(random: Random) -> tuple[Value, ...]:
    tag = random.choice((*_NO_VALUE, *_NUMBERS, ValueTag.BOOLEAN, ValueTag.DATE_TIME, ValueTag.OCTETS, *_TEXTS))
    return tuple(Value(tag, _content(random, tag)) for _ in range(random.randint(1, 3)))


def _any_values(random: Random, depth: int = 0) -> tuple[Value, ...]:
    return tuple(_any_value(random, depth) for _ in range(random.randint(1, 3)))


def _any_value(random: Random, depth: int) -> Value:
    if depth < 3 and random.random() < 0.15:
        members = _attributes(random, lambda random: _any_values(random, depth + 1))
        return Value(ValueTag.BEGIN_COLLECTION, Collection(members))
    others = (ValueTag.BOOLEAN, ValueTag.DATE_TIME, ValueTag.RESOLUTION, ValueTag.RANGE)
    tag = random.choice((*_NO_VALUE, *_NUMBERS, *others, *_TEXTS, *_LOCALISED, *_BYTES))
    return Value(tag, _content(random, tag))


def _content(random: Random, tag: int) -> Content:
    if tag in _NO_VALUE:
        return None
    if tag in _NUMBERS:
        return _number(random)
    if tag in _TEXTS:
        return _text(random)
    if tag in _LOCALISED:
        return Localised(random.choice(("de", "en-us", "")), _text(random))
    match tag:
        case ValueTag.BOOLEAN:
            return random.random() < 0.5
        case ValueTag.DATE_TIME:
            return _date(random)
        case ValueTag.RESOLUTION:
            return Resolution(_number(random), _number(random), random.randint(-128, 127))
        case ValueTag.RANGE:
            return Range(_number(random), _number(random))
        case _:
            return _text(random).encode("ascii", "replace")


def _number(random: Random) -> int:
    return random.choice((0, 1, -1, 2**31 - 1, -(2**31), random.randint(-(2**31), 2**31 - 1)))


def _text(random: Random) -> str:
    return "".join(random.choices(_LETTERS, k=random.choice((0, 1, 5, 20))))


def _word(random: Random) -> str:
    return "".join(random.choices("abcdefghij-", k=random.randint(1, 12)))


def _date(random: Random) -> bytes:
    day = (random.randint(1970, 2099), random.randint(1, 12), random.randint(1, 28))
    time = (random.randint(0, 23), random.randint(0, 59), random.randint(0, 59), random.randint(0, 9))
    return _DATE.pack(*day, *time, b"+", 0, 0)


def _moment(raw: bytes) -> datetime:
    year, month, day, hour, minute, second, tenths, *_ = _DATE.unpack(raw)
    return datetime(year, month, day, hour, minute, second, tenths * 100_000, UTC)


def _row(values: tuple[Value, ...]) -> Iterator[Any]:
    for value in values:
        if isinstance(value.content, Collection):
            yield ""
            for member in value.content.members:
                yield member.name
                yield from _row(member.values)
            yield ""
        else:
            yield _as_json(value)


def _as_json(value: Value) -> Any:
    match value.content:
        case bytes(raw) if value.tag == ValueTag.DATE_TIME:
            return {"date": _moment(raw).isoformat(timespec="milliseconds").replace("+00:00", "Z")}
        case bytes(raw):
            return raw.decode()
        case Localised(language, text):
            return {"lang": language, "value": text}
        case Resolution(across, along, unit):
            return struct.pack(">iib", across, along, unit).decode(errors="replace")
        case Range(least, most):
            return struct.pack(">ii", least, most).decode(errors="replace")
        case None:
            return ""
        case content:
            return content


def _their_attribute(attribute: Attribute) -> TheirAttribute:
    tag = attribute.values[0].tag
    known = Tag(tag) if tag in _THEIR_TAGS else Tag.OCTET_STRING
    return TheirAttribute(attribute.name, known, [_their_value(value) for value in attribute.values])


def _their_value(value: Value) -> Any:
    match value.content:
        case bytes(raw) if value.tag == ValueTag.DATE_TIME:
            return _moment(raw)
        case Localised(text=text):
            return text
        case Resolution(across, along, unit):
            return TheirResolution(across, along, unit)
        case Range(least, most):
            return (least, most)
        case Collection(members):
            found = {member.name: [_their_value(each) for each in member.values] for member in members}
            return {name: several[0] if len(several) == 1 else several for name, several in found.items()}
        case content:
            return content
