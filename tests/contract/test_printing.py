"""The contract that every printer's driver keeps, over every transport, in every position of every switch of the
simulated printer, in virtual time.

Source: agent/commands/driver.py and the promise: a document is printed at most once, and what is said of it is
true against the paper.
"""

from collections.abc import Iterable

import pytest
import trio
from trio.testing import MockClock

from agent.commands.driver import Prints
from agent.commands.model import Kind, Outcome, Verdict
from tests.contract.printing import (
    CANARY,
    HOP,
    JOB,
    LONGEST,
    PATIENCE,
    PRINTERS,
    SIDES,
    PrintBench,
    PrintVariant,
    Trouble,
    lie_of,
    settled,
)

TRANSPORTS = {variant.kind: variant for variant in reversed(PRINTERS)}


def every(variants: Iterable[PrintVariant]) -> pytest.MarkDecorator:
    """Each of them, by its name; a certificate has to be made."""
    of_tls = {True: [pytest.mark.needs("openssl")], False: []}
    return pytest.mark.parametrize(
        "variant", [pytest.param(each, id=each.name, marks=of_tls[each.kind == "ipps"]) for each in variants]
    )


EVERY_VARIANT = every(PRINTERS)
EVERY_TRANSPORT = every(TRANSPORTS.values())
OF_IPP = every(variant for kind, variant in TRANSPORTS.items() if kind != "raw")
EVERY_TROUBLE = pytest.mark.parametrize("trouble", Trouble)
MOMENTS = (0.0, 0.1, 0.24, 0.26, 0.9, 1.1, 1.9, 2.6, 3.9, 4.1, 30.0)  # s after the order


async def truth(bench: PrintBench, outcome: Outcome) -> str:
    """What the outcome says that is not so, once nothing can come out any more."""
    before = bench.sides
    await settled(bench)
    return lie_of(outcome, before, bench)


def last_answer(bench: PrintBench) -> float | None:
    """When the printer was heard last."""
    return bench.driver.last_answer


def is_plain(outcome: Outcome) -> bool:
    """Whether it is printed and no word is left to say."""
    return outcome.verdict is Verdict.DONE and not outcome.code


@EVERY_VARIANT
async def test_what_is_said_is_true_in_every_trouble_and_nothing_is_printed_twice(
    variant: PrintVariant, autojump_clock: MockClock
) -> None:
    lies = {}
    for trouble in variant.troubles:
        async with variant.open() as bench:
            bench.trouble(trouble)
            lies[trouble] = await truth(bench, await bench.print())
    assert {trouble: lie for trouble, lie in lies.items() if lie} == {}


# How each trouble ends at a plain printer of IPP, and how many sides are out then, and in the end.
ENDINGS = {
    Trouble.NONE: (Verdict.DONE, SIDES),
    Trouble.AWAY: (Verdict.FAILED, 0),
    Trouble.BACK: (Verdict.DONE, SIDES),
    Trouble.DEAF: (Verdict.FAILED, 0),
    Trouble.LOST_BEFORE: (Verdict.UNKNOWN, 0),
    Trouble.LOST_AFTER: (Verdict.DONE, SIDES),
    Trouble.HANG_BEFORE: (Verdict.UNKNOWN, 0),
    Trouble.HANG_AFTER: (Verdict.DONE, SIDES),
    Trouble.PAGE_AFTER: (Verdict.DONE, SIDES),
    Trouble.CUT_AFTER: (Verdict.DONE, SIDES),
    Trouble.NO_AFTER: (Verdict.DONE, SIDES),
    Trouble.BLIND: (Verdict.UNKNOWN, SIDES),
    Trouble.BUSY: (Verdict.DONE, SIDES),
    Trouble.PAPER_OUT: (Verdict.FAILED, 1),
    Trouble.PAPER_BACK: (Verdict.DONE, SIDES),
    Trouble.PANEL: (Verdict.FAILED, 1),
    Trouble.ABORT: (Verdict.FAILED, 1),
    Trouble.POWER_CUT: (Verdict.UNKNOWN, 1),
    Trouble.LINE_DOWN: (Verdict.DONE, SIDES),
    Trouble.LINE_GONE: (Verdict.UNKNOWN, SIDES),
    Trouble.UNREACHED: (Verdict.FAILED, 1),
}
OF_A_QUEUE = ENDINGS | {Trouble.POWER_CUT: (Verdict.DONE, SIDES)}  # which keeps its jobs
UNCONFIRMED = dict.fromkeys((Trouble.NONE, Trouble.BACK, Trouble.POWER_CUT), (Verdict.DONE, SIDES))
WANTED = {
    "ipp": ENDINGS,
    "ipps": ENDINGS,
    "cups": OF_A_QUEUE,
    "raw": UNCONFIRMED | {Trouble.AWAY: (Verdict.FAILED, 0)},
}


@EVERY_TRANSPORT
async def test_each_trouble_ends_as_it_should(variant: PrintVariant, autojump_clock: MockClock) -> None:
    found = {}
    for trouble in variant.troubles:
        async with variant.open() as bench:
            bench.trouble(trouble)
            verdict = (await bench.print()).verdict
            await settled(bench)
            found[trouble] = (verdict, bench.sides)
    assert found == WANTED[variant.kind]


@EVERY_TRANSPORT
async def test_a_document_ends_within_its_bounds_whatever_happens(
    variant: PrintVariant, autojump_clock: MockClock
) -> None:
    for trouble in variant.troubles:
        async with variant.open() as bench:
            bench.trouble(trouble)
            began = trio.current_time()
            await bench.print()
            assert trio.current_time() - began < 5 * PATIENCE


async def test_a_job_that_never_ends_is_left_after_an_hour(autojump_clock: MockClock) -> None:
    async with TRANSPORTS["ipp"].open() as bench:
        bench.printer.switch(page_seconds=None)
        outcome = await bench.print()
        assert (outcome.verdict, bench.sides < SIDES) == (Verdict.UNKNOWN, True)


@EVERY_TRANSPORT
@EVERY_TROUBLE
async def test_what_was_not_surely_printed_has_a_code_and_tells_the_desk_what_to_do(
    variant: PrintVariant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        outcome = await bench.print()
        is_told = outcome.code.startswith("E-PRINT-") and outcome.note.endswith(".") and len(outcome.note) <= 400
        assert is_told or is_plain(outcome)


@EVERY_TRANSPORT
@EVERY_TROUBLE
async def test_the_document_after_the_trouble_is_printed(
    variant: PrintVariant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        await bench.print(name="before")
        await settled(bench)
        before = bench.sides if bench.is_raw else 0
        assert (await bench.print()).verdict is Verdict.DONE
        assert bench.sides - before == SIDES


@EVERY_TRANSPORT
@EVERY_TROUBLE
async def test_nothing_of_the_document_gets_into_a_note_or_onto_the_page(
    variant: PrintVariant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(trouble)
        outcome = await bench.print()
        with trio.move_on_after(70):
            await bench.driver.watch()
        shown = repr(outcome) + repr(bench.health.active()) + repr(bench.driver) + repr(bench.job())
        assert CANARY.decode() not in shown


@EVERY_TRANSPORT
async def test_a_document_that_cannot_be_printed_is_objected_to_without_asking_the_printer(
    variant: PrintVariant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        objection = bench.driver.objection(bench.bad_job())
        assert objection is not None
        assert (objection.verdict, objection.is_asked) == (Verdict.FAILED, False)
        assert await bench.driver.carry_out(bench.bad_job()) == objection
        assert (bench.driver.objection(bench.job()), bench.calls(), bench.papers) == (None, 0, 0)


@EVERY_TRANSPORT
@pytest.mark.parametrize("after", MOMENTS)
@pytest.mark.parametrize("slow", [False, True])
async def test_what_is_called_off_at_any_moment_ends_soon_and_in_the_truth(
    variant: PrintVariant, after: float, slow: bool, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench, trio.open_nursery() as nursery:
        if slow:
            bench.printer.switch(latency_seconds=0.2, page_seconds=20.0, raw_kilobytes_per_second=1.0)

        async def call_off() -> None:
            await trio.sleep(after)
            bench.prints.call_off(JOB)

        nursery.start_soon(call_off)
        began = trio.current_time()
        outcome = await bench.print()
        assert trio.current_time() - began < after + 70
        assert await truth(bench, outcome) == ""
        is_surely_over = slow and not bench.is_raw
        assert outcome.verdict is not Verdict.DONE or not is_surely_over


@OF_IPP
async def test_what_is_called_off_while_the_printer_waits_is_taken_from_it(
    variant: PrintVariant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench, trio.open_nursery() as nursery:
        bench.trouble(Trouble.PAPER_OUT)

        async def call_off() -> None:
            await trio.sleep(20)
            bench.prints.call_off(JOB)

        nursery.start_soon(call_off)
        outcome = await bench.print()
        assert (outcome.code, await truth(bench, outcome), bench.sides) == ("E-PRINT-WITHDRAWN", "", 1)


@EVERY_TRANSPORT
@pytest.mark.parametrize("after", MOMENTS)
async def test_a_call_that_is_broken_off_is_followed_after_a_restart_and_sends_nothing_more(
    variant: PrintVariant, after: float, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.printer.switch(latency_seconds=0.1, page_seconds=2.0, raw_kilobytes_per_second=2.0)
        with trio.move_on_after(after):
            await bench.print()
        sent = bench.printer.calls["print-job"]
        bench.restart()
        with trio.fail_after(LONGEST):
            outcome = await bench.prints.follow(JOB)
        assert await truth(bench, outcome) == ""
        assert bench.printer.calls["print-job"] == sent <= 1
        assert outcome.verdict is (Verdict.DONE if sent and not bench.is_raw else Verdict.UNKNOWN)


@EVERY_TRANSPORT
@EVERY_TROUBLE
async def test_what_is_followed_through_trouble_ends_in_the_truth(
    variant: PrintVariant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.printer.switch(page_seconds=10.0)
        with trio.move_on_after(5):
            await bench.print()
        bench.restart()
        bench.trouble(trouble)
        with trio.fail_after(LONGEST):
            outcome = await bench.prints.follow(JOB)
        assert await truth(bench, outcome) == ""
        assert bench.printer.calls["print-job"] <= 1 or trouble is Trouble.BUSY  # those are a stranger's


@EVERY_TRANSPORT
@pytest.mark.parametrize("after", [0.0, 0.3, 3.0])
async def test_following_may_be_broken_off_and_begun_again(
    variant: PrintVariant, after: float, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.printer.switch(page_seconds=10.0)
        with trio.move_on_after(5):
            await bench.print()
        for _ in range(3):
            bench.restart()
            with trio.move_on_after(after):
                await bench.prints.follow(JOB)
        outcome = await bench.prints.follow(JOB)
        assert await truth(bench, outcome) == ""
        assert outcome.verdict is (Verdict.UNKNOWN if bench.is_raw else Verdict.DONE)


@EVERY_TRANSPORT
async def test_a_document_that_no_printer_has_was_perhaps_printed(
    variant: PrintVariant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        assert (await bench.prints.follow(JOB)).verdict is Verdict.UNKNOWN
        assert bench.papers == 0


@EVERY_TRANSPORT
async def test_watching_prints_nothing_and_survives_all_trouble(
    variant: PrintVariant, autojump_clock: MockClock
) -> None:
    for trouble in variant.troubles:
        async with variant.open() as bench:
            bench.trouble(trouble)
            with trio.move_on_after(900) as scope:
                await bench.driver.watch()
            assert (scope.cancelled_caught, bench.papers) == (True, 0)


@EVERY_TRANSPORT
@EVERY_TROUBLE
async def test_what_it_is_at_is_told_in_words_while_it_is_at_it(
    variant: PrintVariant, trouble: Trouble, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench, trio.open_nursery() as nursery:
        assert (bench.prints.at_work, bench.prints.share(JOB)) == ("", 0.0)
        bench.trouble(trouble)
        nursery.start_soon(bench.print)
        for _ in range(100):
            await trio.sleep(0.45)
            assert 0.0 <= bench.prints.share(JOB) <= 1.0
            assert len(bench.prints.at_work) < 200
            assert bench.prints.at_work.isprintable()
        await trio.sleep(LONGEST)
        assert (bench.prints.at_work, bench.prints.share(JOB)) == ("", 0.0)


@EVERY_TRANSPORT
async def test_a_printers_driver_is_a_lane_with_its_place_on_the_page(
    variant: PrintVariant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        (lane,) = bench.driver.lanes
        assert isinstance(bench.driver, Prints)
        assert (bench.driver.hop, lane.id, lane.driver, lane.name) == (HOP, HOP, HOP, "Office")
        assert (lane.kind, bench.driver.calls_at_once) == (Kind.PRINT, 1.0)


@EVERY_TRANSPORT
async def test_a_driver_tells_when_its_printer_answered_last(
    variant: PrintVariant, autojump_clock: MockClock
) -> None:
    async with variant.open() as bench:
        bench.trouble(Trouble.AWAY)
        await bench.print()
        assert last_answer(bench) is None
        bench.heal()
        began = trio.current_time()
        await bench.print()
        assert (last_answer(bench) or 0.0) >= began


@pytest.mark.needs("openssl")
async def test_a_printer_with_another_certificate_than_the_pinned_one_gets_no_document(
    autojump_clock: MockClock,
) -> None:
    async with TRANSPORTS["ipps"].open() as bench:
        bench.printer.switch(tls="changed")
        outcome = await bench.print()
        assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-CERTIFICATE")
        assert (bench.calls(), [fault.kind.code for fault in bench.health.active()]) == (
            0,
            ["E-PRINTER-CERTIFICATE"],
        )
