"""The log: one line for each fault that comes or goes and each step of a command, for journald on stderr.

No secret and no guest can be in it: its lines are made of records and faults, which have no place for them.
Nothing waits for it: `log_writer.py` says how.
"""

import logging

from agent.commands.lifecycle import State
from agent.control.words.events import Event, FaultChanged, OrderChanged
from agent.control.words.sentences import order, sentence
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


def heard(event: Event) -> None:
    """A watcher of the hub: something happened."""
    match event:
        case FaultChanged(is_over=False):
            log.warning("%s", sentence(event))
        case OrderChanged() if event.record.state not in _WORTH_A_LINE:
            return
        case OrderChanged():
            log.info("%s", order(event.record))
        case _:
            log.info("%s", sentence(event))
