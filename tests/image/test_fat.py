"""`image/disk/fat`: a folder becomes a FAT image, the same bytes each time."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FAT = Path(__file__).parents[2] / "image/disk/fat"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
ENVIRONMENT = {"PATH": PATH, "SOURCE_DATE_EPOCH": "1767225600", "MTOOLS_SKIP_CHECK": "1"}
LONG = "a rather long name.toml"

pytestmark = pytest.mark.needs("mkfs.vfat", "mcopy", "mmd", "mdir", "mtype", "fsck.vfat")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    (folder / "EFI/BOOT").mkdir(parents=True)
    (folder / "EFI/BOOT/BOOTX64.EFI").write_bytes(bytes(range(256)) * 400)
    (folder / LONG).write_text("format = 1\n")
    (folder / "config.txt").write_text("kernel=u-boot.bin\n")
    return folder


def make(tree: Path, image: Path, size: str = "128M", **more: str) -> subprocess.CompletedProcess[str]:
    words = [str(FAT), str(tree), str(image), size, "NIGHTPORTER", "4E500001"]
    return subprocess.run(words, env=ENVIRONMENT | more, capture_output=True, text=True)


def run(*words: str) -> str:
    return subprocess.run(words, env=ENVIRONMENT, check=True, capture_output=True, text=True).stdout


def test_two_images_of_one_tree_are_equal_whenever_and_wherever_they_are_made(tree: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for path in sorted(tree.rglob("*"), reverse=True):  # another order on the disk
        if path.is_file():
            (other / path.relative_to(tree)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, other / path.relative_to(tree))
            os.utime(other / path.relative_to(tree), (1, 1))
    assert make(tree, tmp_path / "one").returncode == 0
    assert make(other, tmp_path / "two", TZ="Asia/Tokyo", LC_ALL="C.UTF-8").returncode == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(("size", "kind"), [("128M", "FAT32"), ("96M", "FAT32"), ("8M", "FAT12")])
def test_a_file_system_check_finds_nothing(tree: Path, tmp_path: Path, size: str, kind: str) -> None:
    image = tmp_path / "image"
    assert make(tree, image, size).returncode == 0
    run("fsck.vfat", "-n", str(image))
    assert image.stat().st_size == int(size[:-1]) * 1024 * 1024
    with image.open("rb") as file:
        assert kind.encode() in file.read(512)


def test_label_serial_number_times_and_content_are_those_that_were_given(tree: Path, tmp_path: Path) -> None:
    image = tmp_path / "image"
    make(tree, image)
    listing = run("mdir", "-i", str(image), "-/", "::")
    assert "NIGHTPORTER" in listing
    assert "4E50-0001" in listing
    dated = [line for line in listing.splitlines() if "2026-01-01" in line]
    assert len(dated) == 3 + 3 + 3  # EFI and two files; EFI's ".", ".." and BOOT; BOOT's ".", ".." and the loader
    assert run("mtype", "-i", str(image), f"::{LONG}") == "format = 1\n"


def test_the_entries_are_in_the_order_of_their_names(tree: Path, tmp_path: Path) -> None:
    image = tmp_path / "image"
    make(tree, image)
    names = run("mdir", "-b", "-i", str(image), "::").split("\n")
    assert [name for name in names if name] == ["::/EFI/", f"::/{LONG}", "::/config.txt"]


def test_what_is_not_used_stays_a_hole(tree: Path, tmp_path: Path) -> None:
    image = tmp_path / "image"
    make(tree, image)
    assert image.stat().st_blocks * 512 < 4 * 1024 * 1024


def test_its_tables_are_no_holes_as_a_card_that_was_in_use_needs_their_zeros(tree: Path, tmp_path: Path) -> None:
    image = tmp_path / "image"
    make(tree, image)
    with image.open("rb") as file:
        boot = file.read(512)
        reserved, tables = int.from_bytes(boot[14:16], "little"), int.from_bytes(boot[36:40], "little") * boot[16]
        assert os.lseek(file.fileno(), 0, os.SEEK_HOLE) >= (reserved + tables) * 512


def test_a_link_is_refused_rather_than_left_out(tree: Path, tmp_path: Path) -> None:
    (tree / "link").symlink_to("config.txt")
    done = make(tree, tmp_path / "image")
    assert done.returncode == 1
    assert "./link" in done.stderr


def test_without_a_date_it_does_not_start(tree: Path, tmp_path: Path) -> None:
    assert make(tree, tmp_path / "image", SOURCE_DATE_EPOCH="").returncode != 0
    assert not (tmp_path / "image").exists()


def test_words_that_are_missing_are_said() -> None:
    done = subprocess.run([str(FAT), "tree"], env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "TREE IMAGE SIZE LABEL SERIAL" in done.stderr
