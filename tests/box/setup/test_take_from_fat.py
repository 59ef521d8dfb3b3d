"""Taking a file from a real FAT, made by mtools: not a byte of a secret is left in its image.

The FAT is read and written by fusefat, in the place of the kernel's driver; the emulated machine shows that one.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.box.setup.taking import PROFILE, Box, provisioning

SECRET = "canary 7f3a91c2"
GOOD = provisioning(SECRET)

pytestmark = pytest.mark.needs(
    "mformat", "mcopy", "mdir", "mtype", "fusefat", "fusermount", "fsck.vfat", "/dev/fuse"
)


class Card:
    """The image of a boot partition, and the box that it is put into."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.image = folder / "boot.img"
        with self.image.open("wb") as file:
            file.truncate(64 * 1024 * 1024)
        tool("mformat", "-F", "-i", str(self.image), "::")

    def copy(self, name: str, content: bytes) -> None:
        """As an installer's laptop does it."""
        local = self._folder / "local"
        local.write_bytes(content)
        tool("mcopy", "-o", "-i", str(self.image), str(local), f"::{name}")
        local.unlink()

    @property
    def names(self) -> list[str]:
        return tool("mdir", "-b", "-i", str(self.image), "::").replace("::/", "").splitlines()

    @contextmanager
    def in_box(self) -> Iterator[Box]:
        boot = self._folder / "mounted"
        boot.mkdir(exist_ok=True)
        # In the foreground: it has written everything when it ends, not when the mount is gone.
        argv = ("fusefat", "-f", "-o", "rw+", str(self.image), str(boot))
        with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as fat:
            wait_mounted(boot, fat)
            try:
                yield Box(self._folder / "box", boot)
            finally:
                tool("fusermount", "-u", str(boot))
                fat.wait(timeout=60)


def wait_mounted(folder: Path, fat: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 30
    while not folder.is_mount():
        if fat.poll() is not None or time.monotonic() > until:
            fat.kill()
            pytest.fail("fusefat does not mount the image")
        time.sleep(0.01)


def tool(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return Card(tmp_path)


def start(card: Card) -> Box:
    with card.in_box() as box:
        box.start()
        box.apply()
    return box


@pytest.mark.parametrize("name", ["provisioning.toml", "PROVISIONING.TOML", "provisioning.toml.txt"])
def test_of_a_taken_file_no_byte_stays_in_the_image(card: Card, name: str) -> None:
    card.copy(name, GOOD)
    assert SECRET.encode() in card.image.read_bytes()
    box = start(card)
    assert SECRET.encode() not in card.image.read_bytes()
    assert box.kept == {"provisioning.toml": GOOD}
    assert card.names == ["provisioning-result.txt"]


def test_of_copies_and_backups_no_byte_stays_either(card: Card) -> None:
    card.copy("provisioning.toml", GOOD)
    for name in ("provisioning (1).toml", ".provisioning.toml.swp", "aurora.txt"):
        card.copy(name, GOOD)
    start(card)
    assert SECRET.encode() not in card.image.read_bytes()
    assert card.names == ["provisioning-result.txt"]


def test_another_name_is_told_on_the_card_itself(card: Card) -> None:
    card.copy("Provisioning (1).TOML", GOOD)
    start(card)
    assert sorted(card.names) == ["Provisioning (1).TOML", "provisioning-result.txt"]
    assert "  Provisioning (1).TOML" in tool("mtype", "-i", str(card.image), "::provisioning-result.txt")


def test_a_refused_file_stays_and_a_good_one_after_it_is_taken(card: Card) -> None:
    card.copy("provisioning.toml", GOOD.replace(b"Europe/Vienna", b"Europe/Wien"))
    start(card)
    assert sorted(card.names) == ["provisioning-result.txt", "provisioning.toml"]
    card.copy("provisioning.toml", GOOD)
    assert start(card).kept == {"provisioning.toml": GOOD}
    assert card.names == ["provisioning-result.txt"]


def test_a_profile_comes_along(card: Card) -> None:
    card.copy("site.toml", PROFILE)
    card.copy("provisioning.toml", provisioning(SECRET, "site.toml"))
    box = start(card)
    assert PROFILE in box.kept.values()
    assert card.names == ["provisioning-result.txt"]


def test_the_fat_is_sound_afterwards(card: Card) -> None:
    card.copy("provisioning.toml", GOOD)
    start(card)
    tool("fsck.vfat", "-n", str(card.image))
    assert tool("mtype", "-i", str(card.image), "::provisioning-result.txt").startswith("taken")
