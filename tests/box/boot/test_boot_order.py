"""RAUC's settings on both kinds of box, and the grub-editenv that it calls: the boot order is never lost."""

import os
import subprocess
from configparser import ConfigParser
from pathlib import Path
from shutil import which

import pytest

IMAGE = Path(__file__).parents[3] / "image"
OURS = IMAGE / "root" / "usr" / "lib" / "nightporter" / "bin" / "grub-editenv"
REAL = which("grub-editenv")
ORDER = ["ORDER=A B", "A_OK=1", "A_TRY=1", "B_OK=0", "B_TRY=0"]
with_grub = pytest.mark.needs("grub-editenv")


def settings(arch: str) -> ConfigParser:
    parser = ConfigParser()
    parser.read(IMAGE / "rauc" / f"system.conf.{arch}")
    return parser


def test_both_kinds_of_box_differ_in_the_boot_loader_alone() -> None:
    pc, pi = settings("amd64"), settings("arm64")
    assert pc.sections() == pi.sections()
    for section in pc.sections():
        if section != "system":
            assert dict(pc[section]) == dict(pi[section])
    different = {key for key in {*pc["system"], *pi["system"]} if pc["system"].get(key) != pi["system"].get(key)}
    assert different == {"compatible", "bootloader", "grubenv", "boot-attempts", "boot-attempts-primary"}


@pytest.mark.parametrize("arch", ["amd64", "arm64"])
def test_only_signed_and_checked_bundles_not_below_the_floor_are_taken(arch: str) -> None:
    system, keyring = settings(arch)["system"], settings(arch)["keyring"]
    assert system["compatible"] == f"nightporter-{arch}"
    assert system["bundle-formats"] == "verity"
    assert system["min-bundle-version"] == (IMAGE / "version-floor").read_text().strip()
    assert keyring["check-purpose"] == "codesign"


@pytest.mark.parametrize("arch", ["amd64", "arm64"])
def test_a_kernel_belongs_to_its_root(arch: str) -> None:
    found = settings(arch)
    for index, letter in enumerate("ab"):
        root, kernel = found[f"slot.rootfs.{index}"], found[f"slot.kernel.{index}"]
        assert root["device"] == f"/dev/disk/by-partlabel/root-{letter}"
        assert root["bootname"] == letter.upper()
        assert kernel["device"] == f"/dev/disk/by-partlabel/kernel-{letter}"
        assert kernel["parent"] == f"rootfs.{index}"
        assert root["type"] == kernel["type"] == "raw"


# -- grub-editenv -------------------------------------------------------------------------------------------------


class BootOrder:
    """A grubenv in `folder`, as the build makes it, on a box that runs slot B."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "grubenv"
        (folder / "cmdline").write_text("quiet rauc.slot=B panic=10\n")
        content = "\n".join(["# GRUB Environment Block", *ORDER, ""])
        self.path.write_text(content.ljust(1024, "#"))

    def call(self, *words: str, real: str = "") -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "TMPDIR": str(self.folder),
            "NIGHTPORTER_CMDLINE": str(self.folder / "cmdline"),
            "NIGHTPORTER_GRUB_EDITENV": real or REAL or "",
        }
        return subprocess.run(
            [OURS, self.path, *words], env=environment, capture_output=True, text=True, check=False
        )

    @property
    def variables(self) -> list[str]:
        return self.call("list").stdout.splitlines()


@pytest.fixture
def order(tmp_path: Path) -> BootOrder:
    return BootOrder(tmp_path)


@with_grub
def test_variables_are_listed_and_set_as_by_the_real_one(order: BootOrder) -> None:
    assert order.variables == ORDER
    assert order.call("set", "B_OK=1", "B_TRY=0", "ORDER=B A").returncode == 0
    assert order.variables == ["ORDER=B A", "A_OK=1", "A_TRY=1", "B_OK=1", "B_TRY=0"]
    assert order.path.stat().st_size == 1024


@with_grub
def test_the_file_is_written_where_it_lies_and_only_its_first_sector(order: BootOrder) -> None:
    before = order.path.stat().st_ino
    mark = os.urandom(16).hex().encode()
    content = order.path.read_bytes()
    order.path.write_bytes(content[:-32] + mark)  # GRUB and RAUC never look there
    order.call("set", "A_TRY=0")
    assert order.path.stat().st_ino == before
    assert order.path.read_bytes()[-32:] == mark
    assert {path.name for path in order.folder.iterdir()} == {"grubenv", "cmdline"}


@with_grub
def test_what_is_set_already_is_not_written(order: BootOrder) -> None:
    os.utime(order.path, (1, 1))
    assert order.call("set", "A_OK=1").returncode == 0
    assert order.path.stat().st_mtime == 1


@with_grub
@pytest.mark.parametrize("damage", ["missing", "empty", "rubbish", "short", "without an order"])
def test_a_boot_order_that_cannot_be_read_is_made_anew_and_starts_what_runs(order: BootOrder, damage: str) -> None:
    order.path.unlink()
    if damage != "missing":
        blank = b"# GRUB Environment Block\n".ljust(1024, b"#")
        damaged = {"empty": b"", "rubbish": os.urandom(1024), "short": b"# GRUB", "without an order": blank}
        order.path.write_bytes(damaged[damage])
    assert order.call("set", "B_OK=1", "B_TRY=0").returncode == 0
    assert order.variables == ["ORDER=B A", "A_OK=1", "A_TRY=0", "B_OK=1", "B_TRY=0"]
    assert order.path.stat().st_size == 1024


@with_grub
def test_a_box_that_runs_slot_a_starts_slot_a(order: BootOrder) -> None:
    (order.folder / "cmdline").write_text("rauc.slot=A\n")
    order.path.unlink()
    order.call("set", "A_OK=1")
    assert order.variables[0] == "ORDER=A B"


def test_a_real_one_that_fails_leaves_the_file_as_it_is(order: BootOrder) -> None:
    before = order.path.read_bytes()
    fails = order.folder / "fails"
    fails.write_text('#!/bin/sh\n[ "$2" = list ] && echo ORDER=A || exit 1\n')
    fails.chmod(0o755)
    assert order.call("set", "B_OK=1", real=str(fails)).returncode != 0
    assert order.path.read_bytes() == before
