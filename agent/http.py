"""The one way out: every call to another machine leaves the box here.

Each call has a total deadline (httpx's own time-outs do not bound a request), a byte cap on the answer,
`Accept-Encoding: identity`, no redirects, nothing from the environment, and a place among the peer's
connections, each of which is a transport of its own: httpcore's pool breaks under trio when requests are cancelled
while it is full (its issue 1093), and looks through all its connections at every call. Foreign errors are mapped
once, here, by the one question that matters: was a byte sent?
httpx is imported nowhere else, so that its maintained fork would be a small swap; its client is left out, because
its transport alone keeps no cookies, follows nothing, reads no environment, and costs a third less.
"""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from types import TracebackType
from typing import Any, Protocol, Self

import httpx
import msgspec
import trio

from agent.errors import CallFailed, CertificateRefused, NoAnswer, NotSent

CONNECT_SECONDS = 5.0  # s; a host that is up accepts within one or two retransmissions
SENT = "http11.send_request_headers.started"  # httpcore's trace event just before the first byte


class Answer(msgspec.Struct, frozen=True):
    """A whole answer. `body` is as it came (at most the call's cap), `retry_after` in seconds, `date` in UTC."""

    status: int
    body: bytes
    content_type: str = ""
    date: datetime | None = None
    retry_after: float | None = None


class Sink(Protocol):
    """Takes the body of an answer that is too big for the memory."""

    def expect(self, size: int | None) -> None:
        """The body follows, of `size` bytes where the other side says so."""

    def take(self, piece: bytes) -> None:
        """A piece of it; at most the call's cap altogether."""


class Peer:
    """One server that the box talks to: its connections, its certificate.

    `base` is scheme, host, port and path prefix. At most `connections` calls are under way at once; a connection
    is kept for the next call for `idle_seconds`. `certificate_sha256` (hex) pins an https server instead of asking
    the system's authorities. `transport` stands in for the network.
    """

    def __init__(
        self,
        base: str,
        *,
        connections: int = 8,
        idle_seconds: float = 60.0,
        certificate_sha256: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.base = base.rstrip("/")
        self._limiter = trio.CapacityLimiter(connections)
        self._limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=idle_seconds)
        self._tls = _tls_context(self.base, certificate_sha256)
        self._stand_in = transport
        self._free: list[httpx.AsyncBaseTransport] = []  # the one used last is used first: the others may rest

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        deadline: float,
        cap: int,
        sink: "Sink | None" = None,
    ) -> Answer:
        """Send one request and read its whole answer, whatever its status.

        `deadline` (s) bounds everything, waiting for a connection included; `cap` bounds the answer's body
        in bytes. With a `sink` the body of a good answer (200) goes there piece by piece, and no other is read.
        Raises `NotSent` when surely nothing left the box, else `NoAnswer`; and what the sink raises.
        """
        sent = False

        async def trace(event: str, _info: Mapping[str, Any]) -> None:
            nonlocal sent
            sent = sent or event == SENT

        reason = f"no whole answer within {deadline:g} s"
        with trio.move_on_after(deadline):
            try:
                request = httpx.Request(
                    method,
                    self.base + path,
                    headers=_HEADERS | dict(headers or {}),
                    content=body,
                    extensions={"trace": trace, "timeout": _TIMEOUTS},
                )
                request.stream = _Body(body)
                async with self._line() as line:
                    return await _exchange(line, request, cap, sink)
            except httpx.ConnectTimeout:
                raise NotSent(f"it did not accept a connection within {CONNECT_SECONDS:g} s") from None
            except httpx.ConnectError as error:
                raise _not_connected(error, self._tls) from None
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
                reason = _plain_reason(error)  # UnicodeError: a host name that no resolver can be asked for
        raise _failed(reason, sent)

    async def aclose(self) -> None:
        """Close all connections that no call is using."""
        while self._free:
            await self._free.pop().aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + 1):
            await self.aclose()

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """A transport of one connection, for one call. After a call that did not end well it is not used again."""
        async with self._limiter:
            line = self._free.pop() if self._free else self._new_line()
            try:
                yield line
            except BaseException:
                with trio.CancelScope(shield=True, deadline=trio.current_time() + 1):
                    await line.aclose()
                raise
            self._free.append(line)

    def _new_line(self) -> httpx.AsyncBaseTransport:
        if self._stand_in is not None:
            return self._stand_in
        return httpx.AsyncHTTPTransport(verify=self._tls, limits=self._limits, trust_env=False)


async def _exchange(line: httpx.AsyncBaseTransport, request: httpx.Request, cap: int, sink: Sink | None) -> Answer:
    response = await line.handle_async_request(request)
    try:
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise httpx.DecodingError("the answer is compressed, which was not asked for")
        body = await _read(response, cap) if sink is None else await _pour(response, cap, sink)
    finally:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + 1):
            await response.aclose()
    return Answer(
        status=response.status_code,
        body=body,
        content_type=response.headers.get("content-type", ""),
        date=_http_date(response.headers.get("date", "")),
        retry_after=_retry_after(response.headers),
    )


class _Body(httpx.AsyncByteStream):
    """A request's body in one piece. httpx's own is a generator, which a cancelled request leaves suspended."""

    def __init__(self, body: bytes | None) -> None:
        self._left = body

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        body, self._left = self._left, None
        if not body:
            raise StopAsyncIteration
        return body


_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "NightPorter"}
_TIMEOUTS = {"connect": CONNECT_SECONDS, "read": None, "write": None, "pool": None}


async def _read(response: httpx.Response, cap: int) -> bytes:
    # One buffer for the whole body: joining httpx's chunks costs 20 MB over 60 polls of a 2 MB document.
    buffer = bytearray()
    chunks = response.aiter_raw()
    async for chunk in chunks:
        buffer += chunk
        if len(buffer) > cap:
            await response.aclose()
            await _exhaust(chunks)
            raise httpx.DecodingError(f"the answer is larger than {cap} bytes")
    return bytes(buffer)


async def _pour(response: httpx.Response, cap: int, sink: Sink) -> bytes:
    if response.status_code != 200:
        return b""
    length = response.headers.get("content-length", "")
    size = int(length[:19]) if length.isascii() and length.isdigit() else None
    _bound(size or 0, cap)
    sink.expect(size)
    poured = 0
    chunks = response.aiter_raw()
    try:
        async for chunk in chunks:
            poured += len(chunk)
            _bound(poured, cap)
            sink.take(chunk)
    except BaseException:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + 1):
            await response.aclose()
            await _exhaust(chunks)
        raise
    return b""


def _bound(size: int, cap: int) -> None:
    if size > cap:
        raise httpx.DecodingError(f"the answer is larger than {cap} bytes")


async def _exhaust(chunks: AsyncIterator[bytes]) -> None:
    # httpx's nested generators end only by being iterated; their stream is closed already, so nothing is read.
    with suppress(httpx.HTTPError, httpx.StreamError):
        async for _ in chunks:
            pass


def _failed(reason: str, sent: bool) -> CallFailed:
    return NoAnswer(reason) if sent else NotSent(reason)


def _plain_reason(error: Exception) -> str:
    if isinstance(error, httpx.DecodingError):
        return str(error)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | UnicodeError):
        return "its address cannot be used"
    if isinstance(error, httpx.RemoteProtocolError):
        return "the connection was closed, or what came back was not HTTP"
    return "the connection broke"


def _not_connected(error: httpx.ConnectError, tls: ssl.SSLContext) -> NotSent:
    cause = _root(error)
    if isinstance(cause, PinMismatch):
        return CertificateRefused("its certificate is not the pinned one", cause.seen)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return CertificateRefused("its certificate is signed by nobody we trust")
    if isinstance(cause, ssl.SSLError):
        return NotSent("it did not answer in TLS")
    if isinstance(cause, ConnectionRefusedError):
        return NotSent("it refused the connection")
    if isinstance(cause, OSError) and cause.errno is not None and cause.errno < 0:
        return NotSent("its name could not be looked up")
    return NotSent("no connection to it could be made")


def _root(error: BaseException) -> BaseException:
    """The first error of a chain, through the groups that a raced connect raises."""
    while True:
        inner = error.__cause__ or error.__context__
        if isinstance(error, BaseExceptionGroup):
            inner = error.exceptions[0]
        if inner is None:
            return error
        error = inner


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    at, now = _http_date(text), _http_date(headers.get("date", ""))
    return max(0.0, (at - now).total_seconds()) if at and now else None


class PinMismatch(ssl.SSLCertVerificationError):
    """The server showed another certificate than the pinned one; `seen` is its SHA-256 in hex."""

    seen: str = ""


def _tls_context(base: str, pin: str | None) -> ssl.SSLContext:
    if not base.lower().startswith("https:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used; loading the authorities costs 45 ms
    if pin is None:
        return _default_context()
    return _pinned_context(pin)


def _default_context() -> ssl.SSLContext:
    if not _shared:
        _shared.append(ssl.create_default_context())
    return _shared[0]


_shared: list[ssl.SSLContext] = []  # one context for all peers: 45 ms and some MB each


def _pinned_context(pin: str) -> ssl.SSLContext:
    wanted = pin.replace(":", "").lower()

    class PinnedObject(ssl.SSLObject):
        """Compares the certificate right after the handshake, before a byte of a request is sent."""

        def do_handshake(self) -> None:
            super().do_handshake()
            certificate = self.getpeercert(binary_form=True)
            seen = sha256(certificate or b"").hexdigest()
            if seen != wanted:
                mismatch = PinMismatch("certificate is not the pinned one")
                mismatch.seen = seen
                raise mismatch

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the pin decides, and alone
    context.sslobject_class = PinnedObject
    return context
