"""What the demo says about each order: one line that changes with every step. Pure: knows no terminal.

Must never say more than the agent's record does: "cut" is the agent's word, the sum at the end counts for itself.
"""

from enum import StrEnum

import msgspec

from agent.commands.lifecycle import State
from agent.commands.model import Kind
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
    """An order's line: ordered at `since`, `head` says of what, `step` how far it is.

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


_MOODS = {
    State.WAITING: Mood.QUIET,
    State.CLAIMED: Mood.QUIET,
    State.DISPATCHED: Mood.BUSY,
    State.DONE: Mood.GOOD,
    State.FAILED: Mood.BAD,
    State.UNKNOWN: Mood.DOUBT,
    State.WITHDRAWN: Mood.QUIET,
}
_OF_KEYS = {State.DISPATCHED: "cutting", State.DONE: "cut", State.UNKNOWN: "perhaps cut"}
_OF_PAPER = {State.DISPATCHED: "printing", State.DONE: "printed", State.UNKNOWN: "perhaps printed"}


def ordered(order: Ordered, time: str) -> Line:
    """The first line of an order that was given at `time`."""
    if order.kind is Kind.PRINT:
        return _first(order.room, _papers(order.copies), order.device, time)
    return _first(order.room, _keys(order.copies), NAMES.get(order.device, f"key cutter {order.device}"), time)


def ordered_at_desk(record: Record, time: str) -> Line:
    """The first line of what a person orders by the command line."""
    if record.kind is Kind.PRINT:
        printer = record.target.removeprefix("printer:")
        return _first(record.room, _papers(record.copies), printer, time, "ordered at the desk")
    encoder = record.target.removeprefix("encoder:")
    return _first(
        record.room, _keys(record.copies), NAMES.get(encoder, record.target), time, "ordered at the desk"
    )


def _first(room: str, what: str, device: str, time: str, step: str = "ordered") -> Line:
    place = f"room {room}" if room else "no room"
    return Line(time, f"{place}  {what:<7}  {device:<16}", step, Mood.QUIET)


def _keys(copies: int) -> str:
    return f"{copies} keys" if copies > 1 else "1 key"


def _papers(copies: int) -> str:
    return f"{copies} papers" if copies > 1 else "1 paper"


def stepped(line: Line, record: Record) -> Line:
    """The order's line after a step."""
    if record.state is State.REPORTED:
        knows = "Mews knows" if record.origin == OriginName.MEWS else "the desk knows"
        return msgspec.structs.replace(line, step=f"{line.step}, {knows}", is_final=True)
    words = _OF_PAPER if record.kind is Kind.PRINT else _OF_KEYS
    step, mood = words.get(record.state, record.state.lower()), _MOODS[record.state]
    if record.state is State.DISPATCHED and record.copies > 1 and record.kind is Kind.KEY:
        step = f"{step} {record.copy} of {record.copies}"
    is_brief, is_final = record.state is State.CLAIMED, record.state is State.WITHDRAWN
    return Line(line.since, line.head, step, mood, record.note, is_brief=is_brief, is_final=is_final)
