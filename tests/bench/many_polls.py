"""40,000 polls of the whole agent, in virtual time: `python -m tests.bench.many_polls POLLS`, a JSON line.

The real App with its real Peer, Client, Connector, pipeline, page and journal, as `tests/whole_hotel.py` composes
it; the wire is in memory and the clock jumps. The simulators are in the same process: their growth counts as ours.
"""

import json
import logging
import os
import sys
import tempfile
from pathlib import Path

import trio
import trio.testing

from agent.simulators.mews.operations import GET_ALL_ACTIVE
from tests.bench.processes import resident_mb
from tests.whole_hotel import Hotel

WARM = 2_000  # polls; by then every cache is filled


async def main(polls: int) -> None:
    """Print the growth in MB."""
    with tempfile.TemporaryDirectory() as folder:
        hotel = Hotel(Path(folder))
        hotel.provision()
        async with hotel.agent(stops=False):
            await hotel.mews.wait_calls(GET_ALL_ACTIVE, WARM)
            before = resident_mb(os.getpid())
            await hotel.mews.wait_calls(GET_ALL_ACTIVE, WARM + polls)
            after = resident_mb(os.getpid())
    sys.stdout.write(json.dumps({"growth_mb": round(after - before, 2), "resident_mb": round(after, 1)}) + "\n")


if __name__ == "__main__":
    logging.disable()  # faults that a simulated site has by design
    trio.run(main, int(sys.argv[1]), clock=trio.testing.MockClock(autojump_threshold=0))
