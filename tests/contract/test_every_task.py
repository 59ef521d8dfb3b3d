"""What holds of all that a lock system does beside keys: truth, bounds, no key by the way, no secret.

Source: agent/commands/driver.py. What holds of one capability alone is in a file of its own.
"""

import pytest
import trio
from trio.testing import MockClock

from agent.commands.driver import (
    CancelsKeys,
    HasDoubts,
    KeepsRooms,
    ListsAreas,
    ListsDoors,
    ListsTimes,
    ReadsCards,
    Task,
)
from agent.commands.model import Verdict
from tests.contract.bench import LONGEST, TaskVariant, Trouble, Variant
from tests.contract.suite import all_endings, ended, ending, troubles
from tests.contract.variants import EVERY_DRIVER, OTHERS, every_driver, every_variant

TASKS = sorted({variant.task for variant in OTHERS})
CAPABILITIES: dict[Task, type] = {
    Task.CANCEL: CancelsKeys,
    Task.ROOM_IN: KeepsRooms,
    Task.ROOM_OUT: KeepsRooms,
    Task.READ: ReadsCards,
    Task.DOORS: ListsDoors,
    Task.AREAS: ListsAreas,
    Task.TIMES: ListsTimes,
}


@EVERY_DRIVER
async def test_a_driver_that_can_do_more_than_keys_has_its_share_of_this_suite(
    variant: Variant, autojump_clock: MockClock
) -> None:
    family = next(name for name in {other.name for other in OTHERS} if variant.kind.startswith(name))
    async with variant.open() as bench:
        able = {task for task, capability in CAPABILITIES.items() if isinstance(bench.driver, capability)}
    assert able == {other.task for other in OTHERS if other.name == family}


@every_variant(*TASKS)
async def test_a_good_answer_is_the_truth_and_cuts_no_key(variant: TaskVariant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        cards = bench.cards()
        found = await ended(bench)
        assert (found.verdict, found.words) == (Verdict.DONE, "")
        assert found.answer is not None
        assert bench.is_right(found.answer)
        await trio.sleep(LONGEST)
        assert bench.cards() == cards


@every_variant(*TASKS)
async def test_each_trouble_ends_in_the_truth_within_its_bounds_and_cuts_no_key(
    variant: TaskVariant, autojump_clock: MockClock
) -> None:
    wanted = {trouble: (*ending(variant.task, trouble), 0) for trouble in troubles(variant.task)}
    assert await all_endings(variant) == wanted


@every_driver(*TASKS)
@pytest.mark.parametrize("trouble", Trouble)
async def test_what_was_not_surely_done_says_why_and_is_asked_for_no_second_time(
    variant: TaskVariant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        found = await ended(bench)
        if found.verdict is not Verdict.DONE:
            assert 3 <= len(found.words) <= 400
        assert bench.calls() <= (2 if trouble is Trouble.TOKEN_ENDED else 1)


@every_driver(*TASKS)
@pytest.mark.parametrize("trouble", Trouble)
async def test_after_the_trouble_it_is_done_if_it_was_not(
    variant: TaskVariant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        await ended(bench)
        was_done = bench.is_done()
        bench.heal()
        assert (await ended(bench)).verdict is Verdict.DONE or was_done


@every_driver(*TASKS)
async def test_two_who_ask_at_once_are_both_told(variant: TaskVariant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        async with trio.open_nursery() as nursery:
            for _ in range(2):
                nursery.start_soon(ended, bench)
        assert bench.calls() == 2


@every_driver(*TASKS)
@pytest.mark.parametrize("after", [0.0, 0.5])
async def test_a_call_that_is_broken_off_is_not_made_again_and_the_next_one_is_answered(
    variant: TaskVariant, after: float, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(Trouble.HANG_BEFORE)
        with trio.move_on_after(after):
            await ended(bench)
        asked = bench.calls()
        await trio.sleep(LONGEST)
        assert bench.calls() == asked <= 1
        bench.heal()
        assert (await ended(bench)).verdict is Verdict.DONE


@every_driver(*TASKS)
@pytest.mark.parametrize("trouble", Trouble)
async def test_no_secret_gets_into_words_errors_or_onto_the_page(
    variant: TaskVariant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    await _assert_silent(variant, trouble)


@every_variant(*TASKS)
async def test_no_secret_gets_out_when_the_lock_system_says_no(
    variant: TaskVariant, autojump_clock: MockClock
) -> None:
    await _assert_silent(variant, Trouble.REFUSED)


async def _assert_silent(variant: TaskVariant, trouble: Trouble) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        found = await ended(bench)
        with trio.move_on_after(70):
            await bench.driver.watch()
        shown = found.shown + found.words + repr(bench.health.active()) + repr(bench.driver)
        assert not [secret for secret in bench.secrets if secret in shown]


@EVERY_DRIVER
async def test_doubts_are_a_line_for_each_task_or_there_are_none(
    variant: Variant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        if isinstance(bench.driver, HasDoubts):
            lines = [bench.driver.doubts(task) for task in Task]
            assert all(line == line.strip() and "\n" not in line and len(line) < 400 for line in lines)
            assert not [secret for secret in bench.secrets if secret in "".join(lines)]
        assert bench.calls() == 0
