"""Values that stand in Mews' JSON in both dialects: dates, numbers of copies, names. No I/O."""

from datetime import UTC, datetime, timedelta

from agent.foundation.reading.text import plain
from agent.mews.reading.decoding import Unreadable

ID_LIMIT = 100  # characters; Mews' ids are GUIDs
NAME_LIMIT = 80  # characters of a device's name or type
LOCKS_LIMIT = 64
COUNT_LIMIT = 10**6  # beyond that it is no number of keys, and floats stop being whole
_YEARS = range(2000, 2100)  # beyond these a date is a mistake, and zones cannot be computed at the ends


def date(text: str | None, what: str) -> datetime:
    """An aware UTC datetime; text without an offset is UTC, as the names of all these members say.

    Raises `Unreadable`; `what` begins the sentence.
    """
    try:
        date = datetime.fromisoformat(text or "")
    except ValueError:
        raise Unreadable(f"{what} is missing or no date") from None
    if date.year not in _YEARS or "T" not in (text or ""):
        raise Unreadable(f"{what} is no plausible date")
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def interval(start: datetime, end: datetime) -> dict[str, str]:
    """The time between two aware dates as both dialects name it: the whole seconds that hold all of it."""
    return {"StartUtc": stamp(start), "EndUtc": stamp(end + timedelta(microseconds=999_999))}


def stamp(date: datetime) -> str:
    """An aware date as Mews writes it, without a fraction of its second."""
    return f"{date.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def whole(count: float, what: str) -> int:
    """A number of copies as a whole number. Raises `Unreadable`."""
    if not abs(count) < COUNT_LIMIT or count != int(count):
        raise Unreadable(f"its number of {what} is no whole number")
    return int(count)


def locks(names: list[str | int]) -> tuple[str, ...]:
    """The locks of a key, each once. Raises `Unreadable`."""
    found = tuple(dict.fromkeys(str(name).strip() for name in names))
    if not found or not all(found) or len(found) > LOCKS_LIMIT:
        raise Unreadable("it names no lock, an empty one, or far too many")
    if any(plain(name, NAME_LIMIT) != name for name in found):
        raise Unreadable("it names a lock with characters that no lock has")
    return found
