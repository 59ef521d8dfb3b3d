"""Keys for telephones, at every lane that sends them: no card, one key, and the guest's contact nowhere.

All that holds of keys alike is in test_key_driver.py, which is run over these lanes too.
"""

import pytest
from trio.testing import MockClock

from agent.commands.model import Verdict
from tests.contract.bench import Trouble, Variant
from tests.contract.coder_bridge import CONTACT
from tests.contract.variants import EVERY_DRIVER, EVERY_TROUBLE, KEYS

EVERY_LANE = pytest.mark.parametrize(
    "variant",
    [variant for variant in KEYS if variant.is_mobile and "=" not in variant.name],
    ids=lambda it: it.kind,
)


@EVERY_LANE
async def test_more_than_one_in_an_order_is_objected_to(variant: Variant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        outcome = bench.driver.objection(bench.job(copies=2))
        assert outcome is not None
        assert (outcome.verdict, bench.calls()) == (Verdict.FAILED, 0)


@EVERY_LANE
async def test_it_goes_by_a_lane_that_says_so(variant: Variant, autojump_clock: MockClock) -> None:
    async with variant.open() as bench:
        lanes = {lane.identifier: lane.is_mobile for lane in bench.driver.lanes}
        assert lanes[bench.job().encoder]


@EVERY_LANE
@EVERY_TROUBLE
async def test_no_note_of_it_asks_for_a_card_or_a_look_at_the_encoder(
    variant: Variant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        outcome = await bench.driver.carry_out(bench.job())
        assert outcome.head in ("", "Mobile key not made", "Mobile key perhaps made")
        assert "Look at the encoder" not in outcome.note


@EVERY_DRIVER
@EVERY_TROUBLE
async def test_a_contact_in_an_order_is_in_no_word_that_comes_of_it(
    variant: Variant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        job = bench.job(contact=CONTACT)
        outcome = await bench.driver.carry_out(job)
        shown = repr((job, outcome, bench.driver.objection(job), bench.health.active(), bench.driver))
        assert CONTACT not in shown
