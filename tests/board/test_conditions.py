"""Temperature and power supply, from files as a PC, a Pi and odd machines have them."""

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings

from board.conditions import Conditions, read_conditions
from board.linux import LinuxBoard
from tests.board.sysfs import CONTENTS, put


class Machine(NamedTuple):
    zones: Path
    hwmon: Path
    throttled: Path

    def conditions(self) -> Conditions:
        return read_conditions(*self)

    def zone(self, number: int, kind: str, temp: object) -> None:
        put(self.zones / f"thermal_zone{number}", type=kind, temp=str(temp))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "thermal", tmp_path / "hwmon", tmp_path / "get_throttled")


def test_a_pi_tells_its_processors_temperature(machine: Machine) -> None:
    machine.zone(0, "cpu-thermal", 48_312)
    assert machine.conditions().degrees == 48.312


def test_the_warmest_sensor_of_the_processor_counts_and_no_other(machine: Machine) -> None:
    machine.zone(0, "acpitz", 27_800)
    machine.zone(1, "pch_cannonlake", 91_000)
    machine.zone(2, "x86_pkg_temp", 55_000)
    machine.zone(3, "cpu-thermal", 56_000)
    machine.zone(4, "iwlwifi_1", 99_000)
    assert machine.conditions().degrees == 56.0


def test_a_pc_without_zones_of_the_processor_has_its_chips(machine: Machine) -> None:
    machine.zone(0, "acpitz", 27_800)
    put(machine.hwmon / "hwmon0", name="nvme", temp1_input=70_000)
    put(machine.hwmon / "hwmon1", name="coretemp", temp1_input=61_000, temp2_input=63_000)
    assert machine.conditions().degrees == 63.0


def test_the_board_has_a_say_where_the_processor_has_none(machine: Machine) -> None:
    machine.zone(0, "acpitz", 40_000)
    assert machine.conditions().degrees == 40.0


@pytest.mark.parametrize("odd", [-274_000, 200_000, "", "warm", "1e9", "٤٠٠٠٠"])
def test_a_sensor_that_cannot_be_right_tells_nothing(machine: Machine, odd: object) -> None:
    machine.zone(0, "cpu-thermal", odd)
    assert machine.conditions() == Conditions()
    machine.zone(1, "cpu-thermal", 50_000)
    assert machine.conditions().degrees == 50.0


@pytest.mark.parametrize(
    ("bits", "now", "before"),
    [
        ("0", False, False),
        ("0x0", False, False),
        ("50005", True, True),
        ("0x50000", False, True),
        ("1", True, False),
        ("e0008", False, False),  # hot, and slowed down: not the supply's fault
        ("?", None, None),
    ],
)
def test_a_pis_firmware_tells_of_low_voltage_now_and_before(
    machine: Machine, bits: str, now: bool | None, before: bool | None
) -> None:
    machine.throttled.write_text(f"{bits}\n")
    assert machine.conditions() == Conditions(None, now, before)


@pytest.mark.parametrize(("alarm", "now"), [(0, False), (1, True), ("", None)])
def test_the_kernels_own_driver_tells_of_low_voltage_now(
    machine: Machine, alarm: object, now: bool | None
) -> None:
    put(machine.hwmon / "hwmon0", name="rpi_volt", in0_lcrit_alarm=str(alarm))
    put(machine.hwmon / "hwmon1", name="nct6775", in0_lcrit_alarm=1)
    assert machine.conditions() == Conditions(None, now, None)


def test_either_of_both_is_enough(machine: Machine) -> None:
    put(machine.hwmon / "hwmon0", name="rpi_volt", in0_lcrit_alarm=1)
    machine.throttled.write_text("0\n")
    assert machine.conditions() == Conditions(None, is_power_weak=True, was_power_weak=False)


def test_a_machine_without_sensors_tells_nothing(machine: Machine) -> None:
    assert machine.conditions() == Conditions()


def test_this_machine_is_looked_at_without_an_error() -> None:
    found = LinuxBoard({}).conditions(10.0)
    assert found.degrees is None or -40 <= found.degrees <= 130


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(CONTENTS, CONTENTS, CONTENTS, CONTENTS)
def test_whatever_the_files_hold_is_no_error(
    machine: Machine, kind: bytes, temp: bytes, alarm: bytes, bits: bytes
) -> None:
    put(machine.zones / "thermal_zone0", type=kind, temp=temp)
    put(machine.zones / "thermal_zone1", type="cpu", temp=temp)
    put(machine.hwmon / "hwmon0", name="rpi_volt", in0_lcrit_alarm=alarm)
    put(machine.hwmon / "hwmon1", name=kind, temp1_input=temp)
    machine.throttled.write_bytes(bits)
    found = machine.conditions()
    assert found.degrees is None or -40 <= found.degrees <= 130
