"""Waiting for facts in a machine that cannot call back: asks again until it is so. Never sleeps blindly."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

BOOT_SECONDS = 400.0  # s; an emulated boot takes 45 on an idle machine, 120 on a loaded one
LOOK_SECONDS = 0.25  # s between two looks: seldom enough to leave the processor to the emulated one


class NeverCame(AssertionError):
    """Something that was waited for did not come in time."""


def until(look: Callable[[], T | None], seconds: float, what: str, every: float = LOOK_SECONDS) -> T:
    """The first answer of `look` that is neither None nor false. Raises `NeverCame` after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise NeverCame(f"{what}: not within {seconds:.0f} s")
        time.sleep(every)
