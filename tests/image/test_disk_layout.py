"""The disk as genimage makes it: partitions, constant identifiers, the Pi's MBR, holes; and arm64's firmware."""

import json
import os
import struct
import subprocess
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

HERE = Path(__file__).parents[2]
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
MIB = 1024 * 1024
SIZES = {"boot": 128, "kernel-a": 96, "root-a": 512, "kernel-b": 96, "root-b": 512, "bootstate": 8}  # MiB
LINUX = "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
BOOT_TYPE = {"amd64": "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "arm64": "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"}
INPUTS = {"boot.vfat": b"boot", "kernel.vfat": b"kernel", "root.squashfs": b"root", "bootstate.img": b"state"}
ARCHITECTURES = pytest.mark.parametrize("arch", ["amd64", "arm64"])
needs_genimage = pytest.mark.needs("genimage", "sfdisk")


def build(folder: Path, arch: str, more: Mapping[str, bytes] = MappingProxyType({})) -> Path:
    for name in ("in", "empty", "tmp"):
        (folder / name).mkdir(parents=True)
    for name, content in {**INPUTS, **more}.items():
        (folder / "in" / name).write_bytes(content)
    command = (
        *("genimage", "--config", str(HERE / f"image/disk/genimage-{arch}.cfg"), "--loglevel", "0"),
        *("--rootpath", str(folder / "empty"), "--tmppath", str(folder / "tmp")),
        *("--inputpath", str(folder / "in"), "--outputpath", str(folder / "out")),
    )
    subprocess.run(command, check=True, capture_output=True, env={"PATH": PATH})
    return folder / "out/disk.img"


def table(disk: Path) -> dict[str, dict[str, str | int]]:
    """By label, in sfdisk's words; the disk's own identifier under ""."""
    done = subprocess.run(["sfdisk", "--json", str(disk)], check=True, capture_output=True, env={"PATH": PATH})
    read = json.loads(done.stdout)["partitiontable"]
    assert read["label"] == "gpt"
    return {"": {"id": read["id"]}} | {part["name"]: part for part in read["partitions"]}


def identifier(name: str, arch: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.{arch}.nightporter")).upper()


@needs_genimage
@ARCHITECTURES
def test_the_partitions_are_those_of_the_design(tmp_path: Path, arch: str) -> None:
    parts = table(build(tmp_path, arch))
    sizes = {name: int(part["size"]) * 512 // MIB for name, part in parts.items() if name}
    assert list(sizes.items()) == list(SIZES.items())
    assert {name: part["type"] for name, part in parts.items() if name} == {
        name: BOOT_TYPE[arch] if name == "boot" else LINUX for name in SIZES
    }
    assert all(int(part["start"]) * 512 % MIB == 0 for name, part in parts.items() if name)


@needs_genimage
@ARCHITECTURES
def test_the_identifiers_are_made_from_the_names(tmp_path: Path, arch: str) -> None:
    parts = table(build(tmp_path, arch))
    assert parts.pop("")["id"] == identifier("disk", arch)
    assert {name: part["uuid"] for name, part in parts.items()} == {name: identifier(name, arch) for name in SIZES}


@needs_genimage
@ARCHITECTURES
def test_slot_a_is_filled_slot_b_is_empty_and_nothing_but_the_content_takes_room(
    tmp_path: Path, arch: str
) -> None:
    disk = build(tmp_path, arch)
    parts = table(disk)
    content = {"boot": b"boot", "kernel-a": b"kernel", "root-a": b"root", "bootstate": b"state"}
    with disk.open("rb") as file:
        for name in SIZES:
            file.seek(int(parts[name]["start"]) * 512)
            assert file.read(6).rstrip(b"\0") == content.get(name, b"")
    assert disk.stat().st_blocks * 512 < 2 * MIB


@needs_genimage
@ARCHITECTURES
def test_zeros_that_were_written_stay_written_as_a_block_map_tells_holes_from_zeros(
    tmp_path: Path, arch: str
) -> None:
    disk = build(tmp_path, arch, {"kernel.vfat": bytes(3 * MIB) + b"end"})
    start = int(table(disk)["kernel-a"]["start"]) * 512
    with disk.open("rb") as file:
        assert os.lseek(file.fileno(), start, os.SEEK_HOLE) >= start + 3 * MIB


@needs_genimage
@ARCHITECTURES
def test_two_disks_of_the_same_inputs_are_equal(tmp_path: Path, arch: str) -> None:
    one, two = build(tmp_path / "one", arch), build(tmp_path / "two", arch)
    assert subprocess.run(["cmp", str(one), str(two)]).returncode == 0


@needs_genimage
def test_a_pi_3_finds_the_boot_partition_in_the_mbr_and_all_others_find_the_gpt(tmp_path: Path) -> None:
    with build(tmp_path, "arm64").open("rb") as file:
        mbr = file.read(512)
    entries = [struct.unpack_from("<B3xB3xII", mbr, 446 + 16 * number) for number in range(4)]
    kinds = [(kind, start, sectors) for _, kind, start, sectors in entries]
    assert kinds[0] == (0x0C, 2048, 128 * MIB // 512)
    assert kinds[1][:2] == (0xEE, 1)  # what Linux and U-Boot ask for before they read the GPT
    assert kinds[2:] == [(0, 0, 0), (0, 0, 0)]
    assert mbr[440:444] == bytes.fromhex(identifier("disk", "arm64")[:8])[::-1]


@needs_genimage
def test_a_pc_finds_nothing_but_the_gpt(tmp_path: Path) -> None:
    with build(tmp_path, "amd64").open("rb") as file:
        mbr = file.read(512)
    assert [mbr[446 + 16 * number + 4] for number in range(4)] == [0xEE, 0, 0, 0]


@needs_genimage
@ARCHITECTURES
def test_the_data_partition_can_be_added_on_a_bigger_card(tmp_path: Path, arch: str) -> None:
    disk = build(tmp_path, arch)
    with disk.open("r+b") as file:
        file.truncate(4 * 1024 * MIB)
        before = file.read(512)
    added = subprocess.run(
        ["sfdisk", "--append", "--no-reread", "--quiet", str(disk)],
        input=b'size=+, name="data"\n', env={"PATH": PATH}, capture_output=True,
    )  # fmt: skip
    assert added.returncode == 0
    assert int(table(disk)["data"]["size"]) * 512 > 2 * 1024 * MIB
    with disk.open("rb") as file:
        assert arch == "amd64" or file.read(512) == before


def firmware() -> list[list[str]]:
    lines = (HERE / "image/boot/arm64/firmware.list").read_text().splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


def test_each_firmware_file_comes_from_a_package_of_the_image() -> None:
    packages = (HERE / "image/packages/arm64").read_text()
    assert {package for package, _, _ in firmware()} == {"raspi-firmware", "u-boot-rpi", "linux-image"}
    assert all(package in packages for package, _, _ in firmware())


def test_the_firmware_starts_u_boot_with_linux_own_trees() -> None:
    names = {name for _, _, name in firmware()}
    lines = (HERE / "image/boot/arm64/config.txt").read_text().splitlines()
    settings = dict(line.split("=") for line in lines if "=" in line and not line.startswith("#"))
    assert settings["kernel"] in names
    assert (settings["arm_64bit"], settings["upstream_kernel"], settings["enable_uart"]) == ("1", "1", "1")
    assert {"bootcode.bin", "start.elf", "fixup.dat", "start4.elf", "fixup4.dat"} <= names
    assert {"bcm2837-rpi-3-b.dtb", "bcm2837-rpi-3-b-plus.dtb", "bcm2711-rpi-4-b.dtb"} <= names
    assert int(settings["gpu_mem"]) > 16  # at 16 the firmware asks for other files, start_cd.elf and start4cd.elf


@pytest.mark.needs("mkimage")
def test_collect_gathers_the_boot_partitions_files_and_a_first_boot_order(tmp_path: Path) -> None:
    done = collect(tmp_path, {name for _, _, name in firmware()})
    assert done.returncode == 0, done.stderr
    gathered = {path.name for path in (tmp_path / "work/firmware").iterdir()}
    assert gathered == {name for _, _, name in firmware()} | {"config.txt", "boot.scr"}
    state = tmp_path / "work/uboot-env.img"
    assert state.stat().st_size == 8 * MIB
    assert state.read_bytes()[4:60].split(b"\0")[:3] == [b"BOOT_A_LEFT=3", b"BOOT_B_LEFT=0", b"BOOT_ORDER=A"]


@pytest.mark.needs("mkimage")
def test_collect_names_the_firmware_file_that_is_missing(tmp_path: Path) -> None:
    done = collect(tmp_path, {name for _, _, name in firmware()} - {"start4.elf"})
    assert done.returncode == 1
    assert "raspi-firmware should have exactly one usr/lib/raspi-firmware/start4.elf" in done.stderr


def collect(folder: Path, names: set[str]) -> subprocess.CompletedProcess[str]:
    root, work = folder / "root", folder / "work"
    for _, path, name in firmware():
        if name in names:
            file = root / path.replace("*", "6.12")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"x")
    (work / "kernel").mkdir(parents=True)
    (work / "kernel/vmlinuz").write_bytes(bytes(16) + b"\0\0\1" + bytes(37) + b"ARMd" + bytes(100))
    (work / "kernel/initrd.img").write_bytes(b"x")
    return subprocess.run(
        [str(HERE / "image/boot/arm64/collect"), str(root), str(work)], cwd=HERE, capture_output=True, text=True,
        env={"PATH": PATH, "SOURCE_DATE_EPOCH": "1767225600", "PYTHON": sys.executable},
    )  # fmt: skip
