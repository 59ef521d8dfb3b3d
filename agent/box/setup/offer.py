"""What the installer has put on the boot partition: the provisioning file, by whatever name Windows gave it.

Only reads. FAT does not know upper from lower case, and Explorer hides the ending .txt that Notepad adds.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from agent.foundation.errors import reason_of
from provisioning.file import content
from provisioning.problems import Problem

NAME = "provisioning.toml"
NAMES = (NAME, f"{NAME}.txt")
COPY_AGAIN = "Copy it again, and eject the card before you pull it out"


class Offer(msgspec.Struct, frozen=True):
    """`text` is the provisioning file's, or the active one's where only `profile` was put there.

    `file` is what holds `text` on the boot partition, None in that case.
    """

    text: bytes
    file: Path | None
    profile: Path | None = None


def find(boot: Path) -> Offer | Problem | None:
    """The provisioning file on the boot partition, None where there is none; a problem where it cannot be read.

    Raises `OSError` for the folder alone.
    """
    found = named(boot, NAMES)
    if not found:
        return None
    if len(found) > 1:
        names = " and ".join(path.name for path in found)
        return Problem("file", f"there are {names}, and only one can be meant", "Delete the others")
    [file] = found
    if not file.is_file():
        return Problem("file", f"{file.name} is a folder", "Put the file itself in its place")
    try:
        return Offer(content(file), file)
    except OSError as error:
        return Problem("file", f"{file.name} cannot be read ({reason_of(error)})", COPY_AGAIN)


def named(folder: Path, names: Iterable[str]) -> list[Path]:
    """What has one of these names in the folder, in whatever case. Raises `OSError`."""
    wanted = {name.casefold() for name in names}
    return sorted(path for path in folder.iterdir() if path.name.casefold() in wanted)
