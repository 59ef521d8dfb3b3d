"""The audit: what Mews, the file and the lock systems say of rooms and devices, compared. Asks no one.

What one of them does not tell is said, and nothing is concluded from it.
"""

import re
from collections.abc import Iterator, Sequence

from agent.mews.records import Devices, Spaces
from agent.rooms.audit.devices import device_findings
from agent.rooms.audit.doors import door_findings
from agent.rooms.audit.findings import Audit, Finding, LockList, Subject
from provisioning.model import Provisioning

_ORDER = list(Subject)
_NUMBER = re.compile(r"([0-9]+)")


def audit(
    file: Provisioning,
    locks: Sequence[LockList],
    spaces: Spaces | None,
    devices: Devices | None,
    *,
    rooms_why: str = "",
    devices_why: str = "",
) -> Audit:
    """Compare them. `spaces` and `devices` are None where Mews does not tell them, and `rooms_why` and
    `devices_why` say why; `locks` has one entry for each lock server of the file."""
    found = [*door_findings(file.doors, locks, spaces), *device_findings(file, devices)]
    by_mews = (*_untold_by_mews(spaces, "rooms", rooms_why), *_untold_by_mews(devices, "devices", devices_why))
    return Audit(tuple(sorted(found, key=_place)), (*by_mews, *_untold(file, locks)))


def _place(finding: Finding) -> tuple[int, list[tuple[int, int, str]]]:
    return _ORDER.index(finding.subject), natural(finding.name)


def natural(name: str) -> list[tuple[int, int, str]]:
    """Names in the order of people: 9 before 10."""
    parts = _NUMBER.split(name.casefold())
    return [(0, int(part), part) if at % 2 else (1, 0, part) for at, part in enumerate(parts) if part]


def _untold_by_mews(told: Spaces | Devices | None, what: str, why: str) -> Iterator[str]:
    if told is None:
        yield f"Mews does not tell its {what}{f' ({why})' if why else ''}, so they were not compared."
    elif told.unreadable:
        yield f"{told.unreadable} of Mews' {what} could not be read, and were not compared."


def _untold(file: Provisioning, locks: Sequence[LockList]) -> Iterator[str]:
    if not locks:
        yield "The file names no lock system, so no room was looked for."
    for lock in locks:
        if lock.doors is None:
            yield f"{lock.server} was not compared: {lock.why}."
    if not file.printers:
        yield "The file names no printer, so those of Mews were not compared."
