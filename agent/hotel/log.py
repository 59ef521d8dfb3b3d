"""The log: one line for each fault that comes or goes and each step of a command, for journald on stderr.

No secret and no guest can be in it: its lines are made of records and faults, which have no place for them.
Nothing waits for it: `log_writer.py` says how.
"""

import logging

from agent.commands.lifecycle import State
from agent.commands.record import Record
from agent.health.health import Fault
from agent.hotel.log_writer import LogWriter, own_stderr

log = logging.getLogger("nightporter")
_WORTH_A_LINE = {State.CLAIMED, State.DISPATCHED, State.DONE, State.FAILED, State.UNKNOWN, State.WITHDRAWN}


def to_stderr() -> None:
    """Send the log to stderr, without times: the journal has its own."""
    handler = LogWriter(own_stderr())
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logging.getLogger().addHandler(handler)  # what a library has to say must not hold the process up either
    log.setLevel(logging.INFO)


def flush() -> None:
    """Wait for a moment until what was said is written."""
    for handler in logging.getLogger().handlers:
        handler.flush()


def fault(change: Fault, is_raised: bool) -> None:
    """A fault came or went."""
    if is_raised:
        log.warning("%s at %s: %s", change.kind.code, change.hop, " ".join(change.text.splitlines()))
    else:
        log.info("%s at %s is over", change.kind.code, change.hop)


def step(record: Record) -> None:
    """A command took a step."""
    if record.state not in _WORTH_A_LINE:
        return
    copy = f" copy {record.copy} of {record.copies}" if record.copy else ""
    code = f" {record.code}: {record.note}" if record.note else ""
    log.info(
        "%s %s %s%s%s%s", record.id, record.kind, record.target or record.device, copy, f" {record.state}", code
    )
