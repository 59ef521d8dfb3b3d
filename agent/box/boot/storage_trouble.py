"""What keeps the data partition from being used: in words for a person, and measured where it can be beforehand.

A tool that finds out by failing says it in words for its makers.
"""

from agent.box.boot.disks import Disk, Table
from agent.foundation.errors import NightPorterError

_LEAST = 64 * 1024 * 1024  # bytes; ext4 takes 20 MB of it, and the journal has room for years
_AMPLE = 300 * 1024 * 1024  # bytes; an update that is fetched fits in too
_GB = 1_000_000_000  # bytes, as they are printed on cards
_TENTH = _GB // 10

REMEDY = (
    "What to do: start the box again. If that does not help, make a factory reset: put an empty file named "
    "factory-reset on the boot partition of its card, and its provisioning.toml again, and start it. "
    "If that does not help either, replace the card."
)
TOO_SMALL = (
    "What to do: write the image onto a larger one, copy provisioning.toml onto its boot partition, and start the "
    "box with it."
)
PROTECTED = (
    "What to do: switch the box off, and slide the lock at the card's side, or its adapter's, away from LOCK. "
    "If it has none, it may be worn out: write the image onto a new one, and copy provisioning.toml there."
)


class StorageTrouble(NightPorterError):
    """The data partition cannot be used as it should. `str()` is a plain sentence, `remedy` what to do."""

    def __init__(self, sentence: str, remedy: str = REMEDY) -> None:
        super().__init__(sentence)
        self.remedy = remedy


def require_room(disk: Disk, table: Table, data: str, coming: str) -> None:
    """The partition `data` is on the disk, or there is room for it behind all others but `coming`.

    Raises `StorageTrouble` for an image, or a copy of another disk, that was too large for this one.
    """
    made, size = table.named(data), disk.size()
    end = table.end_of(made) if made else table.without(coming).first_free() * table.sectorsize
    if size >= end + (0 if made else _LEAST):
        return
    needed = -(-(end + (0 if made else _AMPLE)) // _GB)
    words = f"The card or disk is too small: {size // _TENTH / 10:.1f} GB, and the box needs {needed} GB."
    raise StorageTrouble(words, TOO_SMALL)
