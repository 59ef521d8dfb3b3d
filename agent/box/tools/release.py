"""What the image says of itself in /etc/nightporter/release.json. Only reads; a box without it goes on."""

from pathlib import Path

import msgspec

UNKNOWN = "unknown"
_LARGEST = 4096  # bytes; three short texts


class Release(msgspec.Struct, frozen=True):
    """The version of the image, the commit that it was built from, and its architecture."""

    version: str = UNKNOWN
    commit: str = UNKNOWN
    arch: str = UNKNOWN


def read(path: Path) -> Release:
    """What the file says; `UNKNOWN` where it says nothing."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_LARGEST), type=Release)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Release()
