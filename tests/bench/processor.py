"""Processor time: while Mews is polled once a second, and from the start to the first poll.

Both against the least that does the same (`bare_poll.py`), on the same interpreter, at the same simulated Mews, in
the same run. Counted in nanoseconds by the kernel's scheduler, all threads together.
"""

import statistics
import time
from collections.abc import Iterator, Sequence

from agent.simulators.mews.switches import DEMO_TOKEN
from tests.bench.processes import box_python, cpu_seconds, running
from tests.bench.rig import Hotel, agent, files, hotel
from tests.bench.table import Row, at_most

WARM = 12.0  # s; by then the threads that the start needed are gone, and with them their share of the count
WINDOW = 40.0  # s
STARTS = 7
_PATIENCE = 30.0  # s for a process to send its first poll


def at_rest(_full: bool) -> Iterator[Row]:
    """Both poll side by side, so that whatever else the machine does hits both."""
    with hotel() as place, agent(place) as box, running(*_bare(place), python=box_python()) as bare:
        time.sleep(WARM)
        before = cpu_seconds(box.pid), cpu_seconds(bare.pid)
        time.sleep(WINDOW)
        ours, theirs = cpu_seconds(box.pid) - before[0], cpu_seconds(bare.pid) - before[1]
    note = f" ({ours / WINDOW * 1000:.2f} / {theirs / WINDOW * 1000:.2f} ms/s)"
    yield at_most("processor at one poll a second, against a bare loop", ours / theirs, 1.2, " x", note=note)


def to_first_poll(_full: bool) -> Iterator[Row]:
    """Starts in turn; the poll is left unanswered, so that nothing comes after it. Medians."""
    with hotel() as place, files(place) as words:
        place.control(place.mews, "POST", "fail", {"kind": "hang", "operation": "commands/getAllActive"})
        pairs = [(_start(place, words), _start(place, _bare(place))) for _ in range(STARTS)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    note = f" ({ours * 1000:.0f} / {theirs * 1000:.0f} ms)"
    yield at_most("processor from start to first poll, against bare", ours / theirs, 1.35, " x", note=note)


def _bare(place: Hotel) -> Sequence[str]:
    return ("-m", "tests.bench.bare_poll", place.mews, DEMO_TOKEN)


def _start(place: Hotel, words: Sequence[str]) -> float:
    with running(*words, python=box_python()) as process:
        place.control(place.mews, "POST", "watch", {"pid": process.pid})
        until = time.monotonic() + _PATIENCE
        while (seconds := place.control(place.mews, "GET", "watch")["seconds"]) is None:
            if time.monotonic() > until:
                raise TimeoutError("no poll came")
            time.sleep(0.05)
        process.kill()
        return float(seconds)
