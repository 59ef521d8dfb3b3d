"""From "visible in Mews" to the call at the encoder, beyond round trips and the poll's wait.

Keys come one at a time to an idle hotel, without added latency. Counted from the moment when the list that carries
a key is ready to leave Mews to the moment when its request is read by the bridge, both on the simulators' clock.
What is subtracted is one round trip, the claim's, as a bare httpx client on an open connection measures it in the
same run (its median). The list's way to the box and the call's way to the bridge stay in.
"""

import statistics
import time
from collections.abc import Iterator

import httpx

from agent.simulators.mews.switches import DEMO_TOKEN
from tests.bench.rig import ENCODERS, Hotel, agent, hotel
from tests.bench.table import Row

KEYS = 60
PAUSE = 1.07  # s between orders; drifts against the polls, so that keys come at every moment between two
MEDIAN_MS, WORST_MS = 10.0, 25.0


def visible_to_call(_full: bool) -> Iterator[Row]:
    """Median and 99th percentile in milliseconds."""
    with hotel(card_seconds=0.2) as place, agent(place):
        place.order(ENCODERS, prefix="warm")  # the first key logs in
        place.wait_cuts(ENCODERS, 20)
        rooms = {f"K{number}-0": id for number in range(KEYS) for id in _one(place, f"K{number}-")}
        place.wait_cuts(ENCODERS + KEYS, 30)
        seen, cuts = place.seen(), place.cuts()
        away = _round_trip(place)
    waits = sorted((cut["began"] - seen[rooms[cut["room"]]] - away) * 1000 for cut in cuts if cut["room"] in rooms)
    median, worst = statistics.median(waits), waits[int(len(waits) * 0.99) - 1]
    yield Row(
        "from visible in Mews to the call at the encoder, median / p99",
        f"<= {MEDIAN_MS:g} / {WORST_MS:g} ms",
        f"{median:.1f} / {worst:.1f} ms (- {away * 1000:.1f})",
        median <= MEDIAN_MS and worst <= WORST_MS,
    )


def _one(place: Hotel, prefix: str) -> list[str]:
    time.sleep(PAUSE)
    return place.order(1, prefix=prefix)


def _round_trip(place: Hotel) -> float:
    body = {"AccessToken": DEMO_TOKEN}
    taken = []
    with httpx.Client() as client:
        for _ in range(100):
            began = time.perf_counter()
            client.post(f"{place.mews}/api/connector/v1/commands/getAllActive", json=body)
            taken.append(time.perf_counter() - began)
    return statistics.median(taken)
