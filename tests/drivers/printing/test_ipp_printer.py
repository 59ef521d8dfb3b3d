"""The driver of an IPP printer against the simulated one: what comes out, and what is said of it."""

import pytest
import trio

from agent.commands.model import Verdict
from agent.drivers.printing.ipp_printer import AWAY_SECONDS, LOOK_SECONDS
from agent.drivers.printing.raster.page.refusals import Refusal
from agent.drivers.printing.raster.rasteriser import RasterFailed
from agent.simulators.printer.switches import BadFormat, PowerOff, PrinterSwitches
from tests.drivers.printing.bench import JPEG, PDF, Bench

RASTER_ONLY = PrinterSwitches(formats=("image/pwg-raster",))


async def test_a_document_is_printed_once_and_its_end_is_the_printers(autojump_clock: object) -> None:
    bench = Bench()
    began = trio.current_time()
    assert (await bench.print()).verdict is Verdict.DONE
    assert (bench.counts, trio.current_time() - began < 3) == ({"c-1": 1}, True)
    assert bench.drawn.asked == []


async def test_copies_are_the_printers_where_it_makes_them(autojump_clock: object) -> None:
    bench = Bench()
    assert (await bench.print(copies=3)).verdict is Verdict.DONE
    assert bench.counts == {"c-1": 3}


@pytest.mark.parametrize(("data", "file_type"), [(PDF, "application/pdf"), (JPEG, "image/jpeg")])
async def test_a_printer_of_raster_alone_gets_raster(autojump_clock: object, data: bytes, file_type: str) -> None:
    bench = Bench(RASTER_ONLY)
    assert (await bench.print(data, file_type)).verdict is Verdict.DONE
    assert [copies for _, copies in bench.drawn.asked] == [1]
    assert bench.counts == {"c-1": 1}


async def test_a_wrong_type_is_refused_before_the_printer_hears_of_it(autojump_clock: object) -> None:
    bench = Bench()
    outcome = await bench.print(PDF, "image/png")
    assert (outcome.verdict, outcome.code, bench.printer.calls) == (Verdict.FAILED, "E-PRINT-FILE-TYPE", {})


async def test_a_printer_without_paper_waits_for_a_person_and_says_so(autojump_clock: object) -> None:
    bench = Bench(PrinterSwitches(sheets=0))
    async with trio.open_nursery() as nursery:
        outcomes = []
        nursery.start_soon(bench.driver.watch)

        async def print_() -> None:
            outcomes.append(await bench.print())

        nursery.start_soon(print_)
        await trio.sleep(60)
        assert bench.driver.at_work == "waits: out of paper"
        assert bench.codes == ["E-PRINTER-STOPPED"]
        bench.printer.engine.fill(10)
        await trio.sleep(10)
        nursery.cancel_scope.cancel()
    assert [outcome.verdict for outcome in outcomes] == [Verdict.DONE]
    assert (bench.counts, bench.codes) == ({"c-1": 1}, [])


async def test_a_printer_that_no_one_looks_after_loses_the_job(autojump_clock: object) -> None:
    bench = Bench(PrinterSwitches(sheets=0))
    outcome = await bench.print()
    assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-WAITED")
    assert "out of paper" in outcome.note
    bench.printer.engine.fill(10)
    await trio.sleep(60)
    assert bench.counts == {}


async def test_a_job_that_is_cancelled_at_the_panel_is_an_error(autojump_clock: object) -> None:
    bench = Bench(PrinterSwitches(page_seconds=20.0))
    async with trio.open_nursery() as nursery:

        async def press() -> None:
            await trio.sleep(5)
            bench.printer.press_cancel()

        nursery.start_soon(press)
        outcome = await bench.print()
    assert (outcome.verdict, outcome.code, bench.counts) == (Verdict.FAILED, "E-PRINT-PANEL", {})


async def test_what_is_called_off_is_cancelled_at_the_printer(autojump_clock: object) -> None:
    bench = Bench(PrinterSwitches(page_seconds=100.0))
    async with trio.open_nursery() as nursery:

        async def call_off() -> None:
            await trio.sleep(5)
            bench.driver.call_off("c-1")

        nursery.start_soon(call_off)
        outcome = await bench.print()
    assert (outcome.code, bench.counts) == ("E-PRINT-WITHDRAWN", {})
    assert bench.driver.at_work == ""


async def test_a_printer_that_is_away_is_waited_for(autojump_clock: object) -> None:
    bench = Bench()
    async with trio.open_nursery() as nursery:
        bench.printer.power_off()

        async def come_back() -> None:
            await trio.sleep(120)
            assert bench.driver.at_work.startswith("waits: the printer cannot be reached")
            bench.printer.power_on()

        nursery.start_soon(come_back)
        outcome = await bench.print()
    assert (outcome.verdict, bench.counts) == (Verdict.DONE, {"c-1": 1})


async def test_a_printer_that_stays_away_was_sent_nothing(autojump_clock: object) -> None:
    bench = Bench()
    bench.printer.power_off()
    outcome = await bench.print()
    assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-UNREACHABLE")
    assert trio.current_time() < 700


@pytest.mark.parametrize("kind", ["drop", "reset", "500", "hang", "garbage"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_lost_answer_prints_nothing_twice(autojump_clock: object, kind: str, when: str) -> None:
    bench = Bench()
    bench.printer.fail(kind, "print-job", calls=1, when=when)
    with trio.move_on_after(5000):
        outcome = await bench.print()
    assert bench.counts.get("c-1", 0) <= 1
    assert bench.printer.calls["print-job"] <= 1 or bench.counts == {"c-1": 1}
    if when == "after":
        assert (outcome.verdict, bench.counts) == (Verdict.DONE, {"c-1": 1})
    else:
        assert outcome.verdict is Verdict.UNKNOWN or bench.counts == {"c-1": 1}


@pytest.mark.parametrize("how", PowerOff)
async def test_a_printer_that_is_switched_off_in_the_middle(autojump_clock: object, how: PowerOff) -> None:
    bench = Bench(PrinterSwitches(page_seconds=30.0, power_off=how))
    async with trio.open_nursery() as nursery:

        async def pull_the_plug() -> None:
            await trio.sleep(10)
            bench.printer.power_off()
            await trio.sleep(60)
            bench.printer.power_on()

        nursery.start_soon(pull_the_plug)
        outcome = await bench.print()
    assert bench.counts.get("c-1", 0) <= 1
    if how is PowerOff.FINISHED:
        assert (outcome.verdict, bench.counts) == (Verdict.DONE, {"c-1": 1})
    else:
        assert outcome.verdict is Verdict.UNKNOWN


async def test_a_printer_that_restarted_between_two_looks_is_not_said_to_have_printed(
    autojump_clock: object,
) -> None:
    bench = Bench(PrinterSwitches(page_seconds=60.0, power_off=PowerOff.LOST))
    async with trio.open_nursery() as nursery:

        async def flicker() -> None:
            await trio.sleep(20)
            with bench.off():
                pass

        nursery.start_soon(flicker)
        outcome = await bench.print()
    assert (outcome.verdict, outcome.code) == (Verdict.UNKNOWN, "E-PRINT-VANISHED")
    assert "it was away or was restarted meanwhile" in outcome.note


async def test_a_strangers_job_of_the_same_number_is_neither_followed_nor_cancelled(
    autojump_clock: object,
) -> None:
    bench, stranger = Bench(PrinterSwitches(page_seconds=20.0, power_off=PowerOff.LOST)), Bench()
    stranger.line.server = bench.printer
    async with trio.open_nursery() as nursery:

        async def flicker() -> None:
            await trio.sleep(9)
            with bench.off():
                pass
            nursery.start_soon(stranger.print, PDF, "application/pdf", 1, "of-another")
            await trio.sleep(0.1)
            bench.driver.call_off("c-1")

        nursery.start_soon(flicker)
        outcome = await bench.print()
    assert outcome.verdict is Verdict.UNKNOWN
    assert bench.counts == {"of-another": 1}


async def test_a_busy_printer_is_waited_for(autojump_clock: object) -> None:
    bench = Bench(PrinterSwitches(page_seconds=5.0))
    other = Bench()
    other.line.server = bench.printer
    async with trio.open_nursery() as nursery:
        nursery.start_soon(other.print, PDF, "application/pdf", 5, "of-another")
        await trio.sleep(1)
        assert (await bench.print()).verdict is Verdict.DONE
    assert bench.counts == {"of-another": 5, "c-1": 1}


async def test_after_a_restart_the_job_is_found_and_followed(autojump_clock: object) -> None:
    bench = Bench(PrinterSwitches(page_seconds=30.0))
    with trio.move_on_after(10):
        await bench.print()
    assert (await bench.new_driver().follow("c-1")).verdict is Verdict.DONE
    assert (bench.counts, bench.printer.calls["print-job"]) == ({"c-1": 1}, 1)


async def test_after_a_restart_a_job_that_is_not_there_was_perhaps_printed(autojump_clock: object) -> None:
    bench = Bench()
    assert (await bench.driver.follow("c-1")).code == "E-PRINT-NO-ANSWER"


async def test_an_old_printer_is_spoken_to_in_ipp_1_1_and_that_is_remembered(autojump_clock: object) -> None:
    bench = Bench(PrinterSwitches(versions=("1.1",)))
    assert (await bench.print()).verdict is Verdict.DONE
    before = sum(bench.printer.calls.values())
    assert (await bench.print(name="c-2")).verdict is Verdict.DONE
    assert (bench.counts, sum(bench.printer.calls.values()) - before <= before) == ({"c-1": 1, "c-2": 1}, True)


async def test_what_cannot_be_drawn_is_refused_before_anything_is_sent(autojump_clock: object) -> None:
    bench = Bench(RASTER_ONLY)
    bench.drawn.before = RasterFailed(Refusal.ENCRYPTED)
    outcome = await bench.print()
    assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-ENCRYPTED")
    assert "print-job" not in bench.printer.calls


async def test_what_breaks_off_while_it_is_drawn_is_ended_at_the_printer(autojump_clock: object) -> None:
    bench = Bench(RASTER_ONLY)
    bench.drawn.amid = RasterFailed(Refusal.MEMORY)
    outcome = await bench.print()
    assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-BROKEN-OFF")
    assert bench.counts == {}


@pytest.mark.parametrize(
    ("status", "code"), [("401", "E-PRINT-LOG-IN"), ("404", "E-PRINT-NO-QUEUE"), ("redirect", "E-PRINT-ADDRESS")]
)
async def test_what_is_no_printer_is_told_by_its_answer(autojump_clock: object, status: str, code: str) -> None:
    bench = Bench()
    bench.printer.fail(status, "get-printer-attributes")
    outcome = await bench.print()
    assert (outcome.verdict, outcome.code) == (Verdict.FAILED, code)


async def test_the_page_knows_of_a_printer_before_anyone_prints(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    bench = Bench()
    bench.printer.engine.say(("cover-open-error",), is_stopping=True)
    nursery.start_soon(bench.driver.watch)
    await trio.sleep(1)
    assert (bench.codes, bench.driver.last_answer is not None) == (["E-PRINTER-STOPPED"], True)
    bench.printer.power_off()
    await trio.sleep(120)
    assert bench.codes == ["E-PRINTER-UNREACHABLE"]
    bench.printer.power_on()
    bench.printer.engine.say(())
    await trio.sleep(120)
    assert bench.codes == []


@pytest.mark.parametrize("status", BadFormat)
async def test_a_type_that_is_listed_and_refused_goes_as_raster(autojump_clock: object, status: BadFormat) -> None:
    formats = ("application/pdf", "image/pwg-raster")
    switches = PrinterSwitches(formats=formats, refused_formats=formats[:1], bad_format=status)
    bench = Bench(switches)
    assert (await bench.print(copies=2)).verdict is Verdict.DONE
    assert (bench.counts, bench.printer.calls["print-job"]) == ({"c-1": 2}, 2)
    assert [copies for _, copies in bench.drawn.asked] == [1]


@pytest.mark.parametrize("status", BadFormat)
@pytest.mark.parametrize("raster", [(), ("image/pwg-raster",)])
async def test_a_type_that_is_refused_and_has_no_other_way_is_an_error(
    autojump_clock: object, status: BadFormat, raster: tuple[str, ...]
) -> None:
    formats = ("application/pdf", *raster)
    bench = Bench(PrinterSwitches(formats=formats, refused_formats=formats, bad_format=status))
    outcome = await bench.print()
    assert (outcome.verdict, bench.counts, bench.printer.calls["print-job"]) == (Verdict.FAILED, {}, len(formats))
    assert outcome.code in ("E-PRINT-FORMAT", "E-PRINT-REFUSED")


async def test_a_type_that_is_refused_though_it_was_taken_is_not_sent_as_raster_too(
    autojump_clock: object,
) -> None:
    bench = Bench(PrinterSwitches(queue=9))
    no = b"\x02\x00\x04\x0a\x00\x00\x00\x01\x03"  # 040a, and not a word more
    bench.printer.error_body = no
    bench.printer.fail("error-200", "print-job", calls=1, when="after")
    assert (await bench.print()).verdict is Verdict.DONE
    assert (bench.counts, bench.drawn.asked) == ({"c-1": 1}, [])


async def test_a_printer_that_goes_is_away_within_three_seconds_and_is_asked_no_more_often_while_it_is_there(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    bench = Bench()
    nursery.start_soon(bench.knocked_driver().watch)
    await trio.sleep(5 * LOOK_SECONDS + 7.3)
    assert bench.printer.calls["get-printer-attributes"] == 6
    with bench.off():
        await trio.sleep(3.0)
        assert bench.codes == ["E-PRINTER-UNREACHABLE"]
    await trio.sleep(3.0)
    assert bench.codes == []


async def test_a_printer_that_warns_is_asked_often_while_that_is_new_and_then_as_usual(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    bench = Bench()
    bench.printer.engine.say(("toner-low-warning",))
    nursery.start_soon(bench.driver.watch)
    await trio.sleep(60.0)
    assert bench.printer.calls["get-printer-attributes"] >= 29
    await trio.sleep(600.0)
    before = bench.printer.calls["get-printer-attributes"]
    await trio.sleep(600.0)
    assert bench.printer.calls["get-printer-attributes"] - before <= 11


async def test_no_one_knocks_at_a_printer_that_prints(autojump_clock: object, nursery: trio.Nursery) -> None:
    bench = Bench(PrinterSwitches(page_seconds=30.0))
    driver = bench.knocked_driver()
    nursery.start_soon(driver.watch)
    await trio.sleep(1.0)
    knocks = bench.knocks
    assert (await bench.print(driver=driver)).verdict is Verdict.DONE
    assert bench.knocks == knocks


def next_try(bench: Bench) -> float | None:
    return bench.driver.next_try


async def test_the_next_look_is_told_while_a_printer_is_away_and_at_no_other_time(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    bench = Bench()
    nursery.start_soon(bench.driver.watch)
    await trio.sleep(1)
    assert next_try(bench) is None
    with bench.off():
        await trio.sleep(LOOK_SECONDS)  # the look is a second ago
        due = next_try(bench)
        assert due is not None
        assert 0 < due - trio.current_time() <= AWAY_SECONDS
    await trio.sleep(AWAY_SECONDS + 1)
    assert (next_try(bench), bench.codes) == (None, [])
