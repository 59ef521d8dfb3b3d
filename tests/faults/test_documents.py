"""Documents that meet trouble, through the whole agent: each ends as paper or in words, the next one prints."""

from pathlib import Path

import pytest
import trio

from agent.drivers.printing.documents.kinds import MOST_BYTES
from agent.drivers.printing.raster.rasteriser import Rasteriser
from agent.drivers.printing.rasters import Rasters
from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import UPDATE
from agent.simulators.printer.paper.formats import Format
from agent.simulators.printer.switches import FORMATS, PowerOff
from tests.drivers.printing.raster import documents
from tests.faults.desk import note
from tests.manner import WITHOUT_PUSH, Manner
from tests.print_hotel import LABELS, PrintHotel, base64, pdf, printers_text


@pytest.fixture
def hotel(tmp_path: Path, manner: Manner) -> PrintHotel:
    hotel = PrintHotel(tmp_path, dialect=manner.dialect, has_push=manner.has_push)
    hotel.provision()
    return hotel


async def assert_next_document_prints(hotel: PrintHotel) -> None:
    """Whatever was before: a document that is ordered now is printed, once."""
    id = hotel.order_document()
    command = await hotel.printed(id)
    assert (command.state, command.notes, hotel.counts[id]) == (State.PROCESSED, None, 1)


async def test_two_copies_become_paper_beside_a_key(hotel: PrintHotel, autojump_clock: object) -> None:
    async with hotel.agent():
        id, key = hotel.order_document(copies=2), hotel.mews.add_key("1", ["101"])
        assert (await hotel.printed(key)).state is State.PROCESSED
        command = await hotel.printed(id)
    assert (command.state, command.notes, hotel.counts) == (State.PROCESSED, None, {id: 2})


async def test_a_document_that_prints_while_mews_is_away_is_told_when_it_is_back(
    hotel: PrintHotel, autojump_clock: object
) -> None:
    hotel.printer.switch(page_seconds=30)
    async with hotel.agent():
        id = hotel.order_document(pdf(1, pages=3))
        with trio.fail_after(60):
            await hotel.printer.wait_sides(1)
        hotel.mews.presence.leave(Absence.REFUSE, 300)
        with trio.fail_after(200):
            await hotel.printer.wait_prints(1)
        assert hotel.mews.command(id).state is State.PROCESSING
        command = await hotel.printed(id)
        assert (command.state, hotel.counts) == (State.PROCESSED, {id: 1})
        hotel.printer.switch(page_seconds=1)
        await assert_next_document_prints(hotel)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_lost_answer_to_the_result_prints_nothing_again(
    hotel: PrintHotel, autojump_clock: object, when: str
) -> None:
    hotel.mews.fail("drop", UPDATE, match={"State": "Processed"}, when=when, calls=3)
    async with hotel.agent():
        await assert_next_document_prints(hotel)
        await assert_next_document_prints(hotel)


async def test_an_order_that_is_cancelled_while_it_waits_for_paper_is_never_printed(
    hotel: PrintHotel, autojump_clock: object
) -> None:
    hotel.printer.switch(sheets=0)
    async with hotel.agent():
        id = hotel.order_document()
        await trio.sleep(30)
        assert (hotel.mews.command(id).state, hotel.codes) == (State.PROCESSING, ["E-PRINTER-STOPPED"])
        hotel.mews.cancel(id)
        await trio.sleep(30)
        hotel.printer.engine.fill(None)
        await assert_next_document_prints(hotel)
        await trio.sleep(120)
        assert (hotel.counts.get(id), hotel.codes) == (None, [])
    assert hotel.mews.command(id).state is State.CANCELLED


async def test_paper_that_comes_in_time_is_all_that_was_missing(hotel: PrintHotel, autojump_clock: object) -> None:
    hotel.printer.switch(sheets=1)
    async with hotel.agent():
        id = hotel.order_document(pdf(1, pages=2))
        await trio.sleep(300)
        assert hotel.mews.command(id).state is State.PROCESSING
        hotel.printer.engine.fill(None)
        assert ((await hotel.printed(id)).state, hotel.counts) == (State.PROCESSED, {id: 1})
        await assert_next_document_prints(hotel)


async def test_paper_that_never_comes_ends_the_job_at_the_printer_too(
    hotel: PrintHotel, autojump_clock: object
) -> None:
    hotel.printer.switch(sheets=0)
    hotel.provision(more=printers_text(print_wait_seconds=120))
    async with hotel.agent():
        id = hotel.order_document()
        command = await hotel.printed(id)
        assert command.state is State.ERROR
        assert note(command).startswith("Not printed: the printer did not go on for too long (out of paper")
        hotel.printer.engine.fill(None)
        await assert_next_document_prints(hotel)
        assert id not in hotel.counts


async def test_a_document_that_waited_too_long_for_its_turn_is_refused(
    hotel: PrintHotel, autojump_clock: object
) -> None:
    hotel.printer.switch(sheets=0)
    hotel.provision(more=printers_text(print_wait_seconds=300, print_age_seconds=100))
    async with hotel.agent():
        ids = [hotel.order_document() for _ in range(3)]
        last = await hotel.printed(ids[-1])
        assert (last.state, note(last)[:13]) == (State.ERROR, "Not printed: ")
        assert "had waited longer than" in note(last)
        hotel.printer.engine.fill(None)
        await hotel.printed(ids[0])
        await assert_next_document_prints(hotel)
        assert ids[-1] not in hotel.counts


@pytest.mark.parametrize("how", PowerOff)
async def test_a_printer_that_is_switched_off_in_the_middle_prints_nothing_twice(
    hotel: PrintHotel, autojump_clock: object, how: PowerOff
) -> None:
    hotel.printer.switch(page_seconds=20, power_off=how)
    async with hotel.agent():
        id = hotel.order_document(pdf(1, pages=3))
        with trio.fail_after(100):
            await hotel.printer.wait_sides(1)
        hotel.printer.power_off(60)
        command = await hotel.printed(id)
        assert len(hotel.printer.tray.named(id)) == 1
        if how is PowerOff.FINISHED:
            assert (command.state, hotel.counts) == (State.PROCESSED, {id: 1})
        else:
            assert not note(command).startswith("Not printed")
        hotel.printer.switch(page_seconds=1)
        await assert_next_document_prints(hotel)


async def test_a_printer_that_takes_bytes_alone_is_sent_each_copy_once_and_not_believed(
    hotel: PrintHotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        command = await hotel.printed(hotel.order_document(copies=2, printer=LABELS))
        assert (command.state, note(command)[:19]) == (State.PROCESSED, "Sent, not confirmed")
        assert hotel.counts == {"": 2}
        await assert_next_document_prints(hotel)


BAD = pytest.mark.parametrize("manner", WITHOUT_PUSH)
TWICE = base64(base64(pdf(1)).encode())


@BAD
@pytest.mark.parametrize(
    ("members", "words"),
    [
        (
            {"PrinterName": "Reception"},
            "the printer “Reception” is not set up on this box, which has “Office”, “Labels”. Choose another",
        ),
        ({"PrinterName": ""}, "is not set up on this box, which has “Office”, “Labels”"),
        ({"FileData": base64(pdf(1))[:-3]}, "its document is damaged: not Base64"),
        ({"FileData": "no Base64 at all!"}, "its document is damaged: not Base64"),
        ({"FileData": ""}, "its document is empty"),
        ({"FileData": base64(b" \n ")}, "the document is empty"),
        ({"FileData": base64(TWICE.encode())}, "the order says that the document is a PDF, and it is not"),
        ({"FileData": base64(b"GIF89a")}, "the order says that the document is a PDF, and it is not"),
        ({"FileType": "image/jpeg"}, "the document is a JPEG picture, and it is a PDF"),
        (
            {"FileType": "application/zip", "FileData": base64(b"PK\3\4")},
            "documents of the type “application/zip”",
        ),
        ({"FileType": "", "FileData": base64(b"PK\3\4")}, "documents without a type"),
        ({"FileData": None}, "its Data has no usable FileData"),
        ({"FileType": 7}, "its Data has no usable FileType"),
        ({"CopyCount": 0}, "0 copies were ordered"),
        ({"CopyCount": 51}, "51 copies were ordered, and 50 is the most at once"),
        ({"CopyCount": 1.5}, "its number of copies is no whole number"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_an_order_that_cannot_be_printed_ends_in_words_before_the_printer_gets_anything(
    hotel: PrintHotel, autojump_clock: object, members: dict[str, object], words: str
) -> None:
    async with hotel.agent():
        command = await hotel.printed(hotel.order_document(**members))  # type: ignore[arg-type]
        assert (command.state, note(command)[:13]) == (State.ERROR, "Not printed: ")
        assert words in note(command)
        assert (hotel.printer.calls["print-job"], len(hotel.printer.tray)) == (0, 0)
        await assert_next_document_prints(hotel)


@BAD
@pytest.mark.parametrize("is_empty", [True, False])
async def test_driver_and_port_are_a_windows_pcs_and_may_be_empty(
    hotel: PrintHotel, autojump_clock: object, is_empty: bool
) -> None:
    hotel.mews.switch(empty_driver_and_port=is_empty)
    async with hotel.agent():
        await assert_next_document_prints(hotel)


@BAD
@pytest.mark.parametrize("name", ["office", "OFFICE", " Office "])
async def test_a_printers_name_is_known_in_any_case(hotel: PrintHotel, autojump_clock: object, name: str) -> None:
    async with hotel.agent():
        id = hotel.order_document(PrinterName=name)
        assert ((await hotel.printed(id)).state, hotel.counts) == (State.PROCESSED, {id: 1})


@BAD
async def test_a_document_in_two_coats_of_base64_is_printed_as_itself(
    hotel: PrintHotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        id = hotel.order_document(FileData=TWICE)
        assert (await hotel.printed(id)).state is State.PROCESSED
    assert [paper.document for paper in hotel.printer.tray.named(id)] == [pdf(1)]


@BAD
@pytest.mark.parametrize(
    ("size", "words"),
    [
        (MOST_BYTES, "the document has more than 30 MB. Print it in parts, or from another device."),
        (MOST_BYTES * 4 // 3, "its Data is missing, or its document far too large"),
    ],
)
async def test_a_document_that_is_too_big_is_said_so_and_keys_go_on(
    hotel: PrintHotel, autojump_clock: object, size: int, words: str
) -> None:
    async with hotel.agent():
        id, key = hotel.order_document(pdf(1, padding=size)), hotel.mews.add_key("1", ["101"])
        assert (await hotel.printed(key)).state is State.PROCESSED
        command = await hotel.printed(id)
        assert (command.state, note(command)[:13]) == (State.ERROR, "Not printed: ")
        assert words in note(command)
        assert len(hotel.printer.tray) == 0
        await assert_next_document_prints(hotel)


@BAD
@pytest.mark.parametrize("formats", [FORMATS, (Format.PWG,)])
@pytest.mark.parametrize(
    ("document", "words"),
    [
        (
            documents.locked(),
            "the document is protected by a password. Take the password off, then print it again.",
        ),
        (
            documents.many_pages(10_000),
            "more pages than this box prints at once. Print it in parts, or from another",
        ),
    ],
    ids=["locked", "10,000 pages"],
)
async def test_a_locked_document_and_an_endless_one_are_refused_before_the_printer_gets_anything(
    hotel: PrintHotel, document: bytes, words: str, formats: tuple[Format, ...]
) -> None:
    hotel.draws = Rasters(Rasteriser())  # in real time, because that is a process
    hotel.printer.switch(formats=formats, page_seconds=0)
    async with hotel.agent():
        command = await hotel.printed(hotel.order_document(document), 60)
        assert (command.state, note(command)[:13]) == (State.ERROR, "Not printed: ")
        assert words in note(command)
        assert (hotel.printer.calls["print-job"], len(hotel.printer.tray)) == (0, 0)
        good = hotel.order_document(documents.table_page())
        assert ((await hotel.printed(good, 60)).state, hotel.counts) == (State.PROCESSED, {good: 1})
