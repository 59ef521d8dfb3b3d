"""Families of samples, and their text as Prometheus reads it. Pure.

Source of the format: https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4).
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from agent.status.telemetry.figures import Distribution

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Labels = tuple[tuple[str, str], ...]


class Sample(NamedTuple):
    """One number under its whole name (a histogram's end in `_bucket`, `_sum`, `_count`)."""

    name: str
    labels: Labels
    value: float


class Family(NamedTuple):
    """What belongs together. `kind` is gauge, counter or histogram; `about` a sentence without its full stop."""

    name: str
    kind: str
    about: str
    samples: tuple[Sample, ...]


def gauge(name: str, about: str, samples: Iterable[tuple[Labels, float]]) -> Family:
    """What can rise and fall."""
    return Family(name, "gauge", about, tuple(Sample(name, labels, value) for labels, value in samples))


def counter(name: str, about: str, samples: Iterable[tuple[Labels, float]]) -> Family:
    """What only rises while the process lives. `name` ends in `_total`."""
    return Family(name, "counter", about, tuple(Sample(name, labels, value) for labels, value in samples))


def histogram(name: str, about: str, observed: Distribution) -> Family:
    """How long something took, in cumulative buckets."""
    samples, below = [], 0
    for bound, count in zip((*observed.bounds, math.inf), observed.counts, strict=True):
        below += count
        samples.append(Sample(f"{name}_bucket", (("le", number(bound)),), below))
    samples += (Sample(f"{name}_sum", (), observed.total), Sample(f"{name}_count", (), below))
    return Family(name, "histogram", about, tuple(samples))


def text(families: Iterable[Family]) -> str:
    """The families, each with its help and type. One without samples is left out."""
    return "".join(_text(family) for family in families if family.samples)


def number(value: float) -> str:
    """As both the text and a bucket's label write it: a whole number without a point."""
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if value == int(value) else repr(float(value))


def _text(family: Family) -> str:
    lines = (f"{sample.name}{_labels(sample.labels)} {number(sample.value)}\n" for sample in family.samples)
    return f"# HELP {family.name} {family.about}.\n# TYPE {family.name} {family.kind}\n{''.join(lines)}"


def _labels(labels: Labels) -> str:
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{inside}}}" if inside else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
