"""The signals of a process, from its first moment to its last: none ends it by itself, and none gets lost.

Python's own handlers would end the process at once, before its loop listens and after its loop has ended. Must
load nothing big: it is there before what takes long to load.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

STOPS = frozenset({signal.SIGTERM, signal.SIGINT})
RELOAD = signal.SIGHUP


class Signals:
    """Keeps a stop that comes too early to be heard. A reload that early has no meaning: no file was read yet."""

    def __init__(self) -> None:
        self._early: list[int] = []
        self._tell: Callable[[int], object] = self._early.append

    def take_over(self) -> None:
        """Take SIGTERM, SIGINT and SIGHUP from Python's own handlers, for good."""
        for number in (*STOPS, RELOAD):
            signal.signal(number, self.came)

    def came(self, number: int, _frame: FrameType | None = None) -> None:
        """The handler: runs between any two steps of the main thread."""
        self._tell(number)

    @contextmanager
    def told_to(self, tell: Callable[[int], object]) -> Iterator[None]:
        """Hand each signal to `tell`, beginning with a stop of before. `tell` must be fit for a handler."""
        self._tell = tell
        for number in STOPS.intersection(self._early):
            tell(number)
        try:
            yield
        finally:
            self._tell = self._early.append

    def ignore(self) -> None:
        """Nothing is left to stop; also while the interpreter ends, which gives other handlers up."""
        for number in (*STOPS, RELOAD):
            signal.signal(number, signal.SIG_IGN)
