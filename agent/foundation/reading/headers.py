"""Dates and pauses in the headers of an answer. Whatever a server writes, these read it or give None. No I/O.

RFC 9110, sections 5.6.7 and 10.2.3.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_PAUSE = 999_999_999.0  # s; who is asked to stay away for longer has read nonsense
_YEAR_0 = re.compile(r"(?<![+-])\b0\d{3}\b", re.ASCII)
_YEARS = range(1970, 2200)  # no clock that runs shows another; beyond it, adding seconds to a date may overflow


def http_date(text: str) -> datetime | None:
    """A `Date` header in UTC; None where it is no date, or one that no clock shows."""
    if _YEAR_0.search(text):
        return None  # the standard library takes it for 2000
    try:
        date = parsedate_to_datetime(text)
        date = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.year in _YEARS else None


def retry_after(text: str, date: str) -> float | None:
    """A `Retry-After` header in seconds, from `LONGEST_PAUSE` down to 0; None where it says nothing.

    A date is measured against the same answer's `date` header, by the server's own clock.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:19]), LONGEST_PAUSE)
    at, now = http_date(text), http_date(date)
    return max(0.0, (at - now).total_seconds()) if at and now else None
