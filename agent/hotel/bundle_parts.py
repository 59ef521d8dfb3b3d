"""What goes into a support bundle, part by part, each from where it is known. Blocks; runs in a thread of its own.

Only what has no place for a guest or a secret is asked. What cannot be had is said, and spoils nothing else.
"""

import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import msgspec

from agent.commands.issued import IssuedKey
from agent.commands.record import Record
from agent.foundation.errors import reason_of
from agent.foundation.reading.moments import from_unix
from agent.handover import identity, notices, release, steps
from agent.health.health import Fault
from agent.journal import looking
from agent.journal.file import Contents
from agent.journal.rows.acts import Act
from agent.status.bundle.packing import LeftOut, Part
from board.base import Board
from provisioning.explain import explain
from provisioning.model import Provisioning

Found = Part | LeftOut
MOST_KEYS = 500  # rows of issued keys; the newest
PROC_BYTES = 8192  # of a file of /proc
STEP_BYTES = 64 * 1024
CONDITIONS_SECONDS = 2.0  # s that a first reading of the sensors may take
NEVER = (
    LeftOut("guests", "the box keeps none, and no part has a place for them"),
    LeftOut("tokens and passwords", "the provisioning file is told in words, its secrets only as set or not"),
    LeftOut("documents that were printed", "they are in memory alone, while they are printed"),
)


def status(snapshot: msgspec.Struct) -> Part:
    """The page's own JSON."""
    return Part("status.json", _json(snapshot))


def faults(active: Sequence[Fault], now: float) -> Part:
    """The faults that are shown, with all that the catalogue has of them, and how long they hold in seconds."""
    rows = [
        {
            "code": each.kind.code,
            "hop": each.hop,
            "level": each.kind.level,
            "title": each.kind.title,
            "text": each.text,
            "hint": each.hint or each.kind.hint,
            "front_desk": each.kind.front_desk,
            "seconds": int(now - each.since),
        }
        for each in active
    ]
    return Part("faults.json", _json(rows))


def journal(path: Path) -> Sequence[Found]:
    """The journal's rows, one a line: orders, acts, and the newest of the issued keys without their stays. Of one
    that is damaged as much as can be read, and that there is more."""
    try:
        contents = looking.look(path)
    except (sqlite3.Error, OSError) as error:
        return [LeftOut("journal.json", f"the journal cannot be read ({reason_of(error)})")]
    whole = Part("journal.json", _rows(contents))
    return [whole, LeftOut("a part of journal.json", contents.damage)] if contents.damage else [whole]


def tests(untested: Mapping[str, Sequence[str]]) -> Sequence[Found]:
    """The hops whose test is not in it, by the reason, which is the end of a sentence."""
    return [LeftOut(f"the test of {', '.join(hops)}", why) for why, hops in untested.items()]


def file(provisioning: Provisioning | None, refusal: str) -> Found:
    """The provisioning file in words."""
    if provisioning is None:
        return LeftOut("file.txt", f"there is no good provisioning file. {refusal}".rstrip(" ."))
    note = f"The file that lies there now was refused; this is the one before.\n{refusal}\n\n" if refusal else ""
    return Part("file.txt", f"{note}{explain(provisioning)}\n")


def network(board: Board, tested: Sequence[str]) -> Part:
    """The network as the board sees it, then the tests of the hops, a line a step."""
    seen = board.network()
    lines = (
        f"State: {seen.state}",
        f"Interface: {seen.interface or 'none'}",
        f"Addresses: {', '.join(seen.addresses) or 'none'}",
        "",
        *tested,
    )
    return Part("network.txt", "\n".join(lines) + "\n")


def log(lines: Sequence[str]) -> Part:
    """The last lines of the log, oldest first."""
    return Part("log.txt", "".join(f"{line}\n" for line in lines), is_log=True)


def boot_steps(path: Path = steps.STEPS) -> Found:
    """What the box's programs said at its start."""
    if text := _content(path, STEP_BYTES):
        return Part("steps.txt", text, is_log=True)
    return LeftOut("steps.txt", "this machine is no box of the image, whose programs would have said their steps")


def box_notices(folder: Path = notices.NOTICES) -> Part:
    """The facts that the box's programs have left for the page."""
    return Part("notices.json", _json(notices.standing(folder)))


def versions(board: Board, state: Path, version: str) -> Part:
    """What runs here, on what, and how that machine is."""
    return Part("versions.json", _json(_machine(board, state, version)))


def _machine(board: Board, state: Path, version: str) -> dict[str, Any]:
    kernel, known = os.uname(), identity.read()
    storage, conditions = board.storage(state), board.conditions(wait=CONDITIONS_SECONDS)
    return {
        "agent": version,
        "image": release.read()._asdict(),
        "model": known.model,
        "serial": known.serial,
        "python": platform.python_version(),
        "kernel": f"{kernel.sysname} {kernel.release} {kernel.machine}",
        "up_seconds": _first_number(_content(Path("/proc/uptime"), PROC_BYTES)),
        "load": _content(Path("/proc/loadavg"), PROC_BYTES).strip(),
        "memory": _memory(_content(Path("/proc/meminfo"), PROC_BYTES)),
        "own_memory": _memory(_content(Path("/proc/self/status"), PROC_BYTES), "Vm"),
        "disk": None if storage is None else storage._asdict(),
        "degrees": conditions.degrees,
        "power_is_weak": conditions.is_power_weak,
        "power_was_weak": conditions.was_power_weak,
        "packages": dict(sorted(_packages())),
    }


def _packages() -> Iterator[tuple[str, str]]:
    for each in distributions():
        if name := each.metadata["Name"]:
            yield name, each.version


def _memory(text: str, wanted: str = "Mem") -> dict[str, str]:
    lines = (line.partition(":") for line in text.splitlines() if line.startswith((wanted, "Swap")))
    return {name: value.strip() for name, _, value in lines}


def _first_number(text: str) -> float | None:
    try:
        return float(text.split()[0])
    except (IndexError, ValueError):
        return None


def _rows(contents: Contents) -> str:
    keys = contents.keys[-MOST_KEYS:]
    lists = (
        ("orders", [_order(each) for each in contents.records]),
        ("acts", [_act(each) for each in contents.acts]),
        ("keys", [_key(each) for each in keys]),
    )
    told = (f'"{name}": [\n' + ",\n".join(map(_line, rows)) + "\n]" for name, rows in lists)
    return "{\n" + ",\n".join(told) + "\n}\n"


def _order(record: Record) -> dict[str, Any]:
    row = msgspec.structs.asdict(record)
    return row | {name: _moment(row[name]) for name in ("created", "claimed", "ended", "reported", "seen")}


def _act(act: Act) -> dict[str, Any]:
    row = msgspec.structs.asdict(act)
    return row | {name: _moment(row[name]) for name in ("begun", "ended")}


def _key(key: IssuedKey) -> dict[str, Any]:
    """Without the stay, the lock system's id of the key, and the card's number: they lead to a guest."""
    times = {name: _moment(getattr(key, name)) for name in ("start", "end", "made", "over")}
    return {"id": key.id, "server": key.server, "rooms": key.room_names, **times}


def _moment(at: int) -> str:
    return from_unix(at).isoformat(timespec="seconds") if at else ""


def _line(row: dict[str, Any]) -> str:
    return msgspec.json.encode(row).decode()


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value)).decode() + "\n"


def _content(path: Path, most_bytes: int) -> str:
    try:
        with path.open("rb") as content:
            content.seek(max(0, path.stat().st_size - most_bytes))
            return content.read(most_bytes).decode(errors="replace")
    except OSError:
        return ""


def sorted_out(found: Sequence[Found]) -> tuple[list[Part], list[LeftOut]]:
    """The parts, and what could not be had."""
    return [each for each in found if isinstance(each, Part)], [
        each for each in found if isinstance(each, LeftOut)
    ]
