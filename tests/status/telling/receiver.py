"""The other end of both: takes what is posted, answers as a test wants, and reads remote-write by hand."""

import struct
from collections.abc import Callable, Iterator

import cramjam
import httpx

Samples = dict[tuple[tuple[str, str], ...], list[tuple[int, float]]]


class Receiver(httpx.AsyncBaseTransport):
    """`answers` are given one after the other, the last for ever: a status, or an error to raise."""

    def __init__(self, *answers: int | Exception, retry_after: str = "") -> None:
        self.answers = list(answers) or [204]
        self.retry_after = retry_after
        self.requests: list[httpx.Request] = []
        self.bodies: list[bytes] = []
        self.on_request: Callable[[], None] = lambda: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.bodies.append(b"".join([piece async for piece in request.stream]))  # type: ignore[union-attr]
        self.on_request()
        await request.extensions["trace"]("http11.send_request_headers.started", {})
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        return httpx.Response(answer, headers=headers, stream=httpx.ByteStream(b""))

    @property
    def samples(self) -> list[Samples]:
        """What each request told."""
        return [read(bytes(cramjam.snappy.decompress_raw(body))) for body in self.bodies]


def read(body: bytes) -> Samples:
    """A WriteRequest: the points of each series."""
    found: Samples = {}
    for number, series in fields(body):
        assert number == 1
        parts = list(fields(series))
        labels = tuple(
            (dict(fields(label))[1].decode(), dict(fields(label))[2].decode())
            for kind, label in parts
            if kind == 1
        )
        assert list(labels) == sorted(labels)
        found[labels] = [point(each) for kind, each in parts if kind == 2]
    return found


def point(sample: bytes) -> tuple[int, float]:
    assert sample[0] == 0x09
    assert sample[9] == 0x10
    return varint(sample, 10)[0], struct.unpack("<d", sample[1:9])[0]


def fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        assert tag & 7 == 2
        length, at = varint(data, at)
        yield tag >> 3, data[at : at + length]
        at += length


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at
