"""The files of the boot partition, as far as a start has time for them: their names, and what the small ones hold.

Only reads, and follows no link. Anything may lie there: a laptop writes what it likes, and a card may have been a
camera's before.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path

import msgspec

from agent.foundation.reading.text import plain
from provisioning.document import LIMIT_BYTES

MOST_ENTRIES = 10_000  # files and folders, those at the top first; a slow card lists them in a second or two
MOST_DEEP = 4  # parts of a way; a Mac's bin has .Trashes/501/FOLDER/FILE
MOST_OPENED = 400  # files; an image has about 40
MOST_BYTES = 4 * 1024 * 1024  # bytes read in all: half a second on a slow card
_LONGEST_NAME = 300  # characters; FAT has 255 in a name


class BootFile(msgspec.Struct, frozen=True):
    """`name` is the way to it from the top of the partition, fit for a page.

    `content` is None where it was not read: larger than a provisioning file may be, more than a start reads, sick.
    """

    path: Path
    name: str
    content: bytes | None = None


class BootFiles(msgspec.Struct, frozen=True):
    """`is_whole`: no folder and no entry was left out. The files are in the order of their names."""

    files: tuple[BootFile, ...] = ()
    is_whole: bool = True


def read_all(boot: Path, is_first: Callable[[str], bool]) -> BootFiles:
    """Look at the partition; the contents of files whose name `is_first` are read before all others.

    Raises `OSError` for the top folder alone.
    """
    walk = Walk(boot)
    sizes = {entry.path: size for entry, size in walk.files()}
    names = {path: plain(path.removeprefix(f"{boot}/"), _LONGEST_NAME) for path in sizes}
    order = sorted(sizes, key=lambda path: (not is_first(names[path]), sizes[path], path))
    opened = _affordable(order, sizes)
    files = (
        BootFile(Path(path), names[path], _content(path) if path in opened else None) for path in sorted(sizes)
    )
    return BootFiles(tuple(files), walk.is_whole)


class Walk:
    """From the top down, so that what is left out lies deepest."""

    def __init__(self, boot: Path) -> None:
        self._folders = deque([(str(boot), 1)])
        self._left = MOST_ENTRIES
        self.is_whole = True

    def files(self) -> Iterator[tuple["os.DirEntry[str]", int]]:
        """The files, each with its size in bytes."""
        yield from self._inside(*self._folders.popleft())
        while self._folders:
            try:
                yield from self._inside(*self._folders.popleft())
            except OSError:  # a folder that a power cut left damaged: said by `is_whole`
                self.is_whole = False

    def _inside(self, folder: str, deep: int) -> Iterator[tuple["os.DirEntry[str]", int]]:
        with os.scandir(folder) as entries:
            for entry in entries:
                if self._left == 0 or deep > MOST_DEEP:
                    self.is_whole = False
                    return
                self._left -= 1
                if entry.is_dir(follow_symlinks=False):
                    self._folders.append((entry.path, deep + 1))
                elif entry.is_file(follow_symlinks=False):
                    yield entry, entry.stat(follow_symlinks=False).st_size


def _affordable(order: Sequence[str], sizes: Mapping[str, int]) -> frozenset[str]:
    """Those that are read: small ones, in this order, until it is enough."""
    small = [path for path in order if sizes[path] <= LIMIT_BYTES][:MOST_OPENED]
    sums = accumulate(sizes[path] for path in small)
    return frozenset(path for path, total in zip(small, sums, strict=True) if total <= MOST_BYTES)


def _content(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except OSError:  # what the card does not give back cannot be read by others either
        return None
