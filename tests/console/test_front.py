"""The front: lights that show how the box is, a button that asks, in virtual time."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import trio

from agent.console.front import UPDATING, Act, Front
from agent.console.news import BoxState
from agent.console.panel.button import LONG, VERY_LONG, Press
from agent.console.panel.lights import Shown, pattern_of
from agent.console.terminal.page_status import ShownFault, Status
from agent.health.catalogue import CATALOGUE
from board.base import Network
from board.fake import FakeBoard, FakeLights
from board.pattern import Pattern

WELL = Status(True, "ok", "All is well.")
FAULTY = Status(True, "fault", "No key.", (ShownFault("E-X", "t", "t", "h", "fault", "", "mews"),))
WARNED = Status(True, "warning", "Odd.", (ShownFault("E-X", "t", "t", "h", "warning", "", "mews"),))


async def at_once(act: Callable[[], bool]) -> bool:
    return act()


class Desk:
    """A box with a front, and what its button has done."""

    def __init__(self) -> None:
        self.board = FakeBoard(clock=trio.current_time)
        self.done: list[Press] = []
        acts = {press: self._act(press) for press in (Press.LONG, Press.VERY_LONG)}
        self.front = Front(self.board.lights(), acts, trio.current_time, at_once)

    def _act(self, press: Press) -> Act:
        async def act() -> None:
            self.done.append(press)

        return act

    async def shows(self, shown: Shown) -> None:
        await trio.testing.wait_all_tasks_blocked()
        assert self.board.panel.shown == (pattern_of(shown),)

    def is_as(self, status: Status | None) -> None:
        self.front.hear(BoxState(Network(), status, ""))

    async def hold(self, seconds: float) -> None:
        self.board.press()
        await trio.sleep(seconds)
        self.board.let_go()
        await trio.sleep(1)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with running(Desk()) as desk:
        yield desk


@asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[Desk]:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.front.run, desk.board.button)
        await trio.testing.wait_all_tasks_blocked()
        yield desk
        nursery.cancel_scope.cancel()
    assert desk.board.panel.is_given_back
    desk.board.close()


async def test_the_light_shows_how_the_box_is(desk: Desk, autojump_clock: trio.testing.MockClock) -> None:
    await desk.shows(Shown.STARTING)
    for status, shown in (
        (None, Shown.STARTING),
        (WELL, Shown.WELL),
        (WARNED, Shown.WARNING),
        (FAULTY, Shown.MEWS_FAULT),
        (None, Shown.BOX_FAULT),
        (WELL, Shown.WELL),
    ):
        desk.is_as(status)
        await desk.shows(shown)


async def test_a_version_on_trial_is_an_update_under_way(
    desk: Desk, autojump_clock: trio.testing.MockClock
) -> None:
    assert UPDATING in CATALOGUE
    desk.is_as(Status(True, "warning", "Trial.", (ShownFault(UPDATING, "t", "t", "h", "warning", "", "box"),)))
    await desk.shows(Shown.UPDATING)


async def test_a_short_press_has_the_box_show_itself_for_a_minute(
    desk: Desk, autojump_clock: trio.testing.MockClock
) -> None:
    desk.is_as(WELL)
    await desk.hold(0.5)
    await desk.shows(Shown.IDENTIFY)
    await trio.sleep(60)
    await desk.shows(Shown.WELL)
    assert desk.done == []


@pytest.mark.parametrize(("seconds", "press"), [(LONG + 1, Press.LONG), (VERY_LONG + 1, Press.VERY_LONG)])
async def test_a_long_press_does_what_it_is_for_once(
    desk: Desk, autojump_clock: trio.testing.MockClock, seconds: float, press: Press
) -> None:
    await desk.hold(seconds)
    assert desk.done == [press]


async def test_the_light_says_when_to_let_go(desk: Desk, autojump_clock: trio.testing.MockClock) -> None:
    desk.board.press()
    await trio.sleep(1)
    await desk.shows(Shown.PRESSED)
    await trio.sleep(LONG)
    await desk.shows(Shown.PRESSED_LONG)
    await trio.sleep(VERY_LONG - LONG)
    await desk.shows(Shown.PRESSED_VERY_LONG)
    assert desk.done == []


async def test_a_box_without_a_light_says_so(autojump_clock: trio.testing.MockClock) -> None:
    desk = Desk()
    desk.board.panel._count = 0
    async with running(desk):
        assert not desk.front.identify()
        assert not desk.board.panel.shown


class LateLights(FakeLights):
    """Lights whose files can be written from the third time on."""

    tries = 0

    def show(self, *patterns: Pattern) -> bool:
        self.tries += 1
        return self.tries > 2 and super().show(*patterns)


async def test_a_light_whose_files_come_late_is_tried_again(autojump_clock: trio.testing.MockClock) -> None:
    desk = Desk()
    lights = LateLights()
    desk.front = Front(lights, {}, trio.current_time, at_once)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.front.run, desk.board.button)
        await trio.sleep(30)
        nursery.cancel_scope.cancel()
    desk.board.close()
    assert lights.tries == 3
    assert lights.history == [(pattern_of(Shown.STARTING),)]
