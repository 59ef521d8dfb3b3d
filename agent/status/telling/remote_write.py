"""The box's figures, every minute, to an address of the hotel's: remote-write 1.0 of Prometheus.

https://prometheus.io/docs/specs/prw/remote_write_spec/. What could not be told is kept (`telemetry/ring.py`) and
told later with its own times, the oldest first. By the specification what was refused (4xx but 429) is never sent
again: a batch that is refused for what is in it costs itself alone, and the next one follows at once; an address
that refuses whatever comes is asked with one row at a time, so that it does not cost what waits.

It must never hold a key up: one call at a time over a connection of its own, small pieces of work with a
checkpoint between, and nothing of it is on disk.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import trio

from agent.foundation.http import Peer
from agent.foundation.timing import Backoff, Clock
from agent.health import box_kinds
from agent.health.health import Health
from agent.health.kind import BOX
from agent.status.telemetry.family import Labels
from agent.status.telemetry.ring import Batch, Ring
from agent.status.telemetry.snappy import compress
from agent.status.telemetry.write_request import HEADERS, Value, time_series, with_labels
from agent.status.telling.delivery import Delivery, End, deliver
from agent.status.telling.lost import Lost

EVERY_SECONDS = 60.0
MOST_SAMPLES = 500  # a request; some 50 KB before they are compressed, and a few ms of work
ONE_ROW = 1  # samples that a request may have where it tries an address: the ring gives a row at least
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0  # s between tries to reach a server that does not take it
BREATH = 0.5  # s between two requests that make good an outage
PATIENCE = 900.0  # s; a server that is updated, or a router that restarts, is back within that
CLOCK_WAVERS = 5.0  # s; Mews tells its time in whole seconds, so now and then it seems to go back a little
CLOCK_WAS_WRONG = 3600.0  # s by which a clock has to jump back to be believed against what was told before


class RemoteWrite:
    """One address. `headers` are those that authorise, `common` the labels of the box, `sample` what is so now,
    `now` the time that samples carry; `announce` hears of what was lost, once it is known how much."""

    def __init__(
        self,
        peer: Peer,
        path: str,
        ring: Ring,
        sample: Callable[[], Mapping[Labels, Value]],
        health: Health,
        *,
        common: Mapping[str, str],
        headers: Mapping[str, str],
        clock: Clock,
        now: Callable[[], datetime],
        every: float = EVERY_SECONDS,
        announce: Callable[[str], None] = lambda _words: None,
    ) -> None:
        self._peer, self._path, self._ring, self._sample, self._health = peer, path, ring, sample, health
        self._common, self._headers, self._clock, self._now, self._every = common, headers, clock, now, every
        self._announce = announce
        self._has_more = trio.Event()
        self._pause = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        self._most = MOST_SAMPLES
        self._is_perhaps_there = False  # the last request had no answer: the next may be refused for what is there
        self._failing_since: float | None = None
        self._tries_address = False  # it took nothing of what came last, for a reason that is not in the samples
        self._lost = Lost()
        self.refused = 0  # samples, since the start
        self.last_taken: float | None = None  # monotonic seconds

    async def run(self) -> None:
        """Take samples and tell them, until cancelled."""
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._take_samples)
                nursery.start_soon(self._tell)
        finally:
            self._say_lost()

    @property
    def waiting(self) -> int:
        """How many rows of samples wait to be told."""
        return len(self._ring)

    async def _take_samples(self) -> None:
        rest = self._every * random.uniform(0.5, 1.0)  # noqa: S311 - boxes that start together drift apart
        while True:
            due = self._clock() + rest
            self._ring.add(self._clock(), self._sample())
            self._has_more.set()
            await trio.sleep(due - self._clock())
            rest = self._every

    async def _tell(self) -> None:
        while True:
            if not self._ring:
                self._has_more = trio.Event()
                await self._has_more.wait()
            await trio.sleep(await self._tell_oldest())

    async def _tell_oldest(self) -> float:
        """Tell the oldest rows; how long to rest before the next (s)."""
        batch = self._ring.oldest(ONE_ROW if self._tries_address else self._most)
        body, times = await self._body(batch)
        if not times:  # all of it is of a time that was told already
            self._ring.drop(batch.end)
            return 0.0
        done = await deliver(self._peer, self._path, body, {**self._headers, **HEADERS})
        match done.end:
            case End.TAKEN:
                return self._taken(batch, max(times))
            case End.TOO_BIG if self._most > 1 and batch.samples > len(batch.series):
                self._most //= 2
                return BREATH
            case End.LATER:
                return self._keep(done)
            case End.NOT_HERE:
                self._tries_address = True
                self._lose(batch, times, done)
                return self._pause.pause()
        return self._refuse(batch, times, done)

    def _taken(self, batch: Batch, newest: int) -> float:
        self._ring.drop(batch.end)
        self._ring.told_ms, self.last_taken = newest, self._clock()
        self._is_perhaps_there, self._failing_since, self._tries_address = False, None, False
        self._pause.reset()
        self._say_lost()
        self._health.clear(BOX, box_kinds.TELEMETRY_LATE, box_kinds.TELEMETRY_REFUSED)
        return BREATH if self._ring else 0.0

    def _keep(self, done: Delivery) -> float:
        self._is_perhaps_there = self._is_perhaps_there or done.is_perhaps_there
        now = self._clock()
        self._failing_since = now if self._failing_since is None else self._failing_since
        age = now - self._failing_since
        if age >= PATIENCE:
            text = f"The address of remote_write does not take the box's figures: {done.words}."
            self._health.raise_fault(box_kinds.TELEMETRY_LATE, BOX, text, age=age)
        return max(done.wait, self._pause.pause())

    def _refuse(self, batch: Batch, times: Sequence[int], done: Delivery) -> float:
        """It is gone, and the next one may be better."""
        if self._is_perhaps_there:  # it has them: an answer was lost, and now it says so
            self._is_perhaps_there = False
            self._ring.drop(batch.end)
        else:
            self._lose(batch, times, done)
        return BREATH

    def _lose(self, batch: Batch, times: Sequence[int], done: Delivery) -> None:
        self._ring.drop(batch.end)
        self.refused += batch.samples
        self._lost.add(batch.samples, times, done.words)
        text = f"The address of remote_write refuses the box's figures, which are lost: {done.words}."
        self._health.raise_fault(box_kinds.TELEMETRY_REFUSED, BOX, text)

    def _say_lost(self) -> None:
        if self._lost.samples:
            self._announce(self._lost.words())
        self._lost = Lost()

    async def _body(self, batch: Batch) -> tuple[bytes, Sequence[int]]:
        """The request, and the times in it (ms since 1970, rising; none where there is nothing to tell)."""
        zero = self._now().timestamp() - self._clock()  # what time it was at 0 of the monotonic clock
        if zero + self._clock() < self._ring.told_ms / 1000 - CLOCK_WAS_WRONG:
            self._ring.told_ms = 0
        times = self._times(zero, batch)
        pieces = []
        for labels, points in batch.series.items():
            timed = [(times[at], value) for at, value in points if at in times]
            if timed:
                pieces.append(time_series(with_labels(labels, self._common), timed))
            if len(pieces) % 20 == 0:
                await trio.lowlevel.checkpoint()
        return compress(b"".join(pieces)), tuple(times.values())

    def _times(self, zero: float, batch: Batch) -> dict[float, int]:
        """The time of each row that is to be told (ms since 1970), each after all that were told."""
        last, times = self._ring.told_ms, dict[float, int]()
        for at in sorted({at for points in batch.series.values() for at, _ in points}):
            time = round((zero + at) * 1000)
            if last - CLOCK_WAVERS * 1000 < time <= last:
                time = last + 1
            if time > last:
                last = times[at] = time
        return times
