"""What has come out of the simulated printer: papers with the name of their job, so that a second one is seen.

Must never forget that a document was printed. Only its bytes are, the oldest first, when they are too many.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from agent.foundation.errors import UserMistake
from agent.simulators.base.presence import Changes

KEPT_BYTES = 64 * 1024 * 1024  # of documents; the demo runs on the box's own memory


@dataclass(slots=True)
class Print:
    """One document that came out, or begins to. `sides` counts those that are out, all copies together.

    `ended` is empty while it comes out, then a word: completed, canceled, aborted, lost, cut-short. `document` is
    None once its bytes are forgotten.
    """

    number: int
    job_id: int | None  # None: by port 9100
    job_name: str
    user: str
    format: str
    copies: int
    pages: int  # of one copy
    document: bytes | None
    size: int
    began: float  # seconds of one clock
    sides: int = 0
    ended: str = ""

    @property
    def whole_copies(self) -> int:
        """How many copies are out to their last page."""
        return self.sides // self.pages

    @property
    def facts(self) -> dict[str, object]:
        """All of it but the document."""
        names = ("number", "job_id", "job_name", "user", "format", "copies", "pages", "size", "began", "sides")
        is_kept = self.document is not None
        return {name: getattr(self, name) for name in names} | {"ended": self.ended, "is_kept": is_kept}


class Tray:
    """All that came out, in the order of time."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._prints: list[Print] = []

    def __iter__(self) -> Iterator[Print]:
        return iter(self._prints)

    def __len__(self) -> int:
        return len(self._prints)

    @property
    def next_number(self) -> int:
        """The number of the next one."""
        return len(self._prints) + 1

    def add(self, print: Print) -> Print:
        """Have a document come out."""
        self._prints.append(print)
        self._forget()
        self._changes.announce()
        return print

    def find(self, number: int) -> Print:
        """The one with a number. Raises UserMistake."""
        if not 1 <= number <= len(self._prints):
            raise UserMistake(f"there is no print {number}: GET /_sim/prints lists them")
        return self._prints[number - 1]

    def named(self, job_name: str) -> tuple[Print, ...]:
        """All of one job name: more than one is a document that was printed twice."""
        return tuple(each for each in self._prints if each.job_name == job_name)

    @property
    def counts(self) -> dict[str, int]:
        """How many whole copies came out of each job name."""
        counts: Counter[str] = Counter()
        for each in self._prints:
            counts[each.job_name] += each.whole_copies
        return dict(counts)

    def _forget(self) -> None:
        total = 0
        for each in reversed(self._prints):
            total += 0 if each.document is None else each.size
            if total > KEPT_BYTES:
                each.document = None
