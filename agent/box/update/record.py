"""What the box remembers of an update, across the restart that it needs: `pending.json` and `result.json`.

Written whole and synced before the act that they announce: a power cut finds a box that knows what it was doing.
What cannot be read is told apart from what is not there, and never believed.
"""

from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec

from agent.health.kind import Level

LARGEST = 64 * 1024  # bytes; a few hundred is usual
_Record = TypeVar("_Record")


class Stage(StrEnum):
    """How far the installation is known to have come."""

    INSTALLING = "installing"
    INSTALLED = "installed"


class Ending(StrEnum):
    """How an update ended."""

    GOOD = "good"
    REVERTED = "reverted"
    INTERRUPTED = "interrupted"  # before it was complete: the old version never stopped
    KEPT = "kept"  # should have been taken back, but the old version does not start


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """An update that is not judged yet. Slots are RAUC's boot names, A or B.

    `id` tells two updates to one version apart; `boot` is the boot that installed it; `before` are the levels of
    Mews, box and lock servers, and `faults` the codes that held then; `since` is unix time.
    """

    id: str
    boot: str
    origin: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    from_version: str
    version: str
    sha256: str
    stage: Stage
    before: dict[str, Level] = {}
    faults: tuple[str, ...] = ()
    since: float = 0.0

    @property
    def is_sound(self) -> bool:
        """Whether it speaks of two slots."""
        return {self.origin, self.target} == {"A", "B"}


class UpdateResult(msgspec.Struct, frozen=True, kw_only=True):
    """How the update `id` ended, and why, in plain sentences.

    `restarts` counts the restarts that were to bring the old version back, `times` how often in a row the update
    of this bundle was interrupted.
    """

    id: str
    ending: Ending = msgspec.field(name="outcome")  # as the versions before this one have it on the disk
    from_version: str
    version: str
    sha256: str
    reasons: tuple[str, ...] = ()
    since: float = 0.0
    restarts: int = 0
    times: int = 1


class Torn(msgspec.Struct, frozen=True):
    """A file is there, but does not say what it should."""


def read_pending(path: Path) -> Pending | Torn | None:
    """The update that is not judged yet, None where there is none."""
    found = _read(path, Pending)
    return Torn() if isinstance(found, Pending) and not found.is_sound else found


def read_result(path: Path) -> UpdateResult | None:
    """How the last update ended; None also where that cannot be read."""
    found = _read(path, UpdateResult)
    return None if isinstance(found, Torn) else found


def encoded(record: Pending | UpdateResult) -> bytes:
    """The file's content."""
    return msgspec.json.format(msgspec.json.encode(record))


def _read(path: Path, kind: type[_Record]) -> _Record | Torn | None:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(LARGEST), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Torn()
