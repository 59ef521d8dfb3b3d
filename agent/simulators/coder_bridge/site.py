"""What one simulated site does differently: where its calls are, what fields are called, how dates are written.

Must never be read as confirmed, nor share code with the agent: it reads date patterns in a way of its own. All of
it is unknown of a real bridge (reference/coder-bridge.md sections 2 and 5), so all of it is a switch.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from agent.foundation.errors import UserMistake
from agent.simulators.coder_bridge.slots import Address, Fields, Slot
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches

_PIECES = re.compile(r"''|'(?:[^']|'')+'|yyyy|MM|dd|HH|mm|ss|XXX|.", re.DOTALL)
_GROUPS = {
    "yyyy": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d\d)",
    "dd": r"(?P<day>\d\d)",
    "HH": r"(?P<hour>\d\d)",
    "mm": r"(?P<minute>\d\d)",
    "ss": r"(?P<second>\d\d)",
    "XXX": r"(?P<offset>Z|[+-]\d\d:\d\d)",
}


class ListFields(msgspec.Struct, frozen=True):
    """The names in the lists; all invented (reference section 2.2, rows 3 and 4)."""

    id: str = "id"
    name: str = "name"
    time: str = "time"
    times: str = "cotimes"
    areas: str = "areas"


def pairs(written: Iterable[str]) -> dict[str, str]:
    """`name=value` for each."""
    return {name: value for name, _, value in (each.partition("=") for each in written)}


def addresses(usual: Mapping[Slot, Address], switches: CoderBridgeSwitches) -> dict[Address, Slot]:
    """Which slot is where."""
    moved = {Slot(slot): path for slot, path in pairs(switches.paths).items()}
    return {Address(address.method, moved.get(slot, address.path)): slot for slot, address in usual.items()}


def check(usual: Mapping[Slot, Address], switches: CoderBridgeSwitches) -> None:
    """Raise UserMistake for switches that no site can have: two calls at one place, no zone, no date."""
    if len(addresses(usual, switches)) < len(usual):
        raise UserMistake("paths: two calls would be at one place, give each a path of its own")
    if switches.date_zone not in _zones():
        raise UserMistake(f"date_zone: there is no zone {switches.date_zone!r}, write one like Europe/Vienna")
    pieces = _PIECES.findall(switches.date_pattern or "yyyyMMdd")
    if any(pieces.count(needed) != 1 for needed in ("yyyy", "MM", "dd")):
        raise UserMistake("date_pattern: write yyyy, MM and dd in it once each, for example dd.MM.yyyy")
    if len(pieces) != len(set(pieces) & set(_GROUPS)) + sum(piece not in _GROUPS for piece in pieces):
        raise UserMistake("date_pattern: write HH, mm, ss and XXX in it once at the most")


def fields(usual: Fields, switches: CoderBridgeSwitches) -> Fields:
    """What the fields of requests are called."""
    return msgspec.structs.replace(usual, **pairs(switches.fields))


def list_fields(switches: CoderBridgeSwitches) -> ListFields:
    """What the names in lists are."""
    return ListFields(**pairs(switches.list_fields))


def moment(text: str, switches: CoderBridgeSwitches) -> datetime | None:
    """The moment that a date of a request means at this site, in UTC; None if the site cannot read it."""
    pattern = "".join(map(_expression, _PIECES.findall(switches.date_pattern or "")))
    found = re.fullmatch(pattern, text, re.ASCII)
    if found is None:
        return None
    parts = found.groupdict()
    numbers = {name: int(value) for name, value in parts.items() if name != "offset"}
    try:
        local = datetime(**numbers, tzinfo=_zone(parts.get("offset"), switches.date_zone))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):  # the 31st of June, or the end of the calendar
        return None


@cache
def _zones() -> set[str]:
    return available_timezones()  # walks through all files of the zones


def _expression(piece: str) -> str:
    if piece in _GROUPS:
        return _GROUPS[piece]
    if len(piece) > 2 and piece.startswith("'"):
        piece = piece[1:-1].replace("''", "'")
    return re.escape("'" if piece == "''" else piece)


def _zone(offset: str | None, zone: str) -> timezone | ZoneInfo:
    if offset is None:
        return ZoneInfo(zone)
    if offset == "Z":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[4:])
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if offset.startswith("-") else size)
