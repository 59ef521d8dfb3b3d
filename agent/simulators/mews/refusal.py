"""What a request to the simulated Mews says, or why it is refused: codes as the pages have them, texts invented.

Must never mend a request. `Invalid {Parameter}` is the wording of both pages (reference/mews.md section 3).
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

import msgspec

IDS_LIMIT = 1000  # reference/mews.md section 1
_MONTHS = 3  # likewise, of a time filter
E = TypeVar("E", bound=StrEnum)


class Refusal(Exception):
    """Mews says no; `retry_after` is the text of that header."""

    def __init__(self, status: int, message: str, retry_after: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.retry_after = status, message, retry_after


class Interval(msgspec.Struct, frozen=True):
    """A time filter: the start belongs to it, the end does not, unless it is the start (docs, "Time interval")."""

    start: datetime
    end: datetime

    def has(self, time: datetime | None) -> bool:
        """Whether a time lies in it."""
        return time is not None and (time == self.start or self.start <= time < self.end)

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether another interval has a moment in common with it."""
        return start <= self.end and self.start <= end


def invalid(name: str) -> Refusal:
    """The refusal of a parameter."""
    return Refusal(400, f"Invalid {name}.")


def text(body: Mapping[str, object], name: str) -> str:
    """A text that has to be there."""
    value = body.get(name)
    if not isinstance(value, str):
        raise invalid(name)
    return value


def optional_text(body: Mapping[str, object], name: str) -> str | None:
    """A text, or None."""
    return None if body.get(name) is None else text(body, name)


def time(body: Mapping[str, object], name: str) -> datetime:
    """A date-time that has to be there, UTC where it says nothing else."""
    try:
        time = datetime.fromisoformat(text(body, name))
    except ValueError:
        raise invalid(name) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def number(body: Mapping[str, object], name: str, most: int = 10**9) -> int:
    """A whole number from 1 up that has to be there."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise invalid(name)
    return value


def part(body: Mapping[str, object], name: str) -> Mapping[str, object] | None:
    """An object, or None."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise invalid(name)
    return value


def texts(body: Mapping[str, object], name: str) -> tuple[str, ...] | None:
    """A list of at most 1000 texts, or None."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > IDS_LIMIT or not all(isinstance(id, str) for id in value):
        raise invalid(name)
    return tuple(value)


def needed_texts(body: Mapping[str, object], name: str) -> tuple[str, ...]:
    """A list of 1 to 1000 texts."""
    found = texts(body, name)
    if not found:
        raise invalid(name)
    return found


def words(body: Mapping[str, object], name: str, kind: type[E]) -> frozenset[E] | None:
    """A list of words of a closed set, or None."""
    found = texts(body, name)
    try:
        return None if found is None else frozenset(map(kind, found))
    except ValueError:
        raise invalid(name) from None


def interval(body: Mapping[str, object], name: str) -> Interval | None:
    """A time filter of at most three months, or None."""
    value = part(body, name)
    if value is None:
        return None
    start, end = time(value, "StartUtc"), time(value, "EndUtc")
    if not start <= end <= _months_later(start):
        raise invalid(name)
    return Interval(start, end)


def _months_later(start: datetime) -> datetime:
    month = start.month + _MONTHS
    year, month = start.year + (month - 1) // 12, (month - 1) % 12 + 1
    if year > datetime.max.year:
        return datetime.max.replace(tzinfo=UTC)
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))
