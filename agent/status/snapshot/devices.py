"""How each encoder and printer did of late. Pure."""

from datetime import datetime

import msgspec

from agent.foundation.reading.text import plain
from agent.health.health import TEXT_LENGTH
from agent.health.kind import Level
from agent.status.snapshot.lengths import HOP_LENGTH, NAME_LENGTH
from agent.status.snapshot.wall_clock import WallClock


class DeviceFacts(msgspec.Struct, frozen=True):
    """A device, as the orders of it tell; times are aware, None: not known. `error` is a sentence of ours."""

    hop: str
    name: str
    kind: str
    address: str = ""
    done: int = 0
    failed: int = 0
    unknown: int = 0
    success: datetime | None = None
    error: str = ""
    error_at: datetime | None = None
    seconds: float | None = None


class Device(msgspec.Struct, frozen=True):
    """An encoder or a printer: `kind` is `key` or `print`, `address` where it is reached, "" where it has none.

    How its orders ended is counted over the last ones that the box keeps in mind (500 of all devices together),
    restarts included: `done`, `failed` and `unknown` are not "since ever", and fall again. Times are ISO 8601
    or "". `seconds` is the median time from order to end of the last that were done, None where there is none.
    """

    hop: str
    name: str
    kind: str
    address: str = ""
    level: Level = Level.OK
    done: int = 0
    failed: int = 0
    unknown: int = 0
    last_success: str = ""
    last_error: str = ""
    last_error_at: str = ""
    seconds: float | None = None


def device(facts: DeviceFacts, level: Level, clock: WallClock) -> Device:
    """As it is shown, with the level of its hop."""
    return Device(
        hop=plain(facts.hop, HOP_LENGTH),
        name=plain(facts.name, NAME_LENGTH),
        kind=plain(facts.kind, NAME_LENGTH),
        address=plain(facts.address, NAME_LENGTH),
        level=level,
        done=facts.done,
        failed=facts.failed,
        unknown=facts.unknown,
        last_success="" if facts.success is None else clock.local(facts.success),
        last_error=plain(facts.error, TEXT_LENGTH),
        last_error_at="" if facts.error_at is None else clock.local(facts.error_at),
        seconds=facts.seconds,
    )
