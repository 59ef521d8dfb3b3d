"""The whole agent as a process, simulated Mews, a real printer: an order comes out once, and Mews hears how."""

import base64
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio

from agent.simulators.mews.commands import Command, State
from tests.drivers.printing.raster import documents
from tests.e2e.printing.counterparts import RealPrinter, private_cups, real_printer
from tests.e2e.printing.paper import AtEngine, never, wait_so
from tests.e2e.processes import RealHotel, real_hotel

pytestmark = pytest.mark.needs("dbus-daemon", "ippeveprinter")

CANARY = b"Kanarienvogel, room 101"
BILL = documents.text_page() + b"%" + CANARY + b"\n"


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[tuple[RealHotel, RealPrinter]]:
    """A hotel whose file names a real printer."""
    async with real_printer(folder) as printer, real_hotel(folder, more=printers(printer.uri)) as hotel:
        yield hotel, printer


def printers(uri: str) -> str:
    """What the file says of it."""
    return f'[[printers]]\nname = "Front"\nuri = "{uri}"\n'


def ordered(hotel: RealHotel, copies: int = 1) -> str:
    """Have Mews ask for the bill; the command's id."""
    return hotel.mews.add_print("front", base64.b64encode(BILL).decode(), copies)


async def ended(hotel: RealHotel, id: str) -> Command:
    """The command, when Mews has heard its end."""
    over = (State.PROCESSED, State.ERROR)
    await wait_so(lambda: hotel.mews.command(id).state in over)
    return hotel.mews.command(id)


async def test_two_copies_of_a_bill_come_out_under_the_commands_id(tmp_path: Path) -> None:
    async with house(tmp_path) as (hotel, printer), hotel.agent() as agent:
        id = ordered(hotel, copies=2)
        assert (await ended(hotel, id)).state is State.PROCESSED
        (out,) = printer.paper.out
        assert (out.name, out.copies, out.document) == (id, 2, BILL)
        assert CANARY.decode() not in agent.log
        state = [path for path in hotel.state.rglob("*") if path.is_file()]
        assert [path.name for path in state if CANARY in path.read_bytes()] == []


async def test_without_paper_mews_goes_on_hearing_processing_and_the_page_says_why(tmp_path: Path) -> None:
    filled = trio.Event()

    async def play(work: AtEngine) -> None:
        await work.say("STATE: +media-empty-error")
        await filled.wait()
        await work.say("STATE: -media-empty-error")
        await work.come_out()

    async with house(tmp_path) as (hotel, printer), hotel.agent() as agent:
        printer.paper.play = play
        id = ordered(hotel)
        said = await agent.wait_snapshot(lambda page: any(f.code == "E-PRINTER-STOPPED" for f in page.faults))
        (fault,) = (each for each in said.faults if each.code == "E-PRINTER-STOPPED")
        assert "out of paper" in fault.text
        assert hotel.mews.command(id).state is State.PROCESSING
        filled.set()
        assert (await ended(hotel, id)).state is State.PROCESSED
        assert printer.paper.names == [id]


async def test_a_printer_that_is_switched_off_in_the_middle_is_an_error_in_words(tmp_path: Path) -> None:
    async with house(tmp_path) as (hotel, printer), hotel.agent() as agent:
        printer.paper.play = never
        id = ordered(hotel)
        await printer.paper.wait_begun()
        await printer.wait_heard("Get-Job-Attributes")
        await printer.switch_off()
        await agent.wait_snapshot(lambda page: any(f.code == "E-PRINTER-UNREACHABLE" for f in page.faults))
        await printer.switch_on()
        command = await ended(hotel, id)
        assert command.state is State.ERROR
        assert str(command.history[-1].notes).startswith("The document may have been printed")
        assert (len(printer.paper.begun), printer.heard("Print-Job")) == (1, 0)


async def test_an_agent_that_is_killed_while_it_prints_finds_the_job_by_its_name(tmp_path: Path) -> None:
    may_end = trio.Event()

    async def play(work: AtEngine) -> None:
        await may_end.wait()
        await work.come_out()

    async with house(tmp_path) as (hotel, printer):
        printer.paper.play = play
        async with hotel.agent() as agent:
            id = ordered(hotel)
            await printer.paper.wait_begun()
            agent.send(signal.SIGKILL)
            await agent.wait_exit()
        async with hotel.agent():
            await printer.wait_heard("Get-Jobs")
            may_end.set()
            assert (await ended(hotel, id)).state is State.PROCESSED
        assert (printer.paper.names, printer.heard("Print-Job successful")) == ([id], 1)


@pytest.mark.needs("/usr/lib/cups/filter/pdftopdf", "cupsd", "lpadmin", "setpriv")
async def test_an_agent_that_is_killed_while_cups_prints_finds_the_job_by_its_name(tmp_path: Path) -> None:
    may_end = trio.Event()

    async def play(work: AtEngine) -> None:
        await may_end.wait()
        await work.come_out()

    async with real_printer(tmp_path) as printer, private_cups() as cups:
        printer.paper.play = play
        await cups.add_queue("office", printer.uri)
        async with real_hotel(tmp_path, more=printers(cups.uri("office"))) as hotel:
            async with hotel.agent() as agent:
                id = ordered(hotel)
                await printer.paper.wait_begun()
                agent.send(signal.SIGKILL)
                await agent.wait_exit()
            assert cups.files_with(CANARY) == ["d00001-001"]
            async with hotel.agent():
                may_end.set()
                assert (await ended(hotel, id)).state is State.PROCESSED
        assert printer.paper.names == [id]
        await wait_so(lambda: cups.files_with(CANARY) == [])
