"""A job as a printer gets it, by values."""

from datetime import UTC, datetime

import pytest

from agent.commands.driver import KeyJob, PrintJob
from agent.commands.model import Outcome
from agent.drivers.printing.documents.job import document_of, print_job
from agent.drivers.printing.documents.kinds import Document, Kind


def test_a_document_is_what_its_bytes_are() -> None:
    job = PrintJob("Office", "c-1", b"%PDF-1.7\n", "application/pdf", 1)
    assert print_job(job) is job
    assert document_of(job) == Document(Kind.PDF, b"%PDF-1.7\n")


def test_what_cannot_be_printed_has_its_reason() -> None:
    found = document_of(PrintJob("Office", "c-1", b"%PDF-1.7\n", "image/png", 1))
    assert isinstance(found, Outcome)
    assert found.code == "E-PRINT-FILE-TYPE"


def test_a_key_on_a_printers_lane_is_a_bug() -> None:
    with pytest.raises(TypeError, match="documents alone"):
        print_job(KeyJob("1", ("101",), (), datetime(2026, 11, 27, 14, tzinfo=UTC), None, 1, 1))
