"""What printers say of themselves is read as far as it makes sense, and never raises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.drivers.printing.ipp import answers, attributes
from agent.drivers.printing.ipp.answers import (
    JobFacts,
    JobState,
    PrinterFacts,
    PrinterState,
    ignored,
    job_facts,
    job_named,
    jobs,
    printer_facts,
    queues,
    status_message,
)
from agent.drivers.printing.ipp.attributes import MOST_LISTED, WORDS_LIMIT
from agent.drivers.printing.ipp.message import (
    Attribute,
    CannotBeSaid,
    Collection,
    Group,
    GroupTag,
    Localised,
    Message,
    NotIpp,
    Range,
    Resolution,
    Value,
    ValueTag,
    decode,
)
from agent.drivers.printing.ipp.requests import JOB_ATTRIBUTES, PRINTER_ATTRIBUTES
from tests.drivers.printing.ipp.messages import HEAD, VALUES, answer, group, keywords, value

PRINTER = group(
    GroupTag.PRINTER,
    printer_name=value(ValueTag.NAME, "Front Office"),
    printer_make_and_model=value(ValueTag.TEXT, "Brother HL-L5210DN series"),
    printer_state=value(ValueTag.ENUM, 5),
    printer_state_reasons=keywords("media-empty-error", "toner-low-warning"),
    printer_state_message=value(ValueTag.TEXT, "Load\x1b[2J paper\nin tray 1"),
    printer_is_accepting_jobs=value(ValueTag.BOOLEAN, True),
    queued_job_count=value(ValueTag.INTEGER, 2),
    ipp_versions_supported=keywords("1.1", "2.0"),
    operations_supported=(value(ValueTag.ENUM, 2), value(ValueTag.ENUM, 0x4002)),
    which_jobs_supported=keywords("completed", "all"),
    document_format_supported=(
        value(ValueTag.MIME_TYPE, "application/PDF"),
        value(ValueTag.MIME_TYPE, "image/pwg-raster"),
        value(ValueTag.MIME_TYPE, "text/plain; charset=utf-8"),
        value(ValueTag.MIME_TYPE, "text/plain"),
    ),
    copies_supported=value(ValueTag.RANGE, Range(1, 999)),
    color_supported=value(ValueTag.BOOLEAN, False),
    media_default=value(ValueTag.KEYWORD, "iso_a4_210x297mm"),
    media_ready=keywords("iso_a4_210x297mm"),
    media_supported=keywords("iso_a4_210x297mm", "na_letter_8.5x11in"),
    pwg_raster_document_type_supported=keywords("black_1", "sgray_8"),
    pwg_raster_document_resolution_supported=(
        value(ValueTag.RESOLUTION, Resolution(300, 300, 3)),
        value(ValueTag.RESOLUTION, Resolution(236, 236, 4)),
        value(ValueTag.RESOLUTION, Resolution(600, 1200, 3)),
    ),
    device_uri=value(ValueTag.URI, "ipps://desk:blau@10.4.5.30/ipp/print"),
)


def printer(**values: Value | tuple[Value, ...]) -> PrinterFacts:
    return printer_facts(answer(group(GroupTag.PRINTER, **values)))


def job(**values: Value | tuple[Value, ...]) -> JobFacts:
    return job_facts(answer(group(GroupTag.JOB, **values)))


def test_what_a_printer_says_is_read_and_its_words_are_plain() -> None:
    assert printer_facts(answer(PRINTER)) == PrinterFacts(
        name="Front Office",
        model="Brother HL-L5210DN series",
        state=PrinterState.STOPPED,
        reasons=("media-empty-error", "toner-low-warning"),
        message="Load [2J paper in tray 1",
        is_accepting=True,
        queued=2,
        versions=("1.1", "2.0"),
        operations=frozenset({2, 0x4002}),
        which_jobs=("completed", "all"),
        formats=("application/pdf", "image/pwg-raster", "text/plain"),
        copies=Range(1, 999),
        has_colour=False,
        media="iso_a4_210x297mm",
        media_ready=("iso_a4_210x297mm",),
        media_supported=("iso_a4_210x297mm", "na_letter_8.5x11in"),
        raster_types=("black_1", "sgray_8"),
        raster_resolutions=((300, 300), (599, 599), (600, 1200)),
        device="ipps://10.4.5.30/ipp/print",
    )


def test_a_printer_that_says_nothing_is_unknown_in_everything() -> None:
    assert printer_facts(answer()) == printer_facts(answer(Group(GroupTag.PRINTER, ()))) == PrinterFacts()
    assert job_facts(answer()) == job_facts(answer(Group(GroupTag.JOB, ()))) == JobFacts()


def test_a_queue_of_cups_is_told_by_its_operations() -> None:
    assert printer_facts(answer(PRINTER)).is_cups
    assert not printer(operations_supported=value(ValueTag.ENUM, 2)).is_cups


def test_all_jobs_are_asked_for_at_once_only_where_the_printer_has_that_list() -> None:
    assert printer_facts(answer(PRINTER)).lists == ("all",)
    assert PrinterFacts().lists == printer(which_jobs_supported=keywords("completed")).lists
    assert PrinterFacts().lists == ("not-completed", "completed")


@pytest.mark.parametrize(
    ("said", "copies"),
    [
        (value(ValueTag.RANGE, Range(1, 99)), Range(1, 99)),
        (value(ValueTag.RANGE, Range(0, 99)), Range(1, 99)),
        (value(ValueTag.INTEGER, 1), Range(1, 1)),
        (value(ValueTag.INTEGER, 99), None),  # a range of one, without the one copy that every printer makes
        (value(ValueTag.RANGE, Range(9, 1)), None),
        (value(ValueTag.RANGE, Range(-5, 0)), None),
        (value(ValueTag.BOOLEAN, True), None),
        (value(ValueTag.TEXT, "1-99"), None),
        (value(ValueTag.NO_VALUE, None), None),
        ((value(ValueTag.NO_VALUE, None), value(ValueTag.RANGE, Range(1, 5))), Range(1, 5)),
    ],
)
def test_a_range_of_copies_begins_at_one_or_is_unknown(
    said: Value | tuple[Value, ...], copies: Range | None
) -> None:
    assert printer(copies_supported=said).copies == copies


@pytest.mark.parametrize(
    ("operation", "state", "message", "is_offline"),
    [
        (0x4002, 4, "The printer may not exist or is unavailable at this time.", True),
        (0x4002, 4, "The printer is unreachable at this time.", True),
        (0x4002, 4, "The printer is not responding.", True),
        (0x4002, 4, "Connected to printer.", False),
        (0x4002, 3, "The printer is not responding.", False),  # words of an earlier job
        (0x0002, 4, "The printer is not responding.", False),  # no queue of CUPS
    ],
)
def test_a_queue_whose_printer_is_away_is_offline_though_it_says_that_it_is_processing(
    operation: int, state: int, message: str, is_offline: bool
) -> None:
    found = printer(
        operations_supported=value(ValueTag.ENUM, operation),
        printer_state=value(ValueTag.ENUM, state),
        printer_state_message=value(ValueTag.TEXT, message),
        printer_state_reasons=keywords("none"),
    )
    assert found.reasons == (("none", "offline-report") if is_offline else ("none",))


@pytest.mark.parametrize("number", [0, 2, 6, -1, 2**31 - 1])
def test_a_state_that_no_printer_has_is_unknown(number: int) -> None:
    assert printer(printer_state=value(ValueTag.ENUM, number)).state is PrinterState.UNKNOWN


@pytest.mark.parametrize("number", [0, 1, 2, 10, -1, 2**31 - 1])
def test_a_state_that_no_job_has_is_unknown(number: int) -> None:
    assert job(job_state=value(ValueTag.ENUM, number)).state is JobState.UNKNOWN


def test_absurd_resolutions_are_not_there() -> None:
    said = [(0, 300, 3), (300, -300, 3), (300, 300, 0), (2**31 - 1, 300, 4), (300, 300, 5), (200, 200, 3)]
    values = tuple(value(ValueTag.RESOLUTION, Resolution(*each)) for each in said)
    found = printer(pwg_raster_document_resolution_supported=(*values, value(ValueTag.KEYWORD, "300dpi")))
    assert found.raster_resolutions == ((200, 200),)


def test_texts_are_read_in_every_way_in_which_printers_write_them() -> None:
    ways = [
        value(ValueTag.TEXT, "Büro"),
        value(ValueTag.TEXT_WITH_LANGUAGE, Localised("de", "Büro")),
        value(ValueTag.NAME_WITH_LANGUAGE, Localised("", "Büro")),
        value(ValueTag.TEXT, b"B\xfcro"),  # an old printer's charset
        value(ValueTag.KEYWORD, "Büro"),
    ]
    assert {printer(printer_make_and_model=each).model for each in ways} == {"Büro"}


def test_what_is_no_text_is_no_word() -> None:
    others = [
        value(ValueTag.INTEGER, 5),
        value(ValueTag.OCTETS, b"Bar"),
        value(ValueTag.TEXT_WITH_LANGUAGE, b"\0\2de"),
        value(ValueTag.BEGIN_COLLECTION, Collection(())),
        value(ValueTag.UNKNOWN, None),
        value(ValueTag.TEXT, " \0\n"),
    ]
    assert {printer(printer_make_and_model=each).model for each in others} == {""}
    assert printer(printer_make_and_model=(*others, value(ValueTag.TEXT, "Bar"))).model == "Bar"


def test_texts_and_lists_have_an_end() -> None:
    assert len(printer(printer_name=value(ValueTag.TEXT, "x" * 3000)).name) == WORDS_LIMIT
    assert len(printer(media_ready=keywords(*map(str, range(3000)))).media_ready) == MOST_LISTED


def test_of_two_attributes_with_one_name_the_first_counts() -> None:
    attributes = tuple(Attribute("queued-job-count", (value(ValueTag.INTEGER, each),)) for each in (3, 4))
    assert printer_facts(answer(Group(GroupTag.PRINTER, attributes))).queued == 3


def test_several_queues_are_told_apart() -> None:
    names = ("a", "b")
    groups = [group(GroupTag.PRINTER, printer_name=value(ValueTag.NAME, each)) for each in names]
    assert tuple(each.name for each in queues(answer(*groups))) == names


JOB = group(
    GroupTag.JOB,
    job_id=value(ValueTag.INTEGER, 77),
    job_name=value(ValueTag.NAME, "aa20961f-6d9e-4b35-ad25-071213530aec"),
    job_state=value(ValueTag.ENUM, 6),
    job_state_reasons=keywords("printer-stopped"),
    job_printer_state_reasons=keywords("media-empty-warning"),
    job_state_message=value(ValueTag.TEXT, "Waiting"),
    job_impressions=value(ValueTag.INTEGER, 4),
    job_impressions_completed=value(ValueTag.INTEGER, 0),
)


def test_what_a_job_is_like_is_read() -> None:
    assert job_facts(answer(JOB)) == JobFacts(
        id=77,
        name="aa20961f-6d9e-4b35-ad25-071213530aec",
        state=JobState.STOPPED,
        reasons=("printer-stopped",),
        printer_reasons=("media-empty-warning",),
        message="Waiting",
        impressions=0,
        total=4,
    )


@pytest.mark.parametrize("number", [0, -1])
def test_a_number_that_no_job_can_have_is_none(number: int) -> None:
    assert job(job_id=value(ValueTag.INTEGER, number)).id == 0


@pytest.mark.parametrize(
    "pages", [value(ValueTag.INTEGER, -1), value(ValueTag.INTEGER, 2**31 - 1), *keywords("1")]
)
def test_pages_that_cannot_be_are_unknown(pages: Value) -> None:
    assert job(job_impressions_completed=pages).impressions is None


def named_job(number: int, name: str) -> Group:
    return group(GroupTag.JOB, job_id=value(ValueTag.INTEGER, number), job_name=value(ValueTag.NAME, name))


def test_a_job_is_found_by_its_name_and_the_newest_of_several_counts() -> None:
    listed = answer(named_job(1, "a"), named_job(4, "b"), named_job(9, "c"), named_job(3, "b"))
    found = job_named(listed, "b")
    assert found is not None
    assert (found.id, len(jobs(listed))) == (4, 4)
    assert job_named(listed, "d") is None


def test_a_job_that_has_no_number_is_not_found_because_it_cannot_be_asked_about() -> None:
    nameless = Group(GroupTag.JOB, (Attribute("job-name", (value(ValueTag.NAME, "b"),)),))
    assert job_named(answer(nameless), "b") is None
    assert job_named(answer(nameless, named_job(1, "b")), "b") is not None


def test_states_that_last_are_told_from_those_that_pass() -> None:
    over = [state for state in JobState if state.is_over]
    assert over == [JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED]


def test_a_strangers_job_is_named_in_no_repr() -> None:
    assert "Smith" not in repr(job(job_name=value(ValueTag.NAME, "Mrs Smith.pdf")))


def test_attributes_that_were_ignored_are_named() -> None:
    refused = group(
        GroupTag.UNSUPPORTED, copies=value(ValueTag.INTEGER, 5), sides=value(ValueTag.UNSUPPORTED, None)
    )
    assert ignored(answer(JOB, refused)) == {"copies", "sides"}
    assert ignored(answer(JOB)) == frozenset()


def test_the_printers_words_for_a_status_are_found() -> None:
    words = group(GroupTag.OPERATION, status_message=value(ValueTag.TEXT, "Unsupported\tformat"))
    assert status_message(answer(group(GroupTag.OPERATION), words)) == "Unsupported format"
    assert status_message(answer(JOB)) == ""


def test_a_text_longer_than_its_type_may_be_is_not_made() -> None:
    assert attributes.attribute(ValueTag.NAME, "job-name", "ü" * 127).name == "job-name"
    with pytest.raises(CannotBeSaid, match="job-name may have 255 bytes, and has more"):
        attributes.attribute(ValueTag.NAME, "job-name", "ü" * 128)


_KNOWN = st.sampled_from((*PRINTER_ATTRIBUTES, *JOB_ATTRIBUTES, "device-uri", "status-message"))
_ATTRIBUTES = st.lists(st.builds(Attribute, _KNOWN, st.lists(VALUES, max_size=3).map(tuple)), max_size=8).map(
    tuple
)
_ANSWERS = st.lists(st.builds(Group, st.sampled_from(list(GroupTag)), _ATTRIBUTES), max_size=4)


def read_all(message: Message) -> None:
    """Everything that is ever read of an answer."""
    facts = (queues(message), jobs(message), printer_facts(message), job_facts(message), job_named(message, ""))
    said = (ignored(message), status_message(message), repr(facts))
    assert all(each is not None for each in said)


@settings(max_examples=50)
@given(_ANSWERS)
def test_any_values_of_the_attributes_that_are_looked_at_are_read(groups: list[Group]) -> None:
    read_all(answer(*groups))


@given(st.binary(max_size=300))
def test_any_bytes_that_are_a_message_are_read(data: bytes) -> None:
    try:
        message = decode(HEAD + b"\4" + data)
    except NotIpp:
        message = answer()
    read_all(message)


@pytest.mark.parametrize("unit", [3, 4])
def test_every_resolution_that_is_kept_is_plausible(unit: int) -> None:
    said = tuple(value(ValueTag.RESOLUTION, Resolution(dots, dots, unit)) for dots in range(0, 6000, 7))
    found = answers.printer_facts(
        answer(group(GroupTag.PRINTER, pwg_raster_document_resolution_supported=said[:400]))
    ).raster_resolutions
    assert found
    assert all(50 <= across == along <= 4800 for across, along in found)
