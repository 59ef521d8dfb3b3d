"""A client of the simulated printer, its bytes made and read by hand after RFC 8010. Imports no codec of ours."""

from collections.abc import AsyncIterator, Callable, Iterable
from struct import pack, unpack_from
from typing import NamedTuple, Self

import httpx

PRINT_JOB, VALIDATE_JOB, CREATE_JOB, SEND_DOCUMENT = 2, 4, 5, 6
CANCEL_JOB, GET_JOB, GET_JOBS, GET_PRINTER = 8, 9, 10, 11
INTEGER, BOOLEAN, ENUM, RESOLUTION, RANGE, COLLECTION, END_COLLECTION = 0x21, 0x22, 0x23, 0x32, 0x33, 0x34, 0x37
TEXT, NAME, KEYWORD, URI, CHARSET, LANGUAGE, MIME, MEMBER = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49, 0x4A
JOB, PRINTER, UNSUPPORTED = 2, 4, 5
PDF = b"%PDF-1.4\n1 0 obj<</Type/Page>>endobj\n%%EOF\n"
THREE_PAGES = b"%PDF-1.4\n" + b"<</Type /Page>>\n" * 3 + b"<</Type /Pages>>"
BEGIN = ((CHARSET, "attributes-charset", "utf-8"), (LANGUAGE, "attributes-natural-language", "en"))
TARGET = (URI, "printer-uri", "ipp://printer/ipp/print")
CONTENT = {"Content-Type": "application/ipp"}

Said = tuple[int, str, object]
Value = object


class Answer(NamedTuple):
    """What came back: `groups` are tag and attributes, each with its values."""

    status: int
    version: tuple[int, int]
    request_id: int
    groups: list[tuple[int, dict[str, list[Value]]]]

    def all(self, tag: int) -> list[dict[str, list[Value]]]:
        """The groups of a tag."""
        return [attributes for each, attributes in self.groups if each == tag]

    def one(self, name: str, tag: int = JOB) -> Value:
        """The single value of an attribute."""
        (value,) = self.all(tag)[0][name]
        return value


def message(
    operation: int,
    *attributes: Said,
    begin: Iterable[Said] = (*BEGIN, TARGET),
    job: Iterable[Said] = (),
    document: bytes = b"",
    version: tuple[int, int] = (2, 0),
    request_id: int = 1,
) -> bytes:
    """The bytes of a request."""
    of_job = b"\x02" + b"".join(said(*each) for each in job) if job else b""
    asked = b"".join(said(*each) for each in (*begin, *attributes))
    return pack(">BBHI", *version, operation, request_id) + b"\x01" + asked + of_job + b"\x03" + document


def said(tag: int, name: str, value: object) -> bytes:
    """One attribute, a list as further values."""
    if isinstance(value, list):
        return said(tag, name, value[0]) + b"".join(said(tag, "", each) for each in value[1:])
    content = _content(value)
    return pack(">BH", tag, len(name.encode())) + name.encode() + pack(">H", len(content)) + content


def answer_of(data: bytes) -> Answer:
    """The bytes of an answer, read."""
    major, minor, status, request_id = unpack_from(">BBHI", data)
    groups: list[tuple[int, dict[str, list[Value]]]] = []
    at, last = 8, ""
    while data[at] != 3:
        if data[at] < 0x10:
            groups.append((data[at], {}))
            at += 1
            continue
        tag, (length,) = data[at], unpack_from(">H", data, at + 1)
        name = data[at + 3 : at + 3 + length].decode()
        at += 3 + length
        (length,) = unpack_from(">H", data, at)
        last = name or last
        groups[-1][1].setdefault(last, []).append(_value(tag, data[at + 2 : at + 2 + length]))
        at += 2 + length
    return Answer(status, (major, minor), request_id, groups)


class Body(httpx.AsyncByteStream):
    """A body in pieces. No generator: httpx leaves one open when the sending breaks, and trio warns of that."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces


class Pieces:
    """Bytes of a body; `before_last` is called before the last piece."""

    def __init__(self, *pieces: bytes, before_last: Callable[[], object] = lambda: None) -> None:
        self._pieces, self._before_last = list(pieces), before_last

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if not self._pieces:
            raise StopAsyncIteration
        if len(self._pieces) == 1:
            self._before_last()
        return self._pieces.pop(0)


class Client:
    """Asks the printer at `path`."""

    def __init__(self, http: httpx.AsyncClient, path: str = "/ipp/print") -> None:
        self.http, self.path = http, path

    async def post(self, body: bytes) -> httpx.Response:
        """The HTTP answer to any bytes."""
        return await self.http.post(self.path, content=body, headers=CONTENT)

    async def send(self, pieces: AsyncIterator[bytes], size: int) -> httpx.Response:
        """The HTTP answer to a body that comes in pieces."""
        address = self.http.base_url.join(self.path)
        headers = {**CONTENT, "Host": address.netloc.decode(), "Content-Length": str(size)}
        return await self.http.send(httpx.Request("POST", address, headers=headers, stream=Body(pieces)))

    async def ask(self, body: bytes) -> Answer:
        """The IPP answer to any bytes."""
        response = await self.post(body)
        assert (response.status_code, response.headers["content-type"]) == (200, "application/ipp")
        return answer_of(response.content)

    async def print(
        self,
        name: str = "bill",
        document: bytes = PDF,
        *,
        format: str = "application/pdf",
        copies: int | None = None,
        user: str = "porter",
    ) -> Answer:
        """Print-Job."""
        job = [] if copies is None else [(INTEGER, "copies", copies)]
        return await self.ask(message(PRINT_JOB, *named(name, user, format), job=job, document=document))

    async def job(self, id: int, *attributes: Said) -> Answer:
        """Get-Job-Attributes."""
        return await self.ask(message(GET_JOB, (INTEGER, "job-id", id), *attributes))

    async def state(self, id: int) -> tuple[Value, list[Value]]:
        """State and reasons of a job."""
        told = (await self.job(id)).all(JOB)[0]
        return told["job-state"][0], told["job-state-reasons"]

    async def cancel(self, id: int) -> int:
        """Cancel-Job: the status."""
        return (await self.ask(message(CANCEL_JOB, (INTEGER, "job-id", id)))).status

    async def jobs(self, *attributes: Said) -> list[dict[str, list[Value]]]:
        """Get-Jobs: what each one tells."""
        return (await self.ask(message(GET_JOBS, *attributes))).all(JOB)

    async def printer(self, *attributes: Said) -> dict[str, list[Value]]:
        """Get-Printer-Attributes."""
        return (await self.ask(message(GET_PRINTER, *attributes))).all(PRINTER)[0]


def named(name: str, user: str = "porter", format: str = "application/pdf") -> tuple[Said, ...]:
    """The attributes that go with a document; an empty text leaves one out."""
    every = (NAME, "requesting-user-name", user), (NAME, "job-name", name), (MIME, "document-format", format)
    return tuple(each for each in every if each[2])


def _content(value: object) -> bytes:
    match value:
        case bool():
            return bytes((value,))
        case int():
            return pack(">i", value)
        case str():
            return value.encode()
        case bytes():
            return value
        case (int(), int()):
            return pack(">ii", *value)
    raise AssertionError(value)


def _value(tag: int, content: bytes) -> Value:
    if tag in (INTEGER, ENUM):
        return int.from_bytes(content, signed=True)
    if tag == BOOLEAN:
        return content == b"\1"
    if tag == RANGE:
        return unpack_from(">ii", content)
    if tag == RESOLUTION:
        return unpack_from(">iib", content)
    return content.decode() if tag >= TEXT else content
