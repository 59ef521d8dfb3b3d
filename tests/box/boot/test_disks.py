"""What the partition table says, and what is asked of the programs that change it."""

from pathlib import Path

import pytest

from agent.box.boot.disks import Disk, Partition, Table, kernel_knows

MIB = 1024 * 1024


def table(*partitions: Partition, sectorsize: int = 512) -> Table:
    return Table("gpt", "/dev/vda", sectorsize, partitions)


@pytest.mark.parametrize(
    ("node", "number"),
    [
        ("/dev/vda3", "3"),
        ("/dev/sda7", "7"),
        ("/dev/mmcblk0p7", "7"),
        ("/dev/nvme0n1p12", "12"),
        ("/dev/loop0p7", "7"),
    ],
)
def test_the_number_is_the_end_of_the_node(node: str, number: str) -> None:
    assert Partition(node, 0, 1).number == number


def test_a_new_partition_begins_behind_the_last_one_aligned_and_in_no_gap() -> None:
    last = Partition("/dev/vda2", 20 * 2048, 100)
    first = Partition("/dev/vda1", 2048, 2048)
    assert table(first, last).first_free() == 21 * 2048
    assert table(last, first).first_free() == 21 * 2048


def test_a_disk_with_big_sectors_is_counted_in_them() -> None:
    partition = Partition("/dev/sda1", 256, 256)
    assert table(partition, sectorsize=4096).first_free() == 512
    assert table(partition, sectorsize=4096).bytes_behind(partition, 10 * MIB) == 8 * MIB


def test_nothing_is_free_behind_a_partition_that_another_one_follows() -> None:
    first, last = Partition("/dev/vda1", 2048, 2048), Partition("/dev/vda2", 8192, 2048)
    assert table(first, last).bytes_behind(first, 100 * MIB) == 0
    assert table(first, last).bytes_behind(last, 100 * MIB) == 95 * MIB


def test_the_kernel_knows_a_partition_by_its_length(tmp_path: Path) -> None:
    disk, partition = Disk(Path("/dev/vda"), tmp_path), Partition("/dev/vda7", 2048, 100)
    assert not kernel_knows(disk, partition, 512)
    (tmp_path / "vda7").mkdir()
    (tmp_path / "vda7" / "size").write_text("100\n")
    assert kernel_knows(disk, partition, 512)
    assert not kernel_knows(disk, partition, 4096)
