"""What image/slim takes out of a tree: the modules that the console needs stay, and what CUPS' queues use. Run as
steps/root runs it."""

import subprocess
from collections.abc import Sequence
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
CUPS_STAYS = (
    "usr/sbin/cupsd",
    "usr/sbin/lpadmin",
    "usr/bin/lpstat",
    "usr/bin/pdftops",
    "usr/lib/cups/backend/socket",
    "usr/lib/cups/daemon/cups-driverd",
    "usr/lib/cups/filter/pdftoraster",
    "usr/lib/cups/filter/rastertohp",
    "usr/share/cups/drv/sample.drv",
    "usr/share/cups/mime/mime.types",
    "usr/share/cups/mime/nightporter.convs",
    "usr/share/cups/ppdc/hp.h",
)
CUPS_GOES = (
    "etc/cups/cupsd.conf",
    "etc/init.d/cups",
    "etc/rc2.d/S01cups",
    "etc/ssl/private/ssl-cert-snakeoil.key",
    "usr/bin/lp",
    "usr/bin/pdftotext",
    "usr/lib/cups/backend/usb",
    "usr/lib/cups/cgi-bin/admin.cgi",
    "usr/lib/systemd/system/cups.service",
    "usr/lib/systemd/system/cups.socket",
    "usr/share/cups/mime/cupsfilters-ghostscript.convs",
    "usr/share/cups/mime/mime.convs",
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


def slimmed(tree: Path, names: Sequence[str]) -> list[str]:
    """The files of these names that are left of a tree that had all of them."""
    for name in names:
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    environment = {"root": str(tree), "PATH": "/usr/bin:/bin"}
    subprocess.run(["bash", "-euo", "pipefail", "-c", SLIM], check=True, cwd=HERE, env=environment)
    return [name for name in names if (tree / name).exists()]


@pytest.mark.needs("bash")
def test_modules_that_the_console_needs_stay_and_other_lights_go(tmp_path: Path) -> None:
    names = [f"{DRIVERS}/{name}" for name in (*STAYS, *GOES)]
    assert slimmed(tmp_path, names) == names[: len(STAYS)]


@pytest.mark.needs("bash")
def test_of_cups_its_queues_have_what_they_use_and_no_service_or_key_of_debian_is_left(tmp_path: Path) -> None:
    assert slimmed(tmp_path, (*CUPS_STAYS, *CUPS_GOES)) == list(CUPS_STAYS)


def test_no_package_goes_that_the_queues_need() -> None:
    goes = {line.partition("#")[0].strip() for line in (HERE / "image/slim.packages").read_text().splitlines()}
    assert not goes & {"cups", "cups-daemon", "cups-client", "cups-common", "cups-ppdc", "libstdc++6", "libgcc-s1"}
