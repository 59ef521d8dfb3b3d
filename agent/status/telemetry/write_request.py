"""Samples as remote-write 1.0 takes them: a protobuf `WriteRequest`, written by hand. Pure.

Source: https://prometheus.io/docs/specs/prw/remote_write_spec/ (1.0): labels sorted by name, no two of one name,
samples of a series by time, and a certain NaN where a series ends.

    message WriteRequest { repeated TimeSeries timeseries = 1; }
    message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
    message Label { string name = 1; string value = 2; }
    message Sample { double value = 1; int64 timestamp = 2; }  // milliseconds since 1970
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence

from agent.status.telemetry.family import Family, Labels
from agent.status.telemetry.varint import varint

HEADERS = {
    "Content-Encoding": "snappy",
    "Content-Type": "application/x-protobuf",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}
STALE = struct.pack("<Q", 0x7FF0000000000002)  # the value of a series that is told no more

Value = bytes  # a double, little-endian: the one NaN that counts survives no arithmetic
Point = tuple[int, Value]  # ms since 1970, and the value


def value(number: float) -> Value:
    """A number as it is kept and sent."""
    return struct.pack("<d", number)


def series_of(families: Iterable[Family]) -> dict[Labels, Value]:
    """The value of each series; a series is its labels, of which one is `__name__`, sorted."""
    return {
        tuple(sorted((("__name__", sample.name), *sample.labels))): value(sample.value)
        for family in families
        for sample in family.samples
    }


def with_labels(series: Labels, common: Mapping[str, str]) -> Labels:
    """The labels that go out: those of the box added, sorted; a series' own win. An empty value is no label."""
    merged = {**common, **dict(series)}
    return tuple(sorted((name, text) for name, text in merged.items() if text))


def time_series(labels: Labels, points: Sequence[Point]) -> bytes:
    """One `timeseries` field with these points, oldest first."""
    inside = b"".join((*map(_label, labels), *_samples(points)))
    return _field(1, inside)


def _label(label: tuple[str, str]) -> bytes:
    name, text = (part.encode("utf-8", "replace") for part in label)
    return _field(1, _field(1, name) + _field(2, text))


def _samples(points: Sequence[Point]) -> Iterator[bytes]:
    for at, number in points:
        yield _field(2, b"\x09" + number + b"\x10" + varint(at))


def _field(number: int, inside: bytes) -> bytes:
    """A field of the wire type 2: its length comes first."""
    return varint(number << 3 | 2) + varint(len(inside)) + inside
