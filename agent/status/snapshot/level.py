"""The three colours that everything on the status page can have, worst last. Pure.

The same closed set as `agent.health.health.Level`, which cannot be imported here because that module knows trio;
a test keeps the two equal.
"""

from collections.abc import Iterable
from enum import StrEnum


class Light(StrEnum):
    """A warning lets keys go on, a fault stops some."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


SEVERITY = {Light.OK: 0, Light.WARNING: 1, Light.FAULT: 2}


def worst(lights: Iterable[Light]) -> Light:
    """The worst of them; of none, OK."""
    return max(lights, key=SEVERITY.__getitem__, default=Light.OK)
