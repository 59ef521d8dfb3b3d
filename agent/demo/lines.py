"""What the demo says about each key: one line that changes with every step. Pure: knows no terminal.

Must never say more than the agent's record does: "cut" is the agent's word, the sum at the end counts for itself.
"""

from enum import StrEnum

import msgspec

from agent.commands.lifecycle import State
from agent.commands.origin import OriginName
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
    return _first(order.room, order.copies, NAMES.get(order.key_cutter, f"key cutter {order.key_cutter}"), time)


def ordered_at_desk(record: Record, time: str) -> Line:
    """The first line of a key that somebody orders by the command line."""
    encoder = record.target.removeprefix("encoder:")
    return _first(record.room, record.copies, NAMES.get(encoder, record.target), time, "ordered at the desk")


def _first(room: str, copies: int, encoder: str, time: str, step: str = "ordered") -> Line:
    number = f"{copies} keys" if copies > 1 else "1 key"
    return Line(time, f"room {room}  {number:<6}  {encoder:<16}", step, Mood.QUIET)


def stepped(line: Line, record: Record) -> Line:
    """The key's line after a step."""
    if record.state is State.REPORTED:
        knows = "Mews knows" if record.origin == OriginName.MEWS else "the desk knows"
        return msgspec.structs.replace(line, step=f"{line.step}, {knows}", is_final=True)
    step, mood = _STEPS[record.state]
    if record.state is State.DISPATCHED and record.copies > 1:
        step = f"{step} {record.copy} of {record.copies}"
    is_brief, is_final = record.state is State.CLAIMED, record.state is State.WITHDRAWN
    return Line(line.since, line.head, step, mood, record.note, is_brief=is_brief, is_final=is_final)
