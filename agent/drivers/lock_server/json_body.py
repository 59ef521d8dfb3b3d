"""JSON from a lock server, read in whatever charset and wrapping it comes. No I/O.

Never raises for anything that a server can send, and decides nothing: duplicates of a name are for the caller.
"""

import math
from collections.abc import Callable, Iterable
from json import JSONDecoder
from typing import Any, TypeAlias

from agent.foundation.reading.text import plain

LONGEST_ID = 64  # characters
# The last two are a Windows program's that forgot its charset: the structure is ASCII all the same, only umlauts
# suffer. Latin-1 knows every byte.
_CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "latin-1")
_AROUND = " \t\r\n\0\ufeffï»¿"  # blanks, what a C program's buffer ends with, and a byte order mark, also misread
_GUARD = ")]}',"  # what some web servers put before JSON, so that no script can load it


class Pairs(tuple[tuple[str, Any], ...]):
    """A JSON object with all its members in order."""


Members: TypeAlias = Callable[[str], list[Any]]  # the values of a name, all duplicates in order


def parsed(body: bytes, pairs: Callable[[Iterable[tuple[str, Any]]], Any] = Pairs) -> Any:
    """The one JSON value that a body is; None if it is none or several. Objects come as `Pairs`."""
    read = JSONDecoder(object_pairs_hook=pairs, strict=False).decode  # a raw line break in a message does no harm
    for charset in _CHARSETS:
        try:
            value = read(_bare(body.decode(charset)))
            return read(_bare(value)) if isinstance(value, str) else value  # some programs encode twice
        except (ValueError, RecursionError):  # another charset, a number of 5,000 digits, or 100,000 brackets
            continue
    return None


def members(value: Any, fold: Callable[[str], str] = str.lower) -> Members | None:
    """Looks names up in a JSON object, both sides folded; None for anything else."""
    if not isinstance(value, Pairs):
        return None
    found: dict[str, list[Any]] = {}
    for name, member in value:
        found.setdefault(fold(name), []).append(member)
    return lambda name: found.get(fold(name), [])


def first(values: list[Any]) -> Any:
    """The first of them; None where there is none."""
    return values[0] if values else None


def identifier(values: list[Any]) -> str:
    """The first as the text of an id; "" if it is none."""
    value = first(values)
    return plain(value, LONGEST_ID) if isinstance(value, str) else number_text(value)


def number_text(value: Any) -> str:
    """A JSON number as text, whole ones without a point; "" for all else (true is no number, as Python thinks)."""
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return plain(str(value), LONGEST_ID)
    return ""


def _bare(text: str) -> str:
    return text.strip(_AROUND).removeprefix(_GUARD).lstrip(_AROUND)
