"""What on the boot partition is, or holds, a provisioning file without being the one that is offered. No I/O.

A laptop leaves more than the file that somebody puts there: an editor's backups, a second download, a bin. All of
that holds passwords. And who gives the file another name looks at a box that takes nothing.
"""

import codecs
import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher

from agent.box.setup.boot_files import BootFile
from agent.box.setup.offer import NAMES
from provisioning.ledger import SECRET_NAMES

EXAMPLE = "provisioning-example.toml"  # as the image has it
RESULT = "provisioning-result.txt"

# What the shipped example has had for a secret in any version: a card keeps the one that it was flashed with.
PUBLISHED = frozenset(
    {
        b"C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
        b"blue kettle 4711",
        b"copper lamp 2093",
        b"green teapot 1742",
        b"silver spoon 5518",
        b"https://hooks.example.com/red-and-green",
        b"...",
    }
)

_PIECE = re.compile(
    r"fsck\d{4}\.rec"
)  # of files that fsck.vfat found to belong to none: there is no telling what is in
_OWN = r"provisioning\.toml(?:\.txt)?"
# vim, Emacs, nano, Kate, Notepad++, TextEdit; the Finder's second half of a file, Office's lock, rsync's copy.
_BACKUP = re.compile(
    rf"\.?{_OWN}(?:~|\.~\d+~|(?:\.[\w-]+)?\.bak\d*|\.old|\.orig|\.save(?:\.\d+)?|\.tmp|\.sw[a-p]|\.un~|\.kate-swp|\.sb-[\w-]+)"
    rf"|\._{_OWN}|#{_OWN}#|\.#{_OWN}|~\$?{_OWN}|\.~lock\.{_OWN}#?|\.{_OWN}\.\w{{6}}|provisioning\.bak"
)
_BIN = re.compile(r"(?:\.trash(?:es|-\d+)?|\$recycle\.bin|recycle[rd])/")

_STEM = "provisioning"
_ALIKE = 0.8  # of difflib's ratio: two slips of the keyboard, "- Copy", "Kopie"
_LONGEST = 40  # letters; a longer name is another's

_SECTION = re.compile(rb"^\s*\[\[?\s*[\"']?(?:box|mews|coder_bridge|visionline)[\"']?\s*[\].]", re.MULTILINE)
_SECRET = re.compile(
    rb"\b(?:%s)[\"']?\s*=\s*(?:\"([^\"\r\n]*)\"|'([^'\r\n]*)')" % "|".join(sorted(SECRET_NAMES)).encode()
)
_TELLING = 6  # bytes; a shorter secret stands in any file by chance


def pieces(files: Iterable[BootFile]) -> list[BootFile]:
    """What a check of the partition has made of broken files: to be erased, whatever becomes of the file."""
    return [file for file in files if _PIECE.fullmatch(file.name.casefold())]


def ours(files: Iterable[BootFile], is_taken: Callable[[BootFile], bool]) -> list[BootFile]:
    """What surely is the file that the box has taken, or a backup of it: to be erased like the file itself.

    `is_taken` tells of a file with content whether the box took one with this content at any time.
    """
    return [file for file in _others(files) if _is_backup(file) or (file.content and is_taken(file))]


def left(files: Iterable[BootFile], known: frozenset[bytes]) -> list[BootFile]:
    """What holds a known secret, or is a provisioning file with secrets of its own: for a person to delete."""
    return [file for file in _others(files) if _tells(file, known) or (is_attempt(file) and _own_secrets(file))]


def attempts(files: Iterable[BootFile]) -> list[BootFile]:
    """What may have been meant as the provisioning file, in a place where somebody sees it."""
    return [file for file in _others(files) if is_attempt(file) and not re.search(r"(?:^|/)[.$~#]", file.name)]


def is_attempt(file: BootFile) -> bool:
    """Whether name or content is nearly that of a provisioning file; not the image's own example, untouched."""
    name = _base(file)
    if name == EXAMPLE:
        return bool(_own_secrets(file))
    if name == RESULT:
        return False
    return _has_sections(file) or (is_similar(file.name) and not _BACKUP.fullmatch(name))


def is_similar(name: str) -> bool:
    """Whether a name is nearly that of the provisioning file: copied, downloaded twice, shortened, mistyped."""
    stem = name.casefold().rpartition("/")[2].lstrip(".").partition(".")[0]
    letters = "".join(filter(str.isalpha, stem))
    if _STEM in letters or letters.startswith(_STEM[:6]):  # PROVIS~1.TOM
        return True
    return len(letters) <= _LONGEST and SequenceMatcher(None, _STEM, letters).ratio() >= _ALIKE


def secrets(text: bytes) -> frozenset[bytes]:
    """The tokens and passwords in a provisioning file, whether it is good or not, but for those of the example."""
    found = (quoted or plainly for quoted, plainly in _SECRET.findall(_utf8(text)))
    return frozenset(filter(None, found)) - PUBLISHED


def _others(files: Iterable[BootFile]) -> list[BootFile]:
    """All but what is offered, and what goes anyway."""
    return [
        file for file in files if file.name.casefold() not in NAMES and not _PIECE.fullmatch(file.name.casefold())
    ]


def _is_backup(file: BootFile) -> bool:
    """By its name, at the top or in a bin: in a folder of somebody's it may be another hotel's."""
    name = file.name.casefold()
    in_bin = _BIN.match(name) is not None
    return (in_bin and _base(file) in NAMES) or (
        (in_bin or "/" not in name) and _BACKUP.fullmatch(_base(file)) is not None
    )


def _has_sections(file: BootFile) -> bool:
    return file.content is not None and _SECTION.search(_utf8(file.content)) is not None


def _own_secrets(file: BootFile) -> frozenset[bytes]:
    return secrets(file.content or b"")


def _tells(file: BootFile, known: frozenset[bytes]) -> bool:
    text = _utf8(file.content or b"")
    return any(secret in text for secret in known if len(secret) >= _TELLING)


def _base(file: BootFile) -> str:
    return file.name.casefold().rpartition("/")[2]


def _utf8(text: bytes) -> bytes:
    """What Notepad calls Unicode, in the bytes of all others."""
    is_utf16 = text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return text.decode("utf-16", "replace").encode(errors="replace") if is_utf16 else text
