"""The steps behind a printer's connection: what it says, in marks and sentences."""

import pytest
import trio
import trio.testing

from agent.commands.driver import PdfGoes, PrinterNow
from agent.commands.probe import Finding, Mark
from agent.drivers.printing.own_steps import PrinterSteps, formats, raw_steps, standing
from agent.drivers.printing.raw_printer import RawPrinter
from agent.foundation.errors import NoAnswer, NotSent
from agent.health.health import Health
from tests.drivers.printing.bench import Bench

READY = PrinterNow("idle", model="Laser 1")


@pytest.mark.parametrize(
    ("now", "finding"),
    [
        (READY, Finding(Mark.GOOD, "Laser 1 says: idle.")),
        (PrinterNow("idle"), Finding(Mark.GOOD, "It says: idle.")),
        (
            PrinterNow("idle: toner is low", has_soon=True),
            Finding(Mark.DOUBT, "It says: idle: toner is low.", "E-PRINTER-SOON"),
        ),
        (
            PrinterNow("stopped: out of paper", is_ready=False),
            Finding(Mark.BAD, "It says: stopped: out of paper.", "E-PRINTER-STOPPED"),
        ),
    ],
)
def test_a_state_is_well_a_warning_or_an_end(now: PrinterNow, finding: Finding) -> None:
    assert standing(now) == finding


@pytest.mark.parametrize(
    ("pdf", "listed", "mark", "words"),
    [
        (PdfGoes.AS_IT_IS, ("application/pdf",), Mark.GOOD, "It takes PDF as it is."),
        (PdfGoes.DRAWN, ("image/pwg-raster",), Mark.GOOD, "the box draws each page for it"),
        (PdfGoes.UNTOLD, (), Mark.OPEN, "It does not say what it takes."),
        (PdfGoes.NOT, ("image/urf", "image/jpeg"), Mark.BAD, "it lists image/urf, image/jpeg."),
        (PdfGoes.NOT, (), Mark.BAD, "it lists nothing at all."),
    ],
)
def test_formats_are_good_only_where_a_bill_gets_there(
    pdf: PdfGoes, listed: tuple[str, ...], mark: Mark, words: str
) -> None:
    found = formats(PrinterNow("idle", formats=listed, pdf=pdf))
    assert (found.mark, words in found.text) == (mark, True)


async def test_a_printer_that_does_not_answer_fails_with_the_fault_that_fits() -> None:
    async def ask() -> PrinterNow:
        await trio.lowlevel.checkpoint()
        raise NoAnswer("it answers HTTP 500")

    first, _ = PrinterSteps(ask).steps()
    assert await first.take() == Finding(Mark.BAD, "It answers HTTP 500.", "E-PRINTER-SILENT")


async def test_a_simulated_printer_takes_both_steps_and_the_page_knows_it_too(autojump_clock: object) -> None:
    bench = Bench()
    steps = bench.driver.own_steps()
    assert [(await step.take()).mark for step in steps] == [Mark.GOOD, Mark.GOOD]
    bench.printer.engine.say(("cover-open-error",))
    assert (await bench.driver.own_steps()[0].take()).mark is Mark.BAD
    assert bench.codes == ["E-PRINTER-STOPPED"]
    with bench.off():
        found = await bench.driver.own_steps()[0].take()
        assert (found.mark, found.code) == (Mark.BAD, "E-PRINTER-UNREACHABLE")
        assert bench.codes == ["E-PRINTER-UNREACHABLE"]


async def test_of_a_printer_that_takes_bytes_alone_no_more_can_be_told() -> None:
    [step] = raw_steps("Bar")
    found = await step.take()
    assert (found.mark, 'nightporter print test "Bar"' in found.text) == (Mark.OPEN, True)


async def test_a_raw_printer_is_asked_by_a_connection_alone() -> None:
    health, streams = Health(trio.current_time), list[trio.abc.Stream]()

    async def connect() -> trio.abc.Stream:
        await trio.lowlevel.checkpoint()
        if len(streams) == 1:
            raise NotSent("it refused the connection")
        here, there = trio.testing.memory_stream_pair()
        streams.append(there)
        return here

    printer = RawPrinter("Bar", connect, health, patience=1.0, clock=trio.current_time)
    assert (await printer.ask_how_it_is()).pdf is PdfGoes.UNTOLD
    assert await streams[0].receive_some(10) == b""
    printer.at_work = "gets a document"
    assert (await printer.ask_how_it_is()).state == "takes connections; more it never tells"
    assert len(streams) == 1
    printer.at_work = ""
    with pytest.raises(NotSent):
        await printer.ask_how_it_is()
    assert [fault.kind.code for fault in health.active()] == ["E-PRINTER-UNREACHABLE"]
    assert [step.name for step in printer.own_steps()] == ["printer"]
