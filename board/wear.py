"""How worn the box's cards and disks are, where they tell: eMMC by itself, ext4 what was written and went wrong.

mmc_host in sysfs (JEDEC 84-B51, DEVICE_LIFE_TIME_EST and PRE_EOL_INFO), sysfs-fs-ext4. An SD card tells its name
and month alone; SATA and NVMe tell it to smartctl, which no box has, and so they are absent. A card that is in
trouble may answer late: take it through `board/reading.py`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from board.small_files import inside, number_in, number_of, text_of

MMC = Path("/sys/class/mmc_host")
EXT4 = Path("/sys/fs/ext4")

MOST_STEPS = 0x0B  # of a life time, ten per cent each; the last is "beyond its life"
WORN_STEPS = 0x09  # more than 80 %: the card is to be replaced
SPARE_LOW, SPARE_GONE = 2, 3  # PRE_EOL_INFO: 80 % and 90 % of the spare blocks are used; 1 is well, 0 not told
_LENGTH = 32  # characters of a card's name or date


class Card(NamedTuple):
    """A card or an eMMC. `kind` is the kernel's word ("SD", "MMC"), `made` month and year; "" if it does not tell.

    `life_steps` are the tenths of its life that are begun, 11 once it is over; `spare_state` 1 is well, 2 low,
    3 nearly gone. None where it does not tell.
    """

    kind: str = ""
    name: str = ""
    made: str = ""
    life_steps: int | None = None
    spare_state: int | None = None


class FileSystem(NamedTuple):
    """An ext4: `written_kb` in its life, `errors` that it met; None where it does not tell."""

    device: str
    written_kb: int | None = None
    errors: int | None = None


class Wear(NamedTuple):
    """All cards and file systems that tell something."""

    cards: tuple[Card, ...] = ()
    file_systems: tuple[FileSystem, ...] = ()


def read_wear(mmc: Path = MMC, ext4: Path = EXT4) -> Wear:
    """As it is now. Never an error."""
    return Wear(tuple(_cards(mmc)), tuple(_file_systems(ext4)))


def _cards(mmc: Path) -> Iterator[Card]:
    for card in inside(mmc, "mmc*/mmc*:*"):
        kind, name, made = (text_of(card / file)[:_LENGTH] for file in ("type", "name", "date"))
        steps = [_within(number_in(word, 16), MOST_STEPS) for word in text_of(card / "life_time").split()[:2]]
        spare = _within(number_of(card / "pre_eol_info", 16), SPARE_GONE)
        if kind or name:
            yield Card(kind, name, made, max((step for step in steps if step is not None), default=None), spare)


def _within(value: int | None, most: int) -> int | None:
    """A value of the standard; 0 is "not told", and the rest is reserved."""
    return value if value is not None and 1 <= value <= most else None


def _file_systems(ext4: Path) -> Iterator[FileSystem]:
    for folder in inside(ext4):
        written, errors = number_of(folder / "lifetime_write_kbytes"), number_of(folder / "errors_count")
        if written is not None or errors is not None:  # `features` is no file system
            yield FileSystem(folder.name, written, errors)
