"""What the image says of itself in /etc/nightporter/release.json. Only reads; a machine without the file goes on.

Read with json alone: the serial line's process reads it too, and has no memory to spare.
"""

import json
from pathlib import Path
from typing import NamedTuple

RELEASE = Path("/etc/nightporter/release.json")
UNKNOWN = "unknown"
_LARGEST = 4096  # bytes; three short texts


class Release(NamedTuple):
    """The version of the image, the commit that it was built from, and its architecture."""

    version: str = UNKNOWN
    commit: str = UNKNOWN
    arch: str = UNKNOWN


def read(path: Path = RELEASE) -> Release:
    """What the file says; `UNKNOWN` where it says nothing."""
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return Release()
    texts = told.items() if isinstance(told, dict) else ()
    return Release(**{name: text for name, text in texts if name in Release._fields and isinstance(text, str)})
