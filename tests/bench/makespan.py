"""How long 200 keys take, against what the encoders need for themselves.

From the moment when the list that carries them leaves Mews to the last card's end at its encoder, both read off
the simulators' one clock; the wait for that poll is left out. 100 ms to Mews and back, 8 encoders, 25 keys each.
"""

import statistics
from collections.abc import Iterator

from agent.simulators.mews.switches import DEMO_TOKEN
from tests.bench.processes import running
from tests.bench.rig import ENCODERS, Hotel, agent, hotel
from tests.bench.table import Row, at_least, at_most

KEYS = 200
LATENCY = 0.1  # s; the round trip to Mews
RUNS = 3  # of the quick load; their median
FEW = 40  # keys that the sequential poller does unless it shall do all: its time is in proportion


def quick(full: bool) -> Iterator[Row]:
    """0.2 s a key: against the encoders' own time, and against a sequential poller."""
    ours = statistics.median(_ours(0.2) for _ in range(RUNS))
    yield at_most(_figure("0.2"), ours / own(0.2), 1.06)
    keys = KEYS if full else FEW
    theirs = _theirs(keys) * KEYS / keys
    note = "" if full else f" ({FEW} keys x {KEYS // FEW})"
    yield at_least("the same 0.2 s load, against a sequential poller", theirs / ours, 15, note=note)


def slow(_full: bool) -> Iterator[Row]:
    """2 s a key."""
    yield at_most(_figure("2"), _ours(2.0) / own(2.0), 1.01)


def hanging(_full: bool) -> Iterator[Row]:
    """One encoder takes its first key and never answers: the other seven."""
    with hotel(latency=LATENCY, card_seconds=2.0) as place, agent(place):
        trouble = {"kind": "hang", "operation": "guest_key", "match": {"encoder": "8"}}
        place.control(place.bridge, "POST", "fail", trouble)
        ids = place.order(KEYS)
        place.wait_cuts(KEYS * 7 // ENCODERS, 3 * own(2.0))
        ratio = _makespan(place, ids) / own(2.0)
    yield at_most("one encoder hangs: makespan of the other seven, 2 s a key", ratio, 1.02)


def _ours(card_seconds: float) -> float:
    with hotel(latency=LATENCY, card_seconds=card_seconds) as place, agent(place):
        return timed(place, KEYS, 4 * own(card_seconds))


def _theirs(keys: int) -> float:
    with hotel(latency=LATENCY, card_seconds=0.2) as place:
        ids = place.order(keys)
        with running("-m", "tests.bench.plain_poller", place.mews, place.bridge, DEMO_TOKEN):
            place.wait_cuts(keys, 2.0 * keys)
            return _makespan(place, ids)


def timed(place: Hotel, keys: int, patience: float) -> float:
    """Seconds from the list that carries so many keys to the last card."""
    ids = place.order(keys)
    place.wait_cuts(keys, patience)
    return _makespan(place, ids)


def _makespan(place: Hotel, ids: list[str]) -> float:
    seen = place.seen()
    ended: float = max(cut["at"] for cut in place.cuts())
    return ended - min(seen[id] for id in ids)


def own(card_seconds: float) -> float:
    """Seconds that the encoders need for all keys."""
    return KEYS / ENCODERS * card_seconds


def _figure(seconds: str) -> str:
    return f"makespan, {KEYS} keys on {ENCODERS} encoders at {seconds} s a key"
