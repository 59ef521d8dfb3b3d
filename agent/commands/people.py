"""The people whom an order's `Data` names, kept for one thing: to blot them out of what a lock system says. Pure.

A lock system that knows its guests may name them as it refuses a key, and its words go into a note, a journal and
a page. What is looked at is `Data` as Mews wrote it, and only when there are words: a key that is cut is as fast.
"""

import re
from collections.abc import Iterator

import msgspec

HIDDEN = "(hidden)"
KEPT_BYTES = 64 * 1024  # of Data; of a longer one the texts alone are kept
MOST_TEXTS = 200
_SHORTEST, _LONGEST = 3, 1000  # characters; what is shorter is in other words by chance
_SHORTEST_NUMBER = 5  # digits; a shorter one may be a room's
# Members about people in both dialects (reference/mews.md, sections 6.4 and 7), and what else people are called.
_PERSONS = frozenset(
    ("customer", "customers", "companions", "companion", "guest", "guests", "owner", "person", "creator", "booker")
)
_OF_A_PERSON = frozenset(
    (
        *("firstname", "lastname", "secondlastname", "fullname", "maidenname", "email", "phone", "telephone"),
        *("notes", "note", "passport", "identitycard", "visa", "driverslicense", "carregistrationnumber"),
    )
)
_NO_NAMES = re.compile(r"(?:Id|Ids|Utc|Code|Type|State|Sex|Gender|Title)\Z")  # of a person, and no one's name
_COMMON = frozenset(("true", "false", "null", "none", "key", "room", "guest", "card", "unknown"))


class People:
    """Whom an order is for. `data` is its JSON text, None where it has none."""

    __slots__ = ("_data", "_texts")

    def __init__(self, data: bytes | memoryview | None = None) -> None:
        self._data = data
        self._texts: tuple[str, ...] | None = () if data is None else None
        if data is not None and len(data) > KEPT_BYTES:
            self._texts, self._data = _texts(data), None

    def __repr__(self) -> str:
        return "People(hidden)"

    def __eq__(self, other: object) -> bool:
        return (self._data, self._texts) == (other._data, other._texts) if isinstance(other, People) else False

    def __hash__(self) -> int:
        return hash((self._data, self._texts))

    def without(self, words: str) -> str:
        """`words` without all that the order says of people, in whatever case; of an order that cannot be read,
        none of them."""
        texts = self._texts if self._data is None else _texts(self._data)
        if texts is None:
            return HIDDEN if words else words
        for text in sorted(texts, key=len, reverse=True):
            words = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", HIDDEN, words, flags=re.IGNORECASE)
        return words


NO_ONE = People()


def _texts(data: bytes | memoryview) -> tuple[str, ...] | None:
    """All that may be a name, a number or a note; None where it cannot be read."""
    try:
        found = msgspec.json.decode(data)
        texts = dict.fromkeys(_inside(found, is_person=False))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return tuple(texts)[:MOST_TEXTS]


def _inside(value: object, *, is_person: bool) -> Iterator[str]:
    match value:
        case dict():
            for name, each in value.items():
                known = name.casefold()
                if is_person and _NO_NAMES.search(name):
                    continue
                yield from _inside(each, is_person=is_person or known in _PERSONS or known in _OF_A_PERSON)
        case list():
            for each in value:
                yield from _inside(each, is_person=is_person)
        case str() if is_person:
            text = " ".join(value[:_LONGEST].split())
            shortest = _SHORTEST_NUMBER if text.isdecimal() else _SHORTEST
            if len(text) >= shortest and text.casefold() not in _COMMON:
                yield text
