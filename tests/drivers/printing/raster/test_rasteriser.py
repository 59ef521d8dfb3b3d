"""The bounded process, from outside: what comes of documents, good and bad, and what stays behind."""

import os
import random
import resource
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
import trio
import trio.testing
from PIL import Image

from agent.drivers.printing.raster.page.refusals import TABLE, Refusal
from agent.drivers.printing.raster.page.request import Bounds, Colours, Kind, RasterRequest, Sheet
from agent.drivers.printing.raster.rasteriser import PROGRAM, RasterFailed, Rasteriser
from tests.drivers.printing.raster import decoding, documents
from tests.drivers.printing.raster.asking import page, raster

COARSE = Sheet(dpi=72)


def children() -> list[int]:
    """The processes that this one has begun and that are still there, the dead ones too."""
    return [int(word) for word in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def open_files() -> list[str]:
    return sorted(file.name for file in Path("/proc/self/fd").iterdir())


async def refusal(document: bytes, kind: Kind = Kind.PDF, by: Rasteriser | None = None) -> Refusal:
    """Why there are no pages: the count finds it, and drawing finds the same."""
    by = by or Rasteriser(Bounds(memory=80 << 20))  # which is filled sooner than what a box gives
    with pytest.raises(RasterFailed) as counted:
        await by.count(document, kind)
    with pytest.raises(RasterFailed) as drawn:
        await raster(document, kind, COARSE, by=by)
    assert counted.value.refusal is drawn.value.refusal
    assert str(counted.value) == TABLE[counted.value.refusal].words
    return counted.value.refusal


async def outcome(document: bytes, by: Rasteriser) -> Refusal | int:
    """How many pages were drawn, or why none."""
    try:
        return len(decoding.pages(await raster(document, sheet=COARSE, by=by)))
    except RasterFailed as failed:
        return failed.refusal


@contextmanager
def no_more_files() -> Iterator[None]:
    """This process may open none beyond those that it has."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    next_one = os.dup(0)
    os.close(next_one)
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_one, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_a_machine_that_has_no_more_to_give_fails_the_document_alone() -> None:
    rasteriser = Rasteriser()
    with no_more_files(), pytest.raises(RasterFailed) as failed:
        await rasteriser.count(documents.many_pages(1), Kind.PDF)
    assert (failed.value.refusal, failed.value.place != "") == (Refusal.BROKEN, True)
    assert await rasteriser.count(documents.many_pages(1), Kind.PDF) == 1


async def test_pages_are_counted_and_drawn() -> None:
    document = documents.many_pages(3)
    assert await Rasteriser().count(document, Kind.PDF) == 3
    pages = decoding.pages(await raster(document, sheet=COARSE))
    assert [found.number(452) for found in pages] == [3, 3, 3]
    assert all(found.pixels.count(0) > 2000 for found in pages)


async def test_copies_are_the_whole_document_again_and_again() -> None:
    document = documents.pdf(b"0 g 0 0 595 842 re f", b"")
    pages = decoding.pages(await raster(document, sheet=COARSE, copies=2))
    assert [0 in found.pixels for found in pages] == [True, False, True, False]
    assert {found.number(452) for found in pages} == {4}


@pytest.mark.parametrize("colours", Colours)
async def test_a_page_drawn_in_bands_is_the_page_drawn_at_once(colours: Colours) -> None:
    """A sheet of 600 dpi takes several; a smaller one with as many pixels a point takes one."""
    document = documents.pdf(b"0.3 g 100 300 m 500 700 l 500 300 l f", box=b"[0 0 595 842]")
    whole = Sheet(top=0, right=0, bottom=0, left=0, dpi=600)
    banded = await page(document, sheet=whole, colours=colours)
    rows = banded.lines
    ink = [row for row, line in enumerate(rows) if line.strip(line[:1])]
    assert ink == list(range(ink[0], ink[-1] + 1)), "no band lacks its part"
    widths = [len(line.strip(line[:1])) for line in rows if line.strip(line[:1])]
    assert all(abs(one - next_one) <= 16 for one, next_one in pairwise(widths)), "no seam"


async def test_a_page_that_lies_across_is_turned_clockwise() -> None:
    found = await page(documents.pdf(b"0 g 0 395 100 200 re f", box=b"[0 0 842 595]"), sheet=COARSE)
    inked = [row for row, line in enumerate(found.lines) if 0 in line]
    assert inked[0] < 40
    assert found.lines[inked[0]].rindex(0) > 540, "what was at the top left is at the top right"


async def test_what_is_filled_into_a_form_is_printed() -> None:
    look = documents.stream(b"0 g 0 0 200 50 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 200 50]")
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/F 4/Rect[100 100 300 150]/AP<</N 4 0 R>>>>"
    document = documents.pdf(b"", more=[look, field], page=b"/Annots[5 0 R]")
    assert (await page(document, sheet=COARSE)).pixels.count(0) > 5000


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        (b"", Refusal.EMPTY),
        (documents.pdf(), Refusal.EMPTY),
        (documents.locked(), Refusal.ENCRYPTED),
        (b"no PDF at all %%EOF", Refusal.DAMAGED),
        (documents.circular_tree(), Refusal.DAMAGED),
        (documents.many_pages(201), Refusal.PAGES),
        (documents.many_pages(10_000), Refusal.PAGES),
        (documents.pdf(b"", box=b"[0 0 0.01 9000]"), Refusal.PAGE_SIZE),
        (documents.pdf(b"", box=b"[0 0 99000 99000]"), Refusal.PAGE_SIZE),
        (documents.large_image(20_000, 20_000), Refusal.PICTURE_SIZE),
        (documents.circular_form(), Refusal.MEMORY),
        (documents.doubling_forms(9), Refusal.MEMORY),
        (documents.inflating(200 << 20), Refusal.MEMORY),
        (documents.inflating(2 << 30), Refusal.MEMORY),
    ],
    ids=lambda part: part.value if isinstance(part, Refusal) else f"{len(part)} bytes",
)
async def test_a_document_that_cannot_be_drawn_is_refused_with_its_reason(
    document: bytes, wanted: Refusal
) -> None:
    assert await refusal(document) is wanted


@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG, Kind.TEXT])
async def test_pictures_and_texts_are_refused_alike(kind: Kind) -> None:
    assert await refusal(b"\n", kind) is (Refusal.EMPTY if kind is Kind.TEXT else Refusal.DAMAGED)


@pytest.mark.parametrize(
    "document",
    [
        documents.deep_tree(100),
        documents.deep_tree(5_000),
        documents.pdf(b"", box=b"[0 0 0 0]"),
        documents.pdf(b"", box=b"[0 0 1e9 1e9]"),
        documents.pdf(b"", box=b"[9 9 -99 -99]"),
        documents.wild_font(b"\0\1\0\0" + random.Random(1).randbytes(5_000)),
        documents.wild_font(b"OTTO" + random.Random(2).randbytes(5_000)),
        documents.wild_font(b""),
        documents.large_image(5_000, 5_000),
    ],
    ids=lambda document: f"{len(document)} bytes",
)
async def test_a_strange_document_is_one_page_or_refused(document: bytes) -> None:
    assert await outcome(document, Rasteriser()) in {
        1,
        Refusal.DAMAGED,
        Refusal.CRASHED,
        Refusal.MEMORY,
        Refusal.PAGE_SIZE,
    }
    assert children() == []


@pytest.mark.parametrize("tenth", range(10))
async def test_a_document_that_lost_its_end_and_found_another_is_drawn_or_refused(tenth: int) -> None:
    document = documents.picture_page()
    for percent in range(10 * tenth, 10 * tenth + 10):
        cut = document[: len(document) * percent // 100] + b"\n%%EOF"
        assert await outcome(cut, Rasteriser()) in {1, Refusal.DAMAGED, Refusal.EMPTY}


@pytest.mark.parametrize("seed", range(20))
async def test_a_document_with_random_bytes_in_it_is_drawn_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    document = bytearray(documents.table_page())
    for _ in range(40):
        document[chance.randrange(len(document) - 10)] = chance.randrange(256)
    found = await outcome(bytes(document), Rasteriser(Bounds(seconds=5)))
    assert found in {1, Refusal.DAMAGED, Refusal.CRASHED, Refusal.PAGE_SIZE, Refusal.EMPTY, Refusal.TIME}


@pytest.mark.parametrize("percent", range(5, 100, 10))
async def test_a_document_cut_off_anywhere_is_refused(percent: int) -> None:
    document = documents.picture_page()
    assert await outcome(document[: len(document) * percent // 100], Rasteriser()) is Refusal.DAMAGED


async def test_a_document_that_takes_too_much_of_the_processor_is_given_up() -> None:
    assert await outcome(documents.dense_pattern(), Rasteriser(Bounds(seconds=1))) is Refusal.TIME


async def test_a_document_that_takes_too_long_is_given_up_at_the_deadline() -> None:
    assert await outcome(documents.dense_pattern(), Rasteriser(deadline=2.0)) is Refusal.TIME
    assert children() == []


async def test_the_time_that_the_reader_takes_does_not_count(autojump_clock: trio.testing.MockClock) -> None:
    """No time passes on this clock but the reader's."""
    autojump_clock.autojump_threshold = 5.0  # s; the process may take as long to answer
    async with Rasteriser(deadline=60.0).pages(
        documents.many_pages(3), Kind.PDF, COARSE, Colours.SGRAY_8
    ) as pieces:
        async for _ in pieces:
            await trio.sleep(1000)


async def test_more_output_than_the_cap_is_given_up() -> None:
    assert await outcome(documents.picture_page(), Rasteriser(cap=5_000)) is Refusal.OUTPUT
    assert children() == []


async def test_a_document_larger_than_the_memory_allowed_is_refused() -> None:
    small = Rasteriser(Bounds(memory=24 << 20))
    assert await refusal(bytes(96 << 20), by=small) is Refusal.MEMORY


async def test_a_picture_without_room_is_refused_and_never_left_out() -> None:
    """PDFium itself prints a white page then."""
    file = BytesIO()
    Image.linear_gradient("L").resize((4000, 3000)).convert("RGB").save(file, "jpeg")
    small = Rasteriser(Bounds(memory=40 << 20))
    with pytest.raises(RasterFailed) as caught:
        await raster(file.getvalue(), Kind.JPEG, COARSE, by=small)
    assert caught.value.refusal is Refusal.MEMORY
    (found,) = decoding.pages(await raster(file.getvalue(), Kind.JPEG, COARSE))
    assert found.pixels.count(255) < len(found.pixels) // 2


async def test_who_leaves_kills_the_process_at_once() -> None:
    with trio.CancelScope() as scope:
        async with Rasteriser().pages(documents.dense_pattern(), Kind.PDF, COARSE, Colours.SGRAY_8) as pieces:
            assert (await anext(pieces)).startswith(b"RaS2")
            assert len(children()) == 1
            scope.cancel()
            await anext(pieces)
    assert scope.cancelled_caught
    assert children() == []


async def test_one_document_is_drawn_at_a_time() -> None:
    rasteriser = Rasteriser()
    most = 0

    async def draw() -> None:
        nonlocal most
        async with rasteriser.pages(documents.text_page(), Kind.PDF, COARSE, Colours.SGRAY_8) as pieces:
            async for _ in pieces:
                most = max(most, len(children()))
                await trio.lowlevel.checkpoint()

    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(draw)
    assert most == 1


async def test_the_next_document_is_drawn_after_one_that_was_given_up() -> None:
    rasteriser = Rasteriser()
    assert await outcome(documents.locked(), rasteriser) is Refusal.ENCRYPTED
    assert await outcome(documents.text_page(), rasteriser) == 1


async def test_no_file_stays_open() -> None:
    before = open_files()
    await outcome(documents.text_page(), Rasteriser())
    await outcome(documents.locked(), Rasteriser())
    assert open_files() == before


def test_a_bomb_costs_neither_the_process_nor_its_parent_more_memory_than_allowed() -> None:
    """The most that each ever held, in a parent that has done nothing else."""
    script = """
import resource, trio
from agent.drivers.printing.raster.page.request import Bounds, Kind
from agent.drivers.printing.raster.rasteriser import Rasteriser, RasterFailed
from tests.drivers.printing.raster import documents
bomb = documents.inflating(2 << 30)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
async def count():
    try:
        await Rasteriser(Bounds(memory=96 << 20)).count(bomb, Kind.PDF)
    except RasterFailed as failed:
        print(failed.refusal.name)
trio.run(count)
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(own // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    ).stdout.split()
    assert said[0] == "MEMORY"
    assert int(said[1]) < 8, "MB more in the parent"
    assert int(said[2]) < 2 * 96, "MB in the child, with what it took between two looks"


def test_the_process_dies_with_its_parent() -> None:
    """The parent is killed while a page takes for ever; init, or who reaps for it, is all that is left to see."""
    script = """
import os, pathlib, trio
from agent.drivers.printing.raster.page.request import Colours, Kind, Sheet
from agent.drivers.printing.raster.rasteriser import Rasteriser
from tests.drivers.printing.raster import documents
async def draw():
    async with Rasteriser().pages(documents.dense_pattern(), Kind.PDF, Sheet(), Colours.SGRAY_8) as pieces:
        await anext(pieces)
        print(pathlib.Path(f"/proc/self/task/{os.getpid()}/children").read_text(), flush=True)
        await anext(pieces)
trio.run(draw)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = os.pidfd_open(int(parent.stdout.readline()))
    parent.kill()
    parent.communicate()
    is_over, _, _ = select.select([child], [], [], 10.0)
    os.close(child)
    assert is_over


def test_the_process_says_nothing_of_the_document() -> None:
    document = documents.text_page().replace(b"%%EOF", b"")
    request = RasterRequest(Kind.PDF, Bounds(), os.getpid())
    ended = run_child(request, document)
    assert ended.returncode == TABLE[Refusal.DAMAGED].exit_code
    assert ended.stdout == b""
    assert ended.stderr.decode() == f"{TABLE[Refusal.DAMAGED].words}\n"


def test_a_bug_tells_its_place_and_no_values() -> None:
    ended = run_child(b'{"kind": "application/pdf", "secret": "guest"}', b"")
    assert ended.returncode == 1
    assert ended.stderr.decode().startswith("ValidationError at ")
    assert b"guest" not in ended.stderr


def test_a_process_whose_caller_is_gone_draws_nothing() -> None:
    ended = run_child(RasterRequest(Kind.PDF, Bounds(), caller=1), documents.text_page())
    assert ended.returncode == TABLE[Refusal.BROKEN].exit_code


def run_child(request: RasterRequest | bytes, document: bytes) -> "subprocess.CompletedProcess[bytes]":
    words = request if isinstance(request, bytes) else msgspec.json.encode(request)
    return subprocess.run([sys.executable, "-I", "-m", PROGRAM, words], input=document, capture_output=True)
