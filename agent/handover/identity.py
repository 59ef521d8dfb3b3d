"""Which box this is, as root read it at its start: serial number and model (`/run/nightporter/identity.json`).

A PC's serial number is root's alone to read, so `box prepare` writes it down for the console and the page. It is
no secret: it stands on the box's label. Readers trust nothing.
"""

from pathlib import Path

import msgspec

from agent.foundation import files
from agent.foundation.reading.text import plain

IDENTITY = Path("/run/nightporter/identity.json")
MOST_BYTES = 4096
_LENGTH = 64  # characters of a serial number or a model; real ones are shorter


class BoxIdentity(msgspec.Struct, frozen=True):
    """Each "" where nothing tells. Plain text of one line."""

    serial: str = ""
    model: str = ""


def write(identity: BoxIdentity, path: Path = IDENTITY) -> None:
    """Write it for all users of the box. Raises `OSError`."""
    files.write_in_memory(path, msgspec.json.encode(_fit(identity)), 0o644)


def read(path: Path = IDENTITY) -> BoxIdentity:
    """What was written; nothing where there is nothing to be read."""
    try:
        with path.open("rb") as file:
            return _fit(msgspec.json.decode(file.read(MOST_BYTES), type=BoxIdentity))
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return BoxIdentity()


def _fit(identity: BoxIdentity) -> BoxIdentity:
    return BoxIdentity(plain(identity.serial, _LENGTH), plain(identity.model, _LENGTH))
