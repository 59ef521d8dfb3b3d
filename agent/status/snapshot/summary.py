"""The one sentence at the top of the page: which hop is at fault, and what follows for keys. Pure.

A supporter reads it aloud on the phone, so it names things as people do and holds no code or address.
"""

from collections.abc import Sequence
from typing import Protocol

from agent.foundation.reading.text import plain
from agent.status.snapshot.facts import Counts, Fault
from agent.status.snapshot.level import Light
from agent.status.snapshot.stations import Place, place

NAME_LENGTH = 40  # characters; leaves room for what follows for keys
_PERHAPS = "E-KEY-PERHAPS"
_CARDS = {_PERHAPS, "E-KEY-UNWANTED"}
_HARMLESS = ("keys go on being cut", "keys are not affected")
_NOT_HEARD = {
    Place.MEWS: "Mews has not answered yet",
    Place.LOCK_SERVER: "the lock server has not answered yet",
}


class Named(Protocol):
    """What is read of a hop."""

    @property
    def id(self) -> str: ...
    @property
    def is_known(self) -> bool: ...


def summarise(hops: Sequence[Named], ranked: Sequence[Fault], counts: Counts) -> str:
    """One sentence with a full stop. `ranked` are the faults that hold, the worst first."""
    silent = _silent(hops, ranked)
    ranked = sorted(ranked, key=lambda fault: _weight(fault, hops))
    if ranked and (ranked[0].kind.level == Light.FAULT or not silent):
        return _about_faults(hops, ranked, counts)
    if silent:
        return f"Not ready yet: {' and '.join(silent)}{_perhaps(counts, '; ')}."
    return _all_is_well(hops, counts)


def _silent(hops: Sequence[Named], ranked: Sequence[Fault]) -> list[str]:
    """Who has not been heard of yet, and is not in trouble. An encoder speaks only through its server."""
    in_trouble = {fault.hop for fault in ranked}
    kinds = dict.fromkeys(place(hop.id)[0] for hop in hops if not hop.is_known and hop.id not in in_trouble)
    return [_NOT_HEARD[kind] for kind in kinds if kind in _NOT_HEARD]


def _about_faults(hops: Sequence[Named], ranked: Sequence[Fault], counts: Counts) -> str:
    first, more = ranked[0], len(ranked) - 1
    others = f"; {_number(more, 'more problem is', 'more problems are')} listed below" if more else ""
    is_perhaps = first.kind.code == _PERHAPS
    title = (_perhaps(counts) if is_perhaps else "") or first.kind.title
    also = "" if is_perhaps else _perhaps(counts, "; ")
    return f"{title}{_where(first, hops)}: {_consequence(first, hops)}{also}{others}."


def _weight(fault: Fault, hops: Sequence[Named]) -> tuple[bool, int]:
    """What stops keys comes first, then what leaves the next one open, then single cards, then all else."""
    is_harmless = _consequence(fault, hops).startswith(_HARMLESS)
    kind = 2 if is_harmless else 1 if fault.kind.code in _CARDS else 0
    return fault.kind.level != Light.FAULT, kind


def _perhaps(counts: Counts, before: str = "") -> str:
    if not counts.perhaps:
        return ""
    return f"{before}{_number(counts.perhaps, 'key', 'keys')} perhaps cut"


def _all_is_well(hops: Sequence[Named], counts: Counts) -> str:
    prints = _count(hops, Place.PRINTER)
    parts = [_number(_count(hops, Place.ENCODER), "encoder", "encoders") + " ready"]
    if prints:
        parts.append(_number(prints, "printer", "printers") + " ready")
        parts.append(_number(counts.done, "command", "commands") + " done since the start")
    else:
        parts.append(_number(counts.keys, "key", "keys") + " cut since the start")
    if counts.waiting:
        parts.append(f"{counts.waiting} waiting")
    return f"All is well: {', '.join(parts)}."


def _where(fault: Fault, hops: Sequence[Named]) -> str:
    kind, name = place(fault.hop)
    is_clear = kind in (Place.MEWS, Place.BOX) or (kind is Place.LOCK_SERVER and _count(hops, kind) == 1)
    return "" if is_clear or not name else f" ({kind.label.lower()} {plain(name, NAME_LENGTH)})"


def _consequence(fault: Fault, hops: Sequence[Named]) -> str:
    kind, _ = place(fault.hop)
    if fault.kind.code in _SPECIAL:
        return _SPECIAL[fault.kind.code]
    is_one_of_many = kind in (Place.LOCK_SERVER, Place.ENCODER) and _count(hops, kind) > 1
    table = _WHEN_ONE_OF_MANY if is_one_of_many else _WHEN_ALONE
    return table[Light(fault.kind.level), kind]


def _count(hops: Sequence[Named], kind: Place) -> int:
    return sum(1 for hop in hops if place(hop.id)[0] is kind)


def _number(count: int, one: str, many: str) -> str:
    return f"{count or 'no'} {one if count == 1 else many}"


_WHEN_ALONE = {
    (Light.FAULT, Place.MEWS): "no new keys come from Mews",
    (Light.FAULT, Place.BOX): "no keys can be cut",
    (Light.FAULT, Place.LOCK_SERVER): "no keys can be cut",
    (Light.FAULT, Place.ENCODER): "no keys can be cut",
    (Light.FAULT, Place.PRINTER): "nothing is printed there, keys are not affected",
    (Light.FAULT, Place.OTHER): "some commands cannot be carried out",
    (Light.WARNING, Place.MEWS): "keys go on being cut",
    (Light.WARNING, Place.BOX): "keys go on being cut",
    (Light.WARNING, Place.LOCK_SERVER): "keys go on being cut",
    (Light.WARNING, Place.ENCODER): "the next one will show whether it works again",
    (Light.WARNING, Place.PRINTER): "keys are not affected",
    (Light.WARNING, Place.OTHER): "keys go on being cut",
}

_WHEN_ONE_OF_MANY = {
    (Light.FAULT, Place.LOCK_SERVER): "no keys can be cut through it, the other lock servers go on",
    (Light.FAULT, Place.ENCODER): "no keys can be cut there, the other encoders go on",
    (Light.WARNING, Place.LOCK_SERVER): "keys go on being cut",
    (
        Light.WARNING,
        Place.ENCODER,
    ): "the next one there will show whether it works again, the other encoders go on",
}

# Where level and hop do not tell: switched off because somebody wants it so, the box's own services write of more
# than one thing under the same code, or it is about single keys.
_SPECIAL = {
    "E-LOCK-KEY-ANSWER": "the next one will show whether it works again",
    "E-LOCK-KEYS": "the next one is likely to fail as well",
    "E-LOCK-INACTIVE": "keys are refused meanwhile",
    "E-MEWS-UPDATE": "without its word no key is cut",
    "E-MEWS-BUSY": "orders wait until it is over",
    "E-MEWS-CLAIM": "the next order will show whether it does again",
    "E-MEWS-CROWD": "keys go on being cut, and late ones are refused",
    "E-KEY-PERHAPS": "look at the encoder for a card",
    "E-KEY-UNWANTED": "find the card at the encoder",
    "E-BOX-CLOCK": "keys go on being cut, but secure connections may fail",
    "E-BOX-STORAGE": "keys are cut only while the journal can be written",
    "E-BOX-SAFE": "keys are cut only while its program runs",
    "E-TAKE-REFUSED": "the box goes on with the file that it took before, if there is one",
}
