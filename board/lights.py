"""The box's lights through the kernel's class of LEDs: the kernel blinks, and nothing of ours wakes up for it.

Documentation/leds/leds-class, sysfs-class-led-trigger-pattern. The timer trigger blinks evenly, the pattern
trigger can count; both are modules, and a light without them is on or off. A light that cannot be written, or is
gone, is left alone. What the lights showed before is put back by `close`.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from board.base import Lights
from board.beside import Beside
from board.pattern import Pattern
from board.small_files import bytes_of, inside, number_of

LEDS = Path("/sys/class/leds")
SECONDS = 1.0  # that are waited for a light; the kernel takes some milliseconds
MOST = 2  # lights; one that says how things are, and one beside it
_TRIGGER_BYTES = 32_768  # each processor has a trigger, and all are listed
_OURS = "nightporter:"  # a board that has lights for us calls them so, the one that says most first
_PI = (("ACT", "led0"), ("PWR", "led1"))
# Lights of a keyboard, a radio, a network socket or a disk say something of their own.
_OTHERS = re.compile(r"^input\d|^phy\d|^rfkill|^mmc\d|^(eth|en)|:(lan|wan|link|disk)|kbd|caps|mute")

Write = Callable[[Path, str], bool]  # a text into a file of the kernel; whether it was taken


class KernelLights:
    """The lights of `folder`, the telling one first. Not one of its methods is ever an error.

    A light behind a chip that does not answer may hang any of them: `PatientLights` does not wait for it.
    """

    def __init__(self, folder: Path = LEDS, write: Write | None = None) -> None:
        self._lights = [_Light(folder / name, write or write_file) for name in find_lights(folder)]

    @property
    def count(self) -> int:
        """How many there are, `MOST` at most."""
        return len(self._lights)

    @property
    def can_count(self) -> bool:
        """Whether the telling one can show flashes that are counted."""
        return bool(self._lights) and self._lights[0].can_count

    def show(self, *patterns: Pattern) -> bool:
        """A pattern for each light, the telling one first; whether all of them are seen as asked.

        What is shown already is not written again. A light without a pattern stays as it is.
        """
        seen = [light.show(pattern) for light, pattern in zip(self._lights, patterns, strict=False)]
        return all(seen)

    def close(self) -> None:
        """Let them show again what they showed before."""
        for light in self._lights:
            light.put_back()


class PatientLights:
    """Lights behind a chip that may hang: finding or showing takes SECONDS at most, and then nothing is seen."""

    def __init__(self, open_lights: Callable[[], Lights] = KernelLights, seconds: float = SECONDS) -> None:
        self._beside = Beside(seconds)
        self._lights = self._beside.call(open_lights, None)

    @property
    def count(self) -> int:
        """As the lights have it; 0 where finding them took too long."""
        return self._lights.count if self._lights else 0

    @property
    def can_count(self) -> bool:
        """As the lights have it."""
        return self._lights is not None and self._lights.can_count

    def show(self, *patterns: Pattern) -> bool:
        """As the lights do, and False if that took too long; what hangs is not shown a second time."""
        lights = self._lights
        return lights is not None and self._beside.call(lambda: lights.show(*patterns), False)

    def close(self) -> None:
        """As the lights do, if they answer."""
        lights = self._lights
        if lights is not None:
            self._beside.call(lights.close, None)


def find_lights(folder: Path = LEDS) -> tuple[str, ...]:
    """Names of the lights to use: ours, else a Pi's, else what else there is; the telling one first."""
    names = [light.name for light in inside(folder) if _can_write(light)]
    ours = [name for name in names if name.startswith(_OURS)]
    pi = [name for pair in _PI for name in [next((each for each in pair if each in names), "")] if name]
    others = [name for name in names if not _OTHERS.search(name)]
    return tuple((ours or pi or others)[:MOST])


def _can_write(light: Path) -> bool:
    return any(os.access(light / file, os.W_OK) for file in ("brightness", "delay_on"))


class _Before(NamedTuple):
    trigger: str
    brightness: int
    on_ms: int | None
    off_ms: int | None


class _Light:
    def __init__(self, folder: Path, write: Write) -> None:
        self._folder, self._write_file = folder, write
        self._shown: Pattern | None = None
        self._most = number_of(folder / "max_brightness") or 1
        active, self._triggers = _triggers(folder)
        self._before = _Before(
            active,
            number_of(folder / "brightness") or 0,
            number_of(folder / "delay_on"),
            number_of(folder / "delay_off"),
        )

    @property
    def can_count(self) -> bool:
        return "pattern" in self._triggers

    def show(self, pattern: Pattern) -> bool:
        if pattern == self._shown:
            return True
        is_seen = self._written(pattern)
        self._shown = pattern if is_seen else None
        return is_seen

    def put_back(self) -> None:
        before, self._shown = self._before, None
        if before.trigger in ("", "none"):
            self._steady(before.brightness)
        elif self._write("trigger", before.trigger) and before.trigger == "timer":
            self._delays(before.on_ms or 0, before.off_ms or 0)

    def _written(self, pattern: Pattern) -> bool:
        if pattern.is_steady:
            return self._steady(self._most if pattern.is_lit else 0)
        if pattern.flashes > 1 and self.can_count:
            return self._trigger("pattern") and self._write("pattern", steps(pattern, self._most))
        if "timer" in self._triggers:
            is_seen = self._trigger("timer") and self._delays(pattern.on_ms, pattern.off_ms)
            return is_seen and pattern.flashes == 1
        self._steady(self._most if pattern.is_lit else 0)
        return False

    def _steady(self, brightness: int) -> bool:
        """Without a trigger, where it may be taken away; else by its delays, for one who may write these alone."""
        if self._trigger("none"):
            return self._write("brightness", str(brightness))
        return self._delays(1000, 0) if brightness else self._delays(0, 1000)

    def _delays(self, on_ms: int, off_ms: int) -> bool:
        """The one above 0 first: for 0 and 0 the kernel takes half a second each."""
        delays = {"delay_on": on_ms, "delay_off": off_ms}
        return all(
            self._write(file, str(delays[file])) for file in sorted(delays, key=lambda file: delays[file] == 0)
        )

    def _write(self, file: str, text: str) -> bool:
        return self._write_file(self._folder / file, text)

    def _trigger(self, name: str) -> bool:
        """Set it unless it is set: setting it once more would begin the blinking afresh."""
        return _triggers(self._folder)[0] == name or self._write("trigger", name)


def write_file(path: Path, text: str) -> bool:
    """One write to a file that is there; whether it was taken."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        os.write(descriptor, text.encode())
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def steps(pattern: Pattern, most: int) -> str:
    """For the file `pattern`: pairs of brightness and milliseconds; one of 0 ms makes the light jump, not glow."""
    flash = [(most, pattern.on_ms), (most, 0), (0, pattern.off_ms), (0, 0)]
    last = [*flash[:2], (0, pattern.pause_ms or pattern.off_ms), (0, 0)]
    pairs = [*flash * (pattern.flashes - 1), *last]
    return " ".join(f"{brightness} {milliseconds}" for brightness, milliseconds in pairs)


def _triggers(folder: Path) -> tuple[str, frozenset[str]]:
    """The one that is set ("" where it is not told), and all that there are."""
    words = bytes_of(folder / "trigger", _TRIGGER_BYTES).decode(errors="replace").split()
    active = next((word[1:-1] for word in words if word.startswith("[")), "")
    return active, frozenset(word.strip("[]") for word in words)
