"""Lines for the file that mend what was found: one is proposed only if the file's own rules take it as it is."""

from collections.abc import Mapping
from typing import Any

from agent.rooms.audit.findings import Proposal
from provisioning.ledger import Ledger
from provisioning.model import Door, Encoder
from provisioning.positions import Positions
from provisioning.rules.doors import read_doors
from provisioning.table import Table, plain
from provisioning.writing import line


def door_line(lock_id: str, door: Door, *, is_there: bool) -> Proposal | None:
    """The door of a lock id, in place of the one that the file has for it; None if no file could say so."""
    value = _members(door)
    ledger = _ledger()
    if read_doors(Table({lock_id: value}, None, ledger)) != {lock_id: door} or ledger.problems:
        return None
    return Proposal(line(lock_id, value), replaces=line_name(lock_id) if is_there else "")


def cutter_line(encoder: Encoder, cutter: str) -> Proposal | None:
    """One more key cutter of an encoder; None if no file could say so."""
    cutters = [*encoder.key_cutters, cutter]
    ledger = _ledger()
    if Table({"key_cutters": cutters}, Encoder, ledger).texts("key_cutters", plain, "1") != tuple(cutters):
        return None
    return Proposal(line("key_cutters", cutters), encoder.name, "key_cutters")


def line_name(name: str) -> str:
    """A name as it stands at the beginning of a line."""
    return line(name, True).removesuffix(" = true")


def _members(door: Door) -> Mapping[str, Any]:
    members = {"room": door.room, "rooms": list(door.rooms), "areas": list(door.areas), "rms": door.rms}
    return {name: value for name, value in members.items() if value}


def _ledger() -> Ledger:
    return Ledger(frozenset(), Positions(""))
