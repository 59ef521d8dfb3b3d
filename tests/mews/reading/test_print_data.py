"""`Data` of a print command: read in either dialect's spelling, refused in a few words, shown nowhere."""

import json
from base64 import b64encode

import pytest

from agent.commands.driver import PrintJob, size
from agent.mews.reading.decoding import Unreadable
from agent.mews.reading.print_data import print_request

DOCUMENT = b"%PDF-1.7 a bill"
DATA: dict[str, object] = {
    "CopyCount": 2.0,
    "FileType": "application/pdf",
    "FileData": b64encode(DOCUMENT).decode(),
    "PrinterName": "Front Office",
    "PrinterDriverName": "",
    "PrinterPortName": "",
}


def data(**changes: object) -> bytes:
    return json.dumps(DATA | changes).encode()


def test_a_print_is_read_with_its_document_decoded() -> None:
    found = print_request(data())
    assert (found.printer, found.file_type, found.document, found.copies) == (
        *("Front Office", "application/pdf"),
        *(DOCUMENT, 2),
    )


def test_line_ends_in_base64_mean_nothing() -> None:
    broken = b64encode(DOCUMENT * 20).decode()
    lines = "\r\n".join(broken[at : at + 76] for at in range(0, len(broken), 76))
    assert print_request(data(FileData=lines)).document == DOCUMENT * 20


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (None, "its Data is missing, or its document far too large"),
        (data(FileData="...."), "its document is damaged: not Base64"),
        (data(FileData="ä"), "its document is damaged: not Base64"),
        (data(FileData=""), "its document is empty"),
        (data(CopyCount=1.5), "its number of copies is no whole number"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_words(given: bytes | None, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        print_request(given)


def test_a_document_is_shown_nowhere() -> None:
    found = print_request(data())
    job = PrintJob("Office", "id", found.document, found.file_type, 2)
    assert "PDF" not in repr(found) + repr(job)
    assert size(job) == len(DOCUMENT)
