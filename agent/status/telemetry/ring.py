"""The samples that nobody has taken yet, in memory: 36 hours, and never more than 2 MB. Pure.

Each minute is a row of what has changed since the row before: the counters of a quiet night cost nothing. Times
are monotonic seconds, because only when a row goes out is it sure what time it was. The oldest rows go first
where there is no room; a restart empties it.
"""

import struct
from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agent.status.telemetry.family import Labels
from agent.status.telemetry.write_request import STALE, Value

KEEP_SECONDS = 36.5 * 3600  # s; a line that is out from a Friday evening to a Sunday morning
MOST_BYTES = 1_900_000  # of rows; with the series and their last values it stays below 2 MB
MOST_SERIES = 1_000  # some 70 of a small hotel, 10 more an encoder; what is beyond is left out
_ROW_BYTES = 180  # what Python takes for a row beside its changes
_CHANGE = struct.Struct("<H8s")  # the number of a series, and its value


class Row(NamedTuple):
    """When (monotonic seconds), and what changed."""

    at: float
    changes: bytes


class Batch(NamedTuple):
    """The oldest rows: each series with its times and values, and `end`, which `drop` takes."""

    series: dict[Labels, list[tuple[float, Value]]]
    samples: int
    end: int


class Ring:
    """`add` what is so now, take the `oldest`, and `drop` it once it is told."""

    def __init__(self, keep_seconds: float = KEEP_SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self._keep_seconds, self._most_bytes = keep_seconds, most_bytes
        self._rows: deque[Row] = deque()
        self._numbers: dict[Labels, int] = {}
        self._names: list[Labels] = []
        self._before: dict[int, Value] = {}  # the values before the oldest row
        self._latest: dict[int, Value] = {}  # the values of the newest row
        self._first = 0  # the number of the oldest row, counted from the start
        self.bytes = 0
        self.dropped = 0  # samples that found no room, since the start
        self.told_ms = 0  # the time of the newest sample that was taken (ms since 1970): by whatever address

    def __len__(self) -> int:
        """How many rows wait."""
        return len(self._rows)

    def add(self, at: float, values: Mapping[Labels, Value]) -> None:
        """A row of what is so `at` that moment. A series that is not among `values` any more ends."""
        now = self._numbered(values)
        ended = dict.fromkeys(self._latest.keys() - now.keys(), STALE)
        changed = {number: each for number, each in now.items() if self._latest.get(number) != each}
        row = Row(at, b"".join(_CHANGE.pack(number, each) for number, each in (changed | ended).items()))
        self._latest = now
        self._rows.append(row)
        self.bytes += _cost(row)
        while len(self._rows) > 1 and (
            self.bytes > self._most_bytes or at - self._rows[0].at > self._keep_seconds
        ):
            self.dropped += self._forget_oldest()

    def oldest(self, most_samples: int) -> Batch:
        """The oldest rows, as many as have `most_samples`, but one at least; nothing where there is none."""
        series: dict[Labels, list[tuple[float, Value]]] = {}
        values, samples, end = dict(self._before), 0, self._first
        for row in self._rows:
            _apply(row, values)
            if samples and samples + len(values) > most_samples:
                break
            for number, each in values.items():
                series.setdefault(self._names[number], []).append((row.at, each))
            samples += len(values)
            end += 1
            _leave_ended(values)
        return Batch(series, samples, end)

    def drop(self, end: int) -> None:
        """Forget what a batch held, as far as it is still there."""
        while self._rows and self._first < end:
            self._forget_oldest()

    def _numbered(self, values: Mapping[Labels, Value]) -> dict[int, Value]:
        if not self._rows:  # nothing refers to the numbers any more but the last values
            self._start_over(values)
        found = {}
        for labels, each in values.items():
            number = self._numbers.get(labels)
            if number is None:
                if len(self._names) >= MOST_SERIES:
                    self.dropped += 1
                    continue
                number = self._numbers[labels] = len(self._names)
                self._names.append(labels)
            found[number] = each
        return found

    def _start_over(self, values: Mapping[Labels, Value]) -> None:
        """Number the series again, so that those of long ago take no room: only what is so now, or ends now."""
        kept = {self._names[number]: each for number, each in self._latest.items()}
        names = [*kept, *(labels for labels in values if labels not in kept)][:MOST_SERIES]
        self._names, self._numbers = names, {labels: number for number, labels in enumerate(names)}
        self._latest = {self._numbers[labels]: each for labels, each in kept.items()}
        self._before = dict(self._latest)

    def _forget_oldest(self) -> int:
        """How many samples are gone with it."""
        row = self._rows.popleft()
        self._first += 1
        self.bytes -= _cost(row)
        _apply(row, self._before)
        samples = len(self._before)
        _leave_ended(self._before)
        return samples


def _cost(row: Row) -> int:
    return _ROW_BYTES + len(row.changes)


def _apply(row: Row, values: dict[int, Value]) -> None:
    values.update(_changes(row))


def _changes(row: Row) -> Iterator[tuple[int, Value]]:
    return _CHANGE.iter_unpack(row.changes)


def _leave_ended(values: dict[int, Value]) -> None:
    for number in [number for number, each in values.items() if each == STALE]:
        del values[number]
