"""What the box's own page says of it (`/status.json`), as far as the serial line wants to know. Pure.

Read with json alone: this process lives as long as the box, and has no memory to spare.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

OK, FAULT = "ok", "fault"


class ShownFault(NamedTuple):
    """A fault or a warning that holds; `level` and `front_desk` are empty on an older page, which has neither."""

    code: str
    title: str
    text: str
    hint: str
    level: str = ""
    front_desk: str = ""
    hop: str = ""


class Status(NamedTuple):
    """How the box is. `is_agent`: the agent itself says so, and not the page that stands in for it.

    `time` is ISO 8601 in `timezone`, the hotel's; `contact` is who is called about a trouble.
    """

    is_agent: bool
    level: str
    text: str
    troubles: tuple[ShownFault, ...] = ()
    waits_for_mews: str = ""
    timezone: str = ""
    time: str = ""
    contact: str = ""


def decode(code: int, body: bytes) -> Status | None:
    """The answer to `/status.json`, None where that is no snapshot."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not isinstance(told.get("summary"), dict):
        return None
    summary, box, support = (_struct(told, name) for name in ("summary", "box", "support"))
    return Status(
        is_agent=code == 200,
        level=_text(summary, "level"),
        text=_text(summary, "text"),
        troubles=tuple(_trouble(fault) for fault in _structs(told, "faults")),
        waits_for_mews=next((text for text in map(_mews, _structs(told, "hops")) if text), ""),
        timezone=_text(box, "timezone"),
        time=_text(box, "time"),
        contact=", ".join(filter(None, (_text(support, "name"), _text(support, "phone")))),
    )


def _trouble(fault: dict[str, Any]) -> ShownFault:
    return ShownFault(*(_text(fault, name) for name in ShownFault._fields))


def _mews(hop: dict[str, Any]) -> str:
    """What the page says of a Mews that it has not seen yet, or does not see now (`HopState`)."""
    is_unseen = hop.get("id") == "mews" and _text(hop, "state") in ("unheard", "behind")
    return _text(hop, "text") if is_unseen else ""


def _struct(told: dict[str, Any], name: str) -> dict[str, Any]:
    value = told.get(name)
    return value if isinstance(value, dict) else {}


def _structs(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    listed = told.get(name)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def troubles_text(status: Status) -> str:
    """The troubles with what to do about each."""
    return "\n".join(line for trouble in status.troubles for line in _lines(trouble, status.contact))


def _lines(trouble: ShownFault, contact: str) -> Iterator[str]:
    level = f"{trouble.level.capitalize()}: " if trouble.level else ""
    yield f"{level}{trouble.title} ({trouble.code})"
    if trouble.text != trouble.title:
        yield from (f"    {line}" for line in trouble.text.splitlines())
    for label, advice in (
        ("At the front desk", trouble.front_desk),
        ("For support", trouble.hint),
        ("Call", contact),
    ):
        if advice:
            yield f"    {label}: {advice}"
