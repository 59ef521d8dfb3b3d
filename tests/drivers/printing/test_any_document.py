"""Documents of any kind through the real drawing process to a simulated printer: no crash, no second print, an end
in words, nothing that stays behind.
"""

import os
import random
import re
from pathlib import Path

import pytest
import trio

from agent.commands.driver import PrintJob
from agent.commands.model import Outcome, Verdict
from agent.drivers.printing.raster.page.request import Bounds
from agent.drivers.printing.raster.rasteriser import Rasteriser
from agent.drivers.printing.rasters import Rasters
from agent.foundation.reading.text import PLAIN
from agent.simulators.printer.switches import PrinterSwitches
from tests.drivers.printing.any_document import any_document
from tests.drivers.printing.bench import Bench
from tests.drivers.printing.raster import documents

SEEDS = range(1000 if "NIGHTPORTER_EXPLORE" in os.environ else 40)
BATCH = 10
COARSE = PrinterSwitches(formats=("image/pwg-raster",), raster_dpi=(100,), page_seconds=0.01)
AS_IT_IS = PrinterSwitches(page_seconds=0.01)
BOUNDS = Bounds(seconds=3, memory=96 << 20)  # which are reached sooner than a box's


def children() -> str:
    """The processes that this one has begun and that are still there."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text()


async def end(bench: Bench, document: bytes, file_type: str) -> Outcome:
    with trio.fail_after(120):
        return await bench.driver.carry_out(PrintJob("Office", "c-1", document, file_type, 1))


def assert_good(bench: Bench, outcome: Outcome) -> None:
    paper = bench.counts.get("c-1", 0)
    assert (outcome.verdict is Verdict.DONE, paper) in ((True, 1), (False, 0))
    assert outcome.verdict is Verdict.DONE or outcome.code.startswith("E-PRINT-")
    assert (len(outcome.note) <= 400, bool(re.search(PLAIN, outcome.note))) == (True, True)
    assert children() == ""


@pytest.mark.parametrize("start", range(0, len(SEEDS), BATCH))
async def test_any_document_is_printed_once_or_refused_in_words(start: int) -> None:
    for seed in SEEDS[start : start + BATCH]:
        document, file_type = any_document(random.Random(seed))
        bench = Bench(COARSE if seed % 4 else AS_IT_IS, Rasters(Rasteriser(BOUNDS)))
        assert_good(bench, await end(bench, document, file_type))


BOMBS = {
    "a text of 200 MB in 200 KB": documents.inflating(200 << 20),
    "a picture of 60,000 by 60,000": documents.large_image(60_000, 60_000),
    "forms in forms, a thousand million times": documents.doubling_forms(9),
    "a pattern without end": documents.dense_pattern(),
}


@pytest.mark.parametrize("bomb", BOMBS)
async def test_a_bomb_ends_in_words_and_nothing_is_printed(bomb: str) -> None:
    bench = Bench(COARSE, Rasters(Rasteriser(BOUNDS)))
    outcome = await end(bench, BOMBS[bomb], "application/pdf")
    assert (outcome.verdict, bench.counts, children()) == (Verdict.FAILED, {}, "")
