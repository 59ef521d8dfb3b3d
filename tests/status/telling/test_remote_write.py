"""Remote-write in virtual time: outages, refusals, clocks; nothing is told twice, nothing is lost in silence."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import trio
from trio.testing import MockClock

from agent.foundation.http import Peer
from agent.health import box_kinds
from agent.health.health import Health
from agent.status.telemetry.family import Labels
from agent.status.telemetry.ring import Ring
from agent.status.telemetry.write_request import value
from agent.status.telling.remote_write import LONGEST_PAUSE, MOST_SAMPLES, RemoteWrite
from tests.status.telling.receiver import Receiver

EPOCH = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
SERIES: Labels = (("__name__", "nightporter_up"),)
TOLD = (("__name__", "nightporter_up"), ("instance", "aurora-desk"), ("job", "nightporter"))


class Bench:
    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.health = Health(trio.current_time)
        self.ring = Ring()
        self.jump = 0.0  # s by which the clock was set
        self.said: list[str] = []
        self.peer = Peer("https://metrics.example.com", transport=receiver)
        self.write = self.new()

    def new(self) -> RemoteWrite:
        return RemoteWrite(
            *(self.peer, "/api/v1/write", self.ring, lambda: {SERIES: value(trio.current_time())}, self.health),
            common={"job": "nightporter", "instance": "aurora-desk"},
            headers={"Authorization": "Bearer green-teapot", "User-Agent": "NightPorter/1"},
            clock=trio.current_time,
            now=lambda: EPOCH + timedelta(seconds=trio.current_time() + self.jump),
            announce=self.said.append,
        )

    @property
    def told(self) -> list[int]:
        """The times of all points that were taken or not, in seconds since EPOCH."""
        points = [point for samples in self.receiver.samples for point in samples[TOLD]]
        return [round(at / 1000 - EPOCH.timestamp()) for at, _ in points]

    def holds(self, code: str) -> bool:
        return any(fault.kind.code == code for fault in self.health.active())


@asynccontextmanager
async def running(*answers: int | Exception, retry_after: str = "") -> AsyncIterator[Bench]:
    bench = Bench(Receiver(*answers, retry_after=retry_after))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(bench.write.run)
        yield bench
        nursery.cancel_scope.cancel()


async def test_each_minute_is_told_once_with_the_headers_of_the_specification(autojump_clock: MockClock) -> None:
    async with running() as bench:
        await trio.sleep(600)
    request = bench.receiver.requests[0]
    assert (request.method, str(request.url)) == ("POST", "https://metrics.example.com/api/v1/write")
    wanted = {
        "content-encoding": "snappy",
        "content-type": "application/x-protobuf",
        "x-prometheus-remote-write-version": "0.1.0",
        "user-agent": "NightPorter/1",
        "authorization": "Bearer green-teapot",
    }
    assert {name: request.headers.get(name) for name in wanted} == wanted
    assert 10 <= len(bench.told) <= 11
    gaps = {later - earlier for earlier, later in zip(bench.told[1:], bench.told[2:], strict=False)}
    assert gaps <= {59, 60, 61}


async def test_an_outage_is_made_good_in_order_with_the_times_of_then(autojump_clock: MockClock) -> None:
    async with running(httpx.ConnectError("refused")) as bench:
        await trio.sleep(36 * 3600)
        assert bench.holds("E-TELEMETRY-LATE")
        missed, bench.receiver.answers = len(bench.ring), [204]
        bench.receiver.requests.clear()
        bench.receiver.bodies.clear()
        await trio.sleep(900)
        assert bench.health.active() == ()
    assert missed > 2100
    assert bench.told == sorted(set(bench.told))
    assert len(bench.told) >= missed
    assert bench.told[0] < 60
    assert max(len(body) for body in bench.receiver.bodies) < 20_000


async def test_a_new_file_tells_nothing_of_a_time_before_what_was_told_although_the_clock_is_a_little_back(
    autojump_clock: MockClock,
) -> None:
    bench = Bench(Receiver())
    for seconds in (70, 70, 70, 300):
        with trio.move_on_after(seconds):
            await bench.new().run()
        bench.jump -= 65
    points = [point for samples in bench.receiver.samples for point in samples[TOLD]]
    assert points == sorted(points)
    assert len(points) == len({at for at, _ in points}) > 4


async def test_a_clock_that_wavers_costs_no_row(autojump_clock: MockClock) -> None:
    bench = Bench(Receiver())
    for _ in range(10):
        with trio.move_on_after(1):
            await bench.new().run()
        bench.jump -= 1.5
    times = [at for samples in bench.receiver.samples for at, _ in samples[TOLD]]
    assert len(times) == len(set(times)) == 10
    assert times == sorted(times)
    assert times[-1] - times[0] < 1000  # ms


async def test_a_short_outage_is_no_warning(autojump_clock: MockClock) -> None:
    async with running(503) as bench:
        await trio.sleep(800)
        assert bench.health.active() == ()
        await trio.sleep(500)
        assert bench.holds("E-TELEMETRY-LATE")


async def test_a_server_that_asks_for_time_gets_it(autojump_clock: MockClock) -> None:
    async with running(429, 204, retry_after="300") as bench:
        await trio.sleep(250)
        assert len(bench.receiver.requests) == 1
        await trio.sleep(100)
    assert len(bench.receiver.requests) >= 2
    assert bench.told[1] == bench.told[0]  # kept


async def test_what_is_refused_is_dropped_counted_and_said_until_something_is_taken(
    autojump_clock: MockClock,
) -> None:
    async with running(400, 204) as bench:
        await trio.sleep(1)
        assert bench.holds("E-TELEMETRY-REFUSED")
        assert bench.write.refused == 1
        await trio.sleep(120)
        assert bench.health.active() == ()
    assert len(bench.told) == len(set(bench.told))


@pytest.mark.parametrize("status", [401, 403, 404, 405, 301])
async def test_an_address_that_refuses_whatever_comes_costs_a_row_a_pause_and_not_what_waits(
    autojump_clock: MockClock, status: int
) -> None:
    async with running(httpx.ConnectError("refused")) as bench:
        await trio.sleep(12 * 3600)
        bench.receiver.answers, before = [status], len(bench.receiver.requests)
        await trio.sleep(4 * 3600)
        waits, tried = len(bench.ring), bench.receiver.samples[before:]
        assert bench.holds("E-TELEMETRY-REFUSED")
        bench.receiver.answers = [204]
        await trio.sleep(LONGEST_PAUSE + 180)
        assert len(bench.ring) == 0
        assert bench.health.active() == ()
    # A refused request is never sent again: the first had all that fits in, each one after it a row.
    assert [len(samples[TOLD]) for samples in tried[1:]] == [1] * (len(tried) - 1)
    assert waits > 15 * 60 - MOST_SAMPLES


@pytest.mark.parametrize("status", [400, 409, 422])
async def test_a_batch_that_is_refused_for_what_is_in_it_costs_itself_alone_and_the_rest_follows_at_once(
    autojump_clock: MockClock, status: int
) -> None:
    async with running(httpx.ConnectError("refused")) as bench:
        await trio.sleep(36 * 3600)
        waits, before = len(bench.ring), len(bench.receiver.requests)
        bench.receiver.answers = [status, 204, status, status, 204]
        await trio.sleep(LONGEST_PAUSE + 30)
        requests = bench.receiver.samples[before:]
        assert len(bench.ring) == 0
    sizes = [len(samples[TOLD]) for samples in requests]
    assert bench.write.refused == sizes[0] + sizes[2] + sizes[3]
    assert sum(sizes) in range(waits, waits + 12)  # all of it, and what came while it waited; each once
    assert len({at for samples in requests for at, _ in samples[TOLD]}) == sum(sizes)


async def test_what_was_lost_is_one_line_of_the_log_with_the_time_that_it_was_of(
    autojump_clock: MockClock,
) -> None:
    async with running(httpx.ConnectError("refused")) as bench:
        await trio.sleep(36 * 3600)
        bench.receiver.answers = [400, 400, 204]
        await trio.sleep(LONGEST_PAUSE + 30)
    assert bench.write.refused == 2 * MOST_SAMPLES
    [said] = bench.said
    assert said.startswith("remote_write: figures from 2026-11-27T12:00Z to 2026-11-28T04:3")
    assert said.endswith("Z were refused and are lost (1000): it answers 400")


async def test_what_was_lost_is_said_at_the_end_too_where_nothing_was_ever_taken(
    autojump_clock: MockClock,
) -> None:
    async with running(401) as bench:
        await trio.sleep(30)
    span = "from 2026-11-27T12:00Z to 2026-11-27T12:00Z"
    assert bench.said == [f"remote_write: figures {span} were refused and are lost (1): it answers 401"]


async def test_an_address_that_refuses_everything_for_what_is_in_it_is_asked_once_a_minute(
    autojump_clock: MockClock,
) -> None:
    async with running(400) as bench:
        await trio.sleep(3600)
    assert len(bench.receiver.requests) in range(59, 63)


async def test_a_refusal_of_what_had_arrived_is_no_warning(autojump_clock: MockClock) -> None:
    async with running(httpx.ReadError("reset"), 400, 204) as bench:
        await trio.sleep(120)
        assert bench.health.active() == ()
        assert bench.write.refused == 0


async def test_a_body_that_is_too_big_is_told_in_smaller_ones(autojump_clock: MockClock) -> None:
    async with running(httpx.ConnectError("refused")) as bench:
        await trio.sleep(3600)
        bench.receiver.answers = [413, 413, 204]
        waiting = len(bench.ring)
        await trio.sleep(900)
        assert len(bench.ring) == 0
    assert waiting > 50
    assert bench.write.refused == 0


async def test_one_row_that_is_too_big_is_refused_and_not_tried_for_ever(autojump_clock: MockClock) -> None:
    async with running(413) as bench:
        await trio.sleep(1)
        assert bench.holds("E-TELEMETRY-REFUSED")
        assert len(bench.receiver.requests) == 1


async def test_a_clock_that_is_set_late_moves_what_was_sampled_before_it(autojump_clock: MockClock) -> None:
    async with running(503) as bench:
        bench.jump = -86_400.0 * 365
        await trio.sleep(600)
        bench.jump, bench.receiver.answers = 0.0, [204]
        bench.receiver.bodies.clear()
        await trio.sleep(600)
    assert bench.told == sorted(bench.told)
    assert bench.told[0] < 60


async def test_a_clock_that_goes_back_a_little_tells_no_time_twice(autojump_clock: MockClock) -> None:
    async with running() as bench:
        await trio.sleep(600)
        bench.jump = -130.0
        await trio.sleep(600)
        assert len(bench.ring) == 0
    assert bench.told == sorted(set(bench.told))


async def test_a_clock_that_was_wrong_by_years_does_not_mute_the_box(autojump_clock: MockClock) -> None:
    async with running() as bench:
        bench.jump = 86_400.0 * 3650
        await trio.sleep(600)
        bench.jump = 0.0
        bench.receiver.bodies.clear()
        await trio.sleep(600)
    assert len(bench.told) >= 9


async def test_what_waits_goes_to_the_next_file_s_address(autojump_clock: MockClock) -> None:
    async with running(503) as bench:
        await trio.sleep(600)
    other = Receiver()
    bench.receiver, bench.peer = other, Peer("https://other.example.com", transport=other)
    with trio.move_on_after(60):
        await bench.new().run()
    assert len(bench.told) >= 10


def test_the_kinds_say_that_keys_are_not_affected() -> None:
    kinds = (box_kinds.TELEMETRY_LATE, box_kinds.TELEMETRY_REFUSED, box_kinds.TELEMETRY_WEBHOOK)
    assert {kind.follows for kind in kinds} == {"keys are not affected"}
