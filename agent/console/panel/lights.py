"""What the box's lights show: a pattern for each state that a person on site can tell from all the others. Pure.

Two patterns differ in how long they are lit, or at least by a factor of two and a half in how fast they are. Where
a light can count, the faults are counted flashes instead: one for the box, two for the hop behind it, and so on.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from board.pattern import OFF, ON, Pattern


class Shown(StrEnum):
    """What there is to show."""

    STARTING = "starting"
    WELL = "well"
    WARNING = "warning"
    BOX_FAULT = "fault of the box"
    MEWS_FAULT = "fault towards Mews"
    LOCK_SERVER_FAULT = "fault of a lock server"
    DEVICE_FAULT = "fault of an encoder or printer"
    UPDATING = "updating"
    IDENTIFY = "identify"
    PRESSED = "pressed"
    PRESSED_LONG = "pressed long"
    PRESSED_VERY_LONG = "pressed very long"


class Meaning(NamedTuple):
    """A row of the manual: how it looks, in words, and what it means."""

    looks: str
    means: str


_FLICKER, _QUICK, _SLOW, _VERY_SLOW = Pattern(50, 50), Pattern(250, 250), Pattern(1000, 1000), Pattern(3000, 3000)
_FLASH, _RARE_FLASH = Pattern(150, 850), Pattern(150, 2850)
_WINK, _RARE_WINK = Pattern(850, 150), Pattern(2850, 150)

_PATTERNS = {
    Shown.STARTING: _QUICK,
    Shown.WELL: ON,
    Shown.WARNING: _RARE_WINK,
    Shown.BOX_FAULT: _RARE_FLASH,
    Shown.MEWS_FAULT: _FLASH,
    Shown.LOCK_SERVER_FAULT: _VERY_SLOW,
    Shown.DEVICE_FAULT: _WINK,
    Shown.UPDATING: _SLOW,
    Shown.IDENTIFY: _FLICKER,
    Shown.PRESSED: OFF,
    Shown.PRESSED_LONG: _SLOW,
    Shown.PRESSED_VERY_LONG: _FLICKER,
}
_FLASHES = {Shown.BOX_FAULT: 1, Shown.MEWS_FAULT: 2, Shown.LOCK_SERVER_FAULT: 3, Shown.DEVICE_FAULT: 4}
_LOOKS = {
    ON: "on",
    OFF: "dark",
    _FLICKER: "flickering",
    _QUICK: "blinking quickly, twice a second",
    _SLOW: "blinking slowly, a second on and a second off",
    _VERY_SLOW: "blinking very slowly, three seconds on and three off",
    _FLASH: "dark, with a short flash every second",
    _RARE_FLASH: "dark, with a short flash every three seconds",
    _WINK: "on, with a short wink every second",
    _RARE_WINK: "on, with a short wink every three seconds",
}
_MEANS = {
    Shown.STARTING: "The box starts.",
    Shown.WELL: "All is well.",
    Shown.WARNING: "Keys are cut, and something is to be looked at: see the page or the console.",
    Shown.BOX_FAULT: "The box itself, its network cable or its provisioning file is at fault.",
    Shown.MEWS_FAULT: "Mews is not reached, or refuses.",
    Shown.LOCK_SERVER_FAULT: "A lock server is not reached, or refuses.",
    Shown.DEVICE_FAULT: "An encoder or a printer is at fault.",
    Shown.UPDATING: "The box is being updated: leave it switched on.",
    Shown.IDENTIFY: "This is the box that was asked to show itself.",
    Shown.PRESSED: "While the button is held: let go, and the box shows itself.",
    Shown.PRESSED_LONG: "While the button is held: let go, and the box takes its address by DHCP.",
    Shown.PRESSED_VERY_LONG: "While the button is held: let go, and the box forgets everything. "
    "Hold on until it stops flickering, and nothing happens.",
}


class Moment(NamedTuple):
    """What is known of the box. `fault_hops` are those with a fault that stops keys, as status.json names hops.

    `is_answering`: the agent says how things are; `was_answering`: it did since the box started.
    `pressed` is what the button has to show, None while it is left alone.
    """

    fault_hops: tuple[str, ...] = ()
    has_warning: bool = False
    is_answering: bool = False
    was_answering: bool = False
    is_updating: bool = False
    is_identifying: bool = False
    pressed: Shown | None = None


def shown_of(moment: Moment) -> Shown:
    """What matters most: a person at the button, then one who looks for the box, then how it is."""
    if moment.pressed is not None:
        return moment.pressed
    if moment.is_identifying:
        return Shown.IDENTIFY
    if moment.is_updating:
        return Shown.UPDATING
    if not moment.is_answering:
        return Shown.BOX_FAULT if moment.was_answering else Shown.STARTING
    return fault_shown(moment.fault_hops) or (Shown.WARNING if moment.has_warning else Shown.WELL)


def fault_shown(hops: Iterable[str]) -> Shown | None:
    """Of the hops at fault the one nearest to the box, for it may explain the rest; None if there is none."""
    kinds = {hop.partition(":")[0] for hop in hops}
    for kind, shown in _OF_HOP.items():
        if kind in kinds:
            return shown
    return Shown.BOX_FAULT if kinds else None  # a hop that this version does not know


_OF_HOP = {
    "box": Shown.BOX_FAULT,
    "mews": Shown.MEWS_FAULT,
    "lock-server": Shown.LOCK_SERVER_FAULT,
    "encoder": Shown.DEVICE_FAULT,
    "printer": Shown.DEVICE_FAULT,
}


def pattern_of(shown: Shown, *, can_count: bool = False) -> Pattern:
    """How the telling light shows it."""
    flashes = _FLASHES.get(shown)
    if flashes is None or not can_count:
        return _PATTERNS[shown]
    return Pattern(200, 2000) if flashes == 1 else Pattern(200, 400, flashes, 2000)


def patterns(shown: Shown, count: int, *, can_count: bool = False) -> tuple[Pattern, ...]:
    """One for each of `count` lights. The second says that there is power, but for what asks a person to look."""
    first = pattern_of(shown, can_count=can_count)
    second = first if shown in (Shown.IDENTIFY, Shown.PRESSED_LONG, Shown.PRESSED_VERY_LONG) else ON
    return (first, second)[:count]


def manual(*, can_count: bool = False) -> tuple[Meaning, ...]:
    """Every state with how it looks and what it means."""
    return tuple(Meaning(_looks(shown, can_count), _MEANS[shown]) for shown in Shown)


def _looks(shown: Shown, can_count: bool) -> str:
    flashes = _FLASHES.get(shown)
    if flashes is None or not can_count:
        return _LOOKS[_PATTERNS[shown]]
    return "one flash, then a pause" if flashes == 1 else f"{_WORDS[flashes]} flashes, then a pause"


_WORDS = {2: "two", 3: "three", 4: "four"}
