"""`Data` of a print command (reference/mews.md 6.4; today's dialect has the same six members). No I/O."""

import binascii
from base64 import b64decode

import msgspec

from agent.commands.model import PrintRequest
from agent.foundation.reading.text import plain
from agent.mews.reading.decoding import Unreadable, read
from agent.mews.reading.values import NAME_LIMIT, whole


class _PrintData(msgspec.Struct):
    """Driver and port are names of a Windows PC's, and empty as a rule: this box prints by the printer's own."""

    PrinterName: str
    FileType: str
    FileData: str
    CopyCount: float = 1.0


def print_request(data: bytes | None) -> PrintRequest:
    """What is to be printed, and where. Raises `Unreadable` with the reason in a few words."""
    if data is None:
        raise Unreadable("its Data is missing, or its document far too large")
    found = read(data, _PrintData, "its Data")
    return PrintRequest(
        plain(found.PrinterName, NAME_LIMIT),
        plain(found.FileType, NAME_LIMIT),
        _document(found.FileData),
        whole(found.CopyCount, "copies"),
    )


def _document(base64: str) -> bytes:
    try:
        document = b64decode("".join(base64.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("its document is damaged: not Base64") from None
    if not document:
        raise Unreadable("its document is empty")
    return document
