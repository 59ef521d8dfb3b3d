"""From "visible in Mews" to the call at the encoder, beyond round trips and the poll's wait.

Keys come one at a time to an idle hotel, without added latency. Both moments are on the simulators' clock, and the
end is the one when the key's request is read by the bridge. A round trip is that of an empty list, as a bare httpx
client on an open connection measures it in the same run (the median); what the agent's own calls take beyond that
counts.

- By polls: from the moment when the list that carries a key is ready to leave Mews. One round trip is subtracted,
  the claim's. The list's way to the box and the call's way to the bridge stay in.
- By push: from the moment when the news of a key is about to be sent. Three round trips are subtracted, those of
  list, look and claim. The way of the news to the box and the call's way to the bridge stay in, and so does the
  reading of the list.
"""

import statistics
import time
from collections.abc import Iterator

import httpx

from agent.simulators.mews.switches import DEMO_CLIENT_TOKEN, DEMO_TOKEN
from tests.bench.rig import ENCODERS, Hotel, agent, hotel
from tests.bench.table import Row, at_most

KEYS = 60
PAUSE = 1.07  # s between orders; drifts against the polls, so that keys come at every moment between two
MEDIAN_MS, WORST_MS = 10.0, 25.0
PUSH_POLL_SECONDS = 30.0  # s; so rare that no key comes by the clock
PUSH_ROUND_TRIPS = 3
PUSH_MEDIAN_MS = 10.0
_OF_TODAY: dict[str, object] = {
    "ClientToken": DEMO_CLIENT_TOKEN,
    "AccessToken": DEMO_TOKEN,
    "Client": "bench",
    "Limitation": {"Count": 1000},
}


def visible_to_call(_full: bool) -> Iterator[Row]:
    """Median and 99th percentile in milliseconds."""
    with hotel(card_seconds=0.2) as place, agent(place):
        rooms = _ordered_one_by_one(place)
        away = _round_trip(place, {"AccessToken": DEMO_TOKEN})
        waits = _waits(place, rooms, place.seen(), away)
    median, worst = statistics.median(waits), waits[int(len(waits) * 0.99) - 1]
    yield Row(
        "from visible in Mews to the call at the encoder, median / p99",
        f"<= {MEDIAN_MS:g} / {WORST_MS:g} ms",
        f"{median:.1f} / {worst:.1f} ms (- {away * 1000:.1f})",
        median <= MEDIAN_MS and worst <= WORST_MS,
    )


def by_push(_full: bool) -> Iterator[Row]:
    """Median in milliseconds."""
    with hotel(card_seconds=0.2, by_push=PUSH_POLL_SECONDS) as place, agent(place):
        rooms = _ordered_one_by_one(place)
        away = _round_trip(place, _OF_TODAY) * PUSH_ROUND_TRIPS
        waits = _waits(place, rooms, place.said(), away)
    note = f" (- {away * 1000:.1f})"
    figure = f"the same by push, at a poll interval of {PUSH_POLL_SECONDS:g} s, median"
    yield at_most(figure, statistics.median(waits), PUSH_MEDIAN_MS, " ms", note=note)


def _ordered_one_by_one(place: Hotel) -> dict[str, str]:
    """The id of each key by its room, once all are cut."""
    place.order(ENCODERS, prefix="warm")  # the first key logs in
    place.wait_cuts(ENCODERS, 20)
    rooms = {f"K{number}-0": id for number in range(KEYS) for id in _one(place, f"K{number}-")}
    place.wait_cuts(ENCODERS + KEYS, 30)
    return rooms


def _waits(place: Hotel, rooms: dict[str, str], visible: dict[str, float], away: float) -> list[float]:
    """Milliseconds of each key, without `away` seconds, in order of size."""
    cuts = (cut for cut in place.cuts() if cut["room"] in rooms)
    return sorted((cut["began"] - visible[rooms[cut["room"]]] - away) * 1000 for cut in cuts)


def _one(place: Hotel, prefix: str) -> list[str]:
    time.sleep(PAUSE)
    return place.order(1, prefix=prefix)


def _round_trip(place: Hotel, body: dict[str, object]) -> float:
    taken = []
    with httpx.Client() as client:
        for _ in range(100):
            began = time.perf_counter()
            client.post(f"{place.mews}/api/connector/v1/commands/getAllActive", json=body).raise_for_status()
            taken.append(time.perf_counter() - began)
    return statistics.median(taken)
