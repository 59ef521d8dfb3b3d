"""Which files are copies of a provisioning file that the box has taken, now or at any time. No I/O."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import zip_longest

import msgspec

from agent.box.setup import strays
from agent.box.setup.boot_files import BootFile

_SECTOR = 512  # bytes; what a card writes whole, and no text has so many zeros


class TakenFiles(msgspec.Struct, frozen=True):
    """`texts` are the active file and the one before it; `digests` those of all that the box remembers.

    `erasing` are the names of files that were being overwritten with zeros when the power went.
    """

    texts: tuple[bytes, ...] = ()
    digests: frozenset[str] = frozenset()
    erasing: frozenset[str] = frozenset()

    def has(self, file: BootFile) -> bool:
        """Whether a file on the boot partition is a copy of a taken one, or what is left of one.

        Erasing makes a file as long as its sectors, so zeros at its end make no other file of it.
        """
        if file.content is None:
            return False
        is_rest = file.name in self.erasing and bytes(_SECTOR) in file.content
        text = file.content.rstrip(b"\0")
        return is_rest or text in self.texts or digest(text) in self.digests

    @property
    def secrets(self) -> frozenset[bytes]:
        """The tokens and passwords of `texts`."""
        return frozenset[bytes]().union(*map(strays.secrets, self.texts))


class StrayFiles(msgspec.Struct, frozen=True):
    """What lies around the place of the provisioning file: `ours` is erased, `left` are names for a person."""

    ours: tuple[BootFile, ...]
    left: tuple[str, ...]


def sort_strays(files: Sequence[BootFile], known: TakenFiles) -> StrayFiles:
    """Sort the files of the boot partition of a box that works with a good file."""
    ours = strays.ours(files, known.has)
    left = [file.name for file in strays.left(files, known.secrets) if file not in ours]
    return StrayFiles(tuple(ours), tuple(left))


def digest(text: bytes) -> str:
    """What the box remembers of a file that it has taken."""
    return sha256(text).hexdigest()


def is_half_erased(text: bytes, was: bytes) -> bool:
    """Whether `text` is `was` with zeros over any part of it."""
    return all(seen in (0, before) for seen, before in zip_longest(text, was, fillvalue=0))
