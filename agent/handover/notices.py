"""Facts about the box that its root services leave for the page, the console and the away page: a file each.

A file is written whole or not at all, and removed when its matter is over. Readers trust nothing: what cannot be
read is left out. The folder is in memory (`/run`); what has to outlive a boot is put there again by `prepare`.
"""

import time
from pathlib import Path

import msgspec

from agent.foundation import files

NOTICES = Path("/run/nightporter/notices")
MOST_BYTES = 16 * 1024  # a notice is a few sentences
MOST_NOTICES = 32


class Notice(msgspec.Struct, frozen=True):
    """`since` is unix time; `lasts` seconds from `since_boottime` (CLOCK_BOOTTIME) on, None: until dropped."""

    code: str
    text: str
    since: float
    since_boottime: float | None = None
    lasts: float | None = None

    def is_over(self, boottime: float) -> bool:
        """Whether the time that it lasts has passed."""
        if self.lasts is None or self.since_boottime is None:
            return False
        return boottime - self.since_boottime > self.lasts


def put(name: str, code: str, text: str, *, lasts: float | None = None, folder: Path = NOTICES) -> None:
    """Write the notice `name`, in the place of an older one. Raises `OSError`."""
    notice = Notice(code, text, time.time(), boottime(), lasts)
    files.write_in_memory(folder / f"{name}.json", msgspec.json.encode(notice))


def drop(name: str, folder: Path = NOTICES) -> None:
    """Take the notice `name` back; nothing where there is none."""
    (folder / f"{name}.json").unlink(missing_ok=True)


def standing(folder: Path = NOTICES) -> tuple[Notice, ...]:
    """The notices that count now, in the order of their names."""
    now = boottime()
    try:
        paths = sorted(folder.glob("*.json"))[:MOST_NOTICES]
    except OSError:
        return ()
    found = (_read(path) for path in paths)
    return tuple(notice for notice in found if notice is not None and not notice.is_over(now))


def boottime() -> float:
    """Seconds since the machine started; goes on while it sleeps, and no clock setting moves it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _read(path: Path) -> Notice | None:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(MOST_BYTES), type=Notice)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # half-written by a foreign hand, or gone meanwhile
