"""One drawing for all who look within a moment, made while the other tasks go on. In virtual time."""

from collections.abc import Iterator, Mapping

import trio
from trio.testing import MockClock

from agent.status.drawings import Drawings
from agent.status.good_for import LEAST, MOST, SHARE
from agent.status.looking import Looking
from agent.status.snapshot.snapshot import Snapshot
from tests.status.samples import snapshot

BITS = 5


class Page:
    """Draws a number that counts the drawings, in bits that cost `cost` seconds of the processor together."""

    def __init__(self, cost: float = 0.0) -> None:
        self._cost, self._spent, self._count = cost, 0.0, 0
        self.drawings = Drawings(Looking(snapshot, str, panels=self._panels), lambda: self._spent)

    def _panels(self, _now: Snapshot, edition: str) -> Iterator[Mapping[str, str]]:
        self._count += 1
        text = f"{edition} {self._count}"
        for bit in range(BITS):
            self._spent += self._cost / BITS
            yield {str(bit): text}

    async def of(self, edition: str = "en") -> str:
        return (await self.drawings.of(edition)).panels["0"]


async def test_a_moment_is_drawn_once_an_edition(autojump_clock: MockClock) -> None:
    page = Page()
    assert [await page.of(), await page.of("de"), await page.of(), await page.of("de")] == [
        *("en 1", "de 2"),
        *("en 1", "de 2"),
    ]


async def test_who_asks_after_that_moment_sees_what_is_now(autojump_clock: MockClock) -> None:
    page = Page()
    seen = []
    for _ in range(4):
        seen.append(await page.of())
        await trio.sleep(LEAST / 2)
    assert seen == ["en 1", "en 1", "en 2", "en 2"]


async def test_a_new_drawing_is_for_those_too_who_ask_later(autojump_clock: MockClock) -> None:
    page = Page()
    assert await page.of() == "en 1"
    assert (await page.drawings.now("en")).panels["0"] == await page.of() == "en 2"


async def test_a_costly_drawing_stands_for_its_share_of_the_processor_and_loading_once_counts_little(
    autojump_clock: MockClock,
) -> None:
    for cost, stands in ((MOST / 2, MOST / 2 / SHARE), (5.0, MOST / SHARE)):
        page = Page(cost)
        began = trio.current_time()
        assert await page.of() == "en 1"
        await trio.sleep_until(began + stands * 0.99)
        assert await page.of() == "en 1"
        await trio.sleep_until(began + stands * 1.01)
        assert await page.of() == "en 2"


async def test_the_other_tasks_have_a_turn_after_each_bit(autojump_clock: MockClock) -> None:
    page = Page()
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await trio.lowlevel.checkpoint()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(count)
        await page.of()
        assert turns >= BITS - 1  # after the last bit it is either's turn
        nursery.cancel_scope.cancel()


async def test_who_leaves_while_it_draws_leaves_a_whole_page_to_the_others(autojump_clock: MockClock) -> None:
    page = Page()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(page.of)
        await trio.lowlevel.checkpoint()  # it has begun
        nursery.cancel_scope.cancel()
    drawing = await page.drawings.of("en")
    assert drawing.panels == {str(bit): "en 1" for bit in range(BITS)}
