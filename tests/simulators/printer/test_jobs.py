"""Jobs in virtual time: a page a second, one job at a time, what stops a printer and how jobs end."""

import pytest
import trio
from trio.abc import Clock

from agent.foundation.errors import UserMistake
from agent.simulators.printer.simulator import PrinterSimulator
from tests.simulators.printer.callers import (
    BOOLEAN,
    CREATE_JOB,
    INTEGER,
    JOB,
    KEYWORD,
    NAME,
    PDF,
    SEND_DOCUMENT,
    THREE_PAGES,
    UNSUPPORTED,
    VALIDATE_JOB,
    Client,
    message,
    named,
)

PENDING, HELD, PROCESSING, STOPPED, CANCELED, ABORTED, COMPLETED = range(3, 10)
ALL = (KEYWORD, "which-jobs", "all")
EVERY = (KEYWORD, "requested-attributes", "all")


async def test_a_page_takes_its_time_and_is_counted_live(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    answer = await client.print("bill", THREE_PAGES)
    assert (answer.status, answer.one("job-id"), answer.one("job-state")) == (0, 1, PROCESSING)
    seen = []
    for _ in range(4):
        told = (await client.job(1)).all(JOB)[0]
        seen.append((told["job-state"][0], told["job-impressions-completed"][0]))
        await trio.sleep(1)
    assert seen == [(PROCESSING, 0), (PROCESSING, 1), (PROCESSING, 2), (COMPLETED, 3)]
    assert await client.state(1) == (COMPLETED, ["job-completed-successfully"])


async def test_the_printer_is_idle_prints_and_is_idle(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    states = [(await client.printer())["printer-state"]]
    await client.print()
    told = await client.printer()
    states.append(told["printer-state"])
    assert told["queued-job-count"] == [1]
    await printer.wait_idle()
    states.append((await client.printer())["printer-state"])
    assert states == [[3], [4], [3]]


async def test_a_job_tells_what_it_is(client: Client, autojump_clock: Clock) -> None:
    await client.print("bill", THREE_PAGES, copies=2)
    await trio.sleep(100)
    told = (await client.job(1)).all(JOB)[0]
    names = ("job-name", "job-originating-user-name", "job-k-octets", "copies", "number-of-documents")
    assert [told[name] for name in names] == [["bill"], ["porter"], [1], [2], [1]]
    times = [told[f"time-at-{name}"] for name in ("creation", "processing", "completed")]
    assert (times, told["job-printer-up-time"]) == ([[1], [1], [7]], [101])
    assert (told["job-impressions"], told["job-impressions-completed"]) == ([3], [6])


async def test_an_anonymous_job_without_a_name_gets_one(client: Client, autojump_clock: Clock) -> None:
    await client.print("", user="")
    told = (await client.job(1)).all(JOB)[0]
    assert (told["job-name"], told["job-originating-user-name"]) == (["Untitled 1"], ["anonymous"])


async def test_copies_come_out_and_are_counted_by_name(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.print("bill", THREE_PAGES, copies=2)
    await printer.wait_prints(1)
    (paper,) = printer.tray
    assert (paper.job_name, paper.sides, paper.whole_copies, paper.ended) == ("bill", 6, 2, "completed")
    assert paper.document == THREE_PAGES
    assert printer.tray.counts == {"bill": 2}


async def test_a_document_that_is_printed_twice_is_seen(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    for _ in range(2):
        await client.print("bill")
        await printer.wait_idle()
    assert len(printer.tray.named("bill")) == 2
    assert printer.counts()["copies"] == {"bill": 2}


async def test_a_second_job_is_refused_while_one_is_under_way(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.print()
    assert (await client.print()).status == 0x0507
    assert (await client.ask(message(CREATE_JOB, *named("x")))).status == 0x0507
    await printer.wait_idle()
    assert (await client.print()).status == 0


async def test_a_longer_queue_prints_in_turn(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(queue=3)
    statuses = [(await client.print(name)).status for name in "abcd"]
    assert statuses == [0, 0, 0, 0x0507]
    told = (await client.job(3)).all(JOB)[0]
    assert (told["job-state"], told["number-of-intervening-jobs"]) == ([PENDING], [2])
    await printer.wait_prints(3)
    assert [(each.job_name, each.began) for each in printer.tray] == [("a", 1), ("b", 2), ("c", 3)]


async def test_a_printer_may_have_to_warm_up(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(pending_seconds=5)
    await client.print()
    assert await client.state(1) == (PENDING, ["none"])
    await trio.sleep(5)
    assert (await client.state(1))[0] == PROCESSING
    await trio.sleep(1)
    assert (await client.state(1))[0] == COMPLETED


async def test_jobs_that_are_done_are_remembered_for_a_while(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(history=2)
    for name in "abc":
        await client.print(name)
        await printer.wait_idle()
    assert [(await client.job(id)).status for id in (1, 2, 3)] == [0x0406, 0, 0]
    printer.switch(history_seconds=10)
    await trio.sleep(10.5)
    assert [(await client.job(id)).status for id in (2, 3)] == [0x0406, 0x0406]


async def test_a_printer_without_a_memory_forgets_at_once(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(history=0)
    await client.print()
    await trio.sleep(0.5)
    assert (await client.job(1)).status == 0
    await trio.sleep(0.5)
    assert (await client.job(1)).status == 0x0406
    assert len(printer.tray) == 1


async def test_jobs_are_listed_by_what_they_are(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(queue=9)
    for name in "abc":
        await client.print(name, user="other" if name == "b" else "porter")
    await trio.sleep(1)
    assert [job["job-id"] for job in await client.jobs()] == [[2], [3]]
    assert [job["job-id"] for job in await client.jobs((KEYWORD, "which-jobs", "completed"))] == [[1]]
    assert [set(job) for job in await client.jobs((INTEGER, "limit", 1))] == [{"job-uri", "job-id"}]
    mine = ((NAME, "requesting-user-name", "other"), (BOOLEAN, "my-jobs", True), EVERY)
    assert [job["job-name"] for job in await client.jobs(*mine)] == [["b"]]
    assert [job["job-name"] for job in await client.jobs(ALL, EVERY)] == [["c"], ["b"], ["a"]]


async def test_a_printer_may_list_no_job(printer: PrinterSimulator, client: Client, autojump_clock: Clock) -> None:
    printer.switch(lists_jobs=False)
    await client.print()
    assert await client.jobs(ALL) == []
    assert (await client.job(1)).status == 0


async def test_names_may_be_hidden_from_all_but_their_owner(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(job_names_hidden=True)
    await client.print("bill")
    owner = (NAME, "requesting-user-name", "porter")
    for asked in ((), (NAME, "requesting-user-name", "x")):
        (told,) = await client.jobs(ALL, EVERY, *([asked] if asked else []))
        assert told.keys().isdisjoint({"job-name", "job-originating-user-name"})
        assert told["job-id"] == [1]
    assert [job["job-name"] for job in await client.jobs(ALL, owner, EVERY)] == [["bill"]]
    assert (await client.job(1, owner)).one("job-name") == "bill"


async def test_a_type_that_is_not_listed_is_refused_with_either_status(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    answer = await client.print(format="text/plain")
    assert (answer.status, answer.one("document-format", UNSUPPORTED)) == (0x040A, "text/plain")
    printer.switch(bad_format="040b")
    assert (await client.print(format="text/plain")).status == 0x040B
    assert (printer.jobs, len(printer.tray)) == ((), 0)


async def test_compression_is_not_known(client: Client, autojump_clock: Clock) -> None:
    gzip = (KEYWORD, "compression", "gzip")
    assert (await client.ask(message(VALIDATE_JOB, gzip))).status == 0x040F


@pytest.mark.parametrize("copies", [0, -1, 100, 5000])
async def test_copies_out_of_the_range_are_refused(client: Client, copies: int, autojump_clock: Clock) -> None:
    answer = await client.print(copies=copies)
    assert (answer.status, answer.one("copies", UNSUPPORTED)) == (0x040B, copies)


async def test_copies_out_of_the_range_may_be_ignored(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(bad_copies="substitute", most_copies=1)
    answer = await client.print(copies=2)
    assert (answer.status, answer.one("copies", UNSUPPORTED)) == (1, 2)
    checked = await client.ask(message(VALIDATE_JOB, job=[(INTEGER, "copies", 2)]))
    assert (checked.status, checked.one("copies", UNSUPPORTED)) == (1, 2)
    strict = (BOOLEAN, "ipp-attribute-fidelity", True)
    assert (await client.ask(message(VALIDATE_JOB, strict, job=[(INTEGER, "copies", 2)]))).status == 0x040B
    await printer.wait_idle()
    assert printer.tray.counts == {"bill": 1}
    assert (await client.printer())["copies-supported"] == [(1, 1)]


async def test_copies_are_one_whole_number(client: Client, autojump_clock: Clock) -> None:
    for bad in ((KEYWORD, "copies", "2"), (INTEGER, "copies", [2, 3])):
        assert (await client.ask(message(VALIDATE_JOB, job=[bad]))).status == 0x0400


async def test_a_type_may_come_out_once_whatever_copies_say(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(single_formats=("image/jpeg",))
    await client.print("picture", b"\xff\xd8\xff", format="image/jpeg", copies=2)
    await printer.wait_idle()
    assert printer.tray.counts == {"picture": 1}


async def test_no_document_and_too_large_a_one_are_refused(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(most_kilobytes=1)
    assert (await client.print(document=b"")).status == 0x0400
    assert (await client.print(document=b"%PDF-" + b"x" * 1020)).status == 0x0408
    assert (await client.print(document=b"%PDF-" + b"x" * 1019)).status == 0


async def test_rubbish_is_printed_without_a_word(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.print("rubbish", b"rubbish")
    await printer.wait_idle()
    assert await client.state(1) == (COMPLETED, ["job-completed-successfully"])
    assert printer.tray.counts == {"rubbish": 1}


@pytest.mark.parametrize("format", ["application/pdf", "application/octet-stream"])
async def test_rubbish_may_be_refused(
    printer: PrinterSimulator, client: Client, format: str, autojump_clock: Clock
) -> None:
    printer.switch(bad_document="refuse")
    assert (await client.print(document=b"rubbish", format=format)).status == 0x0411
    assert (await client.print(document=PDF, format=format)).status == 0


async def test_rubbish_may_be_aborted_when_its_turn_comes(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(bad_document="abort")
    assert (await client.print(document=b"rubbish")).status == 0
    assert await client.state(1) == (ABORTED, ["document-format-error"])
    assert len(printer.tray) == 0


async def test_rubbish_may_stop_the_printer_until_it_is_cancelled(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(bad_document="stop", queue=2)
    await client.print(document=b"rubbish")
    await client.print("good")
    await trio.sleep(100)
    assert await client.state(1) == (STOPPED, ["printer-stopped"])
    assert await client.cancel(1) == 0
    await printer.wait_prints(1)
    assert printer.tray.counts == {"good": 1}


async def test_a_type_that_the_printer_finds_out_is_told(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.print("bill", format="application/octet-stream")
    await printer.wait_idle()
    assert [each.format for each in printer.tray] == ["application/pdf"]


async def test_out_of_paper_stops_and_a_filled_tray_goes_on(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(sheets=1)
    await client.print("bill", THREE_PAGES)
    await trio.sleep(60)
    told = await client.printer()
    assert (told["printer-state"], told["printer-state-reasons"]) == ([5], ["media-empty-error"])
    assert await client.state(1) == (STOPPED, ["printer-stopped"])
    printer.engine.fill(None)
    assert (await client.printer())["printer-state-reasons"] == ["none"]
    await trio.sleep(1.5)
    assert (await client.job(1)).one("job-impressions-completed") == 2
    await trio.sleep(1)
    assert (await client.state(1))[0] == COMPLETED
    assert printer.tray.counts == {"bill": 1}


async def test_out_of_paper_may_be_told_as_ippeveprinter_tells_it(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(sheets=0, empty_suffix="-warning", tells_stop=False)
    await client.print()
    await trio.sleep(60)
    told = await client.printer()
    assert (told["printer-state"], told["printer-state-reasons"]) == ([4], ["media-empty-warning"])
    assert (await client.state(1))[0] == PROCESSING
    assert len(printer.tray) == 0


async def test_a_reason_without_a_suffix(printer: PrinterSimulator, client: Client, autojump_clock: Clock) -> None:
    printer.switch(sheets=0, empty_suffix="none")
    await client.print()
    assert (await client.printer())["printer-state-reasons"] == ["media-empty"]


@pytest.mark.parametrize("reason", ["cover-open-error", "media-jam", "door-open-error"])
async def test_an_error_stops_until_it_is_over(
    printer: PrinterSimulator, client: Client, reason: str, autojump_clock: Clock
) -> None:
    await client.print("bill", THREE_PAGES)
    await trio.sleep(1.5)
    printer.engine.say((reason,))
    await trio.sleep(100)
    told = await client.printer()
    assert (told["printer-state"], told["printer-state-reasons"]) == ([5], [reason])
    assert (await client.job(1)).one("job-impressions-completed") == 1
    printer.engine.say(())
    await trio.sleep(2)
    assert (await client.state(1))[0] == COMPLETED


@pytest.mark.parametrize("reason", ["toner-low-warning", "media-low-report"])
async def test_a_warning_stops_nothing(
    printer: PrinterSimulator, client: Client, reason: str, autojump_clock: Clock
) -> None:
    await client.print()
    await trio.sleep(0.5)
    printer.engine.say((reason,))
    await trio.sleep(0.5)
    told = await client.printer()
    assert (told["printer-state"], told["printer-state-reasons"]) == ([3], [reason])
    assert (await client.state(1))[0] == COMPLETED


async def test_a_warning_that_stops_and_an_error_that_does_not(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.engine.say(("cover-open-warning",), True)
    await client.print()
    assert await client.state(1) == (PENDING, ["none"])
    printer.engine.say(("fuser-over-temp-error",), False)
    await trio.sleep(1)
    assert (await client.state(1))[0] == COMPLETED


async def test_a_job_waits_while_the_printer_is_stopped(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.engine.say(("cover-open-error",))
    await client.print()
    await trio.sleep(100)
    assert await client.state(1) == (PENDING, ["none"])
    printer.engine.say(())
    assert (await client.state(1))[0] == PROCESSING


async def test_jobs_may_carry_the_printers_reasons(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(job_printer_reasons=True, sheets=0)
    await client.print()
    assert (await client.job(1)).one("job-printer-state-reasons") == "media-empty-error"


async def test_a_job_is_cancelled_by_its_sender(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.print("bill", THREE_PAGES)
    await trio.sleep(1)
    assert await client.cancel(1) == 0
    assert await client.state(1) == (CANCELED, ["job-canceled-by-user"])
    assert await client.cancel(1) == 0x0404
    (paper,) = printer.tray
    assert (paper.sides, paper.whole_copies, paper.ended) == (1, 0, "canceled")


async def test_a_job_that_waits_is_cancelled_at_once(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(queue=2)
    await client.print("a")
    await client.print("b")
    assert await client.cancel(2) == 0
    assert (await client.state(2))[0] == CANCELED
    await printer.wait_idle()
    assert printer.tray.counts == {"a": 1}


async def test_cancelling_may_take_its_time(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(cancel_seconds=5)
    await client.print("bill", THREE_PAGES)
    assert await client.cancel(1) == 0
    await trio.sleep(4)
    assert await client.state(1) == (PROCESSING, ["processing-to-stop-point", "job-canceled-by-user"])
    assert await client.cancel(1) == 0x0404
    await trio.sleep(1)
    assert await client.state(1) == (CANCELED, ["job-canceled-by-user"])
    assert len(printer.tray) == 0


async def test_a_job_without_paper_can_be_cancelled(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(sheets=0)
    await client.print()
    assert await client.cancel(1) == 0
    assert (await client.printer())["printer-state"] == [3]


async def test_a_job_is_cancelled_at_the_panel(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.print()
    printer.press_cancel()
    assert await client.state(1) == (CANCELED, ["job-canceled-at-device"])
    with pytest.raises(UserMistake, match="there is no job"):
        printer.press_cancel()


@pytest.mark.parametrize(
    ("shown", "told"), [(8, (ABORTED, ["aborted-by-system"])), (7, (CANCELED, ["job-canceled-at-device"]))]
)
async def test_an_aborted_job_may_look_cancelled(
    printer: PrinterSimulator, client: Client, shown: int, told: tuple[int, list[str]], autojump_clock: Clock
) -> None:
    printer.switch(aborts_as=shown)
    await client.print()
    printer.abort()
    assert await client.state(1) == told


async def test_a_paused_printer_says_so_and_goes_on(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.print("bill", THREE_PAGES)
    printer.engine.pause(True)
    await trio.sleep(100)
    told = await client.printer()
    assert (told["printer-state"], told["printer-state-reasons"]) == ([5], ["paused"])
    printer.engine.pause(False)
    await trio.sleep(3)
    assert (await client.state(1))[0] == COMPLETED


async def test_a_printer_that_accepts_nothing_says_so(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(accepting=False)
    assert (await client.printer())["printer-is-accepting-jobs"] == [False]
    assert (await client.print()).status == 0x0506


async def test_sides_may_be_told_at_the_end_or_never(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(impressions="at-the-end", total_with_copies=True)
    await client.print("bill", copies=2)
    await trio.sleep(1)
    told = (await client.job(1)).all(JOB)[0]
    assert (told["job-impressions"], "job-impressions-completed" in told) == ([2], False)
    await trio.sleep(1)
    assert (await client.job(1)).one("job-impressions-completed") == 2
    printer.switch(impressions="never")
    assert "job-impressions-completed" not in (await client.job(1)).all(JOB)[0]


async def test_a_printer_may_lack_attributes(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(leaves_out=("copies-supported", "job-name"), raster_types=())
    await client.print()
    told = await client.printer()
    assert told.keys().isdisjoint({"copies-supported", "pwg-raster-document-type-supported"})
    assert "job-name" not in (await client.job(1)).all(JOB)[0]


async def test_raster_is_told_as_the_switches_have_it(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(raster_types=("sgray_8",), raster_dpi=(150,))
    told = await client.printer()
    assert told["pwg-raster-document-type-supported"] == ["sgray_8"]
    assert told["pwg-raster-document-resolution-supported"] == [(150, 150, 3)]


async def test_a_job_is_created_and_sent_its_document(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    created = await client.ask(message(CREATE_JOB, *named("bill"), job=[(INTEGER, "copies", 2)]))
    assert (created.one("job-state"), created.one("job-state-reasons")) == (HELD, "job-incoming")
    assert (await client.job(1)).one("number-of-documents") == 0
    sent = (INTEGER, "job-id", 1), (BOOLEAN, "last-document", True)
    assert (await client.ask(message(SEND_DOCUMENT, *sent, document=PDF))).status == 0
    assert (await client.ask(message(SEND_DOCUMENT, *sent, document=PDF))).status == 0x0509
    await printer.wait_idle()
    assert printer.tray.counts == {"bill": 2}


async def test_a_job_without_its_document_blocks_the_printer_for_a_while(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.ask(message(CREATE_JOB, *named("bill")))
    await trio.sleep(59)
    assert (await client.print()).status == 0x0507
    await trio.sleep(1)
    assert await client.state(1) == (ABORTED, ["job-data-insufficient"])
    assert (await client.print()).status == 0


async def test_a_held_job_can_be_cancelled(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.ask(message(CREATE_JOB, *named("bill")))
    assert await client.cancel(1) == 0
    assert (await client.state(1))[0] == CANCELED


async def test_sides_may_come_out_by_hand_alone(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(page_seconds=None)
    await client.print("bill", THREE_PAGES)
    await trio.sleep(1000)
    assert (await client.job(1)).one("job-impressions-completed") == 0
    assert printer.engine.turn_out(2) == 2
    assert (await client.job(1)).one("job-impressions-completed") == 2
    assert printer.engine.turn_out(5) == 1
    assert (await client.state(1))[0] == COMPLETED
    assert printer.engine.turn_out(1) == 0


async def test_a_name_of_a_queue_is_a_printer_too(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    client.path = "/printers/Front%20Office"
    assert (await client.print("bill")).one("job-uri") == "ipp://printer:631/printers/Front Office/1"
    printer.switch(queues=("Bar",))
    assert (await client.print("bill")).status == 0x0406
    client.path = "/printers/Bar"
    await printer.wait_idle()
    assert (await client.print("bill")).status == 0


async def test_documents_are_forgotten_when_they_are_too_many(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(page_seconds=0)
    for number in range(3):
        await client.print(f"{number}", b"%PDF-" + bytes(30_000_000))
    assert [each.document is None for each in printer.tray] == [True, False, False]
    assert printer.tray.counts == {"0": 1, "1": 1, "2": 1}
