"""The faults that hold while something is missing: with numbers, and the first few names."""

from collections.abc import Mapping, Sequence

from agent.foundation.reading.text import plain
from agent.health import room_kinds
from agent.health.kind import FaultKind
from agent.rooms.audit.findings import Audit, Subject

FIRST = 5  # names in a fault's text
_NAME = 30  # characters of each
_KINDS: Mapping[FaultKind, Mapping[Subject, tuple[str, str]]] = {
    room_kinds.AUDIT_ROOMS: {Subject.ROOM: ("room", "rooms")},
    room_kinds.AUDIT_DOORS: {Subject.DOOR: ("lock id", "lock ids")},
    room_kinds.AUDIT_DEVICES: {
        Subject.CUTTER: ("key cutter", "key cutters"),
        Subject.PRINTER: ("printer", "printers"),
    },
}
KINDS = tuple(_KINDS)


def standing(audit: Audit) -> dict[FaultKind, str]:
    """Each kind that holds, with its text; all other `KINDS` are over."""
    texts = {kind: _text(audit, subjects) for kind, subjects in _KINDS.items()}
    return {kind: text for kind, text in texts.items() if text}


def _text(audit: Audit, subjects: Mapping[Subject, tuple[str, str]]) -> str:
    parts = []
    for subject, (one, many) in subjects.items():
        names = [finding.name for finding in audit.findings if finding.subject is subject]
        if names:
            parts.append(f"{len(names)} {one if len(names) == 1 else many}: {first_of(names)}")
    return f"{'; '.join(parts)}." if parts else ""


def first_of(names: Sequence[str]) -> str:
    """The first names of many, and how many more there are."""
    shown = ", ".join(plain(name, _NAME) for name in names[:FIRST])
    rest = len(names) - FIRST
    return f"{shown} and {rest} more" if rest > 0 else shown
