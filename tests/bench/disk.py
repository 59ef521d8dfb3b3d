"""What one command writes to flash: `write_bytes` of the agent's process, its journal on a real disk."""

import time
from collections.abc import Iterator

from tests.bench.processes import written_bytes
from tests.bench.rig import ENCODERS, agent, hotel
from tests.bench.table import Row, at_most

SINGLE = 20
BUSY = 160
REST = 20.0  # s
SETTLE = 5.0  # s; the last record of a command waits up to 3 s for company


def written(_full: bool) -> Iterator[Row]:
    """KB a command, one at a time and with all lanes busy; bytes at rest."""
    with hotel(latency=0.1, card_seconds=0.2) as place, agent(place) as box:
        place.order(ENCODERS, prefix="warm")
        place.wait_cuts(ENCODERS, 20)
        cut = ENCODERS
        time.sleep(SETTLE)
        before = written_bytes(box.pid)
        for number in range(SINGLE):
            place.order(1, prefix=f"S{number}-")
            cut += 1
            place.wait_cuts(cut, 20)
        time.sleep(SETTLE)
        single = (written_bytes(box.pid) - before) / SINGLE
        yield at_most("written to flash for one command, one at a time", single / 1024, 24, " KB")
        before = written_bytes(box.pid)
        place.order(BUSY)
        place.wait_cuts(cut + BUSY, 60)
        time.sleep(SETTLE)
        busy = (written_bytes(box.pid) - before) / BUSY
        yield at_most("written to flash for one command, 8 lanes busy", busy / 1024, 8, " KB")
        before = written_bytes(box.pid)
        time.sleep(REST)
        yield at_most(f"written to flash at rest, {REST:.0f} s", written_bytes(box.pid) - before, 0, " bytes")
