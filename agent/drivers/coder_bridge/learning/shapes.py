"""The shape of an answer: its members' names, types, order and duplicates, each value replaced by its kind. Pure.

Never lets a value of a site through, not even a part of one: neither a room nor a guest, neither a number nor the
length of a text. What could be a value (an unknown name with digits in it, a table with rooms as its names) counts
as one. The form is read again by the simulator (`agent/simulators/coder_bridge/like.py`):

    {"object": [[name, shape], ...]}, {"list": [each shape once]}, "text date yyyy-MM-dd", "integer success"
    a body that is no JSON: {"raw": "empty" | "html" | "other"}
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from agent.drivers.coder_bridge.protocol import wire
from agent.drivers.coder_bridge.protocol.profile import Answers
from agent.drivers.lock_server.json_body import Pairs, parsed

EMPTY, HTML, OTHER = "empty", "html", "other"
SHORT = 2  # characters; an encoder's number is as good as any other
_DEEPEST = 12  # objects in objects; an answer has three
_MOST_MEMBERS = 40  # of an object; more is a table of values
_NAMES = frozenset(  # that the reference or the simulator's document has (sections 2.1 and 2.2)
    (
        *("result", "msg", "data", "tid", "cid", "rooms", "rm", "status", "untildate", "value", "message"),
        *("expires", "exp", "token", "id", "name", "time"),
    )
)
_BY_NAME = {"rm": "room", "tid": "id", "cid": "id"}  # whatever is in them
_NAME = re.compile(r"[A-Za-z][A-Za-z_]{0,39}")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_DAY = (
    ("yyyy-MM-dd", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    ("MM/dd/yyyy", r"[0-9]{2}/[0-9]{2}/[0-9]{4}"),
    ("dd.MM.yyyy", r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}"),
)
_TIME = (("", ""), ("HH:mm:ss", "[0-9]{2}:[0-9]{2}:[0-9]{2}"), ("HH:mm", "[0-9]{2}:[0-9]{2}"))
_ZONE = (("", ""), ("XXX", r"(Z|[+-][0-9]{2}:[0-9]{2})"))
Shape = Any  # a text, or a table of one member, as above


class Known(Struct, frozen=True):
    """The site's own values by their kinds (`room`, `encoder`, ...), to be told from other texts."""

    kinds: dict[str, str] = {}

    def kind(self, text: str) -> str | None:
        """The kind of a value that is known, whatever its case."""
        return self.kinds.get(text.casefold())

    def kind_in_answer(self, text: str) -> str | None:
        """The same where nothing says what a text is: what is as short as a code counts as a number."""
        return self.kind(text) if len(text) > SHORT else None

    def has_part(self, name: str) -> bool:
        """Whether a name has a known value in it."""
        folded = name.casefold()
        return any(len(value) > SHORT and value in folded for value in self.kinds) or folded in self.kinds


def known(kinds: Mapping[str, Iterable[str]]) -> Known:
    """From kinds and the values of each."""
    return Known({value.casefold(): kind for kind, values in kinds.items() for value in values if value})


def shape(body: bytes, answers: Answers, site: Known) -> Shape:
    """The shape of a body."""
    found = parsed(body)
    if found is not None:
        return _Shaper(answers, site).shape(found, "", 0)
    if not body.strip():
        return {"raw": EMPTY}
    return {"raw": HTML if b"<html" in body[:2000].lower() else OTHER}


def members(body: bytes) -> tuple[tuple[str, Any], ...]:
    """The outermost members of a body and those of its `data`, in order; none where it is no object."""
    found = parsed(body)
    if not isinstance(found, Pairs):
        return ()
    inner = [
        pair for name, value in found if name.casefold() == "data" and isinstance(value, Pairs) for pair in value
    ]
    return (*found, *inner)


def rows(body: bytes) -> tuple[str, tuple[Any, ...]] | None:
    """The rows of a list and the name of the member that holds them ("" for a bare list); None for no list.

    A row is the names of an object's members, in order, or a plain text or number.
    """
    value, name = parsed(body), ""
    if isinstance(value, Pairs):
        lists = [(name, inner) for name, inner in value if isinstance(inner, list)]
        name, value = lists[0] if len(lists) == 1 else ("", None)
    if not isinstance(value, list):
        return None
    return name, tuple(tuple(name for name, _ in row) if isinstance(row, Pairs) else row for row in value)


def date_pattern(text: str) -> str | None:
    """The pattern by which a text is a date, None where it is none (form: protocol/validity.py)."""
    return next((pattern for pattern, form in _DATES if form.fullmatch(text)), None)


def words(found: Shape) -> str:
    """A shape for people: `result integer, msg text, data (tid text, cid text)`."""
    if isinstance(found, str):
        return found
    if "raw" in found:
        return {EMPTY: "no body", HTML: "a web page"}.get(found["raw"], "no JSON")
    if "list" in found:
        return f"a list ({'; '.join(words(each) for each in found['list'])})"
    inner = ((name, value, words(value)) for name, value in found["object"])
    return ", ".join(
        f"{name} {text}" if isinstance(value, str) else f"{name} ({text})" for name, value, text in inner
    )


class _Shaper:
    def __init__(self, answers: Answers, site: Known) -> None:
        self._answers, self._site = answers, site

    def shape(self, value: Any, name: str, depth: int) -> Shape:
        if isinstance(value, Pairs):
            return {"object": self._members(value, depth)} if depth < _DEEPEST else "text"
        if isinstance(value, list):
            return {"list": self._kinds(value, name, depth)} if depth < _DEEPEST else "text"
        if name.casefold() == "result" and depth == 1 and not isinstance(value, bool) and value is not None:
            return f"{_type(value)} {self._success(value)}"
        if isinstance(value, str):
            return f"text {_BY_NAME.get(name.casefold()) or self._kind(value)}".strip()
        return _type(value)

    def _members(self, pairs: Pairs, depth: int) -> list[list[Shape]]:
        is_table = len(pairs) > _MOST_MEMBERS or _is_table(pairs)
        shaped = [[self._name(name, is_table), self.shape(value, name, depth + 1)] for name, value in pairs]
        return _once(shaped) if is_table else shaped

    def _kinds(self, values: list[Any], name: str, depth: int) -> list[Shape]:
        return _once([self.shape(value, name, depth + 1) for value in values])

    def _name(self, name: str, is_table: bool) -> str:
        if name.casefold() in _NAMES:
            return name
        is_word = _NAME.fullmatch(name) and not is_table and not self._site.has_part(name)
        return name if is_word else "(name)"

    def _success(self, value: Any) -> str:
        code = wire.code(value, self._answers)
        return "success" if code == wire.code(self._answers.success_code.value, self._answers) else "failure"

    def _kind(self, text: str) -> str:
        site = self._site.kind_in_answer(text)
        if site is not None:
            return site
        if not text.strip():
            return "empty"
        if pattern := date_pattern(text):
            return f"date {pattern}"
        if _NUMBER.fullmatch(text.strip()):
            return "number"
        return "token" if len(text) >= 24 and " " not in text else ""


def _is_table(pairs: Pairs) -> bool:
    """Whether the names of an object are values themselves: several unknown ones, alike in what they hold."""
    unknown = [(name, value) for name, value in pairs if name.casefold() not in _NAMES]
    return len(unknown) > 3 and len({type(value) for _, value in unknown}) == 1


def _once(shaped: list[Any]) -> list[Any]:
    """Each shape once: how many there are is a site's own affair."""
    return [each for at, each in enumerate(shaped) if each not in shaped[:at]]


def _type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return {str: "text", int: "integer"}.get(type(value), "float")


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for day, days in _DAY:
        for between, pattern in (("T", "'T'"), (" ", " ")):
            for time, times in _TIME:
                for zone, zones in _ZONE if time else _ZONE[:1]:
                    fraction = r"(\.[0-9]+)?" if time.endswith("ss") else ""
                    form = days + (between + times + fraction + zones if time else "")
                    yield day + (pattern + time + zone if time else ""), re.compile(form)


_DATES = tuple(_patterns())
