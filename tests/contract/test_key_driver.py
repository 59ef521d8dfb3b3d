"""The contract that every key driver keeps, in every position of every simulator switch, in virtual time.

Source: agent/commands/driver.py and the promise: a key is cut at most once, in doubt never again by itself, no
secret leaves memory.
"""

import pytest
import trio
from trio.testing import MockClock

from agent.commands.model import Outcome, Verdict
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from tests.contract.key_benches import (
    CODER_BRIDGE_FACTS,
    CODER_BRIDGE_SWITCHES,
    ENDINGS,
    VARIANTS,
    KeyBench,
    Trouble,
    Variant,
)

EVERY_VARIANT = pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
EVERY_DRIVER = pytest.mark.parametrize(
    "variant",
    {variant.name.split()[0]: variant for variant in VARIANTS}.values(),
    ids=lambda it: it.name.split()[0],
)
EVERY_TROUBLE = pytest.mark.parametrize("trouble", Trouble)
LONGEST = 300.0  # s; longer than any driver may take for one key, or a server may cut on its own
DONE = Outcome(Verdict.DONE)


async def settled(bench: KeyBench) -> int:
    """The cards there are once nothing is on its way any more."""
    await trio.sleep(LONGEST)
    return bench.cards()


@EVERY_VARIANT
async def test_a_good_key_is_one_card_and_no_words(variant: Variant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        assert await bench.driver.carry_out(bench.job()) == DONE
        assert await settled(bench) == 1


@EVERY_VARIANT
@EVERY_TROUBLE
async def test_trouble_ends_in_the_truth_and_never_in_a_second_card(
    variant: Variant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        outcome = await bench.driver.carry_out(bench.job())
        assert (outcome.verdict, await settled(bench)) == ENDINGS[trouble]


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
        assert await bench.driver.carry_out(bench.job()) == DONE


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
        assert is_told or outcome == DONE


@EVERY_VARIANT
@EVERY_TROUBLE
async def test_no_secret_gets_into_a_note_or_onto_the_page(
    variant: Variant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        outcome = await bench.driver.carry_out(bench.job())
        with trio.move_on_after(70):
            await bench.driver.watch()
        shown = repr(outcome) + repr(bench.health.active()) + repr(bench.driver)
        assert not [secret for secret in bench.secrets if secret in shown]


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


@EVERY_DRIVER
async def test_copies_are_cut_one_by_one(variant: Variant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        outcomes = [await bench.driver.carry_out(bench.job(copy=copy, copies=3)) for copy in (1, 2, 3)]
        assert (outcomes, bench.cards()) == ([DONE] * 3, 3)


@EVERY_DRIVER
async def test_one_encoder_that_hangs_holds_up_no_other(variant: Variant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench, trio.open_nursery() as nursery:
        await bench.driver.carry_out(bench.job())
        bench.trouble(Trouble.HANG_BEFORE)
        nursery.start_soon(bench.driver.carry_out, bench.job())
        await trio.sleep(1)
        bench.heal()
        began = trio.current_time()
        assert await bench.driver.carry_out(bench.job(encoder="2")) == DONE
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
        assert await bench.driver.carry_out(bench.job()) == DONE


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


def test_the_contract_knows_every_switch_of_the_coder_bridge() -> None:
    assert {*CODER_BRIDGE_SWITCHES, *CODER_BRIDGE_FACTS} == set(CoderBridgeSwitches.__struct_fields__)


def test_the_plain_variant_has_every_switch_in_its_first_position() -> None:
    switches = CoderBridgeSwitches()
    assert {name: getattr(switches, name) for name in CODER_BRIDGE_SWITCHES} == {
        name: values[0] for name, values in CODER_BRIDGE_SWITCHES.items()
    }
