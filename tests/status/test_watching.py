"""`status --watch`: in place on a terminal, on change elsewhere, and through a restart of the box."""

import io
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec
import trio

from agent.foundation.errors import NightPorterError
from agent.status.snapshot.snapshot import Snapshot
from agent.status.watching import (
    AGAIN_SECONDS,
    EVERY_SECONDS,
    FOLLOWING_SECONDS,
    LEAST_SECONDS,
    Watch,
    essence,
    in_place,
)
from tests.status.samples import BOX, fault, snapshot

LATER = snapshot(box=msgspec.structs.replace(BOX, now=BOX.now + 2))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def watched(out: io.StringIO, *answers: Snapshot | None) -> Watch:
    """Watch as long as there are answers; None is a box that is away."""
    left: Iterator[Snapshot | None] = iter(answers)

    async def fetch(_url: str) -> Snapshot:
        answer = next(left)
        if answer is None:
            raise NightPorterError("http://box gives no answer.")
        return answer

    watch = Watch(
        "http://box", out, fetch=fetch, wall=lambda: datetime(2026, 3, 28, 22, 30), size=lambda: (80, 12)
    )
    with trio.move_on_after(EVERY_SECONDS * (len(answers) - 0.5)):
        await watch.run()
    return watch


async def test_a_pipe_gets_a_text_when_something_changed_and_not_when_time_passes(autojump_clock: object) -> None:
    out = io.StringIO()
    await watched(out, snapshot(), LATER, snapshot(fault("E-MEWS-TOKEN", "mews")))
    assert out.getvalue().count("Night Porter 0.1.0") == 2


async def test_a_box_that_is_away_is_told_once_and_waited_for(autojump_clock: object) -> None:
    out = io.StringIO()
    watch = await watched(out, snapshot(), None, None, snapshot())
    assert out.getvalue().count("Not reached since 22:30:00, trying again. http://box gives no answer.") == 1
    assert (out.getvalue().count("Night Porter 0.1.0"), watch.exit_code) == (2, 0)


async def test_the_exit_code_is_the_last_looks(autojump_clock: object) -> None:
    codes = [
        (await watched(io.StringIO(), *answers)).exit_code
        for answers in ((snapshot(),), (snapshot(), None), (snapshot(fault("E-MEWS-TOKEN", "mews")),))
    ]
    assert codes == [0, 1, 1]


async def test_a_terminal_is_drawn_in_place_and_no_higher_than_it_is(autojump_clock: object) -> None:
    out = Terminal()
    await watched(out, snapshot(), None)
    drawn = out.getvalue().split("\x1b[H")[1:]
    assert [text.count("\r\n") for text in drawn] == [11, 11]
    assert "Not reached since" in drawn[1]
    assert "How it was before:" in drawn[1]


def test_what_does_not_fit_is_counted() -> None:
    assert "(3 more lines: make the window higher)" in in_place("a\nb\nc\nd\ne\n", 4)


def test_times_alone_are_no_change() -> None:
    assert essence(snapshot()) == essence(LATER)


class Page:
    """A box whose page tells its news, as long as it `has_news`."""

    def __init__(self) -> None:
        self.looks: list[float] = []
        self.follows = 0
        self.has_news = True
        self.send, self._receive = trio.open_memory_channel[str](99)

    async def fetch(self, _url: str) -> Snapshot:
        await trio.lowlevel.checkpoint()
        self.looks.append(trio.current_time())
        return snapshot()

    async def follow(self, _url: str, tell: Callable[[], None]) -> None:
        self.follows += 1
        await trio.lowlevel.checkpoint()
        while self.has_news:
            tell()
            if await self._receive.receive() == "end":
                break
        raise NightPorterError("no news")


@asynccontextmanager
async def following(page: Page) -> AsyncIterator[float]:
    """A watch that follows the page; gives when it began."""
    watch = Watch("http://box", io.StringIO(), fetch=page.fetch, follow=page.follow)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(watch.run)
        yield trio.current_time()
        nursery.cancel_scope.cancel()


async def test_a_page_that_tells_its_news_is_looked_at_when_it_does_and_seldom_otherwise(
    autojump_clock: object,
) -> None:
    page = Page()
    async with following(page) as began:
        await trio.sleep(FOLLOWING_SECONDS * 3.05)
        assert len(page.looks) <= 6
        seen = len(page.looks)
        page.send.send_nowait("news")
        await trio.sleep(LEAST_SECONDS + 0.01)
        assert len(page.looks) == seen + 1
        assert trio.current_time() - began > 0


async def test_a_page_without_news_or_whose_news_end_is_looked_at_by_the_clock_and_heard_again(
    autojump_clock: object,
) -> None:
    page = Page()
    async with following(page):
        await trio.sleep(30)
        page.has_news = False
        page.send.send_nowait("end")
        await trio.sleep(0.6)
        seen = len(page.looks)
        await trio.sleep(10 * EVERY_SECONDS)
        assert 10 <= len(page.looks) - seen <= 16
        page.has_news, follows = True, page.follows
        await trio.sleep(AGAIN_SECONDS + 1)
        seen = len(page.looks)
        await trio.sleep(FOLLOWING_SECONDS - 1)
        assert (len(page.looks) - seen <= 2, page.follows) == (True, follows + 1)


async def test_much_news_is_not_looked_at_all_the_time(autojump_clock: object) -> None:
    page = Page()
    async with following(page):
        await trio.sleep(5)
        seen = len(page.looks)
        for _ in range(40):
            page.send.send_nowait("news")
            await trio.sleep(0.05)
        assert len(page.looks) - seen <= 2 / LEAST_SECONDS + 1
