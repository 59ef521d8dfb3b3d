"""Turns a key's start and end (UTC) into the text that a site's bridge wants. No I/O, no wall clock.

Never guesses a zone: it is the hotel's IANA zone or UTC, as the profile says. How the bridge wants dates is
unknown (reference/coder-bridge.md, section 2.1 row 7 and section 5, "dates"), so the pattern is data:
yyyy MM dd HH mm ss, XXX for the offset (`+02:00`, `Z` for zero), letters in 'quotes', '' for a quote.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo

from agent.drivers.coder_bridge.protocol.profile import Dates
from agent.drivers.coder_bridge.protocol.words import Precision, Zone

_PIECES = re.compile(r"''|'(?:[^']|'')+'|([A-Za-z])\1*|[^A-Za-z']+|'")
_KNOWN = ("yyyy", "MM", "dd", "HH", "mm", "ss", "XXX")


class BadPattern(ValueError):
    """A date pattern that cannot be written; `str()` is a sentence."""


class NotWritable(ValueError):
    """A moment that has no date in the zone (the calendar ends at the year 9999)."""


def check(pattern: str, precision: Precision) -> None:
    """Raise `BadPattern` unless `written` can follow this pattern with this precision."""
    tokens = letters(pattern)
    unknown = [token for token in tokens if token not in _KNOWN]
    if unknown:
        raise BadPattern(f"{unknown[0]!r} is not one of {', '.join(_KNOWN)}; put plain letters in 'quotes'")
    needed = ["yyyy", "MM", "dd"] + (["HH", "mm"] if precision is Precision.MINUTE else [])
    missing = [token for token in needed if token not in tokens]
    if missing:
        raise BadPattern(f'{missing[0]} is missing, which precision = "{precision}" needs')


def letters(pattern: str) -> list[str]:
    """The groups of letters that are replaced. Raises `BadPattern` for a quote that is not closed."""
    return [piece for piece in _pieces(pattern) if piece[0].isascii() and piece[0].isalpha()]


def validity(dates: Dates, hotel: tzinfo, start: datetime, end: datetime | None) -> tuple[str | None, str | None]:
    """Start (None if the site sends none) and end (None for None), both aware datetimes, as the bridge's texts.

    Raises `NotWritable`. In the hour that an autumn night has twice, a pattern without XXX writes both the
    same way: nothing public says which one the bridge takes.
    """
    first = text(dates, hotel, start) if dates.send_start.value else None
    return first, None if end is None else text(dates, hotel, end)


def text(dates: Dates, hotel: tzinfo, moment: datetime) -> str:
    """One aware datetime as the site's bridge wants it. Raises `NotWritable`."""
    zone = hotel if dates.zone.value is Zone.HOTEL else UTC
    return written(moment, dates.pattern.value, zone, dates.precision.value)


def day_after(start: datetime, at: time, hotel: tzinfo) -> datetime:
    """That time of the hotel's clock on the day after `start`, in UTC. Raises `NotWritable`."""
    try:
        day = start.astimezone(hotel).date() + timedelta(days=1)
        return datetime.combine(day, at, hotel).astimezone(UTC)
    except OverflowError:
        raise NotWritable(f"the day after one of the year {start.year} cannot be written") from None


def written(moment: datetime, pattern: str, zone: tzinfo, precision: Precision) -> str:
    """One aware datetime in the zone, cut off (not rounded) to the precision, by a pattern that `check` passed."""
    try:
        local = _cut(moment.astimezone(zone), precision)
    except OverflowError:
        raise NotWritable(f"the year {moment.year} cannot be written in the hotel's zone") from None
    return "".join(_text(piece, local) for piece in _pieces(pattern))


def _cut(local: datetime, precision: Precision) -> datetime:
    if precision is Precision.DAY:
        return local.replace(hour=0, minute=0, second=0, microsecond=0)
    return local.replace(second=0, microsecond=0)


def _pieces(pattern: str) -> Iterator[str]:
    for match in _PIECES.finditer(pattern):
        if match[0] == "'":
            raise BadPattern("a quote is opened and never closed")
        yield match[0]


def _text(piece: str, local: datetime) -> str:
    if piece == "''":
        return "'"
    if piece.startswith("'"):
        return piece[1:-1].replace("''", "'")
    if piece == "XXX":
        return _offset(local.utcoffset() or timedelta())
    return _NUMBERS[piece](local) if piece in _NUMBERS else piece


def _offset(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    if minutes == 0:
        return "Z"
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


_NUMBERS = {
    "yyyy": lambda local: f"{local.year:04}",
    "MM": lambda local: f"{local.month:02}",
    "dd": lambda local: f"{local.day:02}",
    "HH": lambda local: f"{local.hour:02}",
    "mm": lambda local: f"{local.minute:02}",
    "ss": lambda local: f"{local.second:02}",
}
