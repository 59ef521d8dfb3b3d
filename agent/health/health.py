"""What is wrong right now: the faults that hold, where, and which of them are worth showing. Pure.

A fault is raised and cleared by the part that can tell whether it still holds. It is shown once its kind's
patience is over, and while nothing else that holds explains it; so nothing is shown twice for one cause.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from agent.foundation.reading.text import plain, plain_lines
from agent.health.kind import BOX, SEVERITY, FaultKind

TEXT_LENGTH = 300  # characters of a fault's text, where its kind is not long


class Fault(msgspec.Struct, frozen=True):
    """A fault that holds: where (`hop`), in which words, since when (monotonic seconds), what support should do in
    this case (empty: what its kind says)."""

    kind: FaultKind
    hop: str
    text: str
    since: float
    hint: str = ""


class _Held(NamedTuple):
    """A fault, from when on it may be shown (monotonic seconds), and the hop that its own one lies behind."""

    fault: Fault
    shown_from: float
    behind: str


class Health:
    """The faults that hold, one for each kind and hop. `clock` gives monotonic seconds.

    `on_change` hears of a fault when it comes to be shown (True), and when it no longer holds (False).
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._held: dict[tuple[str, str], _Held] = {}  # by code and hop
        self._told: set[tuple[str, str]] = set()  # those that `on_change` has heard of
        self._calm_since: dict[str, float] = {}  # by hop
        self.on_change: Callable[[Fault, bool], None] = lambda fault, is_raised: None

    def raise_fault(
        self,
        kind: FaultKind,
        hop: str,
        text: str = "",
        *,
        hint: str = "",
        age: float = 0.0,
        behind: str = "",
        at_once: bool = False,
    ) -> None:
        """State that a fault holds at `hop`; `text` says it for this case (cleaned, at most 300 characters, more
        where the kind is long), `hint` what to do in this case, where the kind's own is too general.

        It began `age` seconds ago; one that holds already keeps its time. `behind` is the hop by which this one is
        asked, where that is not the box: an encoder's lock server. `at_once`: patience would change nothing.
        """
        key, now = (kind.code, hop), self._clock()
        before = self._held.get(key)
        words = plain_lines(text) if kind.is_long else plain(text, TEXT_LENGTH)
        since = before.fault.since if before else now - age
        shown_from = now if at_once else since + kind.patience
        fault = Fault(kind, hop, words or kind.title, since, plain(hint, TEXT_LENGTH))
        self._held[key] = _Held(fault, min(shown_from, before.shown_from) if before else shown_from, behind)
        self.look()

    def clear(self, hop: str, *kinds: FaultKind) -> None:
        """State that these faults no longer hold at `hop`."""
        for kind in kinds:
            held = self._held.pop((kind.code, hop), None)
            if held is None:
                continue
            if self._clock() >= held.shown_from:
                self._calm_since[hop] = self._clock()
            if (kind.code, hop) in self._told:
                self._told.remove((kind.code, hop))
                self.on_change(held.fault, False)
        self.look()

    def forget(self, hop: str) -> None:
        """State that nothing holds at `hop` any more: it is gone, or asked from the beginning."""
        self.clear(hop, *[held.fault.kind for held in self._held.values() if held.fault.hop == hop])

    def look(self) -> None:
        """Tell `on_change` of what has come to be shown: just raised, patience over, or what explained it over."""
        for fault in self.active():
            key = (fault.kind.code, fault.hop)
            if key not in self._told:
                self._told.add(key)
                self.on_change(fault, True)

    def holds(self, kind: FaultKind, hop: str) -> bool:
        """Whether this fault holds now, shown or not."""
        return (kind.code, hop) in self._held

    def calm_since(self, hop: str) -> float:
        """When the last fault at a hop was over (monotonic seconds); minus infinity where there was none.

        What was over before its patience was counts as none.
        """
        return self._calm_since.get(hop, float("-inf"))

    def active(self) -> tuple[Fault, ...]:
        """The faults worth showing, worst first, then oldest; what a bigger one explains is left out."""
        now = self._clock()
        shown = (held for held in self._held.values() if held.shown_from <= now and self._cause(held) is None)
        return tuple(
            sorted((held.fault for held in shown), key=lambda fault: (-SEVERITY[fault.kind.level], fault.since))
        )

    def obstacle(self, hop: str) -> Fault | None:
        """What is in the way to `hop`: a fault elsewhere that explains one of its own. None if nothing is."""
        roots = (self._root(held) for held in self._held.values() if held.fault.hop == hop)
        return next((root.fault for root in roots if root.fault.hop != hop), None)

    def _root(self, held: _Held) -> _Held:
        while (cause := self._cause(held)) is not None:
            held = cause
        return held

    def _cause(self, held: _Held) -> _Held | None:
        """What holds and explains it, whether it is shown yet or not."""
        return next((self._held[key] for key in _explanations(held) if key in self._held), None)


def _explanations(held: _Held) -> Iterator[tuple[str, str]]:
    """Where to look for what explains a fault: codes and hops."""
    for kind in held.fault.kind.depends_on:
        for hop in (BOX, held.behind, held.fault.hop):
            yield kind.code, hop
