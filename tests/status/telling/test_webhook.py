"""The webhook in virtual time: one message a change, the newest state wins, and it is sent until it is taken."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import trio
from trio.testing import MockClock

from agent.foundation.http import Peer
from agent.health import mews_kinds
from agent.health.health import Health
from agent.status.telling.webhook import GIVE_UP_SECONDS, Told, Webhook
from tests.status.samples import snapshot
from tests.status.telling.receiver import Receiver

EPOCH = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


class Bench:
    def __init__(self, receiver: Receiver) -> None:
        self.receiver, self.told = receiver, Told()
        self.health = Health(trio.current_time)
        self.hook = Webhook(
            *(Peer("https://hooks.example.com", transport=receiver), "/x?key=1", self.told),
            lambda: snapshot(*self.health.active()),
            self.health,
            headers={"Authorization": "Bearer green-teapot"},
            clock=trio.current_time,
            now=lambda: EPOCH + timedelta(seconds=trio.current_time()),
        )

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(body) for body in self.receiver.bodies]

    def levels(self) -> list[str]:
        return [message["level"] for message in self.messages]

    def break_down(self) -> None:
        self.health.raise_fault(mews_kinds.TOKEN, "mews", "Room 101")

    def mend(self) -> None:
        self.health.clear("mews", mews_kinds.TOKEN)

    def holds(self) -> bool:
        return any(fault.kind.code == "E-TELEMETRY-WEBHOOK" for fault in self.health.active())


@asynccontextmanager
async def running(*answers: int | Exception) -> AsyncIterator[Bench]:
    """Green is told."""
    bench = Bench(Receiver(204))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(bench.hook.run)
        await trio.sleep(59)  # between two looks, and not in the same moment as one
        bench.receiver.answers = list(answers) or [204]
        bench.receiver.bodies.clear()
        yield bench
        nursery.cancel_scope.cancel()


async def test_after_a_start_the_state_is_told_once(autojump_clock: MockClock) -> None:
    bench = Bench(Receiver())
    with trio.move_on_after(3600):
        await bench.hook.run()
    assert bench.levels() == ["ok"]


async def test_red_and_green_are_told_once_each_half_a_minute_later(autojump_clock: MockClock) -> None:
    async with running() as bench:
        bench.break_down()
        await trio.sleep(25)
        assert bench.messages == []
        await trio.sleep(600)
        bench.mend()
        await trio.sleep(600)
    assert bench.levels() == ["fault", "ok"]
    red, green = bench.messages
    assert [each["code"] for each in red["faults"]] == ["E-MEWS-TOKEN"]
    assert red["since"] == "2026-11-27T12:01:00+00:00"
    assert red["id"] != green["id"]
    assert b"101" not in bench.receiver.bodies[0]
    assert bench.receiver.requests[-1].headers["authorization"] == "Bearer green-teapot"
    assert str(bench.receiver.requests[-1].url) == "https://hooks.example.com/x?key=1"


async def test_a_flap_is_no_message(autojump_clock: MockClock) -> None:
    async with running() as bench:
        bench.break_down()
        await trio.sleep(20)
        bench.mend()
        await trio.sleep(600)
    assert bench.messages == []


async def test_a_message_is_sent_until_it_is_taken_under_one_id(autojump_clock: MockClock) -> None:
    async with running(500, 404, 204) as bench:
        bench.break_down()
        await trio.sleep(600)
    assert bench.levels() == ["fault"] * 3
    assert len({message["id"] for message in bench.messages}) == 1


async def test_what_came_and_went_unseen_is_not_told(autojump_clock: MockClock) -> None:
    async with running(httpx.ConnectError("refused")) as bench:
        bench.break_down()
        await trio.sleep(1200)
        assert bench.holds()
        bench.mend()
        await trio.sleep(60)
        assert not bench.holds()
        bench.receiver.answers = [204]
        bench.receiver.bodies.clear()
        await trio.sleep(3600)
    assert bench.messages == []


async def test_what_perhaps_arrived_is_taken_back(autojump_clock: MockClock) -> None:
    async with running(httpx.ReadError("reset")) as bench:
        bench.break_down()
        await trio.sleep(120)
        bench.mend()
        bench.receiver.answers = [204]
        await trio.sleep(3600)
    assert bench.levels()[-1] == "ok"


async def test_after_a_day_it_is_given_up_until_the_next_change(autojump_clock: MockClock) -> None:
    async with running(400) as bench:
        bench.break_down()
        await trio.sleep(GIVE_UP_SECONDS + 1500)
        sent = len(bench.messages)
        await trio.sleep(7200)
        assert len(bench.messages) == sent
        bench.receiver.answers = [204]
        bench.mend()
        await trio.sleep(120)
        assert not bench.holds()
    assert bench.levels()[-1] == "warning"  # that of the webhook itself, when the message was made
