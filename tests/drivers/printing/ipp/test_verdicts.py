"""The table of reference/printing.md, section 8: what a job's state means for the order."""

import pytest

from agent.commands.model import Kind, Outcome, Verdict
from agent.commands.notes import NOTE_LIMIT, Code, ended, note
from agent.drivers.printing.ipp import notes, verdicts
from agent.drivers.printing.ipp.answers import JobFacts, JobState
from agent.drivers.printing.ipp.notes import PERHAPS, PRINTED, TEXTS, PrintCode
from agent.drivers.printing.ipp.statuses import Next, next_of
from agent.drivers.printing.ipp.verdicts import Cancelled, of_job, of_refusal, of_vanished
from tests.ledger import Crime, Entry, findings

DONE = Outcome(Verdict.DONE)


def outcome(
    state: JobState, *reasons: str, cancelled: Cancelled = Cancelled.NO, pages: int | None = None
) -> Outcome:
    """The outcome of a job that is over."""
    found = of_job(JobFacts(7, "x", state, reasons, impressions=pages), cancelled)
    assert found is not None
    return found


@pytest.mark.parametrize("state", [state for state in JobState if not state.is_over])
@pytest.mark.parametrize("cancelled", list(Cancelled))
def test_a_job_that_is_not_over_has_no_outcome(state: JobState, cancelled: Cancelled) -> None:
    assert of_job(JobFacts(7, "x", state), cancelled) is None


@pytest.mark.parametrize("cancelled", list(Cancelled))
def test_a_completed_job_is_printed_whatever_was_tried_before(cancelled: Cancelled) -> None:
    assert outcome(JobState.COMPLETED, "job-completed-successfully", cancelled=cancelled) == DONE


def test_a_job_that_was_completed_with_errors_is_printed_and_says_so() -> None:
    found = outcome(JobState.COMPLETED, "job-completed-with-errors")
    assert (found.verdict, found.code) == (Verdict.DONE, PrintCode.WITH_ERRORS)
    assert found.note == (
        "Printed, with errors: the printer reports errors while printing. "
        "Look at the pages, and print them again if need be."
    )


def test_a_completed_job_whose_copies_were_ignored_says_so() -> None:
    found = of_job(JobFacts(7, "x", JobState.COMPLETED), has_ignored_copies=True)
    assert found is not None
    assert (found.verdict, found.code) == (Verdict.DONE, PrintCode.COPIES_IGNORED)


@pytest.mark.parametrize(
    ("state", "reasons", "cancelled", "code"),
    [
        (JobState.CANCELED, ("job-canceled-by-user",), Cancelled.NO, PrintCode.PANEL),
        (JobState.CANCELED, ("job-canceled-at-device",), Cancelled.NO, PrintCode.PANEL),
        (JobState.CANCELED, ("job-canceled-by-operator",), Cancelled.NO, PrintCode.PANEL),
        (JobState.CANCELED, (), Cancelled.NO, PrintCode.ABORTED),  # what CUPS makes of an abort
        (JobState.CANCELED, ("aborted-by-system",), Cancelled.NO, PrintCode.ABORTED),
        (JobState.CANCELED, ("canceled-at-device",), Cancelled.NO, PrintCode.ABORTED),
        (JobState.ABORTED, ("aborted-by-system",), Cancelled.NO, PrintCode.ABORTED),
        (JobState.ABORTED, ("job-canceled-by-user",), Cancelled.NO, PrintCode.ABORTED),
        (JobState.CANCELED, ("job-canceled-by-user",), Cancelled.ORDER, PrintCode.WITHDRAWN),
        (JobState.ABORTED, (), Cancelled.ORDER, PrintCode.WITHDRAWN),
        (JobState.CANCELED, ("job-canceled-by-user",), Cancelled.WAIT, PrintCode.WAITED),
    ],
)
def test_a_job_that_stopped_is_an_error_and_tells_who_stopped_it(
    state: JobState, reasons: tuple[str, ...], cancelled: Cancelled, code: PrintCode
) -> None:
    found = outcome(state, *reasons, cancelled=cancelled, pages=0)
    assert (found.verdict, found.code, found.head) == (Verdict.FAILED, code, "Not printed")


@pytest.mark.parametrize("cancelled", list(Cancelled))
@pytest.mark.parametrize("state", [JobState.CANCELED, JobState.ABORTED])
@pytest.mark.parametrize("pages", [None, 1])
def test_a_job_that_stopped_is_not_called_unprinted_where_paper_came_out_or_no_one_knows(
    state: JobState, cancelled: Cancelled, pages: int | None
) -> None:
    found = outcome(state, cancelled=cancelled, pages=pages)
    assert (found.verdict, found.head) == (Verdict.FAILED, "Not printed to the end")


def test_an_abort_tells_the_printers_reasons_and_how_many_pages_came_out() -> None:
    found = outcome(JobState.ABORTED, "document-format-error", "aborted-by-system", pages=2)
    assert found.note == (
        "Not printed to the end: the printer gave the job up (the printer found the document damaged), "
        "after 2 pages. Take away what has come out, then print the document again."
    )
    assert "after 1 page." in outcome(JobState.ABORTED, pages=1).note
    assert "(no reason given)" in outcome(JobState.ABORTED).note


def test_what_broke_off_while_it_was_drawn_is_not_called_unprinted() -> None:
    assert notes.ended(PrintCode.BROKEN_OFF).head == "Not printed to the end"


def test_a_job_that_waited_too_long_tells_what_for() -> None:
    stopped = JobFacts(7, "x", JobState.CANCELED, printer_reasons=("media-empty-warning",), impressions=0)
    found = of_job(stopped, Cancelled.WAIT, trouble=("cover-open-error",), held_up="it stands still")
    assert found is not None
    assert found.note == (
        "Not printed: the printer did not go on for too long (a cover is open and out of paper), so the job was "
        "cancelled. Look after the printer, then print the document again."
    )


def test_a_job_that_waited_for_what_the_printer_has_no_word_for_tells_it_in_ours() -> None:
    found = of_job(JobFacts(7, "x", JobState.CANCELED), Cancelled.WAIT, held_up="its queue tries to reach it")
    assert found is not None
    assert "for too long (its queue tries to reach it), so" in found.note


@pytest.mark.parametrize(
    ("last", "code", "verdict"),
    [
        (JobFacts(7, "x", JobState.PROCESSING), PrintCode.FORGOTTEN, Verdict.DONE),
        (JobFacts(7, "x", JobState.STOPPED, impressions=1), PrintCode.VANISHED, Verdict.UNKNOWN),
        (
            JobFacts(7, "x", JobState.PROCESSING, printer_reasons=("media-empty",)),
            PrintCode.VANISHED,
            Verdict.UNKNOWN,
        ),
        (JobFacts(7, "x", JobState.PROCESSING, printer_reasons=("toner-low",)), PrintCode.FORGOTTEN, Verdict.DONE),
        (JobFacts(7, "x", JobState.PENDING, impressions=1), PrintCode.FORGOTTEN, Verdict.DONE),
        (JobFacts(7, "x", JobState.PENDING, impressions=0), PrintCode.VANISHED, Verdict.UNKNOWN),
        (JobFacts(7, "x", JobState.HELD), PrintCode.VANISHED, Verdict.UNKNOWN),
        (JobFacts(), PrintCode.VANISHED, Verdict.UNKNOWN),
    ],
)
def test_a_job_that_vanished_counts_as_printed_only_if_it_was_seen_at_work_last(
    last: JobFacts, code: PrintCode, verdict: Verdict
) -> None:
    found = of_vanished(last)
    assert (found.code, found.verdict) == (code, verdict)


@pytest.mark.parametrize("impressions", [None, 0, 3])
def test_a_job_that_vanished_while_the_printer_was_away_was_perhaps_printed(impressions: int | None) -> None:
    """Switched off in the middle, it forgets its jobs as one does that has printed them."""
    found = of_vanished(JobFacts(7, "x", JobState.PROCESSING, impressions=impressions), was_away=True)
    assert (found.code, found.verdict) == (PrintCode.VANISHED, Verdict.UNKNOWN)


@pytest.mark.parametrize(
    ("cancelled", "code"), [(Cancelled.ORDER, PrintCode.WITHDRAWN), (Cancelled.WAIT, PrintCode.WAITED)]
)
def test_a_job_that_vanished_after_the_box_cancelled_it_is_cancelled(
    cancelled: Cancelled, code: PrintCode
) -> None:
    assert of_vanished(JobFacts(7, "x", JobState.PROCESSING), cancelled, trouble=("media-jam",)).code == code


def test_what_a_printer_was_seen_waiting_for_before_it_forgot_the_job_is_told() -> None:
    processing = JobFacts(7, "x", JobState.PROCESSING)
    assert "(seen last: out of paper)" in of_vanished(processing, trouble=("media-empty-warning",)).cause
    assert "(seen last: it stood still)" in of_vanished(JobFacts(7, "x", JobState.STOPPED)).cause
    assert "(it was not seen at work on it)" in of_vanished(JobFacts()).cause


def test_a_lost_answer_is_perhaps_printed_and_sends_a_person_to_look() -> None:
    found = verdicts.of_lost_answer()
    assert (found.verdict, found.code) == (Verdict.UNKNOWN, PrintCode.NO_ANSWER)
    assert found.note == (
        "The document may have been printed: the printer was sent the document and did not say how it ended. "
        "Look at the printer: if the document is there, all is well; if it is not, print it again."
    )


def test_bytes_that_a_silent_printer_took_are_sent_and_not_confirmed() -> None:
    found = verdicts.of_sent()
    assert found.verdict is Verdict.DONE
    assert note(found, 2, 2, Kind.PRINT).startswith("Sent, not confirmed: ")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (0x0503, PrintCode.REFUSED),
        (0x040A, PrintCode.REFUSED),
        (0x0507, PrintCode.BUSY),
        (0x0504, PrintCode.TROUBLE),
        (0x0406, PrintCode.NO_QUEUE),
        (0x0408, PrintCode.TOO_LARGE),
        (0x0411, PrintCode.NOT_READ),
        (0x0402, PrintCode.LOG_IN),
        (0x0508, PrintCode.PANEL),
        (0x0400, PrintCode.REFUSED),
    ],
)
def test_a_refusal_is_an_error_in_the_printers_words_or_ours(status: int, code: PrintCode) -> None:
    found, own = of_refusal(status, "tray 2 is on fire"), of_refusal(status)
    assert found is not None
    assert own is not None
    assert (found.code, found.verdict, own.code) == (code, Verdict.FAILED, code)
    assert ("tray 2 is on fire" in found.cause) is ("{words}" in TEXTS[code][0])
    assert (f"{status:04x}" in own.cause) is ("{words}" in TEXTS[code][0])


def test_copies_that_a_printer_refuses_are_a_refusal_in_its_words() -> None:
    found = of_refusal(0x040B, "Unsupported copies integer value.", {"copies"})
    assert found is not None
    assert (found.code, "(Unsupported copies integer value.)" in found.cause) == (PrintCode.REFUSED, True)


def test_what_was_perhaps_taken_is_never_a_refusal() -> None:
    for status in range(0x700):
        assert (of_refusal(status) is None) is (next_of(status) in (Next.GO_ON, Next.DOUBT))


@pytest.mark.parametrize("code", list(PrintCode))
def test_every_code_is_a_note_that_fits_says_what_to_do_and_what_is_sure(code: PrintCode) -> None:
    found = notes.ended(code, "long words " * 60, 10_000)
    text = note(found, 0, 1, Kind.PRINT)
    assert (text, len(text) <= NOTE_LIMIT) == (found.note, True)  # nothing is cut off
    assert text.endswith(".")
    assert found.head.startswith("Not printed") is (found.verdict is Verdict.FAILED)
    assert found.head.startswith("The document may") is (code in PERHAPS)
    assert (found.verdict is Verdict.DONE) is (code in PRINTED)
    assert "key" not in text.split()
    entry = Entry("7", 1, "Processed" if code in PRINTED else "Error", text, True, None, None, ())
    assert Crime.MUTE not in {each.crime for each in findings([entry])}  # it says what to do


def test_only_what_is_told_before_a_printer_is_asked_says_that_none_was() -> None:
    assert not notes.ended(PrintCode.EMPTY).is_asked
    assert notes.ended(PrintCode.BUSY).is_asked


def test_no_code_is_one_that_every_command_has() -> None:
    general = {ended(code, Kind.PRINT).code for code in Code}
    assert not general & set(PrintCode)


def test_a_job_of_a_printer_that_restarted_was_perhaps_printed() -> None:
    found = of_vanished(JobFacts(7, "x", JobState.PROCESSING, impressions=3), was_away=True)
    assert (found.verdict, found.code) == (Verdict.UNKNOWN, PrintCode.VANISHED)
    assert "(it was away or was restarted meanwhile)" in found.cause


def test_a_queue_that_could_not_give_the_document_to_its_printer_has_not_printed_it() -> None:
    job = JobFacts(7, "x", JobState.COMPLETED, printer_message="Unable to add document to print job.")
    found = of_job(job)
    assert found is not None
    assert (found.verdict, found.code) == (Verdict.FAILED, PrintCode.ABORTED)
    assert "refused the document" in found.cause
