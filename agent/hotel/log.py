"""The log: one line for each fault that comes or goes and each step of a command, for journald on stderr.

No secret and no guest can be in it: its lines are made of records and faults, which have no place for them.
Nothing waits for it: `log_writer.py` says how.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import trio

from agent.commands.lifecycle import State
from agent.control.words.events import Event, FaultChanged, OrderChanged
from agent.control.words.sentences import order, sentence
from agent.hotel.log_writer import LogWriter, own_stderr
from agent.status.log_ring import LogRing

log = logging.getLogger("nightporter")
_WORTH_A_LINE = {State.CLAIMED, State.DISPATCHED, State.DONE, State.FAILED, State.UNKNOWN, State.WITHDRAWN}


def to_stderr() -> None:
    """Send the log to stderr, without times: the journal has its own."""
    handler = LogWriter(own_stderr())
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logging.getLogger().addHandler(handler)  # what a library has to say must not hold the process up either
    log.setLevel(logging.INFO)


def lost() -> int:
    """How many lines were lost since the start."""
    return sum(handler.lost for handler in logging.getLogger().handlers if isinstance(handler, LogWriter))


def flush() -> None:
    """Wait for a moment until what was said is written."""
    for handler in logging.getLogger().handlers:
        handler.flush()


def heard(event: Event) -> None:
    """A watcher of the hub: something happened."""
    line = _line(event)
    if line is None:
        return
    level, hop, text = line
    log.log(level, "%s", text, extra={"hop": hop})


def is_of_hub(record: logging.LogRecord) -> bool:
    """Whether a line is one that `heard` has said."""
    return hasattr(record, "hop")


@contextmanager
def kept_in(ring: LogRing) -> Iterator[None]:
    """Inside, each line of ours goes into the ring as well, whichever part of the agent says it."""
    handler, before = _RingHandler(ring), log.level
    log.addHandler(handler)
    log.setLevel(min(logging.INFO, log.getEffectiveLevel()))
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(before)


class _RingHandler(logging.Handler):
    """The ring is of trio's thread: what another one says comes a moment later."""

    def __init__(self, ring: LogRing) -> None:
        super().__init__(logging.INFO)
        self._ring, self._thread = ring, threading.get_ident()
        self._token = trio.lowlevel.current_trio_token()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self._put(record)
        else:
            self._token.run_sync_soon(self._put, record)

    def _put(self, record: logging.LogRecord) -> None:
        at = datetime.fromtimestamp(record.created, UTC)
        self._ring.put(at, record.levelname, getattr(record, "hop", ""), record.getMessage())


def _line(event: Event) -> tuple[int, str, str] | None:
    """Level, hop and text of what is worth a line."""
    match event:
        case FaultChanged():
            return logging.INFO if event.is_over else logging.WARNING, event.hop, sentence(event)
        case OrderChanged() if event.record.state not in _WORTH_A_LINE:
            return None
        case OrderChanged():
            return logging.INFO, event.record.target, order(event.record)
        case _:
            return logging.INFO, "", sentence(event)
