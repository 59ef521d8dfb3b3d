"""What the RFCs demand of a client, and the status that each breach gets."""

from collections.abc import Sequence

import pytest
import trio

from agent.simulators.printer.simulator import PrinterSimulator
from tests.simulators.printer.callers import (
    BEGIN,
    BOOLEAN,
    CANCEL_JOB,
    CHARSET,
    COLLECTION,
    END_COLLECTION,
    GET_JOB,
    GET_JOBS,
    GET_PRINTER,
    INTEGER,
    JOB,
    KEYWORD,
    MEMBER,
    MIME,
    NAME,
    PDF,
    PRINT_JOB,
    PRINTER,
    SEND_DOCUMENT,
    TARGET,
    TEXT,
    UNSUPPORTED,
    URI,
    VALIDATE_JOB,
    Client,
    Said,
    answer_of,
    message,
    named,
    said,
)

BAD_REQUEST = 0x0400
CHARSET_FIRST, LANGUAGE_SECOND = BEGIN


@pytest.mark.parametrize(
    "begin",
    [
        (),
        (TARGET,),
        (CHARSET_FIRST, TARGET),
        (LANGUAGE_SECOND, TARGET),
        (LANGUAGE_SECOND, CHARSET_FIRST, TARGET),
        (TARGET, CHARSET_FIRST, LANGUAGE_SECOND),
        (CHARSET_FIRST, TARGET, LANGUAGE_SECOND),
        (CHARSET_FIRST, LANGUAGE_SECOND),
        ((KEYWORD, "attributes-charset", "utf-8"), LANGUAGE_SECOND, TARGET),
        (CHARSET_FIRST, (TEXT, "attributes-natural-language", "en"), TARGET),
        (CHARSET_FIRST, LANGUAGE_SECOND, (TEXT, "printer-uri", "ipp://x")),
        (CHARSET_FIRST, LANGUAGE_SECOND, (URI, "printer-uri", ["ipp://x", "ipp://y"])),
    ],
)
async def test_a_request_begins_as_the_rfc_wants_it(client: Client, begin: Sequence[Said]) -> None:
    answer = await client.ask(message(GET_PRINTER, begin=begin, request_id=7))
    assert (answer.status, answer.request_id, answer.all(PRINTER)) == (BAD_REQUEST, 7, [])


async def test_a_refusal_says_why_in_words(client: Client) -> None:
    answer = await client.ask(message(GET_PRINTER, begin=BEGIN))
    (words,) = answer.groups[0][1]["status-message"]
    assert words == "neither printer-uri nor job-uri says who is asked"


@pytest.mark.parametrize("request_id", [0, 1 << 31, (1 << 32) - 1])
async def test_a_request_id_is_positive(client: Client, request_id: int) -> None:
    answer = await client.ask(message(GET_PRINTER, request_id=request_id))
    assert (answer.status, answer.request_id) == (BAD_REQUEST, request_id)


@pytest.mark.parametrize(
    ("asked", "status", "answered"),
    [
        ((1, 0), 0, (1, 1)),
        ((1, 1), 0, (1, 1)),
        ((2, 0), 0, (2, 0)),
        ((2, 1), 0, (2, 0)),
        ((0, 0), 0x0503, (2, 0)),
        ((3, 0), 0x0503, (2, 0)),
    ],
)
async def test_the_answer_has_the_nearest_version(
    client: Client, asked: tuple[int, int], status: int, answered: tuple[int, int]
) -> None:
    answer = await client.ask(message(GET_PRINTER, version=asked))
    assert (answer.status, answer.version) == (status, answered)


async def test_an_old_printer_speaks_1_1_alone(printer: PrinterSimulator, client: Client) -> None:
    printer.switch(versions=("1.1",))
    refused = await client.ask(message(GET_PRINTER))
    taken = await client.ask(message(GET_PRINTER, version=(1, 1)))
    assert (refused.status, refused.version, taken.status, taken.version) == (0x0503, (1, 1), 0, (1, 1))


async def test_another_character_set_is_refused_and_named(client: Client) -> None:
    begin = ((CHARSET, "attributes-charset", "utf-16"), LANGUAGE_SECOND, TARGET)
    answer = await client.ask(message(GET_PRINTER, begin=begin))
    assert (answer.status, answer.one("attributes-charset", UNSUPPORTED)) == (0x040D, "utf-16")


async def test_groups_come_in_their_order_and_once(client: Client) -> None:
    whole = message(VALIDATE_JOB, *named("x"), job=[(INTEGER, "copies", 1)])
    head, groups = whole[:8], whole[8:-1]
    operation, _, job = groups.partition(b"\2" + said(INTEGER, "copies", 1))
    copies = b"\2" + said(INTEGER, "copies", 1)
    assert job == b""
    orders = {
        "good": operation + copies,
        "turned round": copies + operation,
        "twice": operation + copies + copies,
        "two of operation": operation + operation,
        "none": b"",
    }
    statuses = {name: (await client.ask(head + order + b"\3")).status for name, order in orders.items()}
    assert statuses == {name: 0 if name == "good" else BAD_REQUEST for name in orders}


async def test_broken_attributes_are_a_bad_request_with_words(client: Client) -> None:
    answer = await client.ask(message(GET_PRINTER, (INTEGER, "limit", b"\0")))
    assert (answer.status, answer.groups[0][1]["status-message"]) == (
        BAD_REQUEST,
        ["a value of tag 0x21 has 1 bytes instead of 4"],
    )


@pytest.mark.parametrize("body", [b"", b"\2\0\0\2\0\0\0", b"GET"])
async def test_less_than_a_head_is_refused_by_the_web_server(client: Client, body: bytes) -> None:
    assert (await client.post(body)).status_code == 400


@pytest.mark.parametrize(
    "attribute",
    [
        (KEYWORD, "job-name", "x"),
        (TEXT, "requesting-user-name", "x"),
        (NAME, "document-format", "application/pdf"),
        (KEYWORD, "ipp-attribute-fidelity", "true"),
        (NAME, "compression", "none"),
        (NAME, "job-name", ["a", "b"]),
    ],
)
async def test_an_attribute_is_of_its_kind(client: Client, attribute: Said) -> None:
    assert (await client.ask(message(VALIDATE_JOB, attribute))).status == BAD_REQUEST


@pytest.mark.parametrize(
    ("tag", "name", "most"),
    [(NAME, "job-name", 255), (NAME, "requesting-user-name", 255), (MIME, "document-format", 255)],
)
async def test_a_value_that_is_too_long_is_refused(client: Client, tag: int, name: str, most: int) -> None:
    long = await client.ask(message(VALIDATE_JOB, (tag, name, "x" * (most + 1))))
    short = await client.ask(message(VALIDATE_JOB, (tag, name, "x" * most)))
    assert (long.status, short.status == 0x0409) == (0x0409, False)


async def test_an_unknown_operation_is_refused(client: Client) -> None:
    assert (await client.ask(message(0x4002))).status == 0x0501


async def test_an_operation_that_a_printer_lacks_is_refused_and_not_listed(
    printer: PrinterSimulator, client: Client
) -> None:
    printer.switch(without=("validate-job",))
    told = await client.printer()
    assert (await client.ask(message(VALIDATE_JOB))).status == 0x0501
    assert VALIDATE_JOB not in told["operations-supported"]
    assert PRINT_JOB in told["operations-supported"]


async def test_attributes_that_no_one_knows_are_passed_over(client: Client) -> None:
    size = (
        said(COLLECTION, "media-col", b"")
        + said(MEMBER, "", "media-type")
        + said(KEYWORD, "", "stationery")
        + said(END_COLLECTION, "", b"")
    )
    whole = message(PRINT_JOB, *named("x"), (0x7E, "vendor", b"\1"), job=[(INTEGER, "copies", 1)], document=PDF)
    before, _, document = whole.rpartition(b"\3" + PDF)
    assert document == b""
    assert (await client.ask(before + size + b"\3" + PDF)).status == 0


@pytest.mark.parametrize("operation", [GET_JOB, CANCEL_JOB, SEND_DOCUMENT])
async def test_a_job_has_to_be_named(client: Client, operation: int) -> None:
    assert (await client.ask(message(operation))).status == BAD_REQUEST
    assert (await client.ask(message(operation, (INTEGER, "job-id", 99)))).status == 0x0406


async def test_a_job_can_be_named_by_its_uri(client: Client, autojump_clock: trio.abc.Clock) -> None:
    uri = (await client.print("bill")).one("job-uri")
    answer = await client.ask(message(GET_JOB, begin=(*BEGIN, (URI, "job-uri", uri))))
    assert (uri, answer.one("job-name")) == ("ipp://printer:631/ipp/print/1", "bill")
    for bad in ("ipp://printer/ipp/print/x", "ipp://printer/ipp/print/" + "9" * 20):
        assert (await client.ask(message(GET_JOB, begin=(*BEGIN, (URI, "job-uri", bad))))).status == BAD_REQUEST


async def test_requested_attributes_are_those_that_are_told(client: Client) -> None:
    told = await client.printer((KEYWORD, "requested-attributes", ["printer-state", "copies-supported", "none"]))
    assert told == {"printer-state": [3], "copies-supported": [(1, 99)]}


async def test_groups_of_attributes_can_be_requested(client: Client) -> None:
    everything = set(await client.printer())
    template = set(await client.printer((KEYWORD, "requested-attributes", "job-template")))
    description = set(await client.printer((KEYWORD, "requested-attributes", "printer-description")))
    assert {"copies-supported", "media-default"} <= template
    assert {"printer-state", "document-format-supported"} <= description
    assert template | description == everything
    assert not template & description


async def test_a_limit_and_which_jobs_have_to_fit(client: Client) -> None:
    assert (await client.ask(message(GET_JOBS, (INTEGER, "limit", 0)))).status == BAD_REQUEST
    assert (await client.ask(message(GET_JOBS, (KEYWORD, "which-jobs", "mine")))).status == 0x040B


async def test_last_document_has_to_be_said(client: Client) -> None:
    created = await client.ask(message(5, *named("x")))
    id = (INTEGER, "job-id", created.one("job-id"))
    assert (await client.ask(message(SEND_DOCUMENT, id, document=PDF))).status == BAD_REQUEST
    last = (BOOLEAN, "last-document", True)
    sent = await client.ask(message(SEND_DOCUMENT, id, last, document=PDF))
    assert (sent.status, sent.one("job-id", JOB)) == (0, 1)


async def test_the_answer_begins_as_a_request_has_to(client: Client) -> None:
    data = (await client.post(message(GET_PRINTER))).content
    tag, attributes = answer_of(data).groups[0]
    assert (tag, list(attributes)) == (1, ["attributes-charset", "attributes-natural-language"])


async def test_a_type_that_is_listed_may_be_refused_all_the_same(
    client: Client, printer: PrinterSimulator
) -> None:
    printer.switch(refused_formats=("application/pdf",))
    assert "application/pdf" in (await client.printer())["document-format-supported"]
    assert ((await client.print()).status, len(printer.jobs)) == (0x040A, 0)


async def test_a_queue_lists_an_operation_of_cups_and_answers_it(
    client: Client, printer: PrinterSimulator
) -> None:
    of_all = message(0x4002, begin=BEGIN)
    assert (await client.ask(of_all)).status == 0x0501
    assert 0x4002 not in (await client.printer())["operations-supported"]
    printer.switch(is_queue=True)
    assert 0x4002 in (await client.printer())["operations-supported"]
    assert (await client.ask(of_all)).one("printer-name", PRINTER) == "Simulated Printer"
