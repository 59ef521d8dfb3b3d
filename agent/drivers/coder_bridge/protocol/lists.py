"""Lists that a key may need, checkout times and special areas, out of what a bridge answers. No I/O.

Their form is unknown (reference/coder-bridge.md section 2.2, rows 3 and 4): names are the site profile's, and a
bare list, a list in the answer's only list, and rows that are plain texts are read as well. Never raises.
"""

import re
from collections.abc import Iterator
from datetime import time
from typing import Any

from agent.commands.driver import LockArea, LockTime
from agent.drivers.coder_bridge.protocol.named import members
from agent.drivers.coder_bridge.protocol.profile import NO_STANDARD, Answers, AreaList, TimeList
from agent.drivers.lock_server.json_body import Pairs, first, identifier, parsed

_TIME = re.compile(r"(?:.*[T ])?([0-9]{1,2})[:.hH]?([0-9]{2})(?:[:.][0-9]{2}(?:\.[0-9]+)?)?(?:Z| Uhr)?")


def times(body: bytes, names: TimeList, rules: Answers) -> tuple[LockTime, ...] | None:
    """The checkout times; None if this is no list. Rows without id and name are left out."""
    rows = _rows(body, names.list.value, rules)
    if rows is None:
        return None
    read = (_cells(row, (names.id.value, names.name.value, names.time.value), rules) for row in rows)
    return tuple(LockTime(id or name, name or id, hour_text(at)) for id, name, at in read if id or name)


def areas(body: bytes, names: AreaList, rules: Answers) -> tuple[LockArea, ...] | None:
    """The special areas; None if this is no list. Rows without id and name are left out."""
    rows = _rows(body, names.list.value, rules)
    if rows is None:
        return None
    read = (_cells(row, (names.id.value, names.name.value), rules) for row in rows)
    return tuple(LockArea(id or name, name or id) for id, name in read if id or name)


def standard(listed: tuple[LockTime, ...], names: TimeList) -> time | None:
    """The hotel's usual checkout time, where the profile says which one it is and the bridge lists it."""
    wanted = names.standard.value
    if wanted == NO_STANDARD:
        return None
    by_name = (each.time for each in listed if wanted in (each.id, each.name) and each.time)
    found = next(by_name, "")
    return time.fromisoformat(found) if found else None


def hour_text(text: str) -> str:
    """HH:MM out of 11:00, 11.00, 1100, 11:00:00 or 2026-05-04T11:00:00; "" for anything else."""
    found = _TIME.fullmatch(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return ""
    return f"{int(found[1]):02}:{found[2]}"


def _rows(body: bytes, name: str, rules: Answers) -> list[Any] | None:
    """The rows of a list: of the member of that name, else of a bare list, else of the only list there is."""
    value = parsed(body)
    if isinstance(value, list):
        return value
    found = members(value, rules)
    if found is None:
        return None
    named = first(found(name))
    if isinstance(named, list):
        return named
    lists = list(_lists(value))
    return [row for row in lists[0] if isinstance(row, Pairs)] if len(lists) == 1 else None


def _lists(value: Pairs) -> Iterator[list[Any]]:
    """The lists that are members of an object, or of its members. What is no row there may be words of trouble."""
    for _, member in value:
        if isinstance(member, list):
            yield member
        elif isinstance(member, Pairs):
            yield from (inner for _, inner in member if isinstance(inner, list))


def _cells(row: Any, names: tuple[str, ...], rules: Answers) -> tuple[str, ...]:
    """A row's values by these names; a plain text or number is all of them at once."""
    found = members(row, rules)
    if found is not None:
        return tuple(identifier(found(name)) for name in names)
    return (identifier([row]),) * len(names)
