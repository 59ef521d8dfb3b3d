"""One object of an answer, member by member: what is needed is refused where it is bad, the rest is empty then.

No I/O. A member that is named twice counts as bad: no one can tell which is meant.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

import msgspec

from agent.foundation.reading.json_text import Text, elements
from agent.foundation.reading.text import plain
from agent.mews.reading.decoding import Unreadable, decode, label, named, names
from agent.mews.reading.values import ID_LIMIT, NAME_LIMIT, date

T = TypeVar("T")

_NULL, _BAD = b"null", b""
_DIGITS_LIMIT = 20  # of a number where a text is expected, as that of a room


class Item:
    """An object's members. `what` begins the sentence that says what is wrong with it.

    Raises `Unreadable` where `text` is no object.
    """

    def __init__(self, text: Text, what: str) -> None:
        self._what = what
        self._members = _members(text, what)

    @property
    def names(self) -> tuple[str, ...]:
        """What its members are called, in their order."""
        return tuple(self._members)

    def has(self, name: str) -> bool:
        """Whether that member is there and not null."""
        return self.raw(name) != _NULL

    def raw(self, name: str) -> bytes:
        """A member's text: null where it is missing, nothing where it is bad."""
        return bytes(self._members.get(name, _NULL))

    def id(self, name: str) -> str:
        """A needed id. Raises `Unreadable`."""
        id = self._value(name, str)
        if not id or plain(id, ID_LIMIT) != id:
            raise self._without(name)
        return id

    def id_if_any(self, name: str) -> str:
        """An id that may be absent ("" then), and decides too much to be taken for absent where it is bad.

        Raises `Unreadable`.
        """
        return self.id(name) if self.has(name) else ""

    def text(self, name: str, limit: int = NAME_LIMIT) -> str:
        """A text on one line, as far as it can be read; also a whole number, written out."""
        raw = self.raw(name)
        with suppress(Unreadable):
            value = decode(raw, str)
            if len(value) <= limit and " " not in value and value.isprintable():
                return value  # as nearly all are: `plain` would change nothing
        if raw.isdigit() and len(raw) <= _DIGITS_LIMIT:
            return raw.decode()
        return plain(label(raw), limit)

    def date(self, name: str) -> datetime:
        """A needed date, in UTC. Raises `Unreadable`."""
        return date(self._value(name, str), f"its {name}")

    def date_if_any(self, name: str) -> datetime | None:
        """A date that may be absent; None also where it is none."""
        with suppress(Unreadable):
            return self.date(name)
        return None

    def flag(self, name: str, default: bool) -> bool:
        """Yes or no; the default where it is neither."""
        with suppress(Unreadable):
            return self._value(name, bool)
        return default

    def part(self, name: str) -> "Item":
        """A needed object in this one. Raises `Unreadable`."""
        return Item(self.raw(name), f"its {name}")

    def part_if_any(self, name: str) -> "Item":
        """An object in this one; an empty one where there is none."""
        with suppress(Unreadable):
            return self.part(name)
        return Item(b"{}", f"its {name}")

    def parts(self, name: str, read: Callable[[Text], T]) -> tuple[T, ...]:
        """What `read` makes of the elements of a list in this object, without those that it cannot read."""
        found: list[T] = []
        with suppress(Unreadable):
            for text in self.elements(name):
                with suppress(Unreadable):
                    found.append(read(text))
        return tuple(found)

    def elements(self, name: str) -> list[Text]:
        """The texts of all elements of a needed list in this object. Raises `Unreadable`."""
        try:
            return list(elements(self.raw(name)))
        except ValueError:
            raise self._without(name) from None

    def _value(self, name: str, kind: type[T]) -> T:
        try:
            return decode(self.raw(name), kind)
        except Unreadable:
            raise self._without(name) from None

    def _without(self, name: str) -> Unreadable:
        return Unreadable(f"{self._what} has no usable {name}")


def _members(text: Text, what: str) -> Mapping[str, Text]:
    found: dict[str, Text]
    try:
        found = dict(decode(text, dict[str, msgspec.Raw]).items())
        listed = names(text, what)
    except Unreadable:
        pairs = list(named(text, what))
        found, listed = dict(pairs), [name for name, _ in pairs]
    if len(found) < len(listed):
        found |= {name: _BAD for name, times in Counter(listed).items() if times > 1}
    return found
