"""From JSON to structs where one bad member spoils only itself. No I/O.

msgspec reads what is sound. Where it stumbles (half a surrogate, NaN, 01, a bad escape, nesting without end, ...)
the members that are asked for are looked for and read one by one, and the others may be anything.
"""

import json
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from agent.foundation.reading.json_text import Text, members
from agent.foundation.reading.text import plain

NAMES_LIMIT = 128 * 1024  # bytes; up to there it is quicker to build all of an object than to pass over its values
_PAIRS = json.JSONDecoder(object_pairs_hook=list)  # an object as its pairs, duplicates included
_LENIENT = json.JSONDecoder(strict=False)
_WRAPPING = b" \t\r\n\x00\xef\xbb\xbf"  # blanks, NULs, UTF-8's byte-order mark
T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)


class Unreadable(ValueError):
    """An answer or a part of it that is not what the v1 page promises; says so without its contents."""


class Twice(Unreadable):
    """An object names a needed member twice: which of two rooms is meant? No one can tell, so nothing is done."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"{what} names {plain(name, 40)} twice")
        self._about = (what, name)

    def is_about(self, what: str, name: str) -> bool:
        """Whether it is this member of this object."""
        return self._about == (what, name)


def unwrapped(body: bytes) -> bytes:
    """An answer's JSON in UTF-8, without the blanks, NULs and byte-order marks around it.

    UTF-16 is known by its byte-order mark; half a surrogate in it becomes bad UTF-8. Raises `Unreadable`.
    """
    if not body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return body.strip(_WRAPPING)
    try:
        return body.decode("utf-16", "surrogatepass").encode("utf-8", "surrogatepass").strip(_WRAPPING)
    except UnicodeDecodeError:
        raise Unreadable("it breaks off in the middle of a character") from None


def decode(text: Text, kind: type[T]) -> T:
    """All of `text` as msgspec reads it. Raises `Unreadable`."""
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError):  # ValueError: bad UTF-8
        raise Unreadable("it is not the JSON that Mews documents") from None


def read(text: Text, kind: type[S], what: str) -> S:
    """The members that `kind` has, whatever else `text` holds.

    Raises `Unreadable`, `Twice` for a needed member that stands there twice; `what` begins the sentence.
    """
    try:
        value = decode(text, kind)
    except Unreadable:
        return _read_one_by_one(text, kind, what)
    found = names(text, what)
    if len(set(found)) < len(found):
        _refuse_twice(found, kind, what)
    return value


def named(text: Text, what: str) -> Iterator[tuple[str, Text]]:
    """The members of an object, duplicates included.

    Raises `Unreadable` where it is no object or is broken, after the members before that place.
    """
    try:
        for name, value in members(text):
            yield decode(name, str), value
    except ValueError:
        raise Unreadable(f"{what} is not an object, or is damaged") from None


def names(text: Text, what: str) -> list[str]:
    """The names of an object's members, duplicates included. Raises `Unreadable` as `named` does."""
    if len(text) <= NAMES_LIMIT:
        try:
            return [name for name, _ in _PAIRS.decode(bytes(text).decode())]
        except (ValueError, RecursionError):
            pass  # bad UTF-8 may be in a name, which msgspec does not look at
    return [name for name, _ in named(text, what)]


def label(text: Text | msgspec.Raw) -> str:
    """A text that is only shown, with whatever cannot be read in it replaced; empty if it is no text."""
    try:
        value = _LENIENT.decode(bytes(text).decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""


def _read_one_by_one(text: Text, kind: type[S], what: str) -> S:
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {}
    for name, value in named(text, what):
        if name in values:
            raise Twice(what, name)
        if name in fields:
            values[name] = _value(value, fields[name].type, f"{what} has no usable {name}")
    for name, field in fields.items():
        if field.required and name not in values:
            raise Unreadable(f"{what} has no usable {name}")
    return kind(**values)


def _refuse_twice(names: list[str], kind: type[msgspec.Struct], what: str) -> None:
    for name in kind.__struct_fields__:
        if names.count(name) > 1:
            raise Twice(what, name)


def _value(text: Text, kind: Any, words: str) -> Any:
    try:
        return msgspec.Raw(bytes(text)) if kind is msgspec.Raw else decode(text, kind)
    except Unreadable:
        raise Unreadable(words) from None
