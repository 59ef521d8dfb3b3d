"""1,000 rounds of cancelled requests: connections that stay stuck, and requests that fail afterwards."""

import json
from collections.abc import Iterator

from tests.bench.processes import answer_of, box_python
from tests.bench.table import Row

ROUNDS = 1_000


def rounds(_full: bool) -> Iterator[Row]:
    """Both numbers, by `cancelled_rounds.py` in a process of its own."""
    said = json.loads(answer_of("-m", "tests.bench.cancelled_rounds", str(ROUNDS), python=box_python()))
    stuck, failures = said["stuck"], said["failures"]
    yield Row(
        f"{ROUNDS} rounds of cancelled requests: stuck, failures after",
        "0, 0",
        f"{stuck}, {failures}",
        not stuck and not failures,
    )
