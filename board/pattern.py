"""How a light blinks, as a value. Pure: `board/lights.py` shows it."""

from typing import NamedTuple


class Pattern(NamedTuple):
    """On and off in turn, in milliseconds; `off_ms` 0 is steadily on, `on_ms` 0 steadily off.

    With `flashes`, so many in a row and then `pause_ms` of dark in place of the last `off_ms`: only a light that
    can count shows that.
    """

    on_ms: int
    off_ms: int
    flashes: int = 1
    pause_ms: int = 0

    @property
    def is_steady(self) -> bool:
        """Whether nothing blinks."""
        return self.on_ms <= 0 or self.off_ms <= 0

    @property
    def is_lit(self) -> bool:
        """Whether it is on longer than off: what a light shows that cannot blink."""
        return self.on_ms > self.off_ms


ON = Pattern(1000, 0)
OFF = Pattern(0, 1000)
