"""Reads a support bundle, which may be any file: by its members' names and texts, in memory alone. Pure.

Must never unpack anything to a disk, believe a size, or hold more than `MOST_UNPACKED` of what is inside.
"""

import io
import re
import tarfile
import zlib
from collections.abc import Mapping

import msgspec

from agent.foundation.errors import UserMistake
from agent.status.bundle.packing import FORMAT, MANIFEST, Manifest

MOST_PACKED = 8_000_000  # bytes of a file that is looked at; one of ours has a quarter of that
MOST_UNPACKED = 32_000_000  # bytes; a log compresses ten to twenty times
MOST_MEMBERS = 64
_MEMBER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}")
_GZIP = 16 + zlib.MAX_WBITS  # zlib: with the header and the checksum of gzip
_NO_BUNDLE = "That is no support bundle, or a damaged one"


class Opened(msgspec.Struct, frozen=True):
    """What is in a bundle: the manifest, and all texts by the names of their members."""

    manifest: Manifest
    texts: Mapping[str, str]


def opened(content: bytes) -> Opened:
    """The bundle in these bytes. Raises `UserMistake`."""
    texts = _members(_unpacked(content))
    try:
        manifest = msgspec.json.decode(texts.get(MANIFEST, ""), type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise UserMistake(f"{_NO_BUNDLE}: it has no {MANIFEST} that can be read.") from None
    if manifest.format != FORMAT:
        raise UserMistake(
            f"This bundle has the format {manifest.format}, and this version reads {FORMAT}: use the box's own."
        )
    return Opened(manifest, texts)


def _unpacked(content: bytes) -> bytes:
    if len(content) > MOST_PACKED:
        raise UserMistake(f"{_NO_BUNDLE}: it has more than {MOST_PACKED} bytes.")
    unpacking = zlib.decompressobj(_GZIP)
    try:
        plain = unpacking.decompress(content, MOST_UNPACKED + 1)
    except zlib.error:
        raise UserMistake(f"{_NO_BUNDLE}: it is not packed as one.") from None
    if len(plain) > MOST_UNPACKED:
        raise UserMistake(f"{_NO_BUNDLE}: unpacked it has more than {MOST_UNPACKED} bytes.")
    if not unpacking.eof:
        raise UserMistake(f"{_NO_BUNDLE}: its end is missing. Fetch it once more.")
    return plain


def _members(plain: bytes) -> dict[str, str]:
    texts: dict[str, str] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            while (member := archive.next()) is not None and len(texts) < MOST_MEMBERS:
                if not member.isreg() or member.issparse() or not _MEMBER.fullmatch(member.name):
                    continue  # a folder, a link, a path that leads elsewhere: none is ours
                file = archive.extractfile(member)
                assert file is not None  # of a regular one there always is
                texts.setdefault(member.name, file.read(MOST_UNPACKED).decode(errors="replace"))
    except (tarfile.TarError, ValueError, OverflowError, EOFError, RecursionError):  # the last: names of names
        raise UserMistake(f"{_NO_BUNDLE}: what is inside cannot be read.") from None
    return texts
