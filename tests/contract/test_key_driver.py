"""The contract that every key driver keeps, in every position of every simulator switch, in virtual time.

Source: agent/commands/driver.py and the promise: a key is cut at most once, in doubt never again by itself, no
secret leaves memory.
"""

import pytest
import trio
from trio.testing import MockClock

from agent.commands.model import Outcome, Verdict
from tests.contract.bench import LONGEST, KeyBench, Trouble, Variant
from tests.contract.variants import EVERY_CUTTER, EVERY_DRIVER, EVERY_TROUBLE, EVERY_VARIANT


def is_made(outcome: Outcome) -> bool:
    """Whether the key was made and no word is left to say; a lock system may tell its number."""
    return outcome.verdict is Verdict.DONE and not outcome.code and not outcome.note


async def settled(bench: KeyBench) -> int:
    """The cards there are once nothing is on its way any more."""
    await trio.sleep(LONGEST)
    return bench.cards()


@EVERY_VARIANT
async def test_a_good_key_is_one_card_and_no_words(variant: Variant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        assert is_made(await bench.driver.carry_out(bench.job()))
        assert await settled(bench) == 1


@EVERY_VARIANT
async def test_trouble_ends_in_the_truth_and_never_in_a_second_card(
    variant: Variant, autojump_clock: MockClock
) -> None:
    found = {}
    for trouble in Trouble:
        async with variant.open() as bench:
            bench.trouble(trouble)
            outcome = await bench.driver.carry_out(bench.job())
            found[trouble] = (outcome.verdict, await settled(bench))
    assert found == {trouble: variant.ending(trouble) for trouble in Trouble}


@EVERY_DRIVER
@EVERY_TROUBLE
async def test_the_key_after_the_trouble_is_cut(
    variant: Variant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        await bench.driver.carry_out(bench.job())
        bench.trouble(trouble)
        await bench.driver.carry_out(bench.job())
        bench.heal()
        assert is_made(await bench.driver.carry_out(bench.job()))


@EVERY_DRIVER
@EVERY_TROUBLE
async def test_a_key_ends_within_its_bounds_whatever_happens(
    variant: Variant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        with trio.fail_after(LONGEST):
            await bench.driver.carry_out(bench.job())


@EVERY_DRIVER
@EVERY_TROUBLE
async def test_what_was_not_surely_cut_has_a_code_and_tells_the_desk_what_to_do(
    variant: Variant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        outcome = await bench.driver.carry_out(bench.job())
        is_told = (
            outcome.code.startswith("E-KEY-") and outcome.note.endswith(".") and 40 <= len(outcome.note) <= 400
        )
        assert is_told or is_made(outcome)


@EVERY_VARIANT
async def test_no_secret_gets_into_a_note_or_onto_the_page(variant: Variant, autojump_clock: MockClock) -> None:
    for trouble in Trouble:
        async with variant.open() as bench:
            bench.trouble(trouble)
            outcome = await bench.driver.carry_out(bench.job())
            with trio.move_on_after(70):
                await bench.driver.watch()
            shown = repr(outcome) + repr(bench.health.active()) + repr(bench.driver)
            assert not [(trouble, secret) for secret in bench.secrets if secret in shown]


@EVERY_DRIVER
async def test_a_job_that_cannot_be_done_is_objected_to_without_asking_anybody(
    variant: Variant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        outcome = bench.driver.objection(bench.bad_job())
        assert outcome is not None
        assert outcome.verdict is Verdict.FAILED
        assert bench.calls() == 0


@EVERY_DRIVER
async def test_a_job_with_an_objection_is_not_cut_even_if_asked_for(
    variant: Variant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        assert await bench.driver.carry_out(bench.bad_job()) == bench.driver.objection(bench.bad_job())
        assert bench.calls() == 0


@EVERY_DRIVER
async def test_a_job_that_can_be_done_is_not_objected_to(variant: Variant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        assert bench.driver.objection(bench.job()) is None


@EVERY_CUTTER
async def test_copies_are_cut_one_by_one(variant: Variant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        outcomes = [await bench.driver.carry_out(bench.job(copy=copy, copies=3)) for copy in (1, 2, 3)]
        assert all(is_made(outcome) for outcome in outcomes)
        assert bench.cards() == 3


@EVERY_DRIVER
async def test_one_encoder_that_hangs_holds_up_no_other(variant: Variant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench, trio.open_nursery() as nursery:
        await bench.driver.carry_out(bench.job())
        bench.trouble(Trouble.HANG_BEFORE)
        nursery.start_soon(bench.driver.carry_out, bench.job())
        await trio.sleep(1)
        bench.heal()
        began = trio.current_time()
        assert is_made(await bench.driver.carry_out(bench.job(encoder="2")))
        assert trio.current_time() - began < 10
        nursery.cancel_scope.cancel()


@EVERY_DRIVER
@pytest.mark.parametrize("after", [0.0, 0.5, 1.5])
async def test_a_cancelled_key_is_not_asked_for_again_and_the_next_one_is_cut(
    variant: Variant, after: float, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        with trio.move_on_after(after):
            await bench.driver.carry_out(bench.job())
        asked = bench.key_calls()
        await trio.sleep(LONGEST)
        assert bench.key_calls() == asked <= 1
        assert is_made(await bench.driver.carry_out(bench.job()))


@EVERY_DRIVER
async def test_watching_cuts_nothing_and_goes_on_until_it_is_cancelled(
    variant: Variant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        with trio.move_on_after(3600) as scope:
            await bench.driver.watch()
        assert scope.cancelled_caught
        assert bench.key_calls() == 0


@EVERY_DRIVER
@EVERY_TROUBLE
async def test_watching_survives_all_trouble(
    variant: Variant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        with trio.move_on_after(3600) as scope:
            await bench.driver.watch()
        assert scope.cancelled_caught


@EVERY_DRIVER
async def test_the_driver_has_its_place_on_the_page(variant: Variant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        assert bench.driver.hop.startswith("lock-server:")


@EVERY_DRIVER
async def test_a_driver_tells_when_its_server_answered_last(variant: Variant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        assert bench.driver.last_answer is None
        await bench.driver.carry_out(bench.job())
        assert bench.driver.last_answer == trio.current_time()


@EVERY_DRIVER
@EVERY_TROUBLE
async def test_only_what_came_from_the_server_is_an_answer(
    variant: Variant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        await bench.driver.carry_out(bench.job())
        with trio.move_on_after(200):
            await bench.driver.watch()
        assert (bench.driver.last_answer is None) is (trouble in (Trouble.AWAY, Trouble.DEAF, Trouble.LOG_IN_LOST))
