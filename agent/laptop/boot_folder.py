"""`nightporter provision write`: the file onto the boot partition of a card, whole or not at all."""

import os
from pathlib import Path

from agent.foundation import files
from agent.foundation.errors import NightPorterError, UserMistake, reason_of

NAME = "provisioning.toml"
# What the image puts there, and what a box leaves: any of it shows what the folder is.
MARKS = ("provisioning-example.toml", "provisioning-result.txt")
_README, _FIRST_LINE = "README.txt", "Night Porter"


def put(boot: Path, contents: dict[str, bytes]) -> None:
    """Write each file by its name, the provisioning file last, and read it back from the card.

    Raises `UserMistake` for a folder that is no boot partition, `NightPorterError` for a card that takes nothing.
    """
    _check(boot)
    try:
        for name in sorted(contents, key=lambda name: name == NAME):
            files.write(boot / name, contents[name], mode=0o600)  # the only mode that FAT takes without a word
        damaged = [name for name, content in contents.items() if _read_back(boot / name) != content]
    except OSError as error:
        raise NightPorterError(f"{boot} cannot be written ({reason_of(error)}): look at the card.") from None
    if damaged:
        words = (
            f"{damaged[0]} does not read back as it was written: the card is worn out or was pulled, take another."
        )
        raise NightPorterError(words)


def _check(boot: Path) -> None:
    if not boot.is_dir():
        raise UserMistake(f"There is no folder {boot}: put the card in, and name its partition NIGHTPORTER.")
    if not (_says_so(boot / _README) or any((boot / name).is_file() for name in MARKS)):
        raise UserMistake(
            f"{boot} is not the boot partition of a Night Porter card, since neither {MARKS[0]} nor our {_README} "
            "is there: name the partition NIGHTPORTER of a flashed card."
        )


def _says_so(readme: Path) -> bool:
    try:
        with readme.open("rb") as file:
            return file.readline(80).strip() == _FIRST_LINE.encode()
    except OSError:
        return False


def _read_back(path: Path) -> bytes:
    """What the card itself holds, not what the system still remembers of it."""
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return file.read()
