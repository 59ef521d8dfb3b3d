"""Doors, areas and check-out times, as every lock system that lists them has them now; never in a key's way."""

import pytest
import trio
from trio.testing import MockClock

from agent.commands.driver import Task
from agent.commands.model import Verdict
from tests.contract.bench import TaskVariant, Trouble
from tests.contract.suite import ended
from tests.contract.variants import every_driver

LISTS = (Task.DOORS, Task.AREAS, Task.TIMES)


@every_driver(*LISTS)
async def test_a_list_is_asked_for_each_time(variant: TaskVariant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        for _ in range(3):
            await ended(bench)
        assert bench.calls() == 3


@every_driver(*LISTS)
@pytest.mark.parametrize("trouble", [Trouble.DEAF, Trouble.LOST_AFTER, Trouble.HANG_AFTER, Trouble.PAGE_AFTER])
async def test_a_list_that_could_not_be_read_is_not_made_up(
    variant: TaskVariant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        await ended(bench)
        bench.trouble(trouble)
        found = await ended(bench)
        assert (found.verdict, found.answer) == (Verdict.FAILED, None)


@every_driver(*LISTS)
async def test_a_list_that_hangs_holds_up_no_key(variant: TaskVariant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench, trio.open_nursery() as nursery:
        bench.trouble(Trouble.HANG_BEFORE)
        nursery.start_soon(ended, bench)
        await trio.sleep(1)
        began = trio.current_time()
        assert (await bench.driver.carry_out(bench.job())).verdict is Verdict.DONE
        assert trio.current_time() - began < 10
        nursery.cancel_scope.cancel()


@every_driver(*LISTS)
async def test_a_list_is_read_while_an_encoder_waits_for_a_card(
    variant: TaskVariant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench, trio.open_nursery() as nursery:
        nursery.start_soon(bench.driver.carry_out, bench.job())
        await trio.sleep(0.1)
        assert (await ended(bench)).verdict is Verdict.DONE
        assert bench.cards() == 0
        nursery.cancel_scope.cancel()
