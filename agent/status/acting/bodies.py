"""The bodies of forms: fields in memory, a file in memory or handed on piece by piece. Bounded in size and count.

The format of files in forms (RFC 7578) is python-multipart's, fed by hand: nothing is spooled to a disk, and the
fields that prove a form come before its file, so that a foreign upload is refused before a byte of it is kept.
"""

import logging
from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.requests import Request

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FORM_BYTES = 16 * 1024
FILE_BYTES = 1024 * 1024  # of a provisioning file
UPDATE_BYTES = 1024 * 1024 * 1024
_MOST_FIELDS = 40
_FIELD_BYTES = 4096

# What the parser says of a bad form is said to who sent it, in our words; the log is for the box's own.
logging.getLogger("python_multipart").setLevel(logging.CRITICAL)

Form = dict[str, str]
Accept = Callable[[Form], Callable[[bytes], None]]


class BadBody(Exception):
    """The body is no form; the words say why."""


async def form_of(request: Request) -> Form:
    """The fields of a plain form. Raises `BadBody`."""
    body = await request.body()
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:  # also what is no ASCII
        raise BadBody("That is no form.") from None


async def upload_of(request: Request, accept: Accept) -> Form:
    """The fields of a form with one file. `accept` gets the fields before the file, and returns what takes its
    pieces; what it raises comes out of here. Raises `BadBody`.
    """
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import MultipartParser, parse_options_header

    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise BadBody("That is no form with a file.")
    parts = _Parts(accept)
    try:
        parser = MultipartParser(options[b"boundary"], parts.callbacks())
        async with aclosing(request.stream()) as pieces:
            async for piece in pieces:
                parser.write(piece)
    except FormParserError:
        raise BadBody("That is no whole form.") from None
    if not parts.is_whole:
        raise BadBody("That is no whole form.")
    if not parts.has_file:
        raise BadBody("No file came with the form: choose one.")
    return parts.form


class _Parts:
    """Hears the parser."""

    def __init__(self, accept: Accept) -> None:
        self._accept = accept
        self.form: Form = {}
        self.has_file = self.is_whole = False
        self._header = self._value = b""
        self._disposition = b""
        self._name = ""
        self._field = bytearray()
        self._take: Callable[[bytes], None] | None = None

    def callbacks(self) -> "MultipartCallbacks":
        """For the parser."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._part_end,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._disposition = b""
        self._name, self._field, self._take = "", bytearray(), None

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _headers_end(self) -> None:
        from python_multipart.multipart import parse_options_header

        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            if self.has_file:
                raise BadBody("One file at a time.")
            if not options[b"filename"]:
                raise BadBody("No file came with the form: choose one.")
            self.has_file = True
            self._take = self._accept(dict(self.form))
        elif len(self.form) >= _MOST_FIELDS:
            raise BadBody("That form has too many fields.")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._take is not None:
            self._take(data[start:end])
            return
        self._field += data[start:end]
        if len(self._field) > _FIELD_BYTES:
            raise BadBody("A field of that form is too long.")

    def _end(self) -> None:
        """The last boundary was there: nothing of the form is missing."""
        self.is_whole = True

    def _part_end(self) -> None:
        if self._take is None:
            self.form[self._name] = self._field.decode("utf-8", "replace")
