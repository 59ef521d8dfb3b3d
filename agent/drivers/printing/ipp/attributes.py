"""Attributes by name: made for a request, and looked up leniently in an answer. No I/O.

Reading never raises: what is missing, of another type, or absurd is not there. Texts are plain when they leave
here.
Source: RFC 8011, section 5.1 (types and their lengths).
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from agent.drivers.printing.ipp.message import (
    Attribute,
    CannotBeSaid,
    Content,
    Localised,
    Message,
    Range,
    Resolution,
    Value,
    ValueTag,
)
from agent.foundation.reading.text import plain

Named: TypeAlias = Mapping[str, tuple[Value, ...]]

WORDS_LIMIT = 200  # characters of a printer's own words
MOST_LISTED = 500  # values of one attribute; the longest list of media that is known has some 100
_MOST_OCTETS = {  # RFC 8011, table 7
    ValueTag.TEXT: 1023,
    ValueTag.NAME: 255,
    ValueTag.KEYWORD: 255,
    ValueTag.URI: 1023,
    ValueTag.URI_SCHEME: 63,
    ValueTag.CHARSET: 63,
    ValueTag.LANGUAGE: 63,
    ValueTag.MIME_TYPE: 255,
}


def attribute(tag: ValueTag, name: str, *contents: Content) -> Attribute:
    """An attribute of one type. Raises `CannotBeSaid` for a text that is longer than its type may be."""
    most = _MOST_OCTETS.get(tag)
    for content in contents:
        if most is not None and isinstance(content, str) and len(content.encode("utf-8", "replace")) > most:
            raise CannotBeSaid(f"{name} may have {most} bytes, and has more")
    return Attribute(name, tuple(Value(tag, content) for content in contents))


def named(attributes: Iterable[Attribute]) -> Named:
    """Attributes by their names; of two with one name the first counts."""
    found: dict[str, tuple[Value, ...]] = {}
    for each in attributes:
        found.setdefault(each.name, each.values[:MOST_LISTED])
    return found


def of_groups(message: Message, tag: int) -> list[Named]:
    """The attributes of each group with this tag, in their order."""
    return [named(group.attributes) for group in message.groups if group.tag == tag]


def whole(attributes: Named, name: str, least: int, most: int) -> int | None:
    """The first value, if it is a whole number in those bounds."""
    found = next(iter(wholes(attributes, name)), None)
    return found if found is not None and least <= found <= most else None


def wholes(attributes: Named, name: str) -> tuple[int, ...]:
    """All values that are whole numbers."""
    contents = (value.content for value in attributes.get(name, ()))
    return tuple(content for content in contents if isinstance(content, int) and not isinstance(content, bool))


def truth(attributes: Named, name: str) -> bool | None:
    """The first value, if it is true or false."""
    content = next((value.content for value in attributes.get(name, ())), None)
    return content if isinstance(content, bool) else None


def words(attributes: Named, name: str) -> str:
    """The first value as text on one line; "" where there is none."""
    return next(iter(texts(attributes, name)), "")


def texts(attributes: Named, name: str) -> tuple[str, ...]:
    """All values that are texts of whatever type, each on one line; empty ones are left out."""
    lines = (plain(_text(value), WORDS_LIMIT) for value in attributes.get(name, ()))
    return tuple(line for line in lines if line)


def ranges(attributes: Named, name: str) -> tuple[Range, ...]:
    """All values that are ranges; a number is a range of one."""
    contents = [value.content for value in attributes.get(name, ()) if not isinstance(value.content, bool)]
    found = (Range(content, content) if isinstance(content, int) else content for content in contents)
    return tuple(content for content in found if isinstance(content, Range))


def resolutions(attributes: Named, name: str) -> tuple[Resolution, ...]:
    """All values that are resolutions."""
    contents = (value.content for value in attributes.get(name, ()))
    return tuple(content for content in contents if isinstance(content, Resolution))


def _text(value: Value) -> str:
    match value.content:
        case str(text):
            return text
        case Localised(text=text):
            return text
        case bytes(raw) if value.tag in _MOST_OCTETS:
            return raw.decode("latin-1")  # an old printer with an umlaut in its name
        case _:
            return ""
