"""What becomes of a document when the printer is silent, forgetful, or says no and prints it all the same."""

from collections.abc import Awaitable, Callable

import pytest
import trio

from agent.commands.model import Outcome, Verdict
from agent.simulators.printer.switches import PowerOff, PrinterSwitches
from tests.drivers.printing.bench import PATIENCE, Bench


class Printing:
    """A call that runs beside the test, and how it ended."""

    def __init__(self, nursery: trio.Nursery, call: Callable[[], Awaitable[Outcome]]) -> None:
        self._call, self._ended = call, trio.Event()
        self._outcome: Outcome | None = None
        nursery.start_soon(self._run)

    async def outcome(self) -> Outcome:
        with trio.fail_after(2 * 3600):
            await self._ended.wait()
        assert self._outcome is not None
        return self._outcome

    async def _run(self) -> None:
        self._outcome = await self._call()
        self._ended.set()


async def test_a_job_that_ended_while_the_line_was_down_and_is_forgotten_is_not_called_unprinted(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    """The box wanted to cancel it, and never could."""
    bench = Bench(PrinterSwitches(page_seconds=5.0, history=0))
    printing = Printing(nursery, bench.print)
    await trio.sleep(2)
    bench.line.is_silent = True
    await trio.sleep(PATIENCE + 20)
    bench.line.is_silent = False
    assert (await printing.outcome()).verdict is Verdict.UNKNOWN
    assert bench.counts == {"c-1": 1}


async def test_a_job_that_a_power_cut_ended_in_the_middle_is_not_called_printed(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    bench = Bench(PrinterSwitches(page_seconds=30.0, power_off=PowerOff.LOST))
    printing = Printing(nursery, bench.print)
    await trio.sleep(10)
    with bench.off():
        await trio.sleep(60)
    outcome = await printing.outcome()
    assert (outcome.verdict, outcome.code, bench.counts) == (Verdict.UNKNOWN, "E-PRINT-VANISHED", {})


async def test_a_stranger_who_got_the_jobs_number_is_neither_followed_nor_cancelled(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    bench, other = Bench(PrinterSwitches(page_seconds=30.0)), Bench()
    other.line.server = bench.printer
    printing = Printing(nursery, bench.print)
    await trio.sleep(10)
    with bench.off():
        await trio.sleep(0.1)
    strangers = Printing(nursery, lambda: other.print(name="of-another"))
    await bench.printer.wait_calls("print-job", 2)
    bench.driver.call_off("c-1")
    assert (await printing.outcome()).code == "E-PRINT-VANISHED"
    assert (await strangers.outcome()).verdict is Verdict.DONE
    assert bench.counts == {"of-another": 1}
    assert "cancel-job" not in bench.printer.calls


@pytest.mark.parametrize("no", ["400", "401", "403", "404", "409", "413", "429", "redirect"])
@pytest.mark.parametrize("calls", [1, None])
async def test_a_no_to_a_document_that_is_printed_all_the_same_prints_no_second_one(
    autojump_clock: object, no: str, calls: int | None
) -> None:
    bench = Bench(PrinterSwitches(queue=9))
    bench.printer.fail(no, "print-job", calls=calls, when="after")
    assert (await bench.print()).verdict is Verdict.DONE
    assert (bench.counts, bench.printer.calls["print-job"]) == ({"c-1": 1}, 1)


async def test_a_no_after_which_the_jobs_cannot_be_seen_is_no_leave_to_send_it_again(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    bench = Bench(PrinterSwitches(queue=9))
    bench.printer.fail("429", "print-job", calls=1, when="after")
    bench.printer.fail("500", "get-jobs")
    printing = Printing(nursery, bench.print)
    await trio.sleep(100)
    assert bench.printer.calls["print-job"] == 1
    bench.printer.heal()
    assert (await printing.outcome()).verdict is Verdict.DONE
    assert (bench.counts, bench.printer.calls["print-job"]) == ({"c-1": 1}, 1)


async def test_a_printer_that_lost_patience_over_a_document_perhaps_has_it(autojump_clock: object) -> None:
    bench = Bench(PrinterSwitches(lists_jobs=False))
    bench.printer.fail("408", "print-job", calls=1, when="after")
    assert (await bench.print()).verdict is Verdict.UNKNOWN
    assert bench.counts == {"c-1": 1}


async def test_what_is_called_off_while_an_earlier_one_is_followed_is_the_one_that_was_ordered(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    bench = Bench(PrinterSwitches(page_seconds=40.0, queue=9))
    with trio.move_on_after(5):
        await bench.print(name="before")
    bench.driver = bench.new_driver()
    followed = Printing(nursery, lambda: bench.driver.follow("before"))
    await trio.sleep(5)
    ordered = Printing(nursery, bench.print)
    await trio.sleep(1)
    bench.driver.call_off("c-1")
    assert (await followed.outcome()).verdict is Verdict.DONE
    assert (await ordered.outcome()).code == "E-PRINT-WITHDRAWN"
    assert bench.counts == {"before": 1}


async def test_what_is_followed_is_called_off_where_nothing_else_is_ordered(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    bench = Bench(PrinterSwitches(page_seconds=40.0))
    with trio.move_on_after(5):
        await bench.print()
    followed = Printing(nursery, lambda: bench.driver.follow("c-1"))
    await trio.sleep(5)
    bench.driver.call_off("c-1")
    assert (await followed.outcome()).code == "E-PRINT-WITHDRAWN"
    assert bench.counts == {}


async def test_a_document_waits_no_longer_for_an_earlier_one_than_for_a_busy_printer(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    bench = Bench(PrinterSwitches(page_seconds=2 * PATIENCE))
    Printing(nursery, lambda: bench.print(name="before"))
    await trio.sleep(1)
    began = trio.current_time()
    outcome = await bench.print()
    assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-BUSY")
    assert trio.current_time() - began == PATIENCE
    assert bench.printer.calls["print-job"] == 1


async def test_a_queue_that_never_reaches_its_printer_gets_the_job_taken_back(autojump_clock: object) -> None:
    """CUPS calls that job processing for as long as it lasts, and prints it whenever the printer is back."""
    bench = Bench(PrinterSwitches(tells_stop=False))
    bench.printer.engine.say(("connecting-to-device",), is_stopping=True)
    outcome = await bench.print()
    assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-PRINT-WAITED")
    assert "its queue tries to reach it" in outcome.note
    assert trio.current_time() < 2 * PATIENCE
    bench.printer.engine.say(())
    await trio.sleep(3600)
    assert bench.counts == {}


async def test_a_printer_that_comes_back_in_time_is_not_told_to_cancel(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    bench = Bench(PrinterSwitches(page_seconds=30.0, power_off=PowerOff.FINISHED))
    printing = Printing(nursery, bench.print)
    await trio.sleep(10)
    with bench.off():
        await trio.sleep(PATIENCE + 10)
    assert (await printing.outcome()).verdict is Verdict.DONE
    assert (bench.counts, "cancel-job" in bench.printer.calls) == ({"c-1": 1}, False)


async def test_an_answer_about_another_job_is_none(autojump_clock: object, nursery: trio.Nursery) -> None:
    bench = Bench(PrinterSwitches(page_seconds=5.0))
    printing = Printing(nursery, bench.print)
    await trio.sleep(1)
    (job,) = bench.printer.jobs
    job.id = 77
    await trio.sleep(3)
    assert bench.driver.at_work == "waits: it answers about another job"
    job.id = 1
    assert (await printing.outcome()).verdict is Verdict.DONE


async def test_an_answer_that_never_comes_does_not_hold_the_printer_up_once_the_job_is_over(
    autojump_clock: object,
) -> None:
    bench = Bench()
    bench.printer.fail("hang", "print-job", calls=1, when="after")
    assert (await bench.print()).verdict is Verdict.DONE
    assert (bench.counts, bench.printer.calls["print-job"], trio.current_time() < 30) == ({"c-1": 1}, 1, True)


async def test_a_printer_that_rests_while_it_should_read_is_left_in_the_end(autojump_clock: object) -> None:
    bench = Bench()
    bench.printer.fail("hang", "print-job", calls=1, when="before")
    assert (await bench.print()).code == "E-PRINT-NO-ANSWER"
    assert (bench.printer.calls["print-job"], PATIENCE < trio.current_time() < PATIENCE + 60) == (1, True)


@pytest.mark.parametrize("lacking", ["job-id", "job-state", "job-name"])
async def test_a_printer_that_tells_too_little_of_its_jobs_leaves_it_open_and_is_not_asked_for_ever(
    autojump_clock: object, lacking: str
) -> None:
    bench = Bench(PrinterSwitches(leaves_out=(lacking,)))
    bench.printer.fail("drop", "print-job", calls=1, when="after")
    assert (await bench.print()).verdict is Verdict.UNKNOWN
    assert (bench.counts, bench.printer.calls["print-job"]) == ({"c-1": 1}, 1)
    assert trio.current_time() < PATIENCE + 100


async def test_a_printer_that_does_not_repeat_the_jobs_number_is_asked_by_the_first_one(
    autojump_clock: object,
) -> None:
    bench = Bench(PrinterSwitches(leaves_out=("job-id",), page_seconds=10.0))
    assert (await bench.print()).verdict is Verdict.DONE
