"""What a press of the box's button means, by how long it was held; and what the light shows meanwhile. Pure.

Nothing is ever done before the button is let go, so that a person can let go when the light says the right thing.
A button that is held far too long is stuck, or held by mistake, and means nothing.
"""

from enum import StrEnum

from agent.console.panel.lights import Shown

SETTLE = 0.05  # s; edges closer together are a contact that bounces
LONG = 5.0  # s
VERY_LONG = 15.0
STUCK = 30.0
_NEVER = float("inf")


class Press(StrEnum):
    """What was asked for."""

    SHORT = "short"  # show which box this is
    LONG = "long"  # a safe network: DHCP, whatever the file says
    VERY_LONG = "very long"  # forget everything, as after flashing


class PressedButton:
    """One button. `edge` and `tick` take monotonic seconds; what goes backwards counts as standing still.

    An edge may be told late: its own time counts. All that are there are told before a `tick`.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._last = 0.0  # when the last edge was
        self._since: float | None = None  # it went down
        self._let_go: float | None = None  # and up again, perhaps by a bounce

    def edge(self, is_down: bool, at: float) -> Press | None:
        """The button went down or up. Gives a press that was over before."""
        at = self._last = max(at, self._last)
        press = self._over(at)
        if is_down and self._since is None:
            self._since = at
        if is_down:
            self._let_go = None
        elif self._since is not None and self._let_go is None:
            self._let_go = at
        self._now = max(self._now, at)
        return press

    def tick(self, now: float) -> Press | None:
        """The press that is over at `now`, once."""
        self._now = max(self._now, now)
        return self._over(self._now)

    def shown(self) -> Shown | None:
        """What the light shows at the last time that was told; None if the button has no say in it."""
        if self._since is None or self._let_go is not None:
            return None
        return _shown(self._now - self._since)

    def due(self) -> float:
        """The monotonic second at which `tick` may change something; infinite if none."""
        if self._since is None:
            return _NEVER
        if self._let_go is not None:
            return self._let_go + SETTLE
        return next((self._since + step for step in _STEPS if self._now < self._since + step), _NEVER)

    def gone(self) -> None:
        """The button was unplugged: what was begun means nothing."""
        self._since = self._let_go = None

    def _over(self, now: float) -> Press | None:
        if self._since is None or self._let_go is None or now < self._let_go + SETTLE:
            return None
        held, self._since, self._let_go = self._let_go - self._since, None, None
        return press_of(held)


_STEPS = (SETTLE, LONG, VERY_LONG, STUCK)


def press_of(held: float) -> Press | None:
    """What so many seconds mean; None for a bounce, and for a button that is stuck."""
    if not SETTLE <= held < STUCK:
        return None
    if held < LONG:
        return Press.SHORT
    return Press.LONG if held < VERY_LONG else Press.VERY_LONG


def _shown(held: float) -> Shown | None:
    press = press_of(held)
    return _LIGHT[press] if press else None


_LIGHT = {
    Press.SHORT: Shown.PRESSED,
    Press.LONG: Shown.PRESSED_LONG,
    Press.VERY_LONG: Shown.PRESSED_VERY_LONG,
}
