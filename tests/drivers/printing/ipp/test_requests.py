"""What is asked of a printer begins as RFC 8011 wants, and says who asks."""

from collections.abc import Callable

import pytest

from agent.drivers.printing.ipp.address import HttpAddress, http_address
from agent.drivers.printing.ipp.message import CannotBeSaid, GroupTag, Message, ValueTag, decode, encode
from agent.drivers.printing.ipp.requests import (
    IPP_1_1,
    JOB_ATTRIBUTES,
    PRINTER_ATTRIBUTES,
    USER,
    Asked,
    Operation,
    Ticket,
    WhichJobs,
    cancel_job,
    cups_add_modify_printer,
    cups_delete_printer,
    cups_get_printers,
    get_job_attributes,
    get_jobs,
    get_printer_attributes,
    print_job,
    resume_printer,
    validate_job,
)
from provisioning.problems import Wrong

URI = "ipp://10.4.5.30/ipp/print"
ASKED = Asked(URI)
TICKET = Ticket("aa20961f-6d9e-4b35-ad25-071213530aec", "application/pdf")

REQUESTS = {
    Operation.PRINT_JOB: print_job(ASKED, 7, TICKET),
    Operation.VALIDATE_JOB: validate_job(ASKED, 7, TICKET),
    Operation.CANCEL_JOB: cancel_job(ASKED, 7, 42),
    Operation.GET_JOB_ATTRIBUTES: get_job_attributes(ASKED, 7, 42),
    Operation.GET_JOBS: get_jobs(ASKED, 7),
    Operation.GET_PRINTER_ATTRIBUTES: get_printer_attributes(ASKED, 7),
    Operation.RESUME_PRINTER: resume_printer(ASKED, 7),
    Operation.CUPS_GET_PRINTERS: cups_get_printers(7),
    Operation.CUPS_ADD_MODIFY_PRINTER: cups_add_modify_printer(ASKED, 7, "ipp://10.4.5.31/ipp/print"),
    Operation.CUPS_DELETE_PRINTER: cups_delete_printer(ASKED, 7),
}
OF_JOBS = {Operation.CANCEL_JOB, Operation.GET_JOB_ATTRIBUTES}


def operation(message: Message) -> dict[str, tuple[object, ...]]:
    """The attributes of the first group with their values, in order."""
    first = message.groups[0]
    assert first.tag == GroupTag.OPERATION
    return {each.name: tuple(value.content for value in each.values) for each in first.attributes}


@pytest.mark.parametrize("code", list(Operation))
def test_every_request_begins_in_the_order_of_the_standard_and_names_who_asks(code: Operation) -> None:
    message = REQUESTS[code]
    target = [] if code is Operation.CUPS_GET_PRINTERS else ["printer-uri"]
    target += ["job-id"] if code in OF_JOBS else []
    wanted = ["attributes-charset", "attributes-natural-language", *target, "requesting-user-name"]
    found = operation(message)
    assert list(found)[: len(wanted)] == wanted
    assert [found[name] for name in ("attributes-charset", "requesting-user-name")] == [("utf-8",), (USER,)]
    assert (message.code, message.version, message.request_id) == (code, (2, 0), 7)


@pytest.mark.parametrize("code", list(Operation))
def test_every_request_can_be_written(code: Operation) -> None:
    assert decode(encode(REQUESTS[code])) == REQUESTS[code]


def test_an_old_printer_is_spoken_to_in_its_version() -> None:
    old = Asked(URI, IPP_1_1)
    assert print_job(old, 1, TICKET).version == cancel_job(old, 1, 5).version == (1, 1)
    assert encode(print_job(old, 1, TICKET))[:4] == b"\1\1\0\2"


@pytest.mark.parametrize("code", [Operation.PRINT_JOB, Operation.VALIDATE_JOB])
def test_a_document_goes_by_the_name_of_its_command_and_tells_its_format(code: Operation) -> None:
    found = operation(REQUESTS[code])
    assert (found["printer-uri"], found["job-name"]) == ((URI,), (TICKET.name,))
    assert found["document-format"] == ("application/pdf",)


def test_one_copy_is_not_said_and_more_are_an_attribute_of_the_job() -> None:
    assert len(print_job(ASKED, 1, TICKET).groups) == 1
    _, job = print_job(ASKED, 1, Ticket("x", "image/jpeg", 3)).groups
    ((copies,), tag) = (job.attributes, job.tag)
    assert (tag, copies.name, copies.values[0].tag) == (GroupTag.JOB, "copies", ValueTag.INTEGER)
    assert copies.values[0].content == 3


def test_a_name_that_no_job_can_have_is_refused() -> None:
    with pytest.raises(CannotBeSaid):
        print_job(ASKED, 1, Ticket("x" * 256, "application/pdf"))


def test_what_is_read_is_what_is_asked_for() -> None:
    asked = [operation(REQUESTS[code])["requested-attributes"] for code in REQUESTS if code in (9, 0xA)]
    assert asked == [JOB_ATTRIBUTES, JOB_ATTRIBUTES]
    assert operation(get_printer_attributes(ASKED, 1))["requested-attributes"] == PRINTER_ATTRIBUTES


@pytest.mark.parametrize("which", list(WhichJobs))
def test_jobs_are_listed_whatever_became_of_them_and_only_the_boxs_own(which: WhichJobs) -> None:
    found = operation(get_jobs(ASKED, 1, which))
    assert (found["which-jobs"], found["my-jobs"]) == ((which.value,), (True,))


def test_a_job_is_named_by_its_number() -> None:
    assert {operation(REQUESTS[code])["job-id"] for code in OF_JOBS} == {(42,)}


@pytest.mark.parametrize("number", [0, -1])
@pytest.mark.parametrize("request_", [cancel_job, get_job_attributes])
def test_no_number_stands_for_whatever_is_printed_now(
    request_: Callable[[Asked, int, int], Message], number: int
) -> None:
    with pytest.raises(CannotBeSaid, match="from 1 on"):
        request_(ASKED, 1, number)


def test_a_new_queue_gives_a_job_up_rather_than_stop() -> None:
    _, printer = cups_add_modify_printer(ASKED, 1, "ipp://10.4.5.31/ipp/print").groups
    found = {each.name: each.values[0].content for each in printer.attributes}
    assert (found["ppd-name"], found["printer-error-policy"]) == ("everywhere", "abort-job")
    assert found["device-uri"] == "ipp://10.4.5.31/ipp/print"


@pytest.mark.parametrize(
    ("uri", "base", "path"),
    [
        ("ipp://10.4.5.30/ipp/print", "http://10.4.5.30:631", "/ipp/print"),
        ("ipps://Printer.hotel.lan/ipp/print", "https://printer.hotel.lan:631", "/ipp/print"),
        ("ipp://10.4.5.30:8631/ipp/print", "http://10.4.5.30:8631", "/ipp/print"),
        ("ipps://10.4.5.30:443/", "https://10.4.5.30:443", "/"),
        ("ipp://[fd00::5]/ipp", "http://[fd00::5]:631", "/ipp"),
        ("ipp://[fd00::5]:80/ipp", "http://[fd00::5]:80", "/ipp"),
        ("ipp://127.0.0.1:6631/printers/old", "http://127.0.0.1:6631", "/printers/old"),
        ("ipp://10.4.5.30", "http://10.4.5.30:631", "/"),
    ],
)
def test_an_ipp_address_is_an_http_address_on_port_631_unless_it_says_another(
    uri: str, base: str, path: str
) -> None:
    assert http_address(uri) == HttpAddress(base, path)


@pytest.mark.parametrize("uri", ["socket://10.4.5.30:9100", "http://10.4.5.30/ipp", "ipp://", "ipp://a@b/", ""])
def test_what_is_no_ipp_address_is_refused(uri: str) -> None:
    with pytest.raises(Wrong):
        http_address(uri)
