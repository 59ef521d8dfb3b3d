"""Which rooms are taken, told to every lock system that wants to know it: as often as one likes, without harm."""

import pytest
from trio.testing import MockClock

from agent.commands.driver import KeepsRooms, Task
from agent.commands.model import Verdict
from tests.contract.bench import TaskBench, TaskVariant, Trouble
from tests.contract.suite import PERHAPS, ended
from tests.contract.variants import every_driver, every_variant


def keeper(bench: TaskBench) -> KeepsRooms:
    assert isinstance(bench.driver, KeepsRooms)
    return bench.driver


@every_variant(Task.ROOM_IN, Task.ROOM_OUT)
async def test_a_room_that_is_told_twice_stays_as_it_is(variant: TaskVariant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        told = [(await ended(bench)).verdict for _ in range(2)]
        assert (told, bench.is_done()) == ([Verdict.DONE] * 2, True)


@every_driver(Task.ROOM_IN, Task.ROOM_OUT)
@pytest.mark.parametrize("trouble", PERHAPS)
async def test_a_room_that_was_perhaps_told_is_told_by_asking_once_more(
    variant: TaskVariant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        first = await ended(bench)
        bench.heal()
        again = await ended(bench)
        assert (first.verdict, again.verdict, bench.is_done()) == (Verdict.UNKNOWN, Verdict.DONE, True)


@every_driver(Task.ROOM_IN)
async def test_a_room_that_is_told_free_is_free_again(variant: TaskVariant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        await ended(bench)
        assert (await keeper(bench).check_out_room("101")).verdict is Verdict.DONE
        assert not bench.is_done()


@every_driver(Task.ROOM_IN)
async def test_what_is_told_has_a_code_and_says_what_to_do_where_it_failed(
    variant: TaskVariant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        for trouble in PERHAPS:
            bench.trouble(trouble)
            outcome = await keeper(bench).check_in_room("101")
            bench.heal()
            assert outcome.code.startswith("E-ROOM-IN-")
            assert outcome.note.endswith(".")
