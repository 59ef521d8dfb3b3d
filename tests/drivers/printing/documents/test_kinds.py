"""The bytes of a document decide what it is, and a type that they contradict is refused in words."""

from base64 import b64encode, encodebytes
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.commands.model import Outcome, Verdict
from agent.drivers.printing.documents.kinds import MOST_BYTES, Document, Kind, declared, document
from agent.drivers.printing.ipp.notes import PrintCode

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\0"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
TEXT = "Anreise: Dienstag, Zimmer 12, Süd.\r\n\f".encode()
SAMPLES = {Kind.PDF: PDF, Kind.JPEG: JPEG, Kind.PNG: PNG, Kind.TEXT: TEXT}


def taken(file_type: str, data: bytes) -> Document:
    found = document(file_type, data)
    assert isinstance(found, Document), found
    return found


def refused(file_type: str, data: bytes, most: int = MOST_BYTES) -> Outcome:
    found = document(file_type, data, most)
    assert isinstance(found, Outcome), found
    assert (found.verdict, found.is_asked) == (Verdict.FAILED, False)
    return found


@pytest.mark.parametrize(
    ("file_type", "kind"),
    [
        ("Pdf", Kind.PDF),
        ("application/pdf", Kind.PDF),
        (" Application/X-PDF ; charset=binary", Kind.PDF),
        (".pdf", Kind.PDF),
        ("image/jpeg", Kind.JPEG),
        ("Jpg", Kind.JPEG),
        ("image/pjpeg", Kind.JPEG),
        ("PNG", Kind.PNG),
        ("image/x-png", Kind.PNG),
        ("text/plain; charset=utf-8", Kind.TEXT),
        ("txt", Kind.TEXT),
    ],
)
def test_a_type_is_known_in_many_spellings(file_type: str, kind: Kind) -> None:
    assert declared(file_type) is kind
    assert taken(file_type, SAMPLES[kind]) == Document(kind, SAMPLES[kind])


@pytest.mark.parametrize(
    "file_type", ["", "application/octet-stream", "Docx", "text/html", "video/png", "a/b/pdf", "pdf2", "/"]
)
def test_a_type_that_names_no_kind_of_ours_leaves_it_to_the_bytes(file_type: str) -> None:
    assert declared(file_type) is None
    assert [taken(file_type, each).kind for each in (PDF, JPEG, PNG)] == [Kind.PDF, Kind.JPEG, Kind.PNG]


@pytest.mark.parametrize("junk", [b"\xef\xbb\xbf", b"\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1024, JPEG[:2]])
def test_a_pdf_is_found_behind_some_junk_and_stays_as_it_came(junk: bytes) -> None:
    assert taken("Pdf", junk + PDF) == Document(Kind.PDF, junk + PDF)


def test_a_pdf_behind_too_much_junk_is_none() -> None:
    assert refused("Pdf", b"x" * 1025 + PDF).code == PrintCode.FILE_TYPE


@pytest.mark.parametrize(
    ("file_type", "data", "cause"),
    [
        ("Pdf", PNG, "the order says that the document is a PDF, and it is a PNG picture"),
        ("image/jpeg", PNG, "the order says that the document is a JPEG picture, and it is a PNG picture"),
        ("image/png", PDF, "the order says that the document is a PNG picture, and it is a PDF"),
        ("text/plain", PDF, "the order says that the document is plain text, and it is a PDF"),
        ("Pdf", b"<html>Error 500</html>", "the order says that the document is a PDF, and it is not"),
        ("Pdf", PDF[1:], "the order says that the document is a PDF, and it is not"),
        ("text/plain", b"abc\0def", "the order says that the document is plain text, and it is not"),
        ("text/plain", b"%!PS-Adobe-3.0\n", "the order says that the document is plain text, and it is not"),
        ("text/plain", b"\n <!DOCTYPE html>", "the order says that the document is plain text, and it is not"),
        ("text/plain", b"\x1b%-12345X@PJL\n", "the order says that the document is plain text, and it is not"),
    ],
)
def test_bytes_that_contradict_their_type_are_refused(file_type: str, data: bytes, cause: str) -> None:
    found = refused(file_type, data)
    assert (found.code, found.cause) == (PrintCode.FILE_TYPE, cause)


@pytest.mark.parametrize(
    ("file_type", "cause"),
    [
        ("Docx", "this box does not print documents of the type “Docx”"),
        ("", "this box does not print documents without a type"),
        ("a\x1b[2Jb" + "x" * 200, "this box does not print documents of the type “a [2Jb" + "x" * 53 + "…”"),
    ],
)
def test_a_kind_that_is_not_printed_is_refused_by_its_type(file_type: str, cause: str) -> None:
    found = refused(file_type, b"PK\x03\x04\x14\0")
    assert (found.code, found.cause) == (PrintCode.FORMAT, cause)


@pytest.mark.parametrize("kind", [Kind.PDF, Kind.JPEG, Kind.PNG])
@pytest.mark.parametrize(
    "encoded", [b64encode, encodebytes, lambda data: b" " + b64encode(data).rstrip(b"=") + b"\n"]
)
@pytest.mark.parametrize("named", [True, False])
def test_a_document_in_base64_once_too_often_is_taken_out(kind: Kind, encoded: object, named: bool) -> None:
    assert callable(encoded)
    found = taken(kind.mime if named else "", encoded(SAMPLES[kind] * 3))
    assert found == Document(kind, SAMPLES[kind] * 3)


@pytest.mark.parametrize("data", [b64encode(b64encode(PDF)), b64encode(TEXT), b"JVBER", b"JVBERi0xLjc=x", b"===="])
def test_base64_of_anything_else_is_no_document(data: bytes) -> None:
    assert refused("Pdf", data).code == PrintCode.FILE_TYPE


def test_a_text_in_base64_is_the_text_that_it_is() -> None:
    assert taken("text/plain", b64encode(PDF)).data == b64encode(PDF)


def test_a_text_may_speak_of_pdf() -> None:
    assert taken("text/plain", b"It begins with %PDF-1.7.").kind is Kind.TEXT


@pytest.mark.parametrize(
    ("trailer", "is_hinted"),
    [
        (b"trailer << /Root 1 0 R /Encrypt 5 0 R >>", True),
        (b"trailer << /Encrypt<< /Filter /Standard >> >>", True),
        (b"/Encrypt\r\n12 0\nR", True),
        (b"trailer << /Root 1 0 R >>", False),
        (b"/EncryptMetadata false", False),
        (b"(see /Encrypt)", False),
    ],
)
def test_a_pdf_that_may_be_encrypted_is_told_by_its_trailer(trailer: bytes, is_hinted: bool) -> None:
    assert taken("Pdf", PDF + trailer).may_be_encrypted is is_hinted
    assert not taken("text/plain", trailer).may_be_encrypted


@pytest.mark.parametrize(
    ("tree", "is_hinted"),
    [
        (b"<< /Type /Pages /Count 10000 >>", True),
        (b"<< /Type/Pages/Count\r\n250 >>", True),
        (b"<< /Type /ObjStm /N 12 >>", True),
        (b"<< /Type /Pages /Count 12 >>", False),
        (b"<< /Count -1 >>", False),
        (b"/ObjStmOther", False),
    ],
)
def test_a_pdf_that_may_be_long_is_told_by_its_pages_or_by_what_hides_them(tree: bytes, is_hinted: bool) -> None:
    assert taken("Pdf", PDF + tree).may_be_long is is_hinted
    assert not taken("text/plain", tree).may_be_long


@pytest.mark.parametrize("data", [b"", b" \r\n\t" * 1000])
def test_an_empty_document_is_refused(data: bytes) -> None:
    assert refused("text/plain", data).code == PrintCode.EMPTY


@pytest.mark.parametrize(
    ("data", "most", "cause"),
    [
        (PDF + bytes(1_000_000), 1_000_000, "the document has more than 1 MB"),
        (PDF, 0, "the document has more than 0 MB"),
        (PDF + bytes(MOST_BYTES), MOST_BYTES, "the document has more than 30 MB"),
    ],
)
def test_a_document_beyond_the_cap_is_refused(data: bytes, most: int, cause: str) -> None:
    found = refused("Pdf", data, most)
    assert (found.code, found.cause) == (PrintCode.SIZE, cause)
    assert taken("Pdf", PDF) == document("Pdf", PDF, len(PDF))


def test_a_document_is_in_no_repr() -> None:
    assert repr(taken("txt", TEXT)) == f"Document(TEXT, {len(TEXT)} bytes)"


@pytest.mark.parametrize(
    "part", [b"/Encrypt 1", b"/Encrypt   ", b"A", b"A \n", b" ", b"=", b"%PDF", b"\xff\xd8"], ids=repr
)
@pytest.mark.parametrize("before", [b"", b"%PDF-"])
def test_the_largest_document_takes_no_time_to_speak_of(part: bytes, before: bytes) -> None:
    data = before + part * ((MOST_BYTES - 5) // len(part))
    start = process_time()
    assert isinstance(document("Pdf", data), Document | Outcome)
    assert process_time() - start < 10  # s; a half here, and a busy machine has its time


@given(st.text(max_size=30) | st.sampled_from(["Pdf", "txt", "image/png"]), st.binary(max_size=80))
@example("Pdf", b"A" * 5)
def test_any_document_is_of_a_kind_or_refused_in_words(file_type: str, data: bytes) -> None:
    found = document(file_type, data)
    if isinstance(found, Document):
        assert data
    else:
        assert found.note.startswith("Not printed: ")
