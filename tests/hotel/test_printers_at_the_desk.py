"""The desk and a simulated printer, through the whole agent in virtual time, and without one."""

import os
import signal
from pathlib import Path

import pypdfium2
import pytest
import trio

from agent.commands.lifecycle import State
from agent.commands.model import Kind, Verdict
from agent.control.desk import Doing
from agent.control.words.told import End, Line, Progress, Result, Table
from agent.hotel import own_desk
from agent.journal import state_folder
from agent.journal.journal import Journal
from agent.simulators.printer.switches import PrinterSwitches
from tests.hotel.print_house import PrintHouse
from tests.hotel.test_desk_hotel import at_desk
from tests.whole_hotel import run_at_once

HOP = "printer:Front Office"


@pytest.fixture
def hotel(tmp_path: Path) -> PrintHouse:
    return PrintHouse(tmp_path)


def text_of(document: bytes | None) -> str:
    assert document is not None
    words: str = pypdfium2.PdfDocument(document)[0].get_textpage().get_text_bounded()
    return words


async def test_a_test_page_comes_out_once_with_what_it_has_to_say(
    hotel: PrintHouse, autojump_clock: object
) -> None:
    async with at_desk(hotel) as desk:
        result = await desk.ask("print", "test", "front office")
        (act,) = desk.app.recent_acts()
    assert result == Result(End.DONE, "The printer says that the page is printed.")
    [printed] = hotel.printer.tray
    assert (printed.job_name, printed.whole_copies, printed.format) == (act.order_id, 1, "application/pdf")
    words = text_of(printed.document)
    assert ("aurora-desk" in words, "Europe/Vienna" in words, "ipp://10.4.5.30/ipp/print" in words) == (
        *(True, True),
        True,
    )
    assert (act.verb, act.words, act.end) == ("print test", "print test front office", "done")
    record = desk.app.orders.record(act.order_id)
    assert record is not None
    assert (record.kind, record.target, record.verdict, record.origin) == (Kind.PRINT, HOP, Verdict.DONE, "desk")
    assert not any("print" in call.lower() for call in hotel.mews.calls)


async def test_a_printer_of_bytes_gets_the_same_page_and_nothing_is_confirmed(
    hotel: PrintHouse, autojump_clock: object
) -> None:
    async with at_desk(hotel) as desk:
        result = await desk.ask("print", "Label")
    assert (result.end, result.text.startswith("Sent, not confirmed: ")) == (End.DONE, True)
    [printed] = hotel.printer.tray
    assert "socket://10.4.5.30:9100" in text_of(printed.document)


async def test_a_printer_of_raster_alone_gets_the_page_drawn(tmp_path: Path, autojump_clock: object) -> None:
    hotel = PrintHouse(tmp_path, PrinterSwitches(formats=("image/pwg-raster",)))
    async with at_desk(hotel) as desk:
        assert (await desk.ask("print", "Front Office")).end is End.DONE
    assert [copies for _, copies in hotel.drawn.asked] == [1]


async def test_paper_that_is_out_is_told_and_a_page_that_is_broken_off_is_cancelled_at_the_printer(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = PrintHouse(tmp_path, PrinterSwitches(sheets=0))
    async with at_desk(hotel) as desk:
        doing = Doing()
        async with trio.open_nursery() as nursery:

            async def break_off() -> None:
                while "Front Office: waits: out of paper." not in desk.lines:  # noqa: ASYNC110 - a list cannot call
                    await trio.sleep(0.5)
                doing.break_off()

            nursery.start_soon(break_off)
            result = await desk.ask("print", "Front Office", doing=doing)
        assert (result.end, "is told to cancel the page" in result.text) == (End.PERHAPS, True)
        (act,) = desk.app.recent_acts()
        await trio.sleep(60)
        record = desk.app.orders.record(act.order_id)
        hotel.printer.engine.fill(10)
        await trio.sleep(60)
    assert record is not None
    assert (record.verdict, record.code) == (Verdict.FAILED, "E-PRINT-WITHDRAWN")
    assert "Mews" not in record.note
    assert [printed.whole_copies for printed in hotel.printer.tray] in ([], [0])


async def test_a_page_that_waits_behind_a_pause_is_taken_back(hotel: PrintHouse, autojump_clock: object) -> None:
    async with at_desk(hotel) as desk:
        await desk.ask("pause", "Front Office")
        doing = Doing()
        async with trio.open_nursery() as nursery:

            async def break_off() -> None:
                await trio.sleep(5)
                doing.break_off()

            nursery.start_soon(break_off)
            result = await desk.ask("print", "Front Office", doing=doing)
    assert (result.end, "nothing was printed" in result.text) == (End.FAILED, True)
    assert desk.lines == ["Waits for someone to let it go on: it was paused by hand."]
    assert len(hotel.printer.tray) == 0


async def test_a_printer_that_is_off_ends_the_page_in_words(hotel: PrintHouse, autojump_clock: object) -> None:
    hotel.printer.power_off()
    async with at_desk(hotel) as desk:
        result = await desk.ask("print", "Front Office")
    assert (result.end, result.text.startswith("Not printed: the printer cannot be reached")) == (
        End.FAILED,
        True,
    )
    assert any(line.startswith("Front Office: waits: ") for line in desk.lines)


async def test_the_list_asks_now_and_shows_each_printer(hotel: PrintHouse, autojump_clock: object) -> None:
    async with at_desk(hotel) as desk:
        good = await desk.ask("print", "status")
        hotel.printer.power_off()
        bad = await desk.ask("print", "status")
        assert desk.app.recent_acts() == ()
    assert (good, bad.end) == (Result(End.DONE, "2 printers."), End.FAILED)
    first, second = (told for told in desk.told if isinstance(told, Table))
    name, pdf, copies, formats, orders, answered, state = first.rows[0]
    assert (name, pdf, copies, orders, answered) == ("Front Office", "as it is", "99", "", "0 seconds ago")
    assert ("PDF, JPEG, PWG" in formats, state.endswith(": idle")) == (True, True)
    assert first.rows[1][-1] == "takes connections; more it never tells"
    assert [row[-1] for row in second.rows] == ["does not answer: it refused the connection"] * 2


async def test_a_printer_behind_its_way_is_tested_by_what_it_says(
    hotel: PrintHouse, autojump_clock: object
) -> None:
    async with at_desk(hotel) as desk:
        names = desk.app.desk.names() if desk.app.desk else None
    assert names is not None
    assert {HOP, "printer:Label"} <= {named.id for named in names.hops}


# -- without an agent ---------------------------------------------------------------------------------------------


class OwnDesk:
    """Verbs without an agent; Ctrl-C comes as a line is shown."""

    def __init__(self, hotel: PrintHouse) -> None:
        self._hotel = hotel
        self.told: list[Progress] = []
        self.interrupts_at = ""

    async def ask(self, *words: str) -> Result:
        with trio.fail_after(600):
            return await own_desk.ask(
                *(self._hotel.config, self._hotel.state, list(words), self._show, self._hotel.wires, run_at_once)
            )

    def _show(self, told: Progress) -> bool:
        self.told.append(told)
        if isinstance(told, Line) and told.text == self.interrupts_at:
            os.kill(os.getpid(), signal.SIGINT)
        return True

    @property
    def lines(self) -> list[str]:
        return [told.text for told in self.told if isinstance(told, Line)]


async def test_without_an_agent_a_page_is_printed_by_the_same_pass(
    hotel: PrintHouse, autojump_clock: object
) -> None:
    desk = OwnDesk(hotel)
    assert (await desk.ask("print", "front office")).end is End.DONE
    kept = await Journal(hotel.state / state_folder.JOURNAL, run_sync=run_at_once).open()
    assert [(record.kind, record.state, record.verdict) for record in kept.records] == [
        (Kind.PRINT, State.REPORTED, Verdict.DONE)
    ]
    assert [(act.words, act.end) for act in kept.acts] == [("print front office", "done")]
    assert (len(hotel.printer.tray), hotel.mews.calls) == (1, {})
    assert (await desk.ask("print", "status")).end is End.DONE
    mistake = await desk.ask("print", "back office")
    assert mistake == Result(End.MISTAKE, 'There is no printer “back office”: write "Front Office" or Label.')


async def test_without_an_agent_ctrl_c_waits_for_the_page_and_tells_its_end(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = PrintHouse(tmp_path, PrinterSwitches(sheets=0))
    desk = OwnDesk(hotel)
    desk.interrupts_at = "Front Office: waits: out of paper."
    result = await desk.ask("print", "Front Office")
    assert (result.end, "is told to cancel" in result.text) == (End.PERHAPS, True)
    assert desk.lines[-2] == own_desk._PAGE_WAITS
    assert desk.lines[-1].startswith("It has ended since: Not printed: the order was closed")


async def test_without_an_agent_a_second_ctrl_c_leaves_the_page_to_the_next_agent(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = PrintHouse(tmp_path, PrinterSwitches(page_seconds=300.0))
    desk = OwnDesk(hotel)

    async def interrupt() -> None:
        while not any("prints page" in line for line in desk.lines):  # noqa: ASYNC110 - a list cannot call
            await trio.sleep(0.5)
        desk.interrupts_at = own_desk._PAGE_WAITS
        os.kill(os.getpid(), signal.SIGINT)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(interrupt)
        result = await desk.ask("print", "Front Office")
    assert (result.end, desk.lines[-1]) == (End.PERHAPS, own_desk._PAGE_WAITS)
    kept = await Journal(hotel.state / state_folder.JOURNAL, run_sync=run_at_once).open()
    assert [record.state for record in kept.records] == [State.DISPATCHED]
    async with hotel.agent() as app:
        await trio.sleep(400)
        ended = app.orders.record(kept.records[0].id)
    assert ended is not None
    assert (ended.state, ended.verdict) == (State.REPORTED, Verdict.DONE)
    assert len(hotel.printer.tray) == 1
