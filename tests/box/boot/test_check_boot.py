"""The boot partition, a real FAT32, is checked before it is mounted: where somebody did not get to the end."""

import os
import struct
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "image/root/usr/lib/nightporter/bin/check-boot"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
ENVIRONMENT = {"PATH": PATH, "MTOOLS_SKIP_CHECK": "1"}
SECTOR = 512
TEXT = b"format = 1\n" * 60

pytestmark = pytest.mark.needs("mkfs.vfat", "fsck.vfat", "mcopy", "mdir", "mtype")


def run(*words: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(words, env=ENVIRONMENT, check=check, capture_output=True)


class Card:
    """A boot partition with one file on it, as the image has it: FAT32 with clusters of 1 KB."""

    def __init__(self, folder: Path) -> None:
        self.image = folder / "boot.img"
        with self.image.open("wb") as file:
            file.truncate(128 * 1024 * 1024)
        run("mkfs.vfat", "-F", "32", "-s", "2", str(self.image))
        local = folder / "local"
        local.write_bytes(TEXT)
        run("mcopy", "-i", str(self.image), str(local), "::provisioning.toml")

    def mark(self) -> None:
        """What a mount for writing does first."""
        self.write(65, b"\x01")

    def write(self, offset: int, content: bytes) -> None:
        with self.image.open("r+b") as file:
            os.pwrite(file.fileno(), content, offset)

    def free(self, *, in_copies: tuple[int, ...] = (0, 1)) -> None:
        """Mark the file's room as free, in these copies of the table, and leave its entry in the folder."""
        head = self.image.read_bytes()[:64]
        reserved, length = struct.unpack_from("<H", head, 14)[0], struct.unpack_from("<I", head, 36)[0]
        for copy in in_copies:
            self.write((reserved + copy * length) * SECTOR + 3 * 4, bytes(4))  # cluster 2 is the root folder

    def forget(self) -> None:
        """Mark the file's entry in the folder as deleted, and leave its room taken."""
        content = self.image.read_bytes()
        self.write(content.index(b"PROVIS~1TOM"), b"\xe5")

    def check(self) -> str:
        return run(str(SCRIPT), str(self.image)).stdout.decode()

    @property
    def names(self) -> list[str]:
        return run("mdir", "-b", "-i", str(self.image), "::").stdout.decode().replace("::/", "").split()

    @property
    def is_sound(self) -> bool:
        return run("fsck.vfat", "-n", str(self.image), check=False).returncode == 0


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return Card(tmp_path)


def test_what_was_written_to_the_end_is_not_touched(card: Card) -> None:
    before = card.image.read_bytes()
    assert card.check() == ""
    assert card.image.read_bytes() == before


def test_the_mark_alone_is_taken_away_and_the_file_stays(card: Card) -> None:
    card.mark()
    assert "was not written to the end" in card.check()
    assert card.is_sound
    assert run("mtype", "-i", str(card.image), "::provisioning.toml").stdout == TEXT


@pytest.mark.parametrize("copies", [(0, 1), (0,), (1,)])
def test_a_file_without_room_no_longer_stops_who_removes_it(card: Card, copies: tuple[int, ...]) -> None:
    card.mark()
    card.free(in_copies=copies)
    card.check()
    assert card.is_sound
    assert card.names == ["provisioning.toml"]


def test_room_without_a_file_becomes_one_that_the_box_erases(card: Card) -> None:
    card.mark()
    card.forget()
    card.check()
    assert card.is_sound
    assert card.names == ["FSCK0000.REC"]
    assert run("mtype", "-i", str(card.image), "::FSCK0000.REC").stdout.rstrip(b"\0") == TEXT


def test_what_is_no_fat_stays_as_it_is(tmp_path: Path) -> None:
    image = tmp_path / "boot.img"
    image.write_bytes(b"\xff" * 4096)
    run(str(SCRIPT), str(image))
    assert image.read_bytes() == b"\xff" * 4096
