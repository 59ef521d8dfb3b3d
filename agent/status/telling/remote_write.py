"""The box's figures, every minute, to an address of the hotel's: remote-write 1.0 of Prometheus.

https://prometheus.io/docs/specs/prw/remote_write_spec/. What could not be told is kept (`telemetry/ring.py`) and
told later with its own times, the oldest first. It must never hold a key up: one call at a time over a connection
of its own, small pieces of work with a checkpoint between, and nothing of it is on disk.
"""

import random
from collections.abc import Callable, Mapping
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

EVERY_SECONDS = 60.0
MOST_SAMPLES = 500  # a request; some 50 KB before they are compressed, and a few ms of work
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0  # s between tries to reach a server that does not take it
BREATH = 0.5  # s between two requests that make good an outage
PATIENCE = 900.0  # s; a server that is updated, or a router that restarts, is back within that
CLOCK_WAS_WRONG = 3600.0  # s by which a clock has to jump back to be believed against what was told before


class RemoteWrite:
    """One address. `headers` are those that authorise, `common` the labels of the box, `sample` what is so now,
    `now` the time that samples carry."""

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
    ) -> None:
        self._peer, self._path, self._ring, self._sample, self._health = peer, path, ring, sample, health
        self._common, self._headers, self._clock, self._now, self._every = common, headers, clock, now, every
        self._has_more = trio.Event()
        self._pause = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        self._most = MOST_SAMPLES
        self._told_ms = 0  # the time of the newest sample that was taken
        self._is_perhaps_there = False  # the last request had no answer: the next may be refused for what is there
        self._failing_since: float | None = None
        self.refused = 0  # samples, since the start
        self.last_taken: float | None = None  # monotonic seconds

    async def run(self) -> None:
        """Take samples and tell them, until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._take_samples)
            nursery.start_soon(self._tell)

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
        batch = self._ring.oldest(self._most)
        body, newest = await self._body(batch)
        if not newest:  # all of it is of a time that was told already
            self._ring.drop(batch.end)
            return 0.0
        done = await deliver(self._peer, self._path, body, {**self._headers, **HEADERS})
        match done.end:
            case End.TAKEN:
                return self._taken(batch, newest)
            case End.TOO_BIG if self._most > 1 and batch.samples > len(batch.series):
                self._most //= 2
                return BREATH
            case End.LATER:
                return self._keep(done)
        return self._refuse(batch, done)

    def _taken(self, batch: Batch, newest: int) -> float:
        self._ring.drop(batch.end)
        self._told_ms, self.last_taken = newest, self._clock()
        self._is_perhaps_there, self._failing_since = False, None
        self._pause.reset()
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

    def _refuse(self, batch: Batch, done: Delivery) -> float:
        """Never the same again: the next rows may be better, after a pause, so that not all are lost at once."""
        self._ring.drop(batch.end)
        if self._is_perhaps_there:  # it has them: an answer was lost, and now it says so
            self._is_perhaps_there = False
            return BREATH
        self.refused += batch.samples
        text = f"The address of remote_write refuses the box's figures, which are lost: {done.words}."
        self._health.raise_fault(box_kinds.TELEMETRY_REFUSED, BOX, text)
        return self._pause.pause()

    async def _body(self, batch: Batch) -> tuple[bytes, int]:
        """The request, and the newest time in it (ms since 1970; 0 where there is nothing to tell)."""
        zero = self._now().timestamp() - self._clock()  # what time it was at 0 of the monotonic clock
        if zero + self._clock() < self._told_ms / 1000 - CLOCK_WAS_WRONG:
            self._told_ms = 0
        told, newest = self._told_ms, 0
        pieces = []
        for labels, points in batch.series.items():
            timed = [(round((zero + at) * 1000), value) for at, value in points]
            timed = [(at, value) for at, value in timed if at > told]
            if timed:
                newest = max(newest, timed[-1][0])
                pieces.append(time_series(with_labels(labels, self._common), timed))
            if len(pieces) % 20 == 0:
                await trio.lowlevel.checkpoint()
        return compress(b"".join(pieces)), newest
