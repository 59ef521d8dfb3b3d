"""The last acts, a line each. Pure."""

from datetime import datetime

import msgspec

from agent.foundation.reading.text import plain
from agent.health.health import TEXT_LENGTH
from agent.status.snapshot.lengths import NAME_LENGTH
from agent.status.snapshot.wall_clock import WallClock


class ActFacts(msgspec.Struct, frozen=True):
    """An act; `at` is aware, `result` "" while it lasts."""

    at: datetime | None
    who: str
    face: str
    what: str
    result: str = ""


class ActLine(msgspec.Struct, frozen=True):
    """Who did what by which face, when (ISO 8601 or ""), and what came of it ("" while it lasts)."""

    at: str
    who: str
    face: str
    what: str
    result: str = ""


def act_line(facts: ActFacts, clock: WallClock) -> ActLine:
    """As it is shown."""
    return ActLine(
        at="" if facts.at is None else clock.local(facts.at),
        who=plain(facts.who, NAME_LENGTH),
        face=plain(facts.face, NAME_LENGTH),
        what=plain(facts.what, TEXT_LENGTH),
        result=plain(facts.result, TEXT_LENGTH),
    )
