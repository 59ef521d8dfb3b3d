"""An edition of the page in virtual time: what a reader is told, and when."""

import json

import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from agent.status.drawings import Drawing
from agent.status.good_for import LEAST, MOST, SHARE, good_for
from agent.status.live.edition import BEAT, KEPT, Edition
from tests.status.samples import snapshot


class Page:
    """What there is to see, and how often it was looked at; a look takes `cost` seconds of the processor."""

    def __init__(self, cost: float = 0.0) -> None:
        self.panels: dict[str, str] = {"hops": "good", "orders": "none"}
        self.looks = 0
        self._cost = cost

    async def draw(self) -> Drawing:
        self.looks += 1
        drawing = Drawing(snapshot(), dict(self.panels), good_for(self._cost))
        await trio.lowlevel.checkpoint()
        return drawing

    def edition(self) -> Edition:
        return Edition(self.draw, "1.0")


def told(piece: bytes) -> list[tuple[str, dict[str, str]]]:
    """Kind and data of each event."""
    events = [event for event in piece.decode().split("\n\n") if "event: " in event]
    return [(event.split("event: ")[1].split("\n")[0], json.loads(event.split("data: ")[1])) for event in events]


async def test_who_comes_gets_the_build_and_every_panel(autojump_clock: MockClock) -> None:
    page = Page()
    _, piece = await page.edition().begin()
    assert piece.startswith(b"retry: 1000\n\n")
    assert told(piece) == [("hello", {"build": "1.0"}), ("panels", page.panels)]


async def test_only_the_panel_that_changed_is_told_and_a_panel_that_is_gone_is_empty(
    autojump_clock: MockClock,
) -> None:
    page = Page()
    edition = page.edition()
    number, _ = await edition.begin()
    page.panels = {"hops": "bad"}
    edition.stir()
    _, piece = await edition.after(number)
    assert told(piece) == [("panels", {"hops": "bad", "orders": ""})]


async def test_nothing_new_is_said_every_five_seconds(autojump_clock: MockClock) -> None:
    edition = Page().edition()
    number, _ = await edition.begin()
    for _ in range(3):
        began = trio.current_time()
        number, piece = await edition.after(number)
        assert told(piece) == [("beat", {})]
        assert trio.current_time() - began == BEAT


async def test_what_nobody_announced_is_told_with_the_next_beat(autojump_clock: MockClock) -> None:
    page = Page()
    edition = page.edition()
    number, _ = await edition.begin()
    page.panels["hops"] = "bad"
    _, piece = await edition.after(number)
    assert told(piece) == [("panels", {"hops": "bad"})]


async def test_many_events_are_one_look_four_times_a_second_at_most(autojump_clock: MockClock) -> None:
    page = Page()
    edition = page.edition()
    number, _ = await edition.begin()
    began = trio.current_time()
    for step in range(4):
        page.panels["hops"] = f"step {step}"
        for _ in range(100):
            edition.stir()
        number, _ = await edition.after(number)
    assert page.looks == 5
    assert trio.current_time() - began == 4 * LEAST


async def test_stirs_without_a_change_do_not_put_off_the_beat(autojump_clock: MockClock) -> None:
    edition = Page().edition()
    number, _ = await edition.begin()
    began = trio.current_time()

    async def stir() -> None:
        while True:
            await trio.sleep(0.3)
            edition.stir()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(stir)
        _, piece = await edition.after(number)
        nursery.cancel_scope.cancel()
    assert told(piece) == [("beat", {})]
    assert trio.current_time() - began <= BEAT


async def test_looks_that_are_dear_are_seldom(autojump_clock: MockClock) -> None:
    page = Page(cost=MOST / 2)
    edition = page.edition()
    number, _ = await edition.begin()
    began = trio.current_time()
    page.panels["hops"] = "bad"
    edition.stir()
    await edition.after(number)
    assert trio.current_time() - began == MOST / 2 / SHARE


async def test_any_number_of_readers_cost_one_look(autojump_clock: MockClock) -> None:
    page = Page()
    edition = page.edition()
    pieces: list[bytes] = []

    async def read() -> None:
        number, _ = await edition.begin()
        pieces.append((await edition.after(number))[1])

    async with trio.open_nursery() as nursery:
        for _ in range(50):
            nursery.start_soon(read)
        await wait_all_tasks_blocked()
        page.panels["hops"] = "bad"
        edition.stir()
    assert page.looks == 2
    assert len(pieces) == 50
    assert set(pieces) == {pieces[0]}


async def test_a_reader_that_is_behind_gets_all_it_missed_and_one_far_behind_the_whole(
    autojump_clock: MockClock,
) -> None:
    page = Page()
    edition = page.edition()
    first, _ = await edition.begin()
    number = first
    for step in range(KEPT + 1):
        page.panels["hops"] = f"step {step}"
        edition.stir()
        number, _ = await edition.after(number)
    _, behind = await edition.after(first + 1)
    assert [data["hops"] for _, data in told(behind)] == [f"step {step}" for step in range(1, KEPT + 1)]
    _, far = await edition.after(first)
    assert told(far) == [("hello", {"build": "1.0"}), ("panels", page.panels)]
