"""The figures of a box beside its snapshot: what was counted since the start, and what can be measured now. Pure.

No struct in here has a place for a guest, a room, a note or a secret, and none may get one: figures are kept for
months, by others. What labels can be is bounded by the house's own words and the provisioning file.
"""

from bisect import bisect_left

import msgspec

# s from an order to its last key. A guest at the desk begins to wait at ten, and a stale key is refused at 180.
ORDER_SECONDS = (2.0, 3.0, 5.0, 8.0, 13.0, 20.0, 30.0, 60.0, 120.0, 180.0)
# s at the encoder for one card. A swift hand takes two, and encoders give up after 30 or 60.
ENCODER_SECONDS = (1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 20.0, 30.0, 60.0)


class Distribution(msgspec.Struct, frozen=True):
    """How many of the observed seconds were at most each of `bounds`, one more for what is beyond them; their sum.

    `counts` are not cumulative here; they are as long as `bounds` and one more.
    """

    bounds: tuple[float, ...]
    counts: tuple[int, ...]
    total: float = 0.0

    @classmethod
    def empty(cls, bounds: tuple[float, ...]) -> "Distribution":
        """Nothing observed yet."""
        return cls(bounds, (0,) * (len(bounds) + 1))

    def observe(self, seconds: float) -> "Distribution":
        """The same with one more."""
        at = bisect_left(self.bounds, seconds)
        counts = (*self.counts[:at], self.counts[at] + 1, *self.counts[at + 1 :])
        return Distribution(self.bounds, counts, self.total + seconds)


Counted = tuple[tuple[tuple[str, ...], int], ...]  # the values of the labels, and how often


class Counters(msgspec.Struct, frozen=True):
    """What only rises while a process lives.

    `orders` by kind and outcome (done, failed, unknown, withdrawn), `faults` by code, `acts` by verb, face and
    end, `page_answers` by status class ("2xx"). `readers_dropped` were too slow for what the page sends.
    """

    orders: Counted = ()
    cards: int = 0
    polls: int = 0
    polls_failed: int = 0
    reconnects: int = 0
    faults: Counted = ()
    acts: Counted = ()
    page_answers: Counted = ()
    readers_dropped: int = 0
    log_lines_lost: int = 0
    samples_dropped: int = 0
    order_seconds: Distribution = Distribution.empty(ORDER_SECONDS)
    encoder_seconds: Distribution = Distribution.empty(ENCODER_SECONDS)


class Measures(msgspec.Struct, frozen=True):
    """What can be measured now; None, or left out, where it is not known.

    `oldest_waiting` is in seconds (0: nothing waits), `answer_ages` seconds since a hop last answered, `memory`
    and `disk_free` in bytes, `degrees` Celsius, `certificates` seconds for which each is still good, by whose it
    is; `clock_offset` seconds by which the box's clock is ahead of Mews'.
    """

    oldest_waiting: float = 0.0
    answer_ages: tuple[tuple[str, float], ...] = ()
    memory: int | None = None
    disk_free: int | None = None
    degrees: float | None = None
    certificates: tuple[tuple[str, float], ...] = ()
    clock_offset: float | None = None


class Figures(msgspec.Struct, frozen=True):
    """All of them."""

    counters: Counters = Counters()
    measures: Measures = Measures()
