"""Versions as numbers separated by dots, with an optional suffix for what comes before a release. Pure.

The order is RAUC's and semver.org's (1.2.0-rc1 < 1.2 = 1.2.0 < 1.10), but digits inside a suffix count as numbers
(rc9 < rc10). What follows a plus sign says how it was built and has no say.
"""

import re

from agent.foundation.errors import UserMistake

_VERSION = re.compile(
    r"([0-9]{1,9}(?:\.[0-9]{1,9}){0,3})"
    r"(?:[-.]?([A-Za-z][0-9A-Za-z.-]{0,40}))?"
    r"(?:\+[0-9A-Za-z.-]{1,40})?"
)
_PARTS = re.compile(r"[0-9]{1,40}|[A-Za-z]+")

Rank = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]


def rank(version: str) -> Rank:
    """What to compare versions by. Raises `UserMistake` for what is no version."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise UserMistake(f"{version[:40]!r} is no version like 1.2.3 or 1.2.3-rc1.")
    numbers = tuple(int(part) for part in found[1].split("."))
    while len(numbers) > 1 and not numbers[-1]:
        numbers = numbers[:-1]
    return numbers, found[2] is None, _suffix(found[2] or "")


def is_same(one: str, other: str) -> bool:
    """Whether both mean one version; what is no version is the same as itself alone."""
    try:
        return rank(one) == rank(other)
    except UserMistake:
        return one == other


def _suffix(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Numbers stand before words, and are compared as numbers."""
    return tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in _PARTS.findall(text))
