"""Cards and file systems: what an eMMC, an SD card and ext4 tell of their wear."""

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings

from board.linux import LinuxBoard
from board.wear import Card, FileSystem, Wear, read_wear
from tests.board.sysfs import CONTENTS, put


class Machine(NamedTuple):
    mmc: Path
    ext4: Path

    def wear(self) -> Wear:
        return read_wear(*self)

    def emmc(self, **files: str | bytes) -> Card:
        put(self.mmc / "mmc0" / "mmc0:0001", **{"type": "MMC", "name": "DG4008", "date": "05/2021", **files})
        (card,) = self.wear().cards
        return card


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "mmc_host", tmp_path / "ext4")


def test_an_emmc_tells_how_much_of_its_life_and_of_its_spare_blocks_is_used(machine: Machine) -> None:
    card = machine.emmc(life_time="0x02 0x05", pre_eol_info="0x01")
    assert card == Card("MMC", "DG4008", "05/2021", life_steps=5, spare_state=1)


@pytest.mark.parametrize(
    ("life_time", "steps"),
    [
        ("0x00 0x00", None),
        ("0x0b 0x01", 11),
        ("0x01", 1),
        ("0x0c 0xff", None),
        ("-0x1 0x03", 3),
        ("1 2 9", 2),
        ("", None),
        ("unknown", None),
    ],
)
def test_a_life_time_outside_the_standard_is_not_told(machine: Machine, life_time: str, steps: int | None) -> None:
    assert machine.emmc(life_time=life_time).life_steps == steps


@pytest.mark.parametrize(
    ("info", "state"), [("0x00", None), ("0x01", 1), ("0x02", 2), ("0x03", 3), ("0x04", None), ("", None)]
)
def test_spare_blocks_are_well_low_or_nearly_gone(machine: Machine, info: str, state: int | None) -> None:
    assert machine.emmc(pre_eol_info=info).spare_state == state


def test_an_sd_card_tells_its_name_and_month_alone(machine: Machine) -> None:
    put(machine.mmc / "mmc1" / "mmc1:aaaa", type="SD", name="SC32G", date="08/2019")
    assert machine.wear().cards == (Card("SD", "SC32G", "08/2019"),)


def test_a_radio_on_the_same_bus_is_no_card(machine: Machine) -> None:
    put(machine.mmc / "mmc2" / "mmc2:0001", uevent="SDIO_CLASS=00")
    assert machine.wear() == Wear()


def test_ext4_tells_what_was_written_and_what_went_wrong(machine: Machine) -> None:
    put(machine.ext4 / "mmcblk0p5", lifetime_write_kbytes=53_797_536, errors_count=2)
    put(machine.ext4 / "sda1", errors_count=0)
    (machine.ext4 / "features").mkdir()
    assert machine.wear().file_systems == (FileSystem("mmcblk0p5", 53_797_536, 2), FileSystem("sda1", None, 0))


def test_a_machine_that_tells_nothing_has_no_wear(machine: Machine) -> None:
    assert machine.wear() == Wear()


def test_this_machine_is_looked_at_without_an_error() -> None:
    assert isinstance(LinuxBoard({}).wear(10.0), Wear)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(CONTENTS, CONTENTS, CONTENTS)
def test_whatever_the_files_hold_is_no_error(machine: Machine, name: bytes, life_time: bytes, info: bytes) -> None:
    card = machine.emmc(name=name, life_time=life_time, pre_eol_info=info)
    put(machine.ext4 / "sda1", lifetime_write_kbytes=life_time, errors_count=info)
    assert card.name.isprintable()
    assert card.life_steps in (None, *range(1, 12))
    assert card.spare_state in (None, 1, 2, 3)
    assert len(machine.wear().file_systems) <= 1
