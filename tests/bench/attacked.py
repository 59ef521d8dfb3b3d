"""What attacks on the page do to keys: the quick load of `makespan.py` alone, and under `tests/attacks.py`."""

import statistics
import subprocess
import time
from collections.abc import Iterator

from tests.attacks import UNDER_WAY
from tests.bench.makespan import KEYS, LATENCY, own, timed
from tests.bench.processes import cpu_seconds, running
from tests.bench.rig import Box, Hotel, agent, hotel
from tests.bench.table import Row, at_most, say

RUNS = 5  # pairs, alone and attacked in turn; the median of their ratios, since what else runs here drifts
CARD = 0.2  # s


def makespan(_full: bool) -> Iterator[Row]:
    """The attackers are as nice as can be; what the kernel does for their connections counts all the same."""
    pairs = [(_load(is_attacked=False), _load(is_attacked=True)) for _ in range(RUNS)]
    ratios = [attacked / alone for (alone, _), (attacked, _) in pairs]
    processor = statistics.median(attacked for _, (_, attacked) in pairs)
    each = (f"{alone:.2f} {attacked:.2f}" for (alone, _), (attacked, _) in pairs)
    say(f"alone and attacked, s: {', '.join(each)}")
    say(f"the attacked agent takes {processor:.0%} of a processor")
    figure = "the same 0.2 s load while the page is attacked, against it alone"
    yield at_most(figure, statistics.median(ratios), 1.03)


def _load(*, is_attacked: bool) -> tuple[float, float]:
    """Seconds from list to last card, and the agent's share of a processor meanwhile."""
    with hotel(latency=LATENCY, card_seconds=CARD) as place, agent(place) as box:
        if not is_attacked:
            return _timed(place, box)
        host, port = box.url.removeprefix("http://").strip("/").split(":")
        with running("-m", "tests.attacks", host, port, stdout=subprocess.PIPE) as attackers:
            if attackers.stdout is None or UNDER_WAY not in attackers.stdout.readline():
                raise ValueError("no attack is under way: the figure would say nothing")
            return _timed(place, box)


def _timed(place: Hotel, box: Box) -> tuple[float, float]:
    began, processor = time.monotonic(), cpu_seconds(box.pid)
    took = timed(place, KEYS, 12 * own(CARD))
    return took, (cpu_seconds(box.pid) - processor) / (time.monotonic() - began)
