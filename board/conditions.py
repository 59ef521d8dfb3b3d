"""How warm the box is, and whether its power supply is too weak: thermal(7)-like zones, hwmon, a Pi's firmware.

sysfs-class-thermal, sysfs-class-hwmon; raspberrypi-hwmon and vcgencmd get_throttled for the bits. A sensor may
answer late or never: take it through `board/reading.py`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from board.small_files import inside, number_of, text_of

ZONES = Path("/sys/class/thermal")
HWMON = Path("/sys/class/hwmon")
THROTTLED = Path("/sys/devices/platform/soc/soc:firmware/get_throttled")

_PLAUSIBLE = range(-40_000, 130_001)  # thousandths of a degree; what is outside is a sensor that is broken
_PROCESSOR_ZONES = ("cpu", "soc", "x86_pkg", "bigcpu", "littlecpu", "package")  # beginnings of a zone's type
_PROCESSOR_CHIPS = ("coretemp", "k10temp", "zenpower", "cpu_thermal", "soc_thermal")  # names of hwmon
_BOARD_ZONES = ("acpitz", "board", "ambient")
_NOW, _SINCE_START = 1 << 0, 1 << 16  # of get_throttled: under-voltage


class Conditions(NamedTuple):
    """`degrees` Celsius of the warmest sensor at the processor. None is what nothing tells.

    `is_power_weak`: the voltage is too low now. `was_power_weak`: it was, at some time since the start.
    """

    degrees: float | None = None
    is_power_weak: bool | None = None
    was_power_weak: bool | None = None


def read_conditions(zones: Path = ZONES, hwmon: Path = HWMON, throttled: Path = THROTTLED) -> Conditions:
    """As they are now. Never an error, but may hang with a sensor."""
    bits = number_of(throttled, 16)
    alarms = [number_of(chip / "in0_lcrit_alarm") for chip in _chips(hwmon, ("rpi_volt",))]
    now = [each != 0 for each in alarms if each is not None]
    if bits is not None:
        now.append(bool(bits & _NOW))
    before = None if bits is None else bool(bits & _SINCE_START)
    return Conditions(_degrees(zones, hwmon), any(now) if now else None, before)


def _degrees(zones: Path, hwmon: Path) -> float | None:
    """The warmest of the first kind of sensor that there is: those of the processor say most of the box."""
    for values in (
        _zone_values(zones, _PROCESSOR_ZONES),
        _chip_values(hwmon),
        _zone_values(zones, _BOARD_ZONES),
    ):
        plausible = [value for value in values if value is not None and value in _PLAUSIBLE]
        if plausible:
            return max(plausible) / 1000
    return None


def _zone_values(zones: Path, kinds: tuple[str, ...]) -> Iterator[int | None]:
    for zone in inside(zones, "thermal_zone*"):
        if text_of(zone / "type").lower().startswith(kinds):
            yield number_of(zone / "temp")


def _chip_values(hwmon: Path) -> Iterator[int | None]:
    for chip in _chips(hwmon, _PROCESSOR_CHIPS):
        yield from (number_of(file) for file in inside(chip, "temp*_input"))


def _chips(hwmon: Path, names: tuple[str, ...]) -> Iterator[Path]:
    return (chip for chip in inside(hwmon) if text_of(chip / "name") in names)
