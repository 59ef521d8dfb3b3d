"""Printers that answer anything, in virtual time: no crash, no second print, an end in words within its bounds."""

import os
import random
import re

import pytest
import trio
from trio.testing import MockClock

from agent.commands.driver import PrintJob
from agent.commands.model import Outcome, Verdict
from agent.drivers.printing.following_job import AT_MOST
from agent.foundation.reading.text import PLAIN
from agent.simulators.printer.switches import PrinterSwitches
from tests.drivers.printing.any_printer import AnyPrinter
from tests.drivers.printing.bench import PATIENCE, PDF, Bench

SEEDS = range(1000 if "NIGHTPORTER_EXPLORE" in os.environ else 120)
BATCH = 20
LONGEST = 2 * AT_MOST + 10 * PATIENCE  # s; an answer that comes byte by byte, and then a job that never ends


def bench_of(seed: int) -> Bench:
    """A printer that says something else now and then, or always."""
    chance = random.Random(seed)
    bench = Bench(PrinterSwitches(queue=9, page_seconds=chance.choice((0.1, 1.0, 9.0))))
    bench.line.server = AnyPrinter(bench.printer, chance, chance.choice((0.1, 0.3, 0.6, 1.0)))
    return bench


def assert_in_words(outcome: Outcome) -> None:
    assert outcome.verdict is Verdict.DONE or outcome.code.startswith("E-PRINT-")
    assert len(outcome.note) <= 400
    assert re.search(PLAIN, outcome.note)


@pytest.mark.parametrize("start", range(0, len(SEEDS), BATCH))
async def test_any_answers_end_in_words_and_print_nothing_twice(start: int, autojump_clock: MockClock) -> None:
    for seed in SEEDS[start : start + BATCH]:
        bench = bench_of(seed)
        with trio.fail_after(LONGEST):
            assert_in_words(await bench.driver.carry_out(PrintJob("Office", "c-1", PDF, "application/pdf", 2)))
        await trio.sleep(600)
        assert (seed, len(bench.printer.tray.named("c-1")) <= 1, bench.counts.get("c-1", 0) <= 2) == (
            seed,
            True,
            True,
        )


@pytest.mark.parametrize("start", range(0, len(SEEDS), BATCH))
async def test_any_answers_after_a_restart_end_in_words_and_print_nothing(
    start: int, autojump_clock: MockClock
) -> None:
    for seed in SEEDS[start : start + BATCH]:
        bench = bench_of(seed)
        with trio.fail_after(LONGEST):
            assert_in_words(await bench.driver.follow("c-1"))
        with trio.move_on_after(300) as watched:
            await bench.driver.watch()
        assert (watched.cancelled_caught, len(bench.printer.tray)) == (True, 0)
