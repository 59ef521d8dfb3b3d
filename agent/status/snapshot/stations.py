"""The way of a command as people picture it: Mews, this box, lock server, encoders and printers. Pure.

Groups a snapshot's hops into those four stations, whatever their number, for the page and the terminal.
"""

from collections import Counter
from collections.abc import Sequence
from enum import Enum
from typing import Generic, Protocol, TypeVar

import msgspec

from agent.health.kind import Level, worst


class HopKind(Enum):
    """What kind of thing a hop's id names: the part before the colon, and what people call it."""

    MEWS = ("mews", "Mews")
    BOX = ("box", "This box")
    LOCK_SERVER = ("lock-server", "Lock server")
    ENCODER = ("encoder", "Encoder")
    PRINTER = ("printer", "Printer")
    OTHER = ("", "Other")

    @property
    def label(self) -> str:
        """What people call it."""
        return self.value[1]


class Placed(Protocol):
    """What is read of a hop."""

    @property
    def id(self) -> str: ...
    @property
    def level(self) -> Level: ...


HopT = TypeVar("HopT", bound=Placed)


class Station(msgspec.Struct, Generic[HopT], frozen=True):
    """One of the four: `level` is the worst of its hops, None where the box has none such."""

    title: str
    level: Level | None
    hops: tuple[HopT, ...]


def kind_of(hop_id: str) -> tuple[HopKind, str]:
    """The kind and the name in a hop's id: `encoder:1` is `(HopKind.ENCODER, "1")`."""
    prefix, _, name = hop_id.partition(":")
    kind = _PLACES.get(prefix, HopKind.OTHER)
    return kind, hop_id if kind is HopKind.OTHER else name


def title(hop_id: str) -> str:
    """A hop's id as people say it: "Encoder 1"."""
    kind, name = kind_of(hop_id)
    return f"{kind.label} {name}".strip()


def stations(hops: Sequence[HopT]) -> tuple[Station[HopT], ...]:
    """The four stations, in the order in which a command passes them. Every hop is in exactly one."""
    return tuple(_station(kinds, hops) for kinds in _STATIONS)


def _station(kinds: tuple[HopKind, ...], hops: Sequence[HopT]) -> Station[HopT]:
    mine = tuple(hop for hop in hops if kind_of(hop.id)[0] in kinds)
    counts = Counter(kind_of(hop.id)[0] for hop in mine)
    level = worst(hop.level for hop in mine) if mine else None
    return Station(_heading(kinds, counts), level, mine)


def _heading(kinds: tuple[HopKind, ...], counts: Counter[HopKind]) -> str:
    present = [kind for kind in kinds if counts[kind]] or [kinds[0]]
    is_one = len(present) == 1 and counts[present[0]] <= 1
    names = [kind.label if is_one else _PLURAL[kind] for kind in present]
    return " and ".join([names[0], *(name.lower() for name in names[1:])])


_PLACES = {kind.value[0]: kind for kind in HopKind if kind is not HopKind.OTHER}
_STATIONS = (
    (HopKind.MEWS,),
    (HopKind.BOX,),
    (HopKind.LOCK_SERVER,),
    (HopKind.ENCODER, HopKind.PRINTER, HopKind.OTHER),
)
_PLURAL = {
    HopKind.MEWS: "Mews",
    HopKind.BOX: "This box",
    HopKind.LOCK_SERVER: "Lock servers",
    HopKind.ENCODER: "Encoders",
    HopKind.PRINTER: "Printers",
    HopKind.OTHER: "Others",
}
