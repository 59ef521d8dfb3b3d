"""Small files of the kernel (/sys, /proc): one bounded read each, and what they hold as text or number.

A file that is not there, may not be read or holds something odd is "" or None, never an error. The open waits for
nothing and the read is one; but a driver may take its time to answer for a file of /sys, a broken one for ever.
Such a file is read through `board/reading.py`, which waits only so long.
"""

import os
from pathlib import Path

MOST_BYTES = 4096  # what the kernel gives of a file of /sys at most
_NUMBER_DIGITS = 20  # of the biggest the kernel writes, 2**64


def text_of(path: Path, most: int = MOST_BYTES) -> str:
    """The text of a file on one line, without what cannot be printed; "" where there is none."""
    return printable(bytes_of(path, most).partition(b"\0")[0].decode(errors="replace"))


def bytes_of(path: Path, most: int = MOST_BYTES) -> bytes:
    """The first bytes of a file, b"" where there are none."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):  # a path with a NUL is a ValueError
        return b""
    try:
        return os.read(file, most)
    except OSError:  # a sensor that does not answer, a folder
        return b""
    finally:
        os.close(file)


def is_there(path: Path) -> bool:
    """Whether there is such a file or folder, as far as this process may see."""
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True


def number_of(path: Path, base: int = 10) -> int | None:
    """The one whole number in a file; None where it holds anything else."""
    return number_in(text_of(path), base)


def number_in(word: str, base: int = 10) -> int | None:
    """A word as a whole number: decimal with a sign, or hexadecimal with or without 0x."""
    digits = word.removeprefix("-").removeprefix("0x" if base == 16 else "")
    if not digits.isascii() or not digits.isalnum() or len(digits) > _NUMBER_DIGITS:
        return None
    try:
        return int(word, base)
    except ValueError:
        return None


def printable(text: str) -> str:
    """`text` on one line, in single spaces, without control characters and the like."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def inside(folder: Path, pattern: str = "*") -> list[Path]:
    """What is in a folder by the pattern of its names, sorted; nothing where there is no such folder."""
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []
