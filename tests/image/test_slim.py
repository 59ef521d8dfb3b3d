"""What image/slim takes out of a tree: the modules that the console needs stay. Run as steps/root runs it."""

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
DRIVERS = "usr/lib/modules/6.12.0/kernel/drivers"
STAYS = (
    "leds/leds-gpio.ko.xz",
    "leds/trigger/ledtrig-timer.ko.xz",
    "leds/trigger/ledtrig-pattern.ko.xz",
    "input/keyboard/gpio_keys.ko.xz",
    "hwmon/raspberrypi-hwmon.ko.xz",
    "usb/gadget/function/u_serial.ko.xz",
    "usb/gadget/legacy/g_serial.ko.xz",
    "usb/gadget/udc/dummy_hcd.ko.xz",
)
GOES = (
    "leds/leds-apu.ko.xz",
    "leds/led-class-flash.ko.xz",
    "leds/blink/leds-lgm-sso.ko.xz",
    "leds/rgb/leds-pwm-multicolor.ko.xz",
    "leds/trigger/ledtrig-netdev.ko.xz",
    "memstick/core/memstick.ko.xz",
    "hid/hid.ko.xz",
)
# As in image/steps/root.
SLIM = """
shopt -s nullglob
sed 's/#.*//' image/slim | while read -r pattern; do
    if [ -n "$pattern" ]; then eval "rm -rf $root/$pattern"; fi
done
"""


def test_the_loop_is_the_one_of_the_build() -> None:
    built = (HERE / "image/steps/root").read_text()
    assert all(line in built.splitlines() for line in SLIM.strip().splitlines())


@pytest.mark.needs("bash")
def test_modules_that_the_console_needs_stay_and_other_lights_go(tmp_path: Path) -> None:
    for name in (*STAYS, *GOES):
        path = tmp_path / DRIVERS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    environment = {"root": str(tmp_path), "PATH": "/usr/bin:/bin"}
    subprocess.run(["bash", "-euo", "pipefail", "-c", SLIM], check=True, cwd=HERE, env=environment)
    assert [name for name in STAYS if not (tmp_path / DRIVERS / name).exists()] == []
    assert [name for name in GOES if (tmp_path / DRIVERS / name).exists()] == []
