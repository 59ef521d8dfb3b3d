"""What an address has refused since it last took something: how many samples, of which time, and why.

For one line of the log. Never the samples themselves.
"""

from collections.abc import Iterable
from datetime import UTC, datetime


class Lost:
    """Nothing at first; times are ms since 1970."""

    def __init__(self) -> None:
        self.samples = 0
        self._first = self._last = 0
        self._why = ""

    def add(self, samples: int, times: Iterable[int], why: str) -> None:
        """These as well; `why` goes on with "it"."""
        known = [*times, *((self._first, self._last) if self.samples else ())]
        self.samples += samples
        self._first, self._last = min(known), max(known)
        self._why = why

    def words(self) -> str:
        """A sentence without its full stop; only where something was lost."""
        first, last = _minute(self._first), _minute(self._last)
        return (
            f"remote_write: figures from {first} to {last} were refused and are lost ({self.samples}): {self._why}"
        )


def _minute(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%dT%H:%MZ}"
