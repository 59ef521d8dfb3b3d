"""The A/B choice on arm64, by a real U-Boot: which slot it starts, what it writes before, what it survives."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.image.emulator import uboot_env
from tests.image.uboot_bench import HERE, KERNEL, TOOLS, UBOOT, Card, raspberry, virt

pytestmark = pytest.mark.needs(*TOOLS, str(UBOOT))

SCRIPT = HERE / "image/boot/arm64/boot.cmd"
BUILT = (
    HERE / "build/image/arm64/firmware"
)  # Debian's U-Boot for the Pi, as the build of an arm64 image unpacks it


def state(order: str = "A B", a: int = 3, b: int = 3, **more: str) -> bytes:
    return uboot_env.write({"BOOT_ORDER": order, "BOOT_A_LEFT": str(a), "BOOT_B_LEFT": str(b), **more})


def boots(card: Card, number: int) -> str:
    with virt(card) as machine:
        return "".join(machine.boot().slot or "-" for _ in range(number))


def test_a_slot_has_three_tries_then_the_other_then_all_begins_anew(tmp_path: Path) -> None:
    card = Card(tmp_path)
    assert boots(card, 8) == "AAABBBAA"
    assert card.variables() == {"BOOT_ORDER": "A B", "BOOT_A_LEFT": "1", "BOOT_B_LEFT": "3"}


def test_the_kernel_is_told_its_slot_its_root_and_its_console(tmp_path: Path) -> None:
    with virt(Card(tmp_path, state=state("B A", extra="systemd.log_level=debug nightporter.test"))) as machine:
        words = machine.boot().words
    assert {"root=PARTLABEL=root-b", "ro", "rauc.slot=B", "panic=10", "console=ttyAMA0,115200"} <= set(words)
    assert words[-2:] == ("systemd.log_level=debug", "nightporter.test")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(bytes(512), id="nothing was ever written"),
        pytest.param(b"\xff" * 512, id="erased flash"),
        pytest.param(state("B A")[:-1] + b"x", id="a bit fell over"),
        pytest.param(state("B A")[:256] + bytes(256 - 4) + b"torn", id="half of it"),
    ],
)
def test_a_damaged_state_starts_with_a_and_is_whole_again(tmp_path: Path, damage: bytes) -> None:
    card = Card(tmp_path, state=damage)
    assert boots(card, 1) == "A"
    assert card.variables() == {"BOOT_ORDER": "A B", "BOOT_A_LEFT": "2", "BOOT_B_LEFT": "3"}


def test_no_order_or_no_number_stands_for_the_usual(tmp_path: Path) -> None:
    card = Card(tmp_path, state=uboot_env.write({"BOOT_A_LEFT": "0"}))
    assert boots(card, 1) == "B"
    assert card.variables() == {"BOOT_ORDER": "A B", "BOOT_A_LEFT": "0", "BOOT_B_LEFT": "2"}


def test_a_slot_that_is_not_in_the_order_is_never_started(tmp_path: Path) -> None:
    card = Card(tmp_path, state=state("A", a=1, b=3))
    assert boots(card, 3) == "AAA"


def test_an_order_of_unknown_slots_does_not_stop_the_box(tmp_path: Path) -> None:
    card = Card(tmp_path, state=state("C"))
    with virt(card) as machine:
        assert machine.boot().slot == "A"
    assert card.variables() == {"BOOT_ORDER": "A B", "BOOT_A_LEFT": "2", "BOOT_B_LEFT": "3"}


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({}, id="empty"),
        pytest.param({"vmlinuz": KERNEL}, id="no initial ram disk"),
        pytest.param({"vmlinuz": b"\0" * 4096, "initrd.img": b"x" * 9_000_000}, id="no kernel"),
    ],
)
def test_a_slot_that_cannot_be_loaded_leaves_the_start_to_the_other(
    tmp_path: Path, broken: dict[str, bytes]
) -> None:
    card = Card(tmp_path, b=broken, state=state("B A"))
    with virt(card) as machine:
        boot = machine.boot()
    assert boot.slot == "A"
    assert "Night Porter: slot B cannot be started" in boot.said
    assert card.variables() == {"BOOT_ORDER": "B A", "BOOT_A_LEFT": "2", "BOOT_B_LEFT": "2"}


def test_a_bigger_version_loads_after_a_smaller_one_failed(tmp_path: Path) -> None:
    big = {"vmlinuz": KERNEL.ljust(40_000_000, b"\0"), "initrd.img": bytes(20_000_000)}
    card = Card(tmp_path, a={"vmlinuz": bytes(4096), "initrd.img": b"x"}, b=big)
    assert boots(card, 1) == "B"


@pytest.mark.parametrize("moment", ["U-Boot 20", "tries left", "starting slot", "Starting kernel"])
def test_a_power_cut_costs_a_try_at_most(tmp_path: Path, moment: str) -> None:
    card = Card(tmp_path, state=state("B A", b=2))
    with virt(card) as machine:
        machine.wait_line(moment)
    assert card.variables() in [uboot_env.read(state("B A", b=left)) for left in (2, 1)]
    assert boots(card, 1) == "B"


@pytest.mark.needs("fw_setenv", "fw_printenv")
def test_fw_setenv_and_u_boot_mean_the_same_bytes(tmp_path: Path) -> None:
    card = Card(tmp_path, state=state("A", a=3, b=0))
    where = tmp_path / "fw_env.config"
    where.write_text(f"{card.path} {card.state_start:#x} 0x200\n")

    def fw(tool: str, *words: str) -> list[str]:
        done = subprocess.run([tool, "-c", str(where), *words], check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    fw("fw_setenv", "BOOT_B_LEFT", "3")
    fw("fw_setenv", "BOOT_ORDER", "B A")
    assert boots(card, 1) == "B"
    assert fw("fw_printenv") == ["BOOT_A_LEFT=3", "BOOT_B_LEFT=2", "BOOT_ORDER=B A"]
    fw("fw_setenv", "BOOT_ORDER")  # as RAUC leaves it when both slots are bad
    assert boots(card, 1) == "A"


def test_the_boxs_own_fw_env_config_names_that_sector() -> None:
    lines = (HERE / "image/root-arm64/etc/fw_env.config").read_text().splitlines()
    words = [line.split() for line in lines if not line.startswith("#")]
    assert words == [["/dev/disk/by-partlabel/bootstate", "0x0", "0x200"]]


@pytest.mark.arch("arm64")
def test_debians_u_boot_for_the_pi_reads_the_card_counts_and_starts(tmp_path: Path) -> None:
    card = Card(tmp_path, b={}, state=state("B A"))
    with raspberry(card, BUILT / "u-boot.bin", BUILT / "bcm2837-rpi-3-b.dtb") as machine:
        said = machine.wait_line("Starting kernel")
    ours = [line for line in said if line.startswith("Night Porter")]
    assert re.fullmatch("Night Porter: on rpi, device tree from [0-9a-f]+", ours[0])
    assert ours[1:] == [
        "Night Porter: order B A, tries left: A 3, B 3",
        "Night Porter: starting slot B",
        "Night Porter: slot B cannot be started",
        "Night Porter: starting slot A",
    ]
    assert card.variables() == {"BOOT_ORDER": "B A", "BOOT_A_LEFT": "2", "BOOT_B_LEFT": "2"}


def test_the_same_sources_give_the_same_script(tmp_path: Path) -> None:
    packed = []
    for name in ("one", "two"):
        compiler = [str(HERE / "image/boot/arm64/compile"), str(tmp_path / name)]
        subprocess.run(compiler, check=True, env={"SOURCE_DATE_EPOCH": "1767225600", "PATH": "/usr/bin:/bin"})
        packed.append((tmp_path / name).read_bytes())
    assert packed[0] == packed[1]


def test_every_address_in_the_script_comes_from_addresses_env() -> None:
    numbers = re.findall(r"0x[0-9a-f]+", SCRIPT.read_text())
    assert set(numbers) == {"0x200", "0xffffffffffffffff"}
