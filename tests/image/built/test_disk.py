"""The disk: its partitions, and what is in those that no file system check would tell us of."""

from collections.abc import Callable
from pathlib import Path

from tests.image.built.conftest import ARCH

MB = 1024 * 1024
MOST_PACKED = 230 * 10**6  # bytes of the .img.xz
Partitions = dict[str, tuple[int, int]]


def test_the_partitions_are_those_of_the_design_and_data_is_left_to_the_box(partitions: Partitions) -> None:
    assert list(partitions) == ["boot", "kernel-a", "root-a", "kernel-b", "root-b", "bootstate"]
    sizes = [size // MB for _, size in partitions.values()]
    assert sizes == [128, 96, 512, 96, 512, 8]


def test_both_slots_are_equally_big(partitions: Partitions) -> None:
    assert partitions["root-a"][1] == partitions["root-b"][1]
    assert partitions["kernel-a"][1] == partitions["kernel-b"][1]


def test_the_boot_partition_holds_the_loader_and_an_example_for_the_installer(fat: Callable[[str], str]) -> None:
    names = fat("boot")
    loader = "BOOTX64.EFI" if ARCH == "amd64" else "u-boot.bin"
    assert loader in names
    assert "provisioning-example.toml" in names
    assert "::/provisioning.toml" not in names


def test_the_first_kernel_slot_is_filled(fat: Callable[[str], str]) -> None:
    assert {"::/vmlinuz", "::/initrd.img"} <= set(fat("kernel-a").split())


def test_the_packed_image_is_small_enough(disk: Path) -> None:
    packed = disk.with_name(disk.name + ".xz")
    if packed.exists():  # `make image-check` alone does not pack
        assert packed.stat().st_size <= MOST_PACKED


def test_a_slot_leaves_room_for_later_versions(disk: Path, partitions: Partitions) -> None:
    start, size = partitions["root-a"]
    with disk.open("rb") as file:
        file.seek(start + 40)  # squashfs 4.0: bytes_used is at 40 in the superblock
        used = int.from_bytes(file.read(8), "little")
    assert used < size / 2
