"""A power cut on a disk whose writes were logged: what was synced stays, of the rest any part."""

import random
import struct
from pathlib import Path

import pytest

from tests.image.emulator.write_log import DISCARD, FLUSH, FUA, SECTOR, Recording, entries, replay

SUPER = struct.pack("<QQQI", 0x6A736677736872, 1, 0, SECTOR).ljust(SECTOR, b"\0")
A_FLUSH = struct.pack("<QQQQ", 0, 0, FLUSH, 0).ljust(SECTOR, b"\0")


def request(sector: int, content: bytes, flags: int = 0) -> bytes:
    """A write of whole sectors, as the log has it."""
    return struct.pack("<QQQQ", sector, len(content) // SECTOR, flags, 0).ljust(SECTOR, b"\0") + content


def sectors(letters: str) -> bytes:
    """A sector for each letter."""
    return b"".join(letter.encode() * SECTOR for letter in letters)


def letters(content: bytes) -> str:
    """What `sectors` was given; "?" for a sector that is not whole."""
    cuts = [content[at : at + SECTOR] for at in range(0, len(content), SECTOR)]
    return "".join(chr(cut[0]) if cut == cut[:1] * SECTOR else "?" for cut in cuts)


def after(tmp_path: Path, log: bytes, seed: int = 0, before: str = "........") -> str:
    """The disk after a power cut at the log's end."""
    disk, file = tmp_path / "disk", tmp_path / "log"
    disk.write_bytes(sectors(before))
    file.write_bytes(log)
    replay(file, disk, random.Random(seed))
    return letters(disk.read_bytes())


def test_what_was_flushed_stays_whatever_the_dice_say(tmp_path: Path) -> None:
    log = SUPER + request(1, sectors("ab")) + request(2, sectors("c")) + A_FLUSH
    assert {after(tmp_path, log, seed) for seed in range(20)} == {".ac....."}


def test_of_what_was_not_flushed_any_part_may_stay_by_whole_sectors(tmp_path: Path) -> None:
    log = SUPER + request(0, sectors("s")) + A_FLUSH + request(1, sectors("ab")) + request(7, sectors("z"))
    found = {after(tmp_path, log, seed) for seed in range(200)}
    assert found == {f"s{first}{second}....{last}" for first in "a." for second in "b." for last in "z."}


def test_a_later_write_can_stay_while_an_earlier_one_is_lost(tmp_path: Path) -> None:
    log = SUPER + request(0, sectors("a")) + request(0, sectors("b"))
    assert {after(tmp_path, log, seed)[0] for seed in range(100)} == {".", "a", "b"}


def test_a_write_that_was_forced_through_stays(tmp_path: Path) -> None:
    log = SUPER + request(3, sectors("f"), FUA)
    assert {after(tmp_path, log, seed) for seed in range(20)} == {"...f...."}


def test_a_discard_leaves_what_is_there(tmp_path: Path) -> None:
    discard = struct.pack("<QQQQ", 0, 4, DISCARD, 0).ljust(SECTOR, b"\0")
    log = SUPER + request(0, sectors("a")) + discard + request(5, sectors("b")) + A_FLUSH
    assert after(tmp_path, log) == "a....b.."


@pytest.mark.parametrize("missing", [1, SECTOR, 2 * SECTOR - 1])
def test_an_entry_that_was_cut_short_is_left_out(tmp_path: Path, missing: int) -> None:
    log = SUPER + request(0, sectors("a")) + A_FLUSH + request(1, sectors("b"), FUA)
    assert after(tmp_path, log[:-missing]) == "a......."


def test_a_disk_that_was_asked_for_nothing_is_as_it_was(tmp_path: Path) -> None:
    assert after(tmp_path, b"") == "........"


def test_the_power_can_go_after_any_request(tmp_path: Path) -> None:
    recording, disk = Recording(tmp_path / "before", tmp_path / "log"), tmp_path / "disk"
    disk.write_bytes(sectors("..."))
    recording.begin(disk)
    recording.log.write_bytes(SUPER + A_FLUSH + b"".join(request(at, sectors("x")) + A_FLUSH for at in range(3)))
    disk.write_bytes(sectors("xxx"))
    assert recording.requests() == 7
    found = []
    for moment in range(8):
        assert recording.cut(disk, random.Random(7), moment).moment == min(moment, 7)
        found.append(letters(disk.read_bytes()))
    assert [found[at] for at in (0, 1, 3, 5, 7)] == ["...", "...", "x..", "xx.", "xxx"]
    assert found[2] in ("...", "x..")
    assert recording.before_flushes() == [2, 4, 6]


def test_the_loss_is_counted(tmp_path: Path) -> None:
    disk, file = tmp_path / "disk", tmp_path / "log"
    disk.write_bytes(bytes(64 * SECTOR))
    file.write_bytes(SUPER + A_FLUSH + b"".join(request(at, sectors("x")) for at in range(60)))
    loss = replay(file, disk, random.Random(1))
    assert loss.kept + loss.torn + loss.lost == 60
    assert min(loss.kept, loss.torn, loss.lost) > 0
    assert f"{loss.kept} stayed" in loss.text


def test_something_else_is_not_taken_for_a_log(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"no log".ljust(4 * SECTOR, b"x"))
    with file.open("rb") as log, pytest.raises(AssertionError, match="not a log"):
        list(entries(log))
