"""The desk and its printers, with a hotel of memory: the test page, the list, the search."""

import pytest
import trio
import trio.testing

from agent.commands.driver import PdfGoes, PrinterNow
from agent.commands.lifecycle import State
from agent.commands.model import Kind, Outcome, Verdict, WaitsFor
from agent.commands.record import Record
from agent.control.errands.printer_list import COLUMNS, in_words
from agent.control.errands.printer_list import formats as in_short
from agent.control.errands.printer_search import nothing
from agent.control.words.told import End, Line, Result, Table
from agent.drivers.printing.documents.kinds import Document, document
from agent.drivers.printing.ipp.notes import PrintCode, ended
from agent.drivers.printing.nearby.found import Look, Service
from agent.foundation.errors import CallFailed, NotSent, UserMistake
from tests.control.fake_hotel import PRINTER, FakePage
from tests.control.test_desk import BY, Bench
from tests.fake_drivers import FakePrinter


class ToldPrinter(FakePrinter):
    """A printer that says how it is, or fails to, after `seconds`."""

    def __init__(self, name: str, said: PrinterNow | CallFailed, seconds: float = 0.0) -> None:
        super().__init__(name, 0.2)
        self._said, self._seconds = said, seconds
        self.last_answer = None if isinstance(said, CallFailed) else 0.0
        self.doing = ""

    @property
    def at_work(self) -> str:
        return self.doing

    async def ask_how_it_is(self) -> PrinterNow:
        await trio.sleep(self._seconds)
        if isinstance(self._said, CallFailed):
            raise self._said
        return self._said


@pytest.fixture
def bench() -> Bench:
    return Bench()


def page(bench: Bench) -> FakePage:
    assert bench.hotel.page is not None
    return bench.hotel.page


# -- print test ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["print test office", "print OFFICE"])
async def test_a_page_is_printed_and_its_end_is_the_printers(bench: Bench, words: str) -> None:
    bench.hotel.waiting = WaitsFor.TURN
    async with bench.asking(*words.split()):
        ordered = page(bench).page
        page(bench).dispatch(1)
        page(bench).finish()
    assert bench.told == [Line("Waits for its turn.")]
    assert bench.result == Result(End.DONE, "The printer says that the page is printed.")
    assert isinstance(document("application/pdf", ordered.document), Document)
    assert (ordered.lane, ordered.by, ordered.id[:5]) == (PRINTER, "root", "desk-")
    assert "PDF" not in repr(ordered)
    act = bench.rows.last
    assert (act.verb, act.words, act.end, act.order_id) == (words.rpartition(" ")[0], words, "done", ordered.id)


@pytest.mark.parametrize(
    ("outcome", "end"),
    [
        (ended(PrintCode.SENT), End.DONE),
        (ended(PrintCode.UNREACHABLE, "it refused the connection"), End.FAILED),
        (ended(PrintCode.NO_ANSWER), End.PERHAPS),
    ],
)
async def test_a_page_ends_with_the_note_of_its_order(bench: Bench, outcome: Outcome, end: End) -> None:
    async with bench.asking("print", "Office"):
        page(bench).dispatch(1)
        page(bench).finish(outcome)
    assert bench.result == Result(end, outcome.note)


async def test_what_the_printer_does_is_told_as_it_changes(bench: Bench, autojump_clock: object) -> None:
    printer = ToldPrinter("Office", PrinterNow("idle"))
    bench.hotel.printers = (printer,)
    async with bench.asking("print", "Office"):
        page(bench).dispatch(1)
        for doing in ("", "gets a document", "gets a document", "waits: out of paper", "prints page 1 of 1"):
            printer.doing = doing
            await trio.sleep(1)
        page(bench).finish()
    assert bench.lines == [
        "Office: gets a document.",
        "Office: waits: out of paper.",
        "Office: prints page 1 of 1.",
    ]


async def test_a_page_that_is_broken_off_while_it_waits_is_not_printed(bench: Bench) -> None:
    async with bench.asking("print", "Office"):
        bench.doing.break_off()
    assert bench.result is not None
    assert (bench.result.end, "nothing was printed" in bench.result.text) == (End.FAILED, True)
    assert bench.hotel.left == [page(bench).record.id]


async def test_a_page_that_is_broken_off_at_the_printer_is_perhaps_printed(bench: Bench) -> None:
    bench.hotel.is_being_made = True
    async with bench.asking("print", "Office"):
        page(bench).dispatch(1)
        bench.doing.break_off()
    assert bench.result is not None
    assert (bench.result.end, bench.result.text.startswith("The printer was asked already")) == (End.PERHAPS, True)
    assert bench.hotel.left == [page(bench).record.id]


async def test_a_page_that_is_broken_off_at_its_very_end_ended(bench: Bench) -> None:
    async with bench.asking("print", "Office"):
        page(bench).dispatch(1)
        page(bench).change(page(bench).record.end(Outcome(Verdict.DONE), 2))
        bench.doing.break_off()
    assert bench.result == Result(End.DONE, "The printer says that the page is printed.")
    assert bench.hotel.left == []


async def test_a_page_that_is_broken_off_before_it_was_ordered_is_none(bench: Bench) -> None:
    bench.rows.can_keep = trio.Event()
    async with bench.asking("print", "Office"):
        bench.doing.break_off()
    assert bench.result is not None
    assert (bench.result.end, bench.hotel.page) == (End.FAILED, None)


async def test_a_page_that_is_taken_back_is_not_printed(bench: Bench) -> None:
    async with bench.asking("print", "Office"):
        page(bench).change(page(bench).record.withdraw(3))
    assert bench.result is not None
    assert (bench.result.end, "nothing was printed" in bench.result.text) == (End.FAILED, True)


async def test_a_printer_that_the_file_lost_meanwhile_is_said(bench: Bench) -> None:
    asked = bench.desk.read(["print", "Office"])
    bench.hotel.lanes = ()
    bench.result = await bench.desk.carry_out(asked, BY, bench.doing, bench.told.append)
    assert bench.result == Result(End.FAILED, "printer:Office is not in the provisioning file any more.")


async def test_a_wrong_name_is_answered_with_the_right_ones(bench: Bench) -> None:
    with pytest.raises(UserMistake, match=r"^There is no printer “Ofice”: write Office\.$"):
        await bench.ask("print", "Ofice")
    assert bench.rows.acts == {}


# -- print status -------------------------------------------------------------------------------------------------

LASER = PrinterNow(
    "idle",
    model="Laser 1000",
    formats=("application/octet-stream", "application/pdf", "image/pwg-raster", "image/x-new"),
    pdf=PdfGoes.AS_IT_IS,
    copies=99,
)


async def test_each_printer_has_a_row_and_all_are_asked_at_once(bench: Bench, autojump_clock: object) -> None:
    office = ToldPrinter("Office", LASER, seconds=10.0)
    bar = ToldPrinter("Bar", NotSent("it refused the connection"), seconds=10.0)
    label = ToldPrinter("Label", PrinterNow("takes connections; more it never tells"), seconds=10.0)
    label.last_answer = trio.current_time()
    office.last_answer = trio.current_time() + 10
    office.doing = "prints page 2 of 5"
    bench.hotel.printers = (office, bar, label)
    bench.hotel.orders = [
        Record(id, "Mews", Kind.PRINT, "printer:Office", "", 1, state=state)
        for id, state in (("a", State.DISPATCHED), ("b", State.CLAIMED), ("c", State.WAITING))
    ]
    began = trio.current_time()
    result = await bench.ask("print", "status")
    assert trio.current_time() - began == 10
    [table] = bench.told
    assert table == Table(
        COLUMNS,
        (
            (
                *("Office", "as it is", "99", "PDF, PWG, image/x-new", "prints page 2 of 5, 2 wait"),
                *("0 seconds ago", "Laser 1000: idle"),
            ),
            ("Bar", "", "", "", "", "never", "does not answer: it refused the connection"),
            (
                *("Label", "as it is, unasked", "", "", "", "10 seconds ago"),
                "takes connections; more it never tells",
            ),
        ),
    )
    assert result == Result(End.FAILED, "1 of 3 printers did not answer: Bar.")
    assert bench.rows.acts == {}  # looking is no act


async def test_where_all_answer_it_is_well(bench: Bench) -> None:
    bench.hotel.printers = (ToldPrinter("Office", LASER),)
    assert await bench.ask("print", "status") == Result(End.DONE, "1 printer.")


async def test_a_file_without_printers_is_said(bench: Bench) -> None:
    result = await bench.ask("print", "status")
    assert (result.end, "nightporter print find" in result.text, bench.told) == (End.FAILED, True, [])


async def test_a_look_that_is_broken_off_has_changed_nothing(bench: Bench) -> None:
    bench.hotel.printers = (ToldPrinter("Office", LASER, seconds=10.0),)
    async with bench.asking("print", "status"):
        bench.doing.break_off()
    assert bench.result == Result(End.FAILED, "Nothing was changed.")


@pytest.mark.parametrize(
    ("states", "doing", "words"),
    [
        ((), "", ""),
        ((), "is asked what became of a document", ""),
        ((State.DISPATCHED,), "", "at work"),
        ((State.WAITING,), "", "1 wait"),
        ((State.DONE, State.UNKNOWN), "", ""),  # on its way to Mews
    ],
)
def test_orders_are_counted_by_what_they_do(states: tuple[State, ...], doing: str, words: str) -> None:
    orders = [Record("a", "Mews", Kind.PRINT, "printer:Office", "", 1, state=state) for state in states]
    assert in_words(orders, doing) == words


def test_formats_are_short_and_what_is_no_promise_is_left_out() -> None:
    assert in_short(("application/octet-stream", "image/urf", "a/b")) == "URF, a/b"


# -- print find ---------------------------------------------------------------------------------------------------

TEXTS = (b"rp=ipp/print", b"ty=Laser 1000", b"pdl=application/pdf")
FOUND = Service("Laser", "_ipp._tcp", "laser.local", 631, ("10.4.5.30",), TEXTS)
OTHER = Service("Other", "_ipp._tcp", "other.local", 631, ("10.4.5.31",), TEXTS)


async def test_what_is_found_is_a_table_and_lines_for_what_is_new(bench: Bench) -> None:
    bench.hotel.look = Look((FOUND, OTHER), ("eth0 (10.4.5.20)",))
    result = await bench.ask("print", "find")
    _, table, *lines = bench.told
    assert table == Table(
        ("PRINTER", "MODEL", "PDF", "ADDRESS", "IN THE FILE"),
        (
            ("Laser", "Laser 1000", "yes", "ipp://10.4.5.30/ipp/print", "Office"),
            ("Other", "Laser 1000", "yes", "ipp://10.4.5.31/ipp/print", ""),
        ),
    )
    assert [line.text for line in lines if isinstance(line, Line)][2:] == [
        "# Laser 1000",
        "[[printers]]",
        'name = "Other"',
        'uri = "ipp://10.4.5.31/ipp/print"',
    ]
    assert result == Result(End.DONE, "2 printers, 1 of them in the file already.")
    assert bench.rows.acts == {}


async def test_where_all_are_in_the_file_there_are_no_lines(bench: Bench) -> None:
    bench.hotel.look = Look((FOUND,), ("eth0 (10.4.5.20)",))
    assert (await bench.ask("print", "find")).text == "1 printer, 1 of them in the file already."
    assert len(bench.told) == 2


async def test_where_none_is_in_the_file_nothing_is_said_of_it(bench: Bench) -> None:
    bench.hotel.file_printers = ()
    bench.hotel.look = Look((Service("Odd", "_ipp._tcp", "odd.local", 631, (), ()),), ("eth0 (10.4.5.20)",))
    assert (await bench.ask("print", "find")).text == "1 printer."
    table = bench.told[1]
    assert isinstance(table, Table)
    assert table.rows == (("Odd", "", "not told", "none", ""),)


async def test_nothing_found_says_what_was_asked_and_what_to_do(bench: Bench) -> None:
    bench.hotel.look = Look((), ("eth0 (10.4.5.20)", "eth1 (10.9.0.1)"), "mDNS", 4.0)
    result = await bench.ask("print", "find")
    assert result.end is End.FAILED
    for words in (
        "_ipp._tcp and _ipps._tcp",
        "by mDNS at eth0 (10.4.5.20), eth1 (10.9.0.1)",
        "4 seconds",
        "ipp://ADDRESS/ipp/print",
    ):
        assert words in result.text


def test_a_box_without_a_network_says_that() -> None:
    assert nothing(Look()).startswith("The box has no network to ask in")


async def test_a_search_that_is_broken_off_has_changed_nothing(bench: Bench) -> None:
    bench.hotel.looking = trio.Event()
    async with bench.asking("print", "find"):
        bench.doing.break_off()
    assert bench.result == Result(End.FAILED, "The search was broken off; it has changed nothing.")
