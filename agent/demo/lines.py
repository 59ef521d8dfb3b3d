"""What the demo says about each key: one line that changes with every step. Pure: knows no terminal.

Must never say more than the agent's record does: "cut" is the agent's word, the sum at the end counts for itself.
"""

from enum import StrEnum

import msgspec

from agent.commands.lifecycle import State
from agent.commands.record import Record
from agent.demo.hotel_files import NAMES
from agent.demo.reception import Ordered


class Mood(StrEnum):
    """How a line looks."""

    QUIET = "quiet"
    BUSY = "busy"
    GOOD = "good"
    DOUBT = "doubt"
    BAD = "bad"


class Line(msgspec.Struct, frozen=True):
    """A key's line: ordered at `since`, `head` says which key, `step` how far it is.

    `note` is what a receptionist reads in Mews.

    Steps that are `is_brief` are over before anybody could read them, those that are `is_final` are the last.
    """

    since: str
    head: str
    step: str
    mood: Mood
    note: str = ""
    is_brief: bool = False
    is_final: bool = False


_STEPS = {
    State.WAITING: ("waiting", Mood.QUIET),
    State.CLAIMED: ("claimed", Mood.QUIET),
    State.DISPATCHED: ("cutting", Mood.BUSY),
    State.DONE: ("cut", Mood.GOOD),
    State.FAILED: ("failed", Mood.BAD),
    State.UNKNOWN: ("perhaps cut", Mood.DOUBT),
    State.WITHDRAWN: ("withdrawn", Mood.QUIET),
}


def ordered(order: Ordered, time: str) -> Line:
    """The first line of a key, ordered at `time`."""
    encoder = NAMES.get(order.key_cutter, f"key cutter {order.key_cutter}")
    number = f"{order.copies} keys" if order.copies > 1 else "1 key"
    return Line(time, f"room {order.room}  {number:<6}  {encoder:<16}", "ordered", Mood.QUIET)


def stepped(line: Line, record: Record) -> Line:
    """The key's line after a step."""
    if record.state is State.REPORTED:
        return msgspec.structs.replace(line, step=f"{line.step}, Mews knows", is_final=True)
    step, mood = _STEPS[record.state]
    if record.state is State.DISPATCHED and record.copies > 1:
        step = f"{step} {record.copy} of {record.copies}"
    is_brief, is_final = record.state is State.CLAIMED, record.state is State.WITHDRAWN
    return Line(line.since, line.head, step, mood, record.note, is_brief=is_brief, is_final=is_final)
