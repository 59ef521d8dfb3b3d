"""`python -m tests.bench [--full] [NAME...]`: the table of design section 6, row by row as it is measured.

A tool, not a test: a missed goal is a word in the last column, only a measurement that breaks ends with a failure.
"""

import argparse
from collections.abc import Callable, Iterator

from tests.bench import attacked, beside, cancelled, disk, latency, makespan, memory, processor, readers
from tests.bench.table import Row, write_head, write_row

Measure = Callable[[bool], Iterator[Row]]
MEASURES: dict[str, Measure] = {
    "quick": makespan.quick,
    "slow": makespan.slow,
    "hanging": makespan.hanging,
    "printing": beside.printing,
    "attacks": attacked.makespan,
    "readers": readers.live,
    "latency": latency.visible_to_call,
    "push": latency.by_push,
    "disk": disk.written,
    "memory": memory.at_rest,
    "documents": memory.documents,
    "polls": memory.many_polls,
    "processor": processor.at_rest,
    "start": processor.to_first_poll,
    "cancelled": cancelled.rounds,
}


def main() -> None:
    """Measure what was named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--full", action="store_true", help="let the sequential poller do all 200 keys (100 s)")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in MEASURES]
    if unknown:
        parser.error(f"there is no figure {unknown[0]!r}: write some of {', '.join(MEASURES)}, or none for all")
    write_head()
    for name in options.names or MEASURES:
        for row in MEASURES[name](options.full):
            write_row(row)


if __name__ == "__main__":
    main()
