"""What the box's own page says of it (`/status.json`), as far as the serial line wants to know. Pure.

Read with json alone: this process lives as long as the box, and has no memory to spare.
"""

import json
from typing import Any, NamedTuple

OK, FAULT = "ok", "fault"


class Trouble(NamedTuple):
    """A fault or a warning that holds."""

    code: str
    title: str
    text: str
    hint: str


class Status(NamedTuple):
    """How the box is. `is_agent`: the agent itself says so, and not the page that stands in for it.

    `time` is ISO 8601 in `timezone`, the hotel's.
    """

    is_agent: bool
    level: str
    text: str
    troubles: tuple[Trouble, ...] = ()
    waits_for_mews: str = ""
    timezone: str = ""
    time: str = ""


def decode(code: int, body: bytes) -> Status | None:
    """The answer to `/status.json`, None where that is no snapshot."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not isinstance(told.get("summary"), dict):
        return None
    summary, box = told["summary"], told.get("box")
    box = box if isinstance(box, dict) else {}
    return Status(
        is_agent=code == 200,
        level=_text(summary, "level"),
        text=_text(summary, "text"),
        troubles=tuple(_trouble(fault) for fault in _structs(told, "faults")),
        waits_for_mews=next((text for text in map(_mews, _structs(told, "hops")) if text), ""),
        timezone=_text(box, "timezone"),
        time=_text(box, "time"),
    )


def _trouble(fault: dict[str, Any]) -> Trouble:
    return Trouble(*(_text(fault, name) for name in Trouble._fields))


def _mews(hop: dict[str, Any]) -> str:
    """What the page says of a Mews that is no fault yet (agent/hotel/snapshot_facts.py)."""
    is_silent = hop.get("id") == "mews" and "has not answered yet" in _text(hop, "text")
    return _text(hop, "text") if is_silent else ""


def _structs(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    listed = told.get(name)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def troubles_text(troubles: tuple[Trouble, ...]) -> str:
    """The troubles with what to do about each."""
    return "\n".join(line for trouble in troubles for line in _lines(trouble))


def _lines(trouble: Trouble) -> list[str]:
    text = trouble.text.splitlines() if trouble.text != trouble.title else []
    hint = [f"What to do: {trouble.hint}"] if trouble.hint else []
    return [f"{trouble.title} ({trouble.code})", *(f"    {line}" for line in (*text, *hint))]
