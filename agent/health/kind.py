"""What a kind of fault is: an entry of the catalogue, with what each reader needs to know of it. Pure."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

TITLE_LENGTH = 90  # characters; a heading on a phone, and half of the page's first sentence
ADVICE_LENGTH = 300  # characters of `hint` and `front_desk`; what is longer is not read
BOX = "box"  # the hop that every other one lies behind

# What most mean for a receptionist: the lock system's PC cuts keys without Night Porter, and without Mews. Several
# may be shown at once, so none says that all else is well.
OWN_PC = "Cut keys at the lock system's own PC until this is green."
NOTHING = "Nothing: this stops no key."


class Level(StrEnum):
    """How bad it is: a warning lets keys go on, a fault stops some."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


SEVERITY = {Level.OK: 0, Level.WARNING: 1, Level.FAULT: 2}


def worst(levels: Iterable[Level]) -> Level:
    """The worst of them; of none, OK."""
    return max(levels, key=SEVERITY.__getitem__, default=Level.OK)


class FaultKind(msgspec.Struct, frozen=True):
    """An entry of the catalogue. `code` is stable, and shared by page, console, log, metrics and manual.

    `hint` says to support what to do, `front_desk` to a receptionist. `follows`: what it means for keys, as the
    end of a sentence, where level and hop do not tell. `patience`: seconds that it may hold before it is shown.
    `depends_on`: kinds that explain it, so that it is not shown while one of them holds at its own hop, at the
    hop that it lies behind, or at the box. None of them is milder than it.
    `is_long`: its text may have several lines (reasons, one below the other) and LONG_TEXT characters.
    """

    code: str
    level: Level
    title: str
    hint: str
    front_desk: str
    follows: str = ""
    patience: float = 0.0
    depends_on: tuple["FaultKind", ...] = ()
    is_long: bool = False
