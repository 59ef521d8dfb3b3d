"""What a document is: its first bytes, held against the `FileType` that Mews names. No I/O.

The bytes decide; a known type that they contradict is refused, for a damaged or swapped document prints as
rubbish. Nothing here opens a document: whether its pages are whole, and what a password guards, the rasteriser
finds out.
Source: reference/printing.md, sections 1 and 3; PDF 32000-1, annex H.3 (junk before the header).
"""

import binascii
import re
from base64 import b64decode
from enum import Enum

import msgspec

from agent.commands.model import Outcome
from agent.drivers.printing.ipp.notes import PrintCode, ended
from agent.foundation.reading.text import plain, quoted

MOST_BYTES = 30_000_000  # a document; in Base64 it fits into the largest command that is read. A bill has 100 KB
_HEADER_WITHIN = 1024  # bytes; as far as Acrobat looks for the header of a PDF
_TYPE_LIMIT = 60  # characters of a type that is shown
_LOOKED_AT = 4096  # bytes of a text that are searched for what no text has


class Kind(Enum):
    """The kinds of document that are printed: a MIME type, and what people call it."""

    PDF = ("application/pdf", "a PDF")
    JPEG = ("image/jpeg", "a JPEG picture")
    PNG = ("image/png", "a PNG picture")
    TEXT = ("text/plain", "plain text")

    def __init__(self, mime: str, words: str) -> None:
        self.mime = mime
        self.words = words


class Document(msgspec.Struct, frozen=True):
    """A document of a kind that is printed. A guest's: it is in no `repr`.

    `may_be_encrypted` and `may_be_long` are hints from the bytes of a PDF: many such open without a password, or
    have few pages, and any text may hold the words.
    """

    kind: Kind
    data: bytes
    may_be_encrypted: bool = False
    may_be_long: bool = False

    def __repr__(self) -> str:
        return f"Document({self.kind.name}, {len(self.data)} bytes)"


_SPELLINGS = {
    "pdf": Kind.PDF,
    "jpeg": Kind.JPEG,
    "jpg": Kind.JPEG,
    "jpe": Kind.JPEG,
    "pjpeg": Kind.JPEG,
    "png": Kind.PNG,
    "txt": Kind.TEXT,
    "text": Kind.TEXT,
    "plain": Kind.TEXT,
    "plaintext": Kind.TEXT,
}
_FAMILIES = frozenset({"", "application", "image", "text"})  # what stands before the "/" of a MIME type
_PICTURES = ((b"\xff\xd8\xff", Kind.JPEG), (b"\x89PNG\r\n\x1a\n", Kind.PNG))
_ENCRYPTION = re.compile(rb"/Encrypt\s*+(?:\d{1,10}\s++\d{1,10}\s++R|<<)")
_LONG = re.compile(rb"/Count\s*+\d{3}|/ObjStm\b")  # a hundred pages, or objects that are packed away
_NO_TEXT = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")  # form feeds and escapes are in texts of old programs
_OTHER_LANGUAGE = re.compile(
    rb"\A\s*+(?:%!|<!doctype|<html|<\?xml|\{\\rtf|\x1b%-12345X|PK\x03\x04)", re.IGNORECASE
)
_BASE64 = re.compile(rb"\A[A-Za-z0-9+/\s]++={0,2}\s*+\Z")


def document(file_type: str, data: bytes, most: int = MOST_BYTES) -> Document | Outcome:
    """The document that came with this `FileType`, or why it cannot be printed. `most` is in bytes."""
    if not data or data.isspace():
        return ended(PrintCode.EMPTY)
    if len(data) > most:
        return ended(PrintCode.SIZE, f"the document has more than {most / 1_000_000:g} MB")
    said = declared(file_type)
    found, data = _found(data, said)
    if found is None:
        return _no_kind(file_type, said)
    if said is not None and said is not found:
        words = f"the order says that the document is {said.words}, and it is {found.words}"
        return ended(PrintCode.FILE_TYPE, words)
    if found is not Kind.PDF:
        return Document(found, data)
    return Document(found, data, _ENCRYPTION.search(data) is not None, _LONG.search(data) is not None)


def declared(file_type: str) -> Kind | None:
    """The kind that a `FileType` names: a MIME type, a file's ending, or a word like "Pdf"; None for any other."""
    family, _, word = file_type.partition(";")[0].strip().lower().rpartition("/")
    return _SPELLINGS.get(word.removeprefix(".").removeprefix("x-")) if family in _FAMILIES else None


def _found(data: bytes, said: Kind | None) -> tuple[Kind | None, bytes]:
    """The kind of the bytes, and the bytes once they are out of a second Base64."""
    kind = _by_first_bytes(data, said)
    if kind is None and said is not Kind.TEXT and (inner := _unwrapped(data)):
        kind, data = _by_first_bytes(inner, said), inner
    if kind is None and said is Kind.TEXT and _is_text(data):
        kind = Kind.TEXT
    return kind, data


def _by_first_bytes(data: bytes, said: Kind | None) -> Kind | None:
    if data.startswith(b"%PDF-"):
        return Kind.PDF
    picture = next((kind for magic, kind in _PICTURES if data.startswith(magic)), None)
    is_late_pdf = said is not Kind.TEXT and b"%PDF-" in data[: _HEADER_WITHIN + len(b"%PDF-")]
    return Kind.PDF if picture is None and is_late_pdf else picture


def _unwrapped(data: bytes) -> bytes:
    """What a text of Base64 stands for; b"" where it is none."""
    if not _BASE64.match(data):
        return b""
    text = b"".join(data.split()).rstrip(b"=")
    try:
        return b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:  # a letter too many
        return b""


def _is_text(data: bytes) -> bool:
    """Whether a printer's page of it would be readable: no controls, and no language that wants an interpreter."""
    head = data[:_LOOKED_AT]
    return not _NO_TEXT.search(head) and not _OTHER_LANGUAGE.match(head)


def _no_kind(file_type: str, said: Kind | None) -> Outcome:
    if said is not None:
        return ended(PrintCode.FILE_TYPE, f"the order says that the document is {said.words}, and it is not")
    name = plain(file_type, _TYPE_LIMIT)
    what = f"of the type {quoted(name)}" if name else "without a type"
    return ended(PrintCode.FORMAT, f"this box does not print documents {what}")
