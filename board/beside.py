"""Calls that may hang in the kernel, made beside: one at a time, and never waited for too long.

A thread that hangs there cannot be ended, so no second one is started before it is back, and it does not keep the
process from ending.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


class Beside:
    """One piece of hardware. `patience` is in seconds."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._thread: threading.Thread | None = None

    def call(self, act: Callable[[], Value], nothing: Value) -> Value:
        """What `act`, which never raises, gives; `nothing` if that takes too long, or a call before it hangs."""
        if self._thread is not None and self._thread.is_alive():
            return nothing
        given: list[Value] = []
        self._thread = threading.Thread(target=lambda: given.append(act()), name="board-beside", daemon=True)
        self._thread.start()
        self._thread.join(self._patience)
        return given[0] if given else nothing
