"""A foreign client against the printer: CUPS' ipptool with the tests that come with it."""

from pathlib import Path
from subprocess import CompletedProcess

import pytest
import trio

from agent.simulators.base.server import serve
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.printer.switches import PrinterSwitches
from tests.simulators.printer.callers import THREE_PAGES

pytestmark = pytest.mark.needs("ipptool")


async def ipptool(printer: PrinterSimulator, folder: Path, *words: str) -> CompletedProcess[bytes]:
    """Run it with a document, some name and a test of its own."""
    document = folder / "document.pdf"
    document.write_bytes(THREE_PAGES)
    async with trio.open_nursery() as nursery:
        port = await nursery.start(serve, printer)
        argv = ["ipptool", "-t", "-f", str(document), f"ipp://127.0.0.1:{port}/ipp/print", *words]
        with trio.fail_after(60):
            done = await trio.run_process(argv, capture_stdout=True, capture_stderr=True, check=False)
        nursery.cancel_scope.cancel()
    return done


@pytest.mark.parametrize(
    "test",
    ["get-printer-attributes.test", "print-job.test", "validate-job.test", "get-jobs.test", "create-job.test"],
)
async def test_its_plain_requests_pass(tmp_path: Path, test: str) -> None:
    printer = PrinterSimulator(PrinterSwitches(page_seconds=0))
    done = await ipptool(printer, tmp_path, test)
    assert (done.returncode, b"PASS" in done.stdout) == (0, True), done.stdout.decode()


async def test_its_print_job_comes_out(tmp_path: Path) -> None:
    printer = PrinterSimulator(PrinterSwitches(page_seconds=0))
    await ipptool(printer, tmp_path, "print-job.test")
    assert [(each.document, each.sides, each.ended) for each in printer.tray] == [(THREE_PAGES, 3, "completed")]


async def test_it_finds_the_printer_to_keep_rfc_8011(tmp_path: Path) -> None:
    printer = PrinterSimulator(PrinterSwitches(page_seconds=0.01, queue=9))
    done = await ipptool(printer, tmp_path, "ipp-1.1.test")
    assert done.returncode == 0, done.stdout.decode()


async def test_it_finds_the_printer_to_keep_ipp_2_0(tmp_path: Path) -> None:
    printer = PrinterSimulator(PrinterSwitches(page_seconds=0.01, queue=9))
    done = await ipptool(printer, tmp_path, "ipp-2.0.test")
    assert done.returncode == 0, done.stdout.decode()


async def test_it_sees_a_wrong_type_refused(tmp_path: Path) -> None:
    printer = PrinterSimulator(PrinterSwitches(formats=("image/pwg-raster",)))
    done = await ipptool(printer, tmp_path, "-d", "filetype=application/pdf", "validate-job.test")
    assert (done.returncode, b"client-error-document-format-not-supported" in done.stdout) == (1, True)
