"""What can be tested of a hop, step by step. A protocol; no I/O here.

A probe stands where the knowledge is: beside a driver, beside Mews, beside the board. Its steps look and change
nothing that a key or a command could notice.
"""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Protocol, runtime_checkable

import msgspec


class Mark(StrEnum):
    """What a step's end means."""

    GOOD = "good"
    DOUBT = "doubt"  # it works, and somebody should look at it
    OPEN = "open"  # it could not be tested, which says nothing against it
    BAD = "bad"  # no step behind this one can go well


class Finding(msgspec.Struct, frozen=True):
    """What a step saw, in one sentence; `code` is the fault of the catalogue that fits, where one does."""

    mark: Mark
    text: str
    code: str = ""


class Step(msgspec.Struct, frozen=True):
    """One step: its name (`connection`), and how it is taken. Taking it raises for bugs alone."""

    name: str
    take: Callable[[], Awaitable[Finding]]


@runtime_checkable
class CanBeTested(Protocol):
    """A driver that knows what else can be tested of its device, once a connection to it comes about."""

    def own_steps(self) -> Sequence[Step]:
        """The steps in their order; they ask for nothing to be made."""
        ...


class Probe(Protocol):
    """The test of one hop."""

    @property
    def behind(self) -> str:
        """The hop that has to be well before this one can be; empty for none."""
        ...

    def steps(self) -> Sequence[Step]:
        """The steps in their order. They belong together: a later one may use what an earlier one found."""
        ...
