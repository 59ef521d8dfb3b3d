"""Cards read back by every lock system that can: as often as one likes, and nothing is written onto them."""

import pytest
import trio
from trio.testing import MockClock

from agent.commands.driver import CardRead, ReadsCards, Task
from agent.commands.model import Verdict
from tests.contract.bench import TaskBench, TaskVariant, Trouble
from tests.contract.suite import ended, troubles
from tests.contract.variants import every_driver, every_variant


def reader(bench: TaskBench) -> ReadsCards:
    assert isinstance(bench.driver, ReadsCards)
    return bench.driver


@every_variant(Task.READ)
async def test_a_card_says_the_same_however_often_it_is_read(
    variant: TaskVariant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        first, second = [(await ended(bench)).answer for _ in range(2)]
        assert isinstance(first, CardRead)
        assert first == second


@every_driver(Task.READ)
@pytest.mark.parametrize("trouble", troubles(Task.READ))
async def test_a_card_that_was_not_read_can_be_read_once_more(
    variant: TaskVariant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        await ended(bench)
        bench.heal()
        assert isinstance((await ended(bench)).answer, CardRead)


@every_driver(Task.READ)
async def test_the_card_of_a_new_key_is_that_keys(variant: TaskVariant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        made = await bench.driver.carry_out(bench.job(rooms=("102",)))
        card = await reader(bench).read_card("1")
        assert isinstance(card, CardRead)
        assert (card.rooms, card.key) == (("102",), made.key)


@every_driver(Task.READ)
async def test_an_encoder_without_a_card_says_so_in_words(variant: TaskVariant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        found = await reader(bench).read_card("2")
        assert not isinstance(found, CardRead)
        assert (found.verdict, found.note.endswith(".")) == (Verdict.FAILED, True)


@every_driver(Task.READ)
async def test_a_card_that_no_one_presents_holds_up_no_key_elsewhere(
    variant: TaskVariant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench, trio.open_nursery() as nursery:
        bench.trouble(Trouble.NO_CARD)
        nursery.start_soon(ended, bench)
        await trio.sleep(1)
        began = trio.current_time()
        assert (await bench.driver.carry_out(bench.job(encoder="2"))).verdict is Verdict.DONE
        assert trio.current_time() - began < 10
        nursery.cancel_scope.cancel()
