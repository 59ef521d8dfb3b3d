"""Our driver and a real IPP Everywhere printer (CUPS' ippeveprinter) over real sockets."""

from pathlib import Path

import msgspec
import pytest
import trio

from agent.commands.model import Verdict
from agent.drivers.printing.ipp import answers
from agent.drivers.printing.ipp.answers import PrinterFacts
from agent.drivers.printing.ipp.requests import Ticket
from agent.drivers.printing.ipp.statuses import Next, next_of
from agent.drivers.printing.talk import IppTalk
from tests.drivers.printing.raster import decoding, documents
from tests.e2e.printing.counterparts import PDF, RASTER, real_printer
from tests.e2e.printing.driving import NAME, Ended, desk
from tests.e2e.printing.paper import AtEngine, Print, never, wait_so

pytestmark = pytest.mark.needs("dbus-daemon", "ippeveprinter")

LETTER = documents.text_page()
PHOTO = documents.png(60, 40, b"".join(b"\0" + bytes(range(60)) for _ in range(40)))
JPEG = b"\xff\xd8\xff\xe0" + bytes(200) + b"\xff\xd9"


async def test_a_pdf_arrives_byte_by_byte_and_two_copies_are_the_printers(tmp_path: Path) -> None:
    async with real_printer(tmp_path) as printer, desk(printer.uri) as front:
        outcome = await front.print(LETTER, copies=2)
        assert (outcome.verdict, front.codes) == (Verdict.DONE, [])
        assert printer.paper.out == [Print(NAME, PDF, 2, LETTER)]
        assert printer.heard("Print-Job successful-ok") == 1


@pytest.mark.parametrize(
    ("document", "file_type", "pages"),
    [(documents.pdf(b"", b"", b""), PDF, 3), (PHOTO, "image/png", 1), (LETTER, PDF, 1)],
)
async def test_a_printer_of_raster_alone_gets_each_page_as_raster(
    tmp_path: Path, document: bytes, file_type: str, pages: int
) -> None:
    async with real_printer(tmp_path, RASTER) as printer, desk(printer.uri) as front:
        assert (await front.print(document, file_type, copies=2)).verdict is Verdict.DONE
        (out,) = printer.paper.out
        assert (out.name, out.format, out.copies) == (NAME, RASTER, 1)  # more, it says, it does not make of raster
        sizes = [page.size for page in decoding.pages(out.document)]
        assert sizes == [(2550, 3300)] * pages * 2  # its letter, 300 dpi


async def test_a_wrong_type_is_refused_before_the_printer_hears_of_it(tmp_path: Path) -> None:
    async with real_printer(tmp_path) as printer, desk(printer.uri) as front:
        outcome = await front.print(LETTER, "image/png")
        assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-FILE-TYPE")
        assert printer.heard("Get-Printer-Attributes") == 0


async def test_what_the_printer_does_not_list_is_not_sent(tmp_path: Path) -> None:
    async with real_printer(tmp_path, PDF) as printer, desk(printer.uri) as front:
        outcome = await front.print(JPEG, "image/jpeg")
        assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-FORMAT")
        assert "this printer does not print a JPEG picture" in outcome.note
        assert printer.heard("Print-Job") == 0


class Boasting(IppTalk):
    """Hears that the printer takes JPEG, which it does not."""

    async def printer(self) -> PrinterFacts:
        facts = await super().printer()
        return msgspec.structs.replace(facts, formats=(*facts.formats, "image/jpeg"))


async def test_what_the_printer_lists_and_refuses_it_gets_in_another_way_or_not_at_all(tmp_path: Path) -> None:
    async with real_printer(tmp_path, PDF) as printer, desk(printer.uri, talk=Boasting) as front:
        outcome = await front.print(JPEG, "image/jpeg")
        assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-FORMAT")
        assert (printer.heard("Print-Job document-format"), printer.heard("Print-Job successful")) == (1, 0)
        assert printer.paper.begun == []


async def test_its_answer_to_a_wrong_type_is_read_as_what_it_means(tmp_path: Path) -> None:
    async with real_printer(tmp_path, PDF) as printer, desk(printer.uri) as front:
        answer = await front.talk.print(Ticket(NAME, "image/tiff"), b"II*\0")
        assert next_of(answer.code, answers.ignored(answer)) is Next.OTHER_FORMAT


async def test_without_paper_it_waits_and_says_so_and_with_paper_it_is_done(tmp_path: Path) -> None:
    filled = trio.Event()

    async def play(work: AtEngine) -> None:
        await work.say("STATE: +media-empty-error")
        await filled.wait()
        await work.say("STATE: -media-empty-error")
        await work.come_out()

    async with real_printer(tmp_path) as printer, desk(printer.uri) as front, trio.open_nursery() as nursery:
        printer.paper.play = play
        ended = Ended(nursery, front)
        await wait_so(lambda: front.printer.at_work == "waits: out of paper")
        assert front.codes == ["E-PRINTER-STOPPED"]
        filled.set()
        assert (await ended.wait()).verdict is Verdict.DONE
        nursery.start_soon(front.printer.watch)
        await wait_so(lambda: front.codes == [])
        assert printer.paper.names == [NAME]
        nursery.cancel_scope.cancel()


async def test_where_no_one_brings_paper_the_job_is_cancelled_at_the_printer(tmp_path: Path) -> None:
    async with real_printer(tmp_path) as printer, desk(printer.uri, patience=0.6) as front:

        async def play(work: AtEngine) -> None:
            await work.say("STATE: +media-empty-error")
            await printer.wait_heard("Cancel-Job")
            await work.end(1)

        printer.paper.play = play
        outcome = await front.print()
        assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-WAITED")
        assert "out of paper" in outcome.note
        assert printer.paper.out == []


async def test_a_printer_that_gives_up_is_an_error(tmp_path: Path) -> None:
    async with real_printer(tmp_path) as printer, desk(printer.uri) as front:
        printer.paper.play = lambda work: work.end(1)
        outcome = await front.print()
        assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-ABORTED")


async def test_switched_off_in_the_middle_and_on_again_it_prints_nothing_twice(tmp_path: Path) -> None:
    async with real_printer(tmp_path) as printer, desk(printer.uri) as front, trio.open_nursery() as nursery:
        printer.paper.play = never
        ended = Ended(nursery, front)
        await printer.paper.wait_begun()
        await printer.wait_heard("Get-Job-Attributes successful")
        await printer.switch_off()
        await wait_so(lambda: front.printer.at_work.startswith("waits: "))
        await printer.switch_on()
        outcome = await ended.wait()
        assert (outcome.verdict, outcome.code) == (Verdict.UNKNOWN, "E-PRINT-VANISHED")
        assert "was restarted meanwhile" in outcome.note
        assert (len(printer.paper.begun), printer.heard("Print-Job")) == (1, 0)


async def test_switched_off_while_it_reads_the_document_it_is_not_sent_it_again(tmp_path: Path) -> None:
    async with (
        real_printer(tmp_path, RASTER) as printer,
        desk(printer.uri) as front,
        trio.open_nursery() as nursery,
    ):
        ended = Ended(nursery, front, document=documents.many_pages(30))
        await printer.wait_heard("Print-Job")
        await printer.switch_off()
        await printer.switch_on()
        outcome = await ended.wait()
        assert (outcome.verdict, outcome.code) == (Verdict.UNKNOWN, "E-PRINT-NO-ANSWER")
        assert (printer.paper.begun, printer.heard("Print-Job")) == ([], 0)


async def test_a_printer_that_is_off_is_waited_for(tmp_path: Path) -> None:
    async with real_printer(tmp_path) as printer, desk(printer.uri) as front, trio.open_nursery() as nursery:
        await printer.switch_off()
        ended = Ended(nursery, front)
        await wait_so(lambda: front.printer.at_work.startswith("waits: the printer cannot be reached"))
        assert front.codes == ["E-PRINTER-UNREACHABLE"]
        await printer.switch_on()
        assert (await ended.wait()).verdict is Verdict.DONE
        assert printer.paper.names == [NAME]


async def test_a_second_document_waits_while_the_printer_is_busy(tmp_path: Path) -> None:
    may_end = trio.Event()

    async def play(work: AtEngine) -> None:
        if work.job.name == NAME:
            await may_end.wait()
        await work.come_out()

    async with (
        real_printer(tmp_path) as printer,
        desk(printer.uri) as front,
        desk(printer.uri) as other,
        trio.open_nursery() as nursery,
    ):
        printer.paper.play = play
        first = Ended(nursery, front)
        await printer.paper.wait_begun()
        second = Ended(nursery, other, "second")
        await printer.wait_heard("server-error-busy")  # 0507
        await wait_so(lambda: other.printer.at_work.startswith("waits: "))
        may_end.set()
        assert (await first.wait()).verdict is (await second.wait()).verdict is Verdict.DONE
        assert printer.paper.names == [NAME, "second"]


async def test_over_ipps_a_pinned_certificate_is_enough_and_a_wrong_pin_sends_nothing(tmp_path: Path) -> None:
    async with real_printer(tmp_path) as printer:
        pin = await printer.fingerprint()
        uri = printer.uri.replace("ipp:", "ipps:")
        async with desk(uri, pin=pin) as front:
            assert (await front.print(copies=2)).verdict is Verdict.DONE
        assert [(each.name, each.copies) for each in printer.paper.out] == [(NAME, 2)]
        before = printer.heard("Get-Printer-Attributes")
        async with desk(uri, pin="0" * 64, patience=0.1) as front:
            outcome = await front.print()
        assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-CERTIFICATE")
        assert (printer.heard("Get-Printer-Attributes"), len(printer.paper.begun)) == (before, 1)
