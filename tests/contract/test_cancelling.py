"""Keys made useless without their cards, at every lock system that can: never another key, never by guess."""

import pytest
from trio.testing import MockClock

from agent.commands.driver import CancelsKeys, Task
from agent.commands.model import Verdict
from tests.contract.bench import TaskBench, TaskVariant, Trouble
from tests.contract.suite import PERHAPS, ended
from tests.contract.variants import every_driver, every_variant


def canceller(bench: TaskBench) -> CancelsKeys:
    assert isinstance(bench.driver, CancelsKeys)
    return bench.driver


@every_variant(Task.CANCEL)
async def test_a_key_that_is_cancelled_twice_is_cancelled(variant: TaskVariant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        assert (await ended(bench)).verdict is Verdict.DONE
        again = await ended(bench)
        assert again.verdict is not Verdict.UNKNOWN
        assert bench.is_done()


@every_driver(Task.CANCEL)
@pytest.mark.parametrize("trouble", PERHAPS)
async def test_a_key_that_was_perhaps_cancelled_is_so_after_asking_once_more(
    variant: TaskVariant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        assert (await ended(bench)).verdict is Verdict.UNKNOWN
        bench.heal()
        await ended(bench)
        assert bench.is_done()


@every_driver(Task.CANCEL)
async def test_a_key_that_has_no_number_is_not_asked_about(
    variant: TaskVariant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        outcome = await canceller(bench).cancel_key("101", "")
        assert (outcome.verdict, bench.calls()) == (Verdict.FAILED, 0)
        assert outcome.note.endswith(".")


@every_driver(Task.CANCEL)
@pytest.mark.parametrize("room", ["101", "102"])
async def test_another_key_or_another_rooms_is_left_alone(
    variant: TaskVariant, room: str, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        assert (await canceller(bench).cancel_key(room, "1")).verdict is Verdict.FAILED
        assert not bench.is_done()


@every_driver(Task.CANCEL)
async def test_a_cancelled_key_is_no_key_less_to_be_cut(variant: TaskVariant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        await ended(bench)
        assert (await bench.driver.carry_out(bench.job())).verdict is Verdict.DONE
        assert bench.cards() == 2
