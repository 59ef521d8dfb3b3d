"""Whether a new version is good: each condition, and in plain words which ones do not hold. Pure.

"Good" means more than "Linux started": the agent runs and has had time to ask everybody, page and journal work,
the serial lines are served, and Mews and the lock servers are no worse off than before the update. Encoders are
not asked: their faults tell of single keys and of cards.
"""

from collections.abc import Iterator

import msgspec

from agent.box.update.decisions import versions
from agent.box.update.record import Pending
from agent.health.kind import SEVERITY, Level
from agent.status.snapshot.snapshot import Snapshot

# s; Mews has 15 s for the sign-in and 30 s for the list, lock servers less. Until then the page says that all is
# well, and that is not known.
ASKED_SECONDS = 50
BOX = "box"
JOURNAL = "E-JOURNAL-"


class Observation(msgspec.Struct, frozen=True):
    """One look at the box. `agent` is systemd's ActiveState, `snapshot` None where the page gives none.

    `has_console` is None where there is no serial line.
    """

    version: str
    agent: str
    snapshot: Snapshot | None
    has_console: bool | None


def is_watched(hop: str) -> bool:
    """Whether a hop is compared with what it was before the update."""
    return hop in ("mews", BOX) or hop.startswith("lock-server:")


def is_hopeless(seen: Observation) -> bool:
    """Whether waiting longer changes nothing: systemd has given the agent up (safe mode)."""
    return seen.agent == "failed"


def objections(seen: Observation, pending: Pending) -> tuple[str, ...]:
    """What speaks against the new version, a sentence each; none if it is good."""
    return tuple(_objections(seen, pending))


def _objections(seen: Observation, pending: Pending) -> Iterator[str]:
    if not versions.is_same(seen.version, pending.version):
        yield f"The system that started is version {seen.version}, not {pending.version}."
    if is_hopeless(seen):
        yield "The agent does not start: the box is in safe mode."
    elif seen.agent != "active":
        yield "The agent has not started."
    elif seen.snapshot is None:
        yield "The status page does not answer."
    else:
        yield from _of_snapshot(seen.snapshot, pending)
    if seen.has_console is False:
        yield "The console on the serial lines does not start."


def _of_snapshot(snapshot: Snapshot, pending: Pending) -> Iterator[str]:
    if snapshot.box.uptime_seconds < ASKED_SECONDS:
        yield f"The agent has not been running for {ASKED_SECONDS} s."
    for fault in snapshot.faults:
        if fault.code.startswith(JOURNAL) and fault.code not in pending.faults:
            yield f"{fault.title} ({fault.code})."
    now = {hop.id: hop.level for hop in snapshot.hops}
    for hop, before in pending.before.items():
        if _is_worse(hop, SEVERITY[before], now.get(hop)):
            yield f"{_name(hop)} was {_WORDS[before]} before the update and is {_now(snapshot, hop)} now."


def _is_worse(hop: str, before: int, now: Level | None) -> bool:
    if now is None:
        return True
    if hop == BOX:  # what the box warns of may be this very update
        return SEVERITY[now] == SEVERITY[Level.FAULT] > before
    return SEVERITY[now] > before


def _now(snapshot: Snapshot, hop: str) -> str:
    level = next((line.level for line in snapshot.hops if line.id == hop), None)
    if level is None:
        return "missing"
    codes = ", ".join(fault.code for fault in snapshot.faults if fault.hop == hop)
    return f"{_WORDS[level]} ({codes})" if codes else _WORDS[level]


_WORDS = {Level.OK: "well", Level.WARNING: "not quite well", Level.FAULT: "at fault"}


def _name(hop: str) -> str:
    return {"mews": "Mews", BOX: "The box"}.get(hop) or f"The lock server {hop.removeprefix('lock-server:')}"
