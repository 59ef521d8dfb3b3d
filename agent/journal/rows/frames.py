"""The frames of the journal's witness: how they are made, and what is read out of a file of them. Pure.

A frame is a few sectors long and says what one commit is about to write. The file is written in two halves by
turns; each half begins with a frame that has every open command, so that the other one can be written over next.
`base` is the number of that frame. Parts of a frame and of a row are only ever added, and at the end.
"""

import struct
import zlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import msgspec

SECTOR = 512  # bytes; the least that a disk takes
_MAKER, _VERSION = b"NPW", b"1"
_HEAD = struct.Struct("<4sII")  # maker and version, length of the body, CRC of the body

Values = tuple[Any, ...]  # a record's fields in the table's order; the first one is the id


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """What commit number `commit` is about to write, and the highest row given out.

    `number` counts up; `size` is the whole file's, in bytes.
    """

    size: int
    number: int
    base: int
    commit: int
    last_row: int
    rows: tuple[Values, ...]


class Condition(StrEnum):
    """What can be said of a witness as a whole."""

    ABSENT = "absent"
    FOREIGN = "foreign"  # a later version's: nothing in it is known, and nothing is wrong with it
    DAMAGED = "damaged"  # some frames are gone, or all
    WHOLE = "whole"


class Witnessed(msgspec.Struct, frozen=True):
    """What a witness knows: for each id the commit that wrote it last, and the values that it wrote.

    If it is whole, it has every command that was open at commit `since`, and all that changed up to `commit`. The
    last commit may have been cut short; the one before it was on the disk.
    """

    condition: Condition
    since: int = 0
    commit: int = 0
    last_row: int = 0
    rows: dict[str, Values] = {}


def encode(frame: Frame) -> bytes:
    """The frame in whole sectors."""
    body = msgspec.msgpack.encode(frame)
    head = _HEAD.pack(_MAKER + _VERSION, len(body), zlib.crc32(body))
    return (head + body).ljust(_sectors(_HEAD.size + len(body)) * SECTOR, b"\0")


def read(content: bytes) -> Witnessed:
    """What the content of a witness tells, however damaged it is."""
    frames = sorted(_frames(content), key=lambda frame: frame.number)
    if not frames:
        is_later = content.startswith(_MAKER) and not content.startswith(_MAKER + _VERSION)
        return Witnessed(Condition.FOREIGN if is_later else Condition.DAMAGED)
    # What is older than both halves' beginnings is left over, and may have ended long ago.
    floor = sorted({frame.base for frame in frames})[-2:][0]
    frames = [frame for frame in frames if frame.number >= floor]
    newest = frames[-1]
    numbers = list(range(floor, newest.number + 1))
    is_whole = len(content) == newest.size and [frame.number for frame in frames] == numbers
    # The disk refused a commit that was tried again with other rows.
    final = {frame.commit: frame for frame in frames}.values()
    return Witnessed(
        Condition.WHOLE if is_whole else Condition.DAMAGED,
        frames[0].commit,
        newest.commit,
        newest.last_row,
        {str(row[0]): (frame.commit, *row) for frame in final for row in frame.rows if row},
    )


def _frames(content: bytes) -> Iterator[Frame]:
    place = 0
    while place < len(content):
        frame, length = _frame_at(content, place)
        if frame is not None:
            yield frame
        place += length


def _frame_at(content: bytes, place: int) -> tuple[Frame | None, int]:
    """The frame that begins there, if one does, and how far it is to where the next one may begin."""
    head = content[place : place + _HEAD.size].ljust(_HEAD.size, b"\0")
    maker, length, checksum = _HEAD.unpack(head)
    body = content[place + _HEAD.size : place + _HEAD.size + length]
    if maker != _MAKER + _VERSION or len(body) < length or zlib.crc32(body) != checksum:
        return None, SECTOR
    try:
        frame = msgspec.msgpack.decode(body, type=Frame)
    except msgspec.DecodeError:  # sums up, and is none of ours all the same
        return None, SECTOR
    return frame, _sectors(_HEAD.size + length) * SECTOR


def _sectors(length: int) -> int:
    return -(-length // SECTOR)
