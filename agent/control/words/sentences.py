"""Events and progress as lines of text, the same on the command line, in the log and in the demo. Pure."""

from agent.commands.probe import Mark
from agent.commands.record import Record
from agent.control.words.events import ActBegan, Event, FaultChanged, OrderChanged, StepTaken
from agent.control.words.told import Happened, Line, Piece, Progress, Table
from agent.foundation.reading.columns import table

_MARKS = {Mark.GOOD: "ok", Mark.DOUBT: "look at it", Mark.OPEN: "not tested", Mark.BAD: "FAILS"}
_FAILED_STEP = f": {_MARKS[Mark.BAD]}, "


def lines(told: Progress, columns: int) -> list[str]:
    """Progress as it is shown on a terminal of that many columns."""
    return table(told.columns, told.rows, columns) if isinstance(told, Table) else [line(told)]


def line(told: Progress) -> str:
    """Progress as one line."""
    if isinstance(told, Line):
        return told.text
    if isinstance(told, Table):
        return "; ".join(" ".join(filter(None, row)) for row in told.rows)
    if isinstance(told, Piece):
        return f"{told.name}: {told.at + len(told.content)} of {told.total} bytes"
    if isinstance(told, Happened):
        return sentence(told.event)
    took = f"{told.seconds * 1000:.0f} ms" if told.seconds < 1 else f"{told.seconds:.1f} s"
    return f"{told.hop}: {told.step}: {_MARKS[told.mark]}, {took}. {told.text}"


def tells_failure(line_: str) -> bool:
    """Whether a line that `line` made is a step of a test that failed."""
    return _FAILED_STEP in line_


def sentence(event: Event) -> str:
    """An event as one line."""
    match event:
        case OrderChanged():
            return order(event.record) + (f", waits for {event.waits_for}" if event.waits_for else "")
        case FaultChanged():
            return fault(event)
        case StepTaken():
            return event.text
        case ActBegan():
            return f"{event.act.who} ({event.act.face}) began: {event.act.words}"
        case _:
            return f"{event.act.who} ({event.act.face}) ended: {event.act.words}: {event.act.note}"


def order(record: Record) -> str:
    """An order's last step."""
    copy = f" copy {record.copy} of {record.copies}" if record.copy else ""
    code = f" {record.code}: {record.note}" if record.note else ""
    return f"{record.id} {record.kind} {record.target or record.device}{copy} {record.state}{code}"


def fault(change: FaultChanged) -> str:
    """A fault that came or went."""
    if change.is_over:
        return f"{change.code} at {change.hop} is over"
    return f"{change.code} at {change.hop}: {' '.join(change.text.splitlines())}"
