"""Our driver, a queue of CUPS as the box configures it, and behind the queue a real printer."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
import trio

from agent.commands.model import Verdict
from agent.drivers.printing.ipp.message import Message
from agent.drivers.printing.ipp.requests import Ticket
from agent.drivers.printing.talk import Document, IppTalk
from agent.foundation.http import Peer
from tests.drivers.printing.raster import documents
from tests.e2e.printing.counterparts import RASTER, PrivateCups, RealPrinter, private_cups, real_printer
from tests.e2e.printing.driving import NAME, Ended, desk
from tests.e2e.printing.paper import AtEngine, never, wait_so

pytestmark = pytest.mark.needs(
    "/usr/lib/cups/filter/pdftopdf", "cupsd", "dbus-daemon", "ippeveprinter", "lpadmin", "setpriv"
)
CANARY = b"Kanarienvogel, room 101"
BILL = documents.text_page() + b"%" + CANARY + b"\n"
Kill = Callable[[], Awaitable[None]]


@asynccontextmanager
async def queue(folder: Path, *formats: str) -> AsyncIterator[tuple[PrivateCups, RealPrinter]]:
    """A CUPS with the queue `office` to a real printer."""
    async with real_printer(folder, *formats) as printer, private_cups() as cups:
        await cups.add_queue("office", printer.uri)
        yield cups, printer


async def test_two_copies_come_out_and_nothing_of_the_document_stays(tmp_path: Path) -> None:
    seen: list[list[str]] = []
    async with queue(tmp_path) as (cups, printer), desk(cups.uri("office")) as front:

        async def play(work: AtEngine) -> None:
            seen.append(cups.files_with(CANARY))
            await work.come_out()

        printer.paper.play = play
        assert (await front.print(BILL, copies=2)).verdict is Verdict.DONE
        assert [(each.name, each.copies) for each in printer.paper.out] == [(NAME, 2)]
        assert seen == [["d00001-001"]], "while it prints, CUPS has it"
        await wait_so(lambda: "d00001-001" not in cups.spooled())
        assert cups.files_with(CANARY) == []
        assert CANARY.decode() not in cups.log


async def test_a_job_that_cups_has_printed_is_found_by_its_name_later(tmp_path: Path) -> None:
    async with queue(tmp_path) as (cups, printer), desk(cups.uri("office")) as front:
        await front.print(BILL)
        await cups.kill_and_start()
        assert (await front.printer.follow(NAME)).verdict is Verdict.DONE
        assert printer.paper.names == [NAME]


async def test_queues_are_made_through_the_socket_alone(tmp_path: Path) -> None:
    async with private_cups() as cups:
        command = cups.adding(f"127.0.0.1:{cups.port}", "evil", "socket://127.0.0.1:9100", "raw")
        done = await trio.run_process(command, check=False, capture_stderr=True)
        assert done.returncode == 1
        assert b"evil" not in (cups.folder / "cupsd.conf").read_bytes()
        assert not (cups.folder / "run/printers.conf").exists()


class Killing(IppTalk):
    """Kills CUPS when half of the document is sent, or when its answer is there."""

    def __init__(self, kill: Kill, is_half: bool, uri: str, peer: Peer) -> None:
        super().__init__(uri, peer)
        self._kill, self._is_half = kill, is_half

    async def print(self, ticket: Ticket, document: Document) -> Message:
        assert isinstance(document, bytes)
        if self._is_half:
            return await super().print(ticket, Halves(document, self._kill))
        answer = await super().print(ticket, document)
        await self._kill()
        return answer


class Halves:
    """A document in two pieces, with something done between them."""

    def __init__(self, document: bytes, between: Kill) -> None:
        middle = len(document) // 2
        self._left, self._between = [document[:middle], document[middle:]], between

    def __aiter__(self) -> "Halves":
        return self

    async def __anext__(self) -> bytes:
        if not self._left:
            raise StopAsyncIteration
        if len(self._left) == 1:
            await self._between()
        return self._left.pop(0)


async def test_killed_while_it_reads_a_document_it_prints_none(tmp_path: Path) -> None:
    async with queue(tmp_path) as (cups, printer):
        async with desk(cups.uri("office"), talk=partial(Killing, cups.kill_and_start, True)) as front:
            outcome = await front.print(BILL)
        assert (outcome.verdict, outcome.code) == (Verdict.UNKNOWN, "E-PRINT-NO-ANSWER")
        await goes_on(cups, printer, [])


async def test_killed_right_after_it_has_taken_a_document_it_prints_it_at_most_once_and_that_is_said(
    tmp_path: Path,
) -> None:
    async with queue(tmp_path) as (cups, printer):
        async with desk(cups.uri("office"), talk=partial(Killing, cups.kill_and_start, False)) as front:
            outcome = await front.print(BILL)
        assert (outcome.verdict, outcome.code) == (Verdict.UNKNOWN, "E-PRINT-VANISHED"), outcome.note + cups.log
        assert len(printer.paper.begun) <= 1
        # Where the kill came between CUPS' job and its document, this printer would wait for that for ever.
        await printer.switch_off()
        await printer.switch_on()
        await goes_on(cups, printer, printer.paper.names)


@pytest.mark.parametrize("is_out", [False, True])
async def test_killed_while_the_printer_is_at_it_nothing_comes_out_twice(tmp_path: Path, is_out: bool) -> None:
    async with queue(tmp_path) as (cups, printer), desk(cups.uri("office")) as front:

        async def play(work: AtEngine) -> None:
            if is_out:
                await work.come_out()
            await cups.kill()
            if not is_out:
                await work.come_out()
            await cups.start()

        printer.paper.play = play
        outcome = await front.print(BILL)
        assert (outcome.verdict, outcome.code) == (Verdict.UNKNOWN, "E-PRINT-VANISHED"), outcome.note + cups.log
        await goes_on(cups, printer, [NAME])


async def test_a_job_that_waits_outlives_a_kill_and_the_one_before_it_is_not_printed_again(tmp_path: Path) -> None:
    async with (
        queue(tmp_path) as (cups, printer),
        desk(cups.uri("office")) as front,
        desk(cups.uri("office")) as other,
        trio.open_nursery() as nursery,
    ):
        may_end = trio.Event()

        async def play(work: AtEngine) -> None:
            await may_end.wait()
            await work.come_out()

        printer.paper.play = play
        first = Ended(nursery, front, document=BILL)
        await printer.paper.wait_begun()
        second = Ended(nursery, other, "second", BILL)
        await wait_so(lambda: "c00002" in cups.spooled())
        await cups.kill_and_start()
        may_end.set()
        assert (await second.wait()).verdict is Verdict.DONE
        assert (await first.wait()).verdict is Verdict.UNKNOWN
        assert printer.paper.names == [NAME, "second"]
        await wait_so(lambda: cups.files_with(CANARY) == [])


async def test_with_the_printer_off_the_job_is_cancelled_in_time_and_the_queue_goes_on(tmp_path: Path) -> None:
    async with queue(tmp_path) as (cups, printer):
        await printer.switch_off()
        async with desk(cups.uri("office"), patience=1.5) as front:
            outcome = await front.print(BILL)
        assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-WAITED")
        assert "the printer is offline" in outcome.note
        await printer.switch_on()
        await goes_on(cups, printer, [])


async def test_without_paper_the_words_come_through_the_queue(tmp_path: Path) -> None:
    filled = trio.Event()

    async def play(work: AtEngine) -> None:
        await work.say("STATE: +media-empty-error")
        await filled.wait()
        await work.say("STATE: -media-empty-error")
        await work.come_out()

    async with (
        queue(tmp_path) as (cups, printer),
        desk(cups.uri("office")) as front,
        trio.open_nursery() as nursery,
    ):
        printer.paper.play = play
        ended = Ended(nursery, front)
        await wait_so(
            lambda: front.printer.at_work == "waits: out of paper", lambda: front.printer.at_work + cups.log
        )
        filled.set()
        assert (await ended.wait()).verdict is Verdict.DONE


async def test_a_document_that_the_printer_refuses_is_an_error_though_cups_calls_it_completed(
    tmp_path: Path,
) -> None:
    async with queue(tmp_path) as (cups, printer), desk(cups.uri("office")) as front:
        await printer.switch_off()
        printer.formats = (RASTER,)  # the queue does not know
        await printer.switch_on()
        outcome = await front.print(BILL)
        assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-ABORTED"), cups.log
        assert printer.paper.begun == []


async def test_what_is_called_off_is_cancelled_behind_the_queue_as_well(tmp_path: Path) -> None:
    async with (
        queue(tmp_path) as (cups, printer),
        desk(cups.uri("office")) as front,
        trio.open_nursery() as nursery,
    ):
        printer.paper.play = never
        ended = Ended(nursery, front)
        await printer.paper.wait_begun()
        front.printer.call_off(NAME)
        outcome = await ended.wait()
        assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-WITHDRAWN")
        await printer.wait_heard("Cancel-Job")


@pytest.mark.needs("/usr/lib/cups/filter/gstoraster", "/usr/lib/cups/filter/rastertopwg")
async def test_a_queue_to_a_printer_of_raster_alone_prints_each_copy_once(tmp_path: Path) -> None:
    async with queue(tmp_path, RASTER) as (cups, printer), desk(cups.uri("office")) as front:
        assert (await front.print(BILL)).verdict is Verdict.DONE
        assert [(each.name, each.format) for each in printer.paper.out] == [(NAME, RASTER)]


async def goes_on(cups: PrivateCups, printer: RealPrinter, before: list[str]) -> None:
    """What came out is what came out before, and then the next document; nothing else stays or follows."""

    async def play(work: AtEngine) -> None:
        await work.come_out()

    printer.paper.play = play
    async with desk(cups.uri("office")) as next_desk:
        assert (await next_desk.print(BILL, name="next")).verdict is Verdict.DONE
    assert printer.paper.names == [*before, "next"]
    await wait_so(lambda: not any(name.startswith("d") for name in cups.spooled()))
    assert cups.files_with(CANARY) == []
