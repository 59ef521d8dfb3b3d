"""Lines that come and go: each has a session while it is there, and none takes another one with it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio

from agent.handover import steps
from board.fake import FakeBoard
from board.serial_line import SerialLine
from tests.console.bench import Bench
from tests.console.person import Person


class Box:
    """A board with lines, and the console on all of them."""

    def __init__(self, folder: Path) -> None:
        self.board, self.bench = FakeBoard(), Bench(folder)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        console = self.bench.console
        async with self.bench.desk(), trio.open_nursery() as nursery:
            open_line = self._open
            nursery.start_soon(console.serve_all, self.board.serial_lines, open_line, self.board.watch_devices())
            yield
            nursery.cancel_scope.cancel()
        self.board.close()

    def _open(self, device: str) -> SerialLine:
        return self.board.open_serial(device, 115_200)


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[Box]:
    box = Box(tmp_path)
    async with box.served():
        yield box


async def at_prompt(descriptor: int) -> Person:
    person = Person(os.dup(descriptor))
    await person.looks_until(lambda: person.last_line == "nightporter>", "a prompt")
    return person


async def test_a_line_that_appears_gets_a_prompt_at_once(box: Box) -> None:
    _, far = box.board.plug_in()
    with trio.fail_after(20):
        person = await at_prompt(far)
    await person.types("help key\r")
    await person.sees("--copies N")
    person.unplug()


async def test_all_lines_hear_what_happens_and_one_that_goes_takes_none_with_it(box: Box) -> None:
    (first, one), (_, other) = box.board.plug_in(), box.board.plug_in()
    people = [await at_prompt(one), await at_prompt(other)]
    steps.say("a step of the box", box.bench.folder / "steps")
    for person in people:
        await person.sees("a step of the box")
    people[0].unplug()
    box.board.unplug(first)
    await people[1].types("help key\r")
    await people[1].sees("--copies N")
    people[1].unplug()


async def test_ctrl_d_begins_again_for_the_next_person(box: Box) -> None:
    _, far = box.board.plug_in()
    person = await at_prompt(far)
    await person.types(b"\x04")
    await person.looks_until(lambda: person.shown.count("Night Porter 0.2.0") == 2, "a banner")
    person.unplug()


async def test_a_line_that_cannot_be_opened_is_no_end(box: Box, tmp_path: Path) -> None:
    box.board._ports["/dev/none"] = (os.open(os.devnull, os.O_RDWR), os.open(os.devnull, os.O_RDWR))
    _, far = box.board.plug_in()
    person = await at_prompt(far)
    person.unplug()
