"""Lights as the kernel has them: a folder each, whose files answer a write as drivers/leds does.

led-class.c, led-triggers.c, trigger/ledtrig-timer.c and ledtrig-pattern.c of Linux 6.12.
"""

from pathlib import Path

from tests.board.sysfs import put

ALL = ("none", "kbd-capslock", "mmc0", "timer", "pattern", "default-on")


class LedKernel:
    """`writes` is what was taken. `refused` are files that no write changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writes: list[tuple[str, str, str]] = []
        self.refused: set[str] = set()
        self._triggers: dict[str, tuple[str, ...]] = {}

    def add(
        self,
        name: str,
        trigger: str = "none",
        brightness: int = 0,
        most: int = 255,
        triggers: tuple[str, ...] = ALL,
    ) -> None:
        """A light appears."""
        self._triggers[name] = triggers
        put(self.folder / name, brightness=brightness, max_brightness=most)
        self._show_trigger(name, trigger)

    def is_on(self, name: str) -> int:
        return int((self.folder / name / "brightness").read_text())

    def trigger(self, name: str) -> str:
        words = (self.folder / name / "trigger").read_text().split()
        return next(word[1:-1] for word in words if word.startswith("["))

    def delays(self, name: str) -> tuple[int, int]:
        on, off = (int((self.folder / name / f"delay_{end}").read_text()) for end in ("on", "off"))
        return on, off

    def pattern(self, name: str) -> str:
        return (self.folder / name / "pattern").read_text().strip()

    def write(self, path: Path, text: str) -> bool:
        """As write(2) to such a file ends."""
        if path.name in self.refused or not path.exists():
            return False
        name = path.parent.name
        if not self._take(name, path.name, text):
            return False
        self.writes.append((name, path.name, text))
        return True

    def _take(self, name: str, file: str, text: str) -> bool:
        if file == "trigger":
            if text not in self._triggers[name]:
                return False
            self._show_trigger(name, text)
            return True
        if file == "brightness" and text == "0":
            self._show_trigger(name, "none")
        if file.startswith("delay_"):
            return self._blink(name, **{file.removeprefix("delay_"): int(text)})
        put(self.folder / name, **{file: text})
        return True

    def _show_trigger(self, name: str, trigger: str) -> None:
        light = self.folder / name
        put(light, trigger=" ".join(f"[{each}]" if each == trigger else each for each in self._triggers[name]))
        for file in ("delay_on", "delay_off", "pattern"):
            (light / file).unlink(missing_ok=True)
        if trigger == "timer":
            put(light, delay_on=500, delay_off=500)
        if trigger == "pattern":
            put(light, pattern="")
        if trigger == "none":
            put(light, brightness=0)

    def _blink(self, name: str, on: int | None = None, off: int | None = None) -> bool:
        before = self.delays(name)
        delays = (before[0] if on is None else on, before[1] if off is None else off)
        if delays == (0, 0):
            delays = (500, 500)
        put(self.folder / name, delay_on=delays[0], delay_off=delays[1])
        return True
