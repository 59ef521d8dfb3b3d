"""Lights by the kernel's class of LEDs: found by name, blinking by the kernel, put back at the end."""

import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from board.fake import FakeLights
from board.lights import KernelLights, PatientLights, find_lights, steps, write_file
from board.linux import LinuxBoard
from board.pattern import OFF, ON, Pattern
from tests.board.led_kernel import LedKernel
from tests.board.sysfs import CONTENTS, put

PATIENCE = 10.0  # s
SLOW, QUICK = Pattern(1000, 1000), Pattern(250, 250)
THREE = Pattern(200, 400, flashes=3, pause_ms=2000)
PATTERNS = st.sampled_from([ON, OFF, SLOW, QUICK, THREE, Pattern(150, 2850)])


@pytest.fixture
def kernel(tmp_path: Path) -> LedKernel:
    return LedKernel(tmp_path / "leds")


def lights_of(kernel: LedKernel) -> KernelLights:
    return KernelLights(kernel.folder, kernel.write)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), ()),
        (("ACT", "PWR"), ("ACT", "PWR")),
        (("led1", "led0"), ("led0", "led1")),
        (("PWR", "ACT", "mmc0::"), ("ACT", "PWR")),
        (("PWR",), ("PWR",)),
        (("ACT", "nightporter:green:state"), ("nightporter:green:state",)),
        (("nightporter:2", "nightporter:1", "nightporter:3"), ("nightporter:1", "nightporter:2")),
        (("input3::capslock", "input3::numlock", "phy0-led", "mmc0::", "enp1s0-0::lan", "eth0:green"), ()),
        (("input3::capslock", "apu:green:1", "apu:green:2", "apu:green:3"), ("apu:green:1", "apu:green:2")),
        (("tpacpi::kbd_backlight", "platform::micmute", "tpacpi::power"), ("tpacpi::power",)),
    ],
)
def test_a_box_has_the_lights_that_are_its_own(
    kernel: LedKernel, names: tuple[str, ...], found: tuple[str, ...]
) -> None:
    for name in names:
        kernel.add(name)
    assert find_lights(kernel.folder) == found
    assert lights_of(kernel).count == len(found)


def test_the_kernel_blinks_by_its_timer(kernel: LedKernel) -> None:
    kernel.add("ACT", "mmc0")
    assert lights_of(kernel).show(Pattern(150, 2850))
    assert (kernel.trigger("ACT"), kernel.delays("ACT")) == ("timer", (150, 2850))


@pytest.mark.parametrize(("pattern", "brightness"), [(ON, 255), (OFF, 0)])
def test_a_steady_light_has_no_trigger(kernel: LedKernel, pattern: Pattern, brightness: int) -> None:
    kernel.add("ACT", "mmc0")
    lights = lights_of(kernel)
    assert lights.show(SLOW)
    assert lights.show(pattern)
    assert (kernel.trigger("ACT"), kernel.is_on("ACT")) == ("none", brightness)


def test_a_light_with_one_brightness_is_on_at_that(kernel: LedKernel) -> None:
    kernel.add("ACT", most=1)
    assert lights_of(kernel).show(ON)
    assert kernel.is_on("ACT") == 1


def test_flashes_are_counted_where_the_kernel_can(kernel: LedKernel) -> None:
    kernel.add("ACT")
    lights = lights_of(kernel)
    assert lights.can_count
    assert lights.show(THREE)
    flash = "255 200 255 0 0 400 0 0"
    assert kernel.trigger("ACT") == "pattern"
    assert kernel.pattern("ACT") == f"{flash} {flash} 255 200 255 0 0 2000 0 0"


def test_flashes_that_cannot_be_counted_are_a_plain_blinking_and_the_caller_knows(kernel: LedKernel) -> None:
    kernel.add("ACT", triggers=("none", "timer"))
    lights = lights_of(kernel)
    assert not lights.can_count
    assert not lights.show(THREE)
    assert kernel.delays("ACT") == (200, 400)


@pytest.mark.parametrize(("pattern", "brightness"), [(Pattern(2850, 150), 255), (Pattern(150, 850), 0), (ON, 255)])
def test_a_light_that_cannot_blink_is_on_or_off(kernel: LedKernel, pattern: Pattern, brightness: int) -> None:
    kernel.add("ACT", triggers=("none", "mmc0"))
    assert lights_of(kernel).show(pattern) == pattern.is_steady
    assert kernel.is_on("ACT") == brightness


def test_what_is_shown_already_is_not_written_again(kernel: LedKernel) -> None:
    kernel.add("ACT")
    lights = lights_of(kernel)
    lights.show(SLOW)
    kernel.writes.clear()
    assert lights.show(SLOW)
    assert kernel.writes == []
    lights.show(QUICK)
    assert {file for _, file, _ in kernel.writes} == {"delay_on", "delay_off"}


def test_each_light_has_its_pattern_and_one_without_stays(kernel: LedKernel) -> None:
    kernel.add("ACT", "mmc0")
    kernel.add("PWR", "default-on", 255)
    lights = lights_of(kernel)
    lights.show(SLOW)
    assert (kernel.trigger("ACT"), kernel.trigger("PWR")) == ("timer", "default-on")
    lights.show(OFF, QUICK)
    assert (kernel.is_on("ACT"), kernel.delays("PWR")) == (0, (250, 250))


@pytest.mark.parametrize("trigger", ["mmc0", "none", "pattern"])
def test_at_the_end_each_light_shows_what_it_showed_before(kernel: LedKernel, trigger: str) -> None:
    kernel.add("ACT", trigger)
    if trigger == "none":
        put(kernel.folder / "ACT", brightness=100)
    lights = lights_of(kernel)
    lights.show(SLOW)
    lights.close()
    assert kernel.trigger("ACT") == trigger
    assert trigger != "none" or kernel.is_on("ACT") == 100


def test_a_light_that_was_dark_is_dark_again(kernel: LedKernel) -> None:
    kernel.add("ACT")
    lights = lights_of(kernel)
    lights.show(ON)
    lights.close()
    assert kernel.is_on("ACT") == 0


def test_a_light_that_blinked_goes_on_as_before(kernel: LedKernel) -> None:
    kernel.add("ACT", "timer")
    put(kernel.folder / "ACT", delay_on=70, delay_off=80)
    lights = lights_of(kernel)
    lights.show(ON)
    lights.close()
    assert kernel.delays("ACT") == (70, 80)


def test_a_light_that_is_shown_again_after_the_end_is_written_again(kernel: LedKernel) -> None:
    kernel.add("ACT", "mmc0")
    lights = lights_of(kernel)
    lights.show(SLOW)
    lights.close()
    assert lights.show(SLOW)
    assert kernel.trigger("ACT") == "timer"


@pytest.mark.parametrize("pattern", [ON, OFF])
def test_a_user_who_may_write_the_delays_alone_has_steady_light_too(kernel: LedKernel, pattern: Pattern) -> None:
    kernel.add("ACT", "timer")
    kernel.refused = {"trigger", "brightness"}
    lights = lights_of(kernel)
    for before in (SLOW, ON, OFF):
        assert lights.show(before)
        assert lights.show(pattern)
        assert kernel.delays("ACT") == ((1000, 0) if pattern is ON else (0, 1000))


def test_a_light_that_takes_no_write_is_tried_again_and_no_error(kernel: LedKernel) -> None:
    kernel.add("ACT")
    kernel.refused = {"trigger", "brightness"}
    lights = lights_of(kernel)
    assert not lights.show(SLOW)
    assert not lights.show(ON)
    kernel.refused = set()
    assert lights.show(SLOW)


def test_a_light_that_goes_is_no_error(kernel: LedKernel, tmp_path: Path) -> None:
    kernel.add("ACT")
    lights = lights_of(kernel)
    lights.show(SLOW)
    kernel.folder.rename(tmp_path / "gone")
    assert not lights.show(QUICK)
    lights.close()


def test_no_light_shows_everything_as_asked(kernel: LedKernel) -> None:
    lights = lights_of(kernel)
    assert (lights.count, lights.can_count) == (0, False)
    assert lights.show()
    lights.close()


class StuckLights(FakeLights):
    """Lights whose chip answers when the test lets it."""

    def __init__(self) -> None:
        super().__init__(2, can_count=True)
        self.is_free = threading.Event()
        self.asked = 0

    def show(self, *patterns: Pattern) -> bool:
        self.asked += 1
        self.is_free.wait(PATIENCE)
        return super().show(*patterns)


def test_lights_that_answer_are_as_they_are(kernel: LedKernel) -> None:
    kernel.add("ACT", "mmc0")
    lights = PatientLights(lambda: lights_of(kernel), PATIENCE)
    assert (lights.count, lights.can_count) == (1, True)
    assert lights.show(SLOW)
    assert kernel.delays("ACT") == (1000, 1000)
    lights.close()
    assert kernel.trigger("ACT") == "mmc0"


def test_a_light_that_hangs_is_not_waited_for_and_not_asked_a_second_time() -> None:
    stuck = StuckLights()
    lights = PatientLights(lambda: stuck, 0.05)
    assert (lights.count, lights.can_count) == (2, True)
    assert [lights.show(ON, ON) for _ in range(5)] == [False] * 5
    lights.close()
    assert (stuck.asked, stuck.is_given_back) == (1, False)
    stuck.is_free.set()


def test_a_light_that_answers_again_shows_again() -> None:
    stuck = StuckLights()
    lights = PatientLights(lambda: stuck, 0.05)
    lights.show(ON, ON)
    stuck.is_free.set()
    end = time.monotonic() + PATIENCE
    while not lights.show(OFF, ON) and time.monotonic() < end:
        pass  # the call before is on its way back
    assert stuck.shown == (OFF, ON)


def test_lights_that_hang_while_they_are_looked_for_are_none() -> None:
    is_free = threading.Event()

    def look() -> FakeLights:
        is_free.wait(PATIENCE)
        return FakeLights()

    lights = PatientLights(look, 0.05)
    assert (lights.count, lights.can_count, lights.show(ON)) == (0, False, False)
    lights.close()
    is_free.set()


def test_a_file_takes_a_text_only_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "brightness").write_text("255\n")
    assert write_file(tmp_path / "brightness", "1")
    assert (tmp_path / "brightness").read_text() == "1"
    assert not write_file(tmp_path / "missing", "1")
    assert not write_file(tmp_path, "1")
    assert not write_file(Path("/dev/full"), "1")


def test_steps_of_one_flash_have_its_pause() -> None:
    assert steps(Pattern(200, 400, 1, 2000), 7) == "7 200 7 0 0 2000 0 0"
    assert steps(Pattern(200, 400), 7) == "7 200 7 0 0 400 0 0"


def test_the_lights_of_this_machine_are_looked_for_without_an_error() -> None:
    assert LinuxBoard({}).lights().count <= 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(PATTERNS, min_size=1, max_size=8), st.sampled_from([("none", "timer"), ("none", "timer", "pattern")])
)
def test_what_is_seen_is_what_was_shown_last_whatever_came_before(
    kernel: LedKernel, shown: list[Pattern], triggers: tuple[str, ...]
) -> None:
    kernel.add("ACT", triggers=triggers)
    lights = lights_of(kernel)
    for pattern in shown:
        lights.show(pattern)
    last = shown[-1]
    if last.is_steady:
        assert kernel.is_on("ACT") == (255 if last is ON else 0)
    elif kernel.trigger("ACT") == "timer":
        assert kernel.delays("ACT") == (last.on_ms, last.off_ms)
    else:
        assert kernel.pattern("ACT") == steps(last, 255)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(CONTENTS, CONTENTS, PATTERNS)
def test_whatever_a_lights_files_hold_is_no_error(
    kernel: LedKernel, one: bytes, other: bytes, pattern: Pattern
) -> None:
    put(kernel.folder / "ACT", trigger=one, brightness=other, max_brightness=other, delay_on=one, delay_off=other)
    lights = KernelLights(kernel.folder)
    lights.show(pattern)
    lights.close()
    assert lights.count == 1
