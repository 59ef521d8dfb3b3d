"""What is wrong right now: the faults of the catalogue that hold, and where.

A fault is raised and cleared by the part that can tell whether it still holds; nothing here waits or asks.
"""

from collections.abc import Callable

import msgspec

from agent.foundation.reading.text import plain, plain_lines
from agent.health.catalogue import CATALOGUE, FaultKind, Level


class Fault(msgspec.Struct, frozen=True):
    """A fault that holds: where (`hop`), in which words, since when (monotonic seconds), what to do in this case
    (empty: what its kind says)."""

    kind: FaultKind
    hop: str
    text: str
    since: float
    hint: str = ""


class Health:
    """The faults that hold, one for each code and hop. `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        if clock is None:
            import trio  # here, because the serial line reads the catalogue, and has no memory for trio

            clock = trio.current_time
        self._clock = clock
        self._faults: dict[tuple[str, str], Fault] = {}
        self._calm_since: dict[str, float] = {}  # by hop
        self.on_change: Callable[[Fault, bool], None] = lambda fault, is_raised: None

    def raise_fault(self, code: str, hop: str, text: str = "", *, age: float = 0.0, hint: str = "") -> None:
        """State that fault `code` holds at `hop`; `text` says it for this case (cleaned, at most 300 characters,
        more where the kind is long), `hint` what to do in this case, where the catalogue's is too general. It
        began `age` seconds ago.

        A fault that holds already keeps its time. An unknown code is a bug: KeyError.
        """
        kind = CATALOGUE[code]
        before = self._faults.get((code, hop))
        words = plain_lines(text) if kind.is_long else plain(text, 300)
        since = before.since if before else self._clock() - age
        fault = Fault(kind, hop, words or kind.title, since, plain(hint, 300))
        self._faults[code, hop] = fault
        if before is None:
            self.on_change(fault, True)

    def clear(self, hop: str, *codes: str) -> None:
        """State that these faults no longer hold at `hop`."""
        for code in codes:
            fault = self._faults.pop((code, hop), None)
            if fault is not None:
                self._calm_since[hop] = self._clock()
                self.on_change(fault, False)

    def forget(self, hop: str) -> None:
        """State that nothing holds at `hop` any more: it is gone, or asked anew."""
        self.clear(hop, *[code for code, place in self._faults if place == hop])

    def holds(self, code: str, hop: str) -> bool:
        """Whether this fault holds now."""
        return (code, hop) in self._faults

    def calm_since(self, hop: str) -> float:
        """When the last fault at a hop was over (monotonic seconds); minus infinity where there was none."""
        return self._calm_since.get(hop, float("-inf"))

    def active(self) -> tuple[Fault, ...]:
        """The faults worth showing, worst first, then oldest; what a bigger one explains is left out."""
        hidden = {(code, fault.hop) for fault in self._faults.values() for code in fault.kind.hides}
        shown = (fault for key, fault in self._faults.items() if key not in hidden)
        return tuple(sorted(shown, key=lambda fault: (fault.kind.level != Level.FAULT, fault.since)))
