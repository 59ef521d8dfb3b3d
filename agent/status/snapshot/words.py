"""Levels, moments and spans in the words that the page and the terminal share. Pure."""

from collections.abc import Iterator
from datetime import datetime

from agent.health.kind import Level
from provisioning.model import Support

_LEVELS = {Level.OK: "OK", Level.WARNING: "Warning", Level.FAULT: "Fault"}
_STATES = {"DONE": Level.OK, "FAILED": Level.FAULT, "ERROR": Level.FAULT, "UNKNOWN": Level.WARNING}
_SPANS = (("day", "days", 86_400), ("h", "h", 3_600), ("min", "min", 60))


def level_word(level: Level | None) -> str:
    """The level in a word; None is a station of which the box has none."""
    return "Not set up" if level is None else _LEVELS[level]


def state_light(state: str) -> Level | None:
    """The colour of a command's state: None while it is under way."""
    return _STATES.get(state.upper())


def contact(support: Support) -> str:
    """Whom to call: "Lock service Tyrol, +43 512 000000", or as much of it as the file says."""
    return ", ".join(filter(None, (support.name, support.phone)))


def advice(front_desk: str, hint: str, contact: str) -> Iterator[str]:
    """What to do about a fault, a line for each reader, the first to act first; an empty one is left out."""
    for reader, what in (("At the front desk", front_desk), ("For support", hint), ("Call", contact)):
        if what:
            yield f"{reader}: {what}"


def span(seconds: int) -> str:
    """A length of time as people say it, in its two biggest units: "3 h 12 min"."""
    parts = []
    for one, many, size in _SPANS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {one if count == 1 else many}")
    return " ".join(parts[:2]) or f"{seconds} s"


def moment(at: str, now: str) -> str:
    """An ISO 8601 time, short: the time of day, and as much of the date as differs from `now`'s.

    A text that is no time comes back as it is.
    """
    try:
        when, today = datetime.fromisoformat(at), datetime.fromisoformat(now)
    except ValueError:
        return at
    return when.strftime(_format(when, today))


def _format(when: datetime, today: datetime) -> str:
    if when.date() == today.date():
        return "%H:%M:%S"
    return "%-d %b %H:%M" if when.year == today.year else "%-d %b %Y %H:%M"


def since(at: str, now: str) -> str:
    """Since when something is so, and how long that is: "since 14:03:05 (2 h 5 min)"."""
    try:
        seconds = int((datetime.fromisoformat(now) - datetime.fromisoformat(at)).total_seconds())
    except (ValueError, TypeError):  # no times, or one with a zone and one without
        return f"since {at}"
    return f"since {moment(at, now)} ({span(max(0, seconds))})"
