"""What happens in a box, for any watcher: frozen, without guests and secrets, because their parts have none."""

from typing import TypeAlias

import msgspec

from agent.commands.record import Record
from agent.health.kind import Level
from agent.journal.rows.acts import Act


class OrderChanged(msgspec.Struct, frozen=True, tag_field="type", tag="order"):
    """An order took a step; `waits_for` says for what it waits, empty where it does not."""

    record: Record
    waits_for: str = ""


class FaultChanged(msgspec.Struct, frozen=True, tag_field="type", tag="fault"):
    """A fault came, or (`is_over`) went."""

    code: str
    hop: str
    level: Level
    text: str
    is_over: bool = False


class StepTaken(msgspec.Struct, frozen=True, tag_field="type", tag="step"):
    """The box itself took a step, in a sentence without its full stop."""

    text: str


class ActBegan(msgspec.Struct, frozen=True, tag_field="type", tag="act-began"):
    """Somebody began to act."""

    act: Act


class ActEnded(msgspec.Struct, frozen=True, tag_field="type", tag="act-ended"):
    """An act is over: it says what came of it."""

    act: Act


Event: TypeAlias = OrderChanged | FaultChanged | StepTaken | ActBegan | ActEnded
