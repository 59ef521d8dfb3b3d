"""The printers' side of the contract: every transport, every switch, all that goes wrong, and what came out.

Knows no driver from within: they are opened as the box opens them. A document of two pages is ordered twice, so
that half of it is seen. Time is virtual; documents are drawn by a stand-in, pages of a few pixels.
"""

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from enum import StrEnum
from functools import partial
from typing import Any

import trio
from msgspec import Struct
from msgspec.structs import replace
from trio.testing import lockstep_stream_pair

from agent.commands.driver import PrintJob, Prints
from agent.commands.model import Outcome, Verdict
from agent.drivers.printing.documents.kinds import Document
from agent.drivers.printing.documents.way import Raster
from agent.drivers.printing.ipp.answers import PrinterFacts
from agent.drivers.printing.ipp.notes import BEGUN, PRINTED, PrintCode
from agent.drivers.printing.opening import PrintMeans, open_printers
from agent.drivers.printing.raster.rasteriser import Rasteriser
from agent.drivers.printing.rasters import Rasters
from agent.foundation import tls
from agent.foundation.errors import NotSent
from agent.foundation.http import Peer
from agent.health.health import Health
from agent.simulators.base.certificates import Tls
from agent.simulators.base.presence import Absence
from agent.simulators.printer.paper.formats import Format
from agent.simulators.printer.raw import converse_raw
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.printer.switches import (
    FORMATS,
    BadCopies,
    BadFormat,
    Impressions,
    PlainHttp,
    PowerOff,
    RawPort,
    Suffix,
)
from provisioning.model import Limits, Printer
from tests.contract.bench import positions
from tests.drivers.printing.bench import Pieces
from tests.in_process import SimulatorTransport
from tests.memory_wire import MemoryWire
from tests.simulators.printer.rasters import gray, raster

NAME = "printer"
HOP = "printer:Office"
JOB = "8f2d0000-0000-4000-8000-00000000c001"  # the command's id, which is the job's name
PAGES, COPIES = 2, 2
SIDES = PAGES * COPIES
PATIENCE = 60  # s; the file's `print_wait_seconds`
LONGEST = 3900.0  # s; longer than any driver may take for one document, or a printer for what it still has
SOON = 1.6  # s after the order, when paper is coming out
CANARY = b"Canary Guest, room 4711"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Page>>endobj\n2 0 obj<</Type/Page>>endobj\n%"
    + CANARY
    + b"\n" * 3000
    + b"\ntrailer<<>>\n%%EOF\n"
)

SWITCHES: dict[str, tuple[object, ...]] = {  # of IPP, the default first
    "latency_seconds": (0.0, 2.0, 20.0),
    "is_queue": (False, True),
    "versions": (("1.1", "2.0"), ("1.1",), ("2.0",)),
    "without": ((), ("get-jobs",), ("get-job-attributes",), ("cancel-job",)),
    "leaves_out": (
        (),
        ("job-name",),
        ("job-id",),
        ("job-state",),
        ("job-impressions",),
        ("printer-state", "printer-state-reasons"),
        ("copies-supported",),
        ("operations-supported", "which-jobs-supported"),
    ),
    "formats": (FORMATS, (Format.PWG,), (Format.PDF,), (Format.POSTSCRIPT,)),
    "refused_formats": ((), (Format.PDF,)),
    "bad_format": (BadFormat.FORMAT, BadFormat.VALUES),
    "most_kilobytes": (None, 1),
    "most_copies": (99, 1),
    "bad_copies": (BadCopies.REFUSE, BadCopies.SUBSTITUTE),
    "single_formats": ((), (Format.JPEG,)),
    "accepting": (True, False),
    "queue": (1, 9),
    "history": (20, 0),
    "history_seconds": (None, 0.5),
    "lists_jobs": (True, False),
    "job_names_hidden": (False, True),
    "pending_seconds": (0.0, 30.0),
    "page_seconds": (1.0, 0.01, 45.0),
    "cancel_seconds": (0.0, 30.0, 100.0),
    "sheets": (None, 0, 3),
    "empty_suffix": (Suffix.ERROR, Suffix.WARNING, Suffix.REPORT, Suffix.NONE),
    "tells_stop": (True, False),
    "impressions": (Impressions.LIVE, Impressions.AT_THE_END, Impressions.NEVER),
    "total_with_copies": (False, True),
    "job_printer_reasons": (False, True),
    "aborts_as": (8, 7),
    "power_off": (PowerOff.LOST, PowerOff.FINISHED),
    "log_in": (None, "clerk:secret"),
    "plain_http": (PlainHttp.ACCEPT, PlainHttp.REDIRECT, PlainHttp.UPGRADE),
    "closes_after_kilobytes": (None, 0, 1),
}
RAW_SWITCHES: dict[str, tuple[object, ...]] = {  # of port 9100
    "raw_port": tuple(RawPort),
    "raw_kilobytes": (0, 1),
    "raw_kilobytes_per_second": (None, 1.0, 0.01),
}
# What nothing here depends on: names, kinds of raster, TLS where it is no transport of its own, how long a job of
# Create-Job is kept (none is made), and what becomes of a document that is not of its type (none is sent).
FACTS = {
    "name",
    "queues",
    "tls",
    "date_header",
    "raster_types",
    "raster_dpi",
    "send_document_seconds",
    "bad_document",
}
# As a queue of CUPS is (reference/printing.md, sections 3 and 4.2).
CUPS: dict[str, Any] = {
    "is_queue": True,
    "queue": 500,
    "job_names_hidden": True,
    "aborts_as": 7,
    "tells_stop": False,
    "job_printer_reasons": True,
    "impressions": Impressions.AT_THE_END,
    "power_off": PowerOff.FINISHED,
    "single_formats": (Format.JPEG,),
}
# What else a queue may be like: how much it remembers and shows, and how its printer is.
OF_A_QUEUE = ("history", "lists_jobs", "cancel_seconds", "page_seconds", "pending_seconds", "sheets", "accepting")


class Trouble(StrEnum):
    """What goes wrong with the next document."""

    NONE = "nothing"
    AWAY = "the printer is off"
    BACK = "the printer is off, and is switched on in time"
    DEAF = "it takes connections and never answers"
    LOST_BEFORE = "the line breaks before the job is made"
    LOST_AFTER = "the line breaks after the job was made"
    HANG_BEFORE = "no answer comes, and no job is made"
    HANG_AFTER = "no answer comes, and a job is made"
    PAGE_AFTER = "a page of HTML comes with 500, and a job is made"
    CUT_AFTER = "the answer is cut off, and a job is made"
    NO_AFTER = "it answers 401, and a job is made"
    BLIND = "it answers no question about jobs"
    BUSY = "it is at a stranger's document"
    PAPER_OUT = "its paper is out, and stays so"
    PAPER_BACK = "its paper is out, and it gets some in time"
    PANEL = "a person cancels the job at its panel"
    ABORT = "it gives the job up"
    POWER_CUT = "it is switched off and on in the middle"
    LINE_DOWN = "the line is down for a while in the middle"
    LINE_GONE = "the line is down for good from the middle on"
    UNREACHED = "what prints for the queue cannot be reached"


OF_A_POSITION = frozenset(  # of each position of a switch; `make explore` takes all
    {
        Trouble.NONE,
        Trouble.LOST_AFTER,
        Trouble.HANG_AFTER,
        Trouble.NO_AFTER,
        Trouble.PAPER_OUT,
        Trouble.PANEL,
        Trouble.POWER_CUT,
        Trouble.LINE_GONE,
    }
)
OF_RAW = frozenset({Trouble.NONE, Trouble.AWAY, Trouble.BACK, Trouble.POWER_CUT})
# Who says no, prints it, and does not show its jobs either cannot be found out.
_HIDES_JOBS = (
    {"lists_jobs": False},
    {"without": ("get-jobs",)},
    {"leaves_out": ("job-name",)},
    {"leaves_out": ("job-id",)},
)


class Drawn(Rasters):
    """Draws a page as four pixels, for each copy that is to be repeated."""

    def __init__(self) -> None:
        super().__init__(Rasteriser())

    @asynccontextmanager
    async def drawn(
        self, document: Document, raster_: Raster, copies: int, printer: PrinterFacts
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        page = gray(b"\x00\xff\x00\xff")
        yield Pieces([raster(), *[page] * PAGES * copies], None)


class PrintBench:
    """A driver with its printer. `driver` is as after a restart once `restart` was called."""

    def __init__(self, printer: PrinterSimulator, uri: str, nursery: trio.Nursery) -> None:
        self.printer, self._uri, self._nursery = printer, uri, nursery
        self.health = Health(trio.current_time)
        self._quick = SimulatorTransport(printer)
        self.restart()

    def restart(self) -> None:
        """A driver that knows of nothing."""
        pin = self.printer.certificates.sha256(Tls.OWN) if self._uri.startswith("ipps:") else None
        file = Printer("Office", self._uri, pin)
        means = PrintMeans(self.health, trio.current_time, self._open_peer, self._open_stream, Drawn())
        (self.driver,), _ = open_printers([file], Limits(print_wait_seconds=PATIENCE), means)

    @property
    def prints(self) -> Prints:
        """The driver, as what prints."""
        assert isinstance(self.driver, Prints)
        return self.driver

    @property
    def is_raw(self) -> bool:
        """Whether it is told nothing but bytes."""
        return self._uri.startswith("socket:")

    def job(self, **changes: Any) -> PrintJob:
        """A document that the driver can have printed."""
        return replace(PrintJob("Office", JOB, PDF, "application/pdf", COPIES), **changes)

    def bad_job(self) -> PrintJob:
        """One that the driver must object to."""
        return self.job(file_type="image/png")

    async def print(self, **changes: Any) -> Outcome:
        """Have it printed, within the time that anything may take."""
        with trio.fail_after(LONGEST):
            return await self.driver.carry_out(self.job(**changes))

    @property
    def sides(self) -> int:
        """Sides of paper that came out of it."""
        return sum(each.sides for each in self.printer.tray if each.job_name in ("", JOB))

    @property
    def papers(self) -> int:
        """How often it was begun to be printed."""
        return sum(each.job_name in ("", JOB) for each in self.printer.tray)

    def calls(self) -> int:
        """How many requests reached the printer."""
        return self.printer.calls.total()

    def trouble(self, trouble: Trouble) -> None:
        """Have this happen to the next document, which is ordered now."""
        printer = self.printer
        match trouble:
            case Trouble.AWAY:
                printer.power_off()
            case Trouble.BACK:
                printer.power_off(20)
            case Trouble.DEAF:
                printer.presence.leave(Absence.HANG)
            case Trouble.LOST_BEFORE | Trouble.HANG_BEFORE:
                printer.fail("hang" if trouble is Trouble.HANG_BEFORE else "drop", "print-job", calls=1)
            case Trouble.BLIND:
                printer.fail("500", "get-job-attributes")
            case Trouble.BUSY:
                self._nursery.start_soon(self._print_a_strangers)
            case Trouble.PAPER_OUT | Trouble.PAPER_BACK:
                printer.engine.fill(1)
            case _ if trouble in _AFTER:
                printer.fail(_AFTER[trouble], "print-job", calls=1, when="after")
        if trouble in _IN_THE_MIDDLE:
            self._nursery.start_soon(self._happen, trouble)

    async def _happen(self, trouble: Trouble) -> None:
        await trio.sleep(SOON)
        match trouble:
            case Trouble.PANEL | Trouble.ABORT if self.printer.engine.jobs.current is not None:
                self.printer.press_cancel() if trouble is Trouble.PANEL else self.printer.abort()
            case Trouble.POWER_CUT:
                self.printer.power_off(30)
            case Trouble.LINE_DOWN | Trouble.LINE_GONE:
                self._quick.is_silent = True
            case Trouble.UNREACHED:
                self.printer.engine.say(("connecting-to-device",), is_stopping=True)
        await trio.sleep(20)
        if trouble is Trouble.LINE_DOWN:
            self._quick.is_silent = False
        if trouble is Trouble.PAPER_BACK:
            self.printer.engine.fill(None)

    async def _print_a_strangers(self) -> None:
        means = PrintMeans(Health(trio.current_time), trio.current_time, self._open_peer, None, Drawn())
        (stranger,), _ = open_printers([Printer("Office", self._uri)], Limits(), means)
        await stranger.carry_out(self.job(name="of-a-stranger", copies=20))

    def heal(self) -> None:
        """End all trouble, and let the printer go on with what it has."""
        self._quick.is_silent = False
        self.printer.heal()
        self.printer.engine.say(())
        self.printer.engine.fill(None)
        self.printer.engine.pause(False)

    def _open_peer(self, base: str, pin: str | None) -> Peer:
        if base.startswith("https:"):
            return Peer(base, transport=MemoryWire(self.printer, tls.context(base, pin), self._quick))
        return Peer(base, transport=self._quick)

    async def _open_stream(self, _host: str, _port: int) -> trio.abc.Stream:
        await trio.lowlevel.checkpoint()
        if self.printer.raw_presence.is_refusing:
            raise NotSent("it refused the connection")
        here, there = lockstep_stream_pair()
        trio.lowlevel.spawn_system_task(converse_raw, self.printer, there)
        return here


_AFTER = {
    Trouble.LOST_AFTER: "reset",
    Trouble.HANG_AFTER: "hang",
    Trouble.PAGE_AFTER: "html-500",
    Trouble.CUT_AFTER: "truncated",
    Trouble.NO_AFTER: "401",
}
_IN_THE_MIDDLE = frozenset(
    {
        Trouble.PANEL,
        Trouble.ABORT,
        Trouble.POWER_CUT,
        Trouble.LINE_DOWN,
        Trouble.LINE_GONE,
        Trouble.UNREACHED,
        Trouble.PAPER_BACK,
    }
)


class PrintVariant(Struct, frozen=True):
    """A bench in one position of one simulator switch."""

    name: str
    uri: str
    switches: dict[str, Any]
    troubles: frozenset[Trouble] = frozenset(Trouble)

    @property
    def kind(self) -> str:
        """The transport: the name without its position."""
        return self.name.split()[0]

    @property
    def open(self) -> Callable[[], AbstractAsyncContextManager[PrintBench]]:
        """A new printer, and its driver."""
        return partial(_opened, self.uri, self.switches)


@asynccontextmanager
async def _opened(uri: str, switches: dict[str, Any]) -> AsyncIterator[PrintBench]:
    printer = PrinterSimulator()
    if uri.startswith("ipps:"):
        printer.certificates = _CERTIFICATES
    printer.switch(**switches)
    async with trio.open_nursery() as nursery:
        yield PrintBench(printer, uri, nursery)
        nursery.cancel_scope.cancel()


_CERTIFICATES = PrinterSimulator().certificates  # made once: it takes openssl its time


def lie_of(outcome: Outcome, before: int, bench: PrintBench) -> str:
    """What an outcome says that is not so, "" for nothing: `before` sides were out when it was known, the others
    have come out since, when all obstacles were gone.
    """
    sides, papers = bench.sides, bench.papers
    if sides > SIDES or papers > (COPIES if bench.is_raw else 1):
        return f"printed twice: {papers} times, {sides} sides"
    match outcome.verdict:
        case Verdict.FAILED if sides == SIDES:
            return f"{outcome.code}: not printed, and it was"
        case Verdict.FAILED if sides > before:
            return f"{outcome.code}: over, and {sides - before} sides came out later"
        case Verdict.FAILED if sides and outcome.head != BEGUN:
            return f"{outcome.code}: not printed, and {sides} sides were"
        case Verdict.DONE if not outcome.code and before != SIDES:
            return f"printed, with {before} sides"
        case Verdict.DONE if outcome.code not in ("", *PRINTED):
            return f"{outcome.code}: printed"
        case Verdict.DONE if outcome.code == PrintCode.FORGOTTEN and not before:
            return "printed as far as can be told, and nothing came out"
    return ""


async def settled(bench: PrintBench) -> None:
    """Until nothing can come out any more, whatever held it up."""
    bench.heal()
    await trio.sleep(LONGEST)


def _variants(kind: str, uri: str, base: dict[str, Any], names: Sequence[str], known: Any) -> list[PrintVariant]:
    """The plain one, and each other position of these switches."""
    found = [
        PrintVariant(f"{kind}{position}", uri, base | flipped, _troubles(uri, flipped))
        for position, flipped in positions(known, names)
    ]
    return [each for each in found if each.switches != base or each.name == kind]


def _troubles(uri: str, flipped: dict[str, Any]) -> frozenset[Trouble]:
    if uri.startswith("socket:"):
        return OF_RAW
    every = OF_A_POSITION if flipped and "NIGHTPORTER_EXPLORE" not in os.environ else frozenset(Trouble)
    return every - ({Trouble.NO_AFTER} if flipped in _HIDES_JOBS else set())


IPP = _variants("ipp", "ipp://10.4.5.30/ipp/print", {}, tuple(SWITCHES), SWITCHES)
IPPS = _variants("ipps", "ipps://10.4.5.30/ipp/print", {"tls": "own"}, (), SWITCHES)
QUEUES = _variants("cups", "ipp://127.0.0.1:631/printers/Office", CUPS, OF_A_QUEUE, SWITCHES)
RAW = _variants("raw", "socket://10.4.5.30:9100", {}, tuple(RAW_SWITCHES), RAW_SWITCHES)
RAW += [
    PrintVariant(f"raw {port} after 1 KB", RAW[0].uri, {"raw_port": port, "raw_kilobytes": 1}, OF_RAW)
    for port in (RawPort.CLOSES_EARLY, RawPort.RESETS, RawPort.STALLS)
]
PRINTERS = [*IPP, *IPPS, *QUEUES, *RAW]
