"""The watch over zone and clock: at the start and each hour, and silent where no one can tell."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import trio

from agent.foundation.timing import utc_now
from agent.health.health import Health
from agent.mews.calls import Failed, MewsError, Refused
from agent.mews.enquiries import NotAsked, NotOffered
from agent.mews.hotel_watch import AGAIN, EVERY, HotelWatch
from agent.mews.records import Property

GOOD = Property("h", "Aurora", "Europe/Vienna")
ELSEWHERE = Property("h", "Aurora", "Asia/Tokyo")


class Desk:
    """A watch, and what it is answered: one answer after the other, the last again and again."""

    def __init__(self, *answers: Property | MewsError, enterprise: str = "") -> None:
        self.answers = list(answers)
        self.asked: list[float] = []
        self.reached = trio.Event()
        self.health = Health(trio.current_time)
        zone, wait = ZoneInfo("Europe/Vienna"), self.reached.wait
        self.watch = HotelWatch(self._ask, wait, self.health, zone, enterprise=enterprise)

    async def _ask(self) -> Property:
        self.asked.append(trio.current_time())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, MewsError):
            raise answer
        return answer

    def codes(self) -> list[str]:
        return [fault.kind.code for fault in self.health.active()]


@asynccontextmanager
async def watching(desk: Desk) -> AsyncIterator[None]:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.watch.run)
        yield
        nursery.cancel_scope.cancel()


async def test_it_looks_once_mews_is_reached_and_then_each_hour(autojump_clock: object) -> None:
    desk = Desk(GOOD)
    async with watching(desk):
        await trio.sleep(100)
        assert desk.asked == []
        desk.reached.set()
        began = trio.current_time()
        await trio.sleep(2 * EVERY + 1)
    assert [at - began for at in desk.asked] == pytest.approx([0, EVERY, 2 * EVERY])


async def test_a_fault_is_over_when_the_difference_is(autojump_clock: object) -> None:
    desk = Desk(ELSEWHERE, GOOD)
    desk.reached.set()
    async with watching(desk):
        await trio.sleep(1)
        assert desk.codes() == ["E-MEWS-ZONE"]
        await trio.sleep(EVERY)
        assert desk.codes() == []


async def test_the_boxs_own_clock_is_compared(autojump_clock: object) -> None:
    desk = Desk(Property("h", "Aurora", "Europe/Vienna", utc_now() - timedelta(hours=1)))
    desk.reached.set()
    async with watching(desk):
        await trio.sleep(120)
        assert desk.codes() == ["E-MEWS-CLOCK"]


@pytest.mark.parametrize("error", [Failed("Mews answered 500"), NotAsked(), Refused(403, "no")])
async def test_without_an_answer_it_asks_again_soon_and_says_nothing(
    autojump_clock: object, error: MewsError
) -> None:
    desk = Desk(error, ELSEWHERE)
    desk.reached.set()
    async with watching(desk):
        await trio.sleep(1)
        assert desk.codes() == []
        await trio.sleep(AGAIN)
        assert desk.codes() == ["E-MEWS-ZONE"]


async def test_a_hotel_that_mews_does_not_know_by_the_files_id_is_told(autojump_clock: object) -> None:
    desk = Desk(Refused(400, "Invalid EnterpriseId"), GOOD, enterprise="this-one")
    desk.reached.set()
    async with watching(desk):
        await trio.sleep(1)
        assert desk.codes() == ["E-MEWS-ENTERPRISE"]
        await trio.sleep(AGAIN)
        assert desk.codes() == []


async def test_a_dialect_that_cannot_tell_is_asked_once_and_nothing_is_said(autojump_clock: object) -> None:
    desk = Desk(NotOffered("how the hotel is set up"))
    desk.reached.set()
    await desk.watch.run()
    assert (len(desk.asked), desk.codes()) == (1, [])
