"""The one sentence at the top of the page: which hop is at fault, and what follows for keys. Pure.

A supporter reads it aloud on the phone, so it names things as people do and holds no code or address.
"""

from collections.abc import Sequence
from typing import Protocol

from agent.foundation.reading.text import plain
from agent.health.health import Fault
from agent.health.kind import Level
from agent.health.lock_kinds import KEY_PERHAPS, KEY_UNWANTED
from agent.status.snapshot.facts import Counts, HopState
from agent.status.snapshot.stations import HopKind, kind_of

NAME_LENGTH = 40  # characters; leaves room for what follows for keys
_CARDS = (KEY_PERHAPS, KEY_UNWANTED)
_HARMLESS = ("keys go on being cut", "keys are not affected")
_NOT_TOLD = {
    (HopState.UNHEARD, HopKind.MEWS): "Mews has not answered yet",
    (HopState.UNHEARD, HopKind.LOCK_SERVER): "the lock server has not answered yet",
    (HopState.BEHIND, HopKind.MEWS): "Mews cannot be told now",
    (HopState.BEHIND, HopKind.LOCK_SERVER): "the lock server cannot be told now",
}


class Named(Protocol):
    """What is read of a hop."""

    @property
    def id(self) -> str: ...
    @property
    def state(self) -> HopState: ...
    @property
    def name(self) -> str: ...


def summarise(hops: Sequence[Named], ranked: Sequence[Fault], counts: Counts) -> str:
    """One sentence with a full stop. `ranked` are the faults that hold, the worst first."""
    untold = _untold(hops, ranked)
    ranked = sorted(ranked, key=lambda fault: _weight(fault, hops))
    if ranked and (ranked[0].kind.level is Level.FAULT or not untold):
        return _about_faults(hops, ranked, counts)
    if untold:
        return f"Not ready yet: {' and '.join(untold)}{_perhaps(counts, '; ')}."
    return _all_is_well(hops, counts)


def _untold(hops: Sequence[Named], ranked: Sequence[Fault]) -> list[str]:
    """Which hops cannot be told, though not in trouble themselves. An encoder speaks only through its server."""
    in_trouble = {fault.hop for fault in ranked}
    kinds = dict.fromkeys((hop.state, kind_of(hop.id)[0]) for hop in hops if hop.id not in in_trouble)
    return [_NOT_TOLD[kind] for kind in kinds if kind in _NOT_TOLD]


def _about_faults(hops: Sequence[Named], ranked: Sequence[Fault], counts: Counts) -> str:
    first, perhaps = ranked[0], [fault for fault in ranked if fault.kind is KEY_PERHAPS]
    told = {first, *(perhaps if counts.perhaps else ())}  # the number of those cards is said in any case
    more = sum(fault not in told for fault in ranked)
    others = f"; {_number(more, 'more problem is', 'more problems are')} listed below" if more else ""
    is_perhaps = first.kind is KEY_PERHAPS
    title = (_perhaps(counts) if is_perhaps else "") or first.kind.title
    also = "" if is_perhaps else _perhaps(counts, "; ")
    where = "" if is_perhaps and len(perhaps) > 1 else _where(first, hops)
    return f"{title}{where}: {_consequence(first, hops)}{also}{others}."


def _weight(fault: Fault, hops: Sequence[Named]) -> tuple[bool, int]:
    """What stops keys comes first, then what leaves the next one open, then single cards, then all else."""
    is_harmless = _consequence(fault, hops).startswith(_HARMLESS)
    kind = 2 if is_harmless else 1 if fault.kind in _CARDS else 0
    return fault.kind.level is not Level.FAULT, kind


def _perhaps(counts: Counts, before: str = "") -> str:
    if not counts.perhaps:
        return ""
    return f"{before}{_number(counts.perhaps, 'key', 'keys')} perhaps cut"


def _all_is_well(hops: Sequence[Named], counts: Counts) -> str:
    prints = _count(hops, HopKind.PRINTER)
    parts = [_number(_count(hops, HopKind.ENCODER), "encoder", "encoders") + " ready"]
    if prints and not _count(hops, HopKind.ENCODER):
        parts.clear()
    if prints:
        parts.append(_number(prints, "printer", "printers") + " ready")
        parts.append(_number(counts.done, "command", "commands") + " done since the start")
    else:
        parts.append(_number(counts.keys, "key", "keys") + " cut since the start")
    if counts.waiting:
        parts.append(f"{counts.waiting} waiting")
    return f"All is well: {', '.join(parts)}."


def _where(fault: Fault, hops: Sequence[Named]) -> str:
    kind, name = kind_of(fault.hop)
    is_clear = kind in (HopKind.MEWS, HopKind.BOX) or (kind is HopKind.LOCK_SERVER and _count(hops, kind) == 1)
    called = next((hop.name for hop in hops if hop.id == fault.hop and hop.name), name)  # as the file has it
    bare = called.removeprefix(f"{kind.label} ")  # a hop without a name of its own is called what it is
    return "" if is_clear or not name else f" ({kind.label.lower()} {plain(bare, NAME_LENGTH)})"


def _consequence(fault: Fault, hops: Sequence[Named]) -> str:
    if fault.kind.follows:
        return fault.kind.follows
    kind, _ = kind_of(fault.hop)
    is_one_of_many = kind in (HopKind.LOCK_SERVER, HopKind.ENCODER) and _count(hops, kind) > 1
    table = _WHEN_ONE_OF_MANY if is_one_of_many else _WHEN_ALONE
    return table[fault.kind.level, kind]


def _count(hops: Sequence[Named], kind: HopKind) -> int:
    return sum(1 for hop in hops if kind_of(hop.id)[0] is kind)


def _number(count: int, one: str, many: str) -> str:
    return f"{count or 'no'} {one if count == 1 else many}"


_WHEN_ALONE = {
    (Level.FAULT, HopKind.MEWS): "no new keys come from Mews",
    (Level.FAULT, HopKind.BOX): "no keys can be cut",
    (Level.FAULT, HopKind.LOCK_SERVER): "no keys can be cut",
    (Level.FAULT, HopKind.ENCODER): "no keys can be cut",
    (Level.FAULT, HopKind.PRINTER): "nothing is printed there, keys are not affected",
    (Level.FAULT, HopKind.OTHER): "some commands cannot be carried out",
    (Level.WARNING, HopKind.MEWS): "keys go on being cut",
    (Level.WARNING, HopKind.BOX): "keys go on being cut",
    (Level.WARNING, HopKind.LOCK_SERVER): "keys go on being cut",
    (Level.WARNING, HopKind.ENCODER): "the next one will show whether it works again",
    (Level.WARNING, HopKind.PRINTER): "keys are not affected",
    (Level.WARNING, HopKind.OTHER): "keys go on being cut",
}

_WHEN_ONE_OF_MANY = {
    (Level.FAULT, HopKind.LOCK_SERVER): "no keys can be cut through it, the other lock servers go on",
    (Level.FAULT, HopKind.ENCODER): "no keys can be cut there, the other encoders go on",
    (Level.WARNING, HopKind.LOCK_SERVER): "keys go on being cut",
    (
        Level.WARNING,
        HopKind.ENCODER,
    ): "the next one there will show whether it works again, the other encoders go on",
}
