"""The lines that were entered before on one serial line. Pure.

Must never hold a secret: only the editor keeps lines here, and those of a secret it does not.
"""

from collections import deque

MOST_LINES = 100


class History:
    """Shared by the lines that are asked for one after another."""

    def __init__(self, most: int = MOST_LINES) -> None:
        self._lines: deque[str] = deque(maxlen=most)

    def keep(self, line: str) -> None:
        """Keep a line that was entered, unless it is blank or the same as the last one."""
        if line.strip() and (not self._lines or self._lines[-1] != line):
            self._lines.append(line)

    def walk(self) -> "Walk":
        """A way through the lines, for one new line."""
        return Walk([*self._lines, ""])

    def forget(self) -> None:
        """At a log-out: the next person has not entered these."""
        self._lines.clear()


class Walk:
    """A way through copies of the lines, the one that is begun last; what is changed on the way stays changed."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = len(lines) - 1

    def older(self, text: str) -> str | None:
        """The line before the present one, which reads `text` now; None at the first."""
        return self._step(-1, text)

    def newer(self, text: str) -> str | None:
        """The line after the present one, which reads `text` now; None at the one that is begun."""
        return self._step(1, text)

    def _step(self, step: int, text: str) -> str | None:
        to = self._at + step
        if not 0 <= to < len(self._lines):
            return None
        self._lines[self._at] = text
        self._at = to
        return self._lines[to]
