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
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from types import TracebackType
from typing import Any, Protocol, Self

import httpx
import msgspec
import trio

from agent.foundation import tls
from agent.foundation.errors import (
    CallFailed,
    CertificateRefused,
    Flaw,
    NoAnswer,
    NotSent,
    OtherSpeech,
    Silence,
    Speech,
)
from agent.foundation.reading import certificate
from agent.foundation.reading.headers import http_date, retry_after
from agent.foundation.reading.text import plain

CONNECT_SECONDS = 5.0  # s; a host that is up accepts within one or two retransmissions
SENT = "http11.send_request_headers.started"  # httpcore's trace event just before the first byte
SECURED = "connection.start_tls.complete"  # and the one after a handshake, with the stream that came of it
REQUEST_ID_LIMIT = 80  # characters


class Answer(msgspec.Struct, frozen=True):
    """A whole answer. `body` is as it came (at most the call's cap), `retry_after` in seconds, `date` in UTC.

    `location` is where a redirect sends the caller, as it came; `request_id` the server's own number of the
    request, on one line.
    """

    status: int
    body: bytes
    content_type: str = ""
    date: datetime | None = None
    retry_after: float | None = None
    location: str = ""
    request_id: str = ""

    def __repr__(self) -> str:
        return f"Answer({self.status}, {len(self.body)} bytes)"  # the body may be a token


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
    the system's `authorities`. `transport` stands in for the network, `wall` for the box's clock, which only words
    about a certificate's dates look at. `certificate` (DER) is what was shown and accepted at the last handshake;
    empty before it, and without TLS.
    """

    def __init__(
        self,
        base: str,
        *,
        connections: int = 8,
        idle_seconds: float = 60.0,
        certificate_sha256: str | None = None,
        authorities: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        wall: Callable[[], datetime] | None = None,
    ) -> None:
        self.base = base.rstrip("/")
        self._limiter = trio.CapacityLimiter(connections)
        self._limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=idle_seconds)
        self._tls = authorities or tls.context(self.base, certificate_sha256)
        self._wall = wall or _utc_now
        self._stand_in = transport
        self._is_closed = False
        self.certificate = b""
        self._free: list[httpx.AsyncBaseTransport] = []  # the one used last is used first: the others may rest

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | AsyncIterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        deadline: float,
        silence: float | None = None,
        cap: int,
        sink: "Sink | None" = None,
        at: str = "",
    ) -> Answer:
        """Send one request and read its whole answer, whatever its status.

        A `body` that comes in pieces is sent as it comes (chunked, RFC 9112 section 7.1), none of them empty.
        `deadline` (s) bounds everything, waiting for a connection included; `silence` (s) bounds the time from the
        request to the answer's head, and from each piece of it to the next; `cap` bounds the body in bytes. With a
        `sink` the body of a good answer (200) goes there piece by piece, and no other is read. `at` is the IP
        address to connect to where the caller has looked the host up itself: its name and certificate stay.
        Raises `NotSent` or `OtherSpeech` when surely nothing left the box, else `NoAnswer` (`Silence` where one of
        the two bounds was reached); and what the sink or the body raises.
        """
        progress = _Progress(silence, self._shown)
        failure: CallFailed | None = None
        with trio.move_on_after(deadline), progress.quiet:
            try:
                url, host, names = _placed(httpx.URL(self.base + path), at)
                request = httpx.Request(
                    method,
                    url,
                    headers=host | _HEADERS | _length(body) | dict(headers or {}),
                    extensions={"trace": progress.trace, "timeout": _TIMEOUTS} | names,
                )
                request.stream = _Body(body)
                async with self._line() as line:
                    return await _exchange(line, request, cap, sink, progress)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = (
                    self._no_tls(error, tls.FoundSpeech()) if progress.is_connected else _not_connected(error)
                )
                if progress.is_connected:  # a look tells more, where the deadline leaves time for it
                    failure = self._no_tls(error, await self._look(at))
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
                failure = _broken(error, progress)
        raise failure or _deadline_passed(deadline, progress)

    async def other_speech(self) -> OtherSpeech | None:
        """Look whether the server speaks something else than its address says; None where nothing shows that.

        For after a call that failed: opens connections of its own and sends no request that could do anything
        (`agent/foundation/tls.py`, within at most four seconds).
        """
        return self._other_speech(await self._look())

    async def hang_up(self) -> None:
        """Close all connections that no call is using: the next calls make new ones."""
        while self._free:
            await self._free.pop().aclose()

    async def aclose(self) -> None:
        """Close all connections: those in use as soon as their call is over."""
        self._is_closed = True
        await self.hang_up()

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
            if self._is_closed:
                await line.aclose()
            else:
                self._free.append(line)

    def _shown(self, certificate: bytes) -> None:
        self.certificate = certificate

    def _new_line(self) -> httpx.AsyncBaseTransport:
        if self._stand_in is not None:
            return self._stand_in
        return httpx.AsyncHTTPTransport(verify=self._tls, limits=self._limits, trust_env=False)

    def _no_tls(self, error: httpx.ConnectError | httpx.ConnectTimeout, found: tls.FoundSpeech) -> CallFailed:
        """Why no TLS came about on a connection that was accepted, from the error and what a look saw."""
        cause = _root(error)
        if isinstance(cause, tls.PinMismatch):
            return CertificateRefused("its certificate is not the pinned one", Flaw.NOT_PINNED, cause.seen)
        if isinstance(cause, ssl.SSLCertVerificationError):
            host, now = httpx.URL(self.base).host, self._wall()
            return certificate.refused(cause.verify_code, cause.verify_message, found.certificate, host, now)
        return self._other_speech(found) or _no_handshake(error, found.speech)

    async def _look(self, at: str = "") -> tls.FoundSpeech:
        if self._stand_in is not None:
            return tls.FoundSpeech()
        url = httpx.URL(self.base)
        return await tls.find_speech(at or url.host, url.port or (443 if url.scheme == "https" else 80))

    def _other_speech(self, found: tls.FoundSpeech) -> OtherSpeech | None:
        url = httpx.URL(self.base)
        if found.speech is None or found.speech is _SPEECHES.get(url.scheme):
            return None
        fits = next((scheme for scheme, speech in _SPEECHES.items() if speech is found.speech), "")
        reason = f"it speaks {found.speech}, and its address says {url.scheme}"
        address = f"{fits}://{url.netloc.decode('ascii')}" if fits else ""
        seen = sha256(found.certificate).hexdigest() if found.certificate else ""
        return OtherSpeech(reason, found.speech, address, seen)


def _placed(url: httpx.URL, at: str) -> tuple[httpx.URL, dict[str, str], dict[str, str]]:
    """The URL with the IP address `at` for its host, and headers and extensions that keep the host's own name."""
    if not at:
        return url, {}, {}
    return url.copy_with(host=at), {"Host": url.netloc.decode("ascii")}, {"sni_hostname": url.host}


async def _exchange(
    line: httpx.AsyncBaseTransport, request: httpx.Request, cap: int, sink: Sink | None, progress: "_Progress"
) -> Answer:
    response = await line.handle_async_request(request)
    progress.status = response.status_code
    try:
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise httpx.DecodingError("the answer is compressed, which was not asked for")
        chunks = progress.pieces(response)
        body = await _read(response, chunks, cap) if sink is None else await _pour(response, chunks, cap, sink)
    finally:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + 1):
            await response.aclose()
    return Answer(
        status=response.status_code,
        body=body,
        content_type=response.headers.get("content-type", ""),
        date=http_date(response.headers.get("date", "")),
        retry_after=retry_after(response.headers.get("retry-after", ""), response.headers.get("date", "")),
        location=response.headers.get("location", ""),
        request_id=plain(response.headers.get("request-id", ""), REQUEST_ID_LIMIT),
    )


class _Body(httpx.AsyncByteStream):
    """A request's body. httpx's own is a generator, which a cancelled request leaves suspended."""

    def __init__(self, body: bytes | AsyncIterator[bytes] | None) -> None:
        self._left = body

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if isinstance(self._left, AsyncIterator):
            return await anext(self._left)
        body, self._left = self._left, None
        if not body:
            raise StopAsyncIteration
        return body


def _length(body: bytes | AsyncIterator[bytes] | None) -> dict[str, str]:
    if isinstance(body, AsyncIterator):
        return {"Transfer-Encoding": "chunked"}
    return {} if body is None else {"Content-Length": str(len(body))}


_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "NightPorter"}
_SPEECHES = {"http": Speech.HTTP, "https": Speech.TLS}
_TIMEOUTS = {"connect": CONNECT_SECONDS, "read": None, "write": None, "pool": None}


async def _read(response: httpx.Response, chunks: AsyncIterator[bytes], cap: int) -> bytes:
    # One buffer for the whole body: joining httpx's chunks costs 20 MB over 60 polls of a 2 MB document.
    buffer = bytearray()
    async for chunk in chunks:
        buffer += chunk
        if len(buffer) > cap:
            await response.aclose()
            await _exhaust(chunks)
            raise httpx.DecodingError(f"the answer is larger than {cap} bytes")
    return bytes(buffer)


async def _pour(response: httpx.Response, chunks: AsyncIterator[bytes], cap: int, sink: Sink) -> bytes:
    if response.status_code != 200:
        return b""
    length = response.headers.get("content-length", "")
    size = int(length[:19]) if length.isascii() and length.isdigit() else None
    _bound(size or 0, cap)
    sink.expect(size)
    poured = 0
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


def _deadline_passed(deadline: float, progress: "_Progress") -> CallFailed:
    reason = f"no whole answer within {deadline:g} s"
    if progress.quiet.cancelled_caught:
        reason = f"nothing came back for {progress.silence:g} s"
    if not progress.is_sent:
        return NotSent(reason)
    return Silence(reason, is_heard=progress.is_heard, status=progress.status)


def _broken(error: Exception, progress: "_Progress") -> CallFailed:
    reason = _broken_reason(error)
    if not progress.is_sent:
        return NotSent(reason)
    is_heard = progress.is_heard or reason in (_NO_HTTP, _BROKE_OFF)
    return NoAnswer(reason, is_heard=is_heard, status=progress.status)


def _broken_reason(error: Exception) -> str:
    if isinstance(error, httpx.DecodingError):
        return str(error)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | UnicodeError):
        return "its address cannot be used"  # UnicodeError: a name that no resolver can be asked for
    if not isinstance(error, httpx.RemoteProtocolError):
        return "the connection broke"
    words = str(error)
    if words.startswith("Server disconnected"):  # httpcore's words for an end before a whole head
        return "it closed the connection without an HTTP answer"
    return _BROKE_OFF if words.startswith("peer closed connection") else _NO_HTTP  # h11's words


_NO_HTTP = "what came back was not HTTP"
_BROKE_OFF = "its answer broke off"


class _Progress:
    """How far a call got, as httpcore tells while it is at it."""

    def __init__(self, silence: float | None, shown: Callable[[bytes], None]) -> None:
        self.silence, self._shown = silence, shown
        self.quiet = trio.CancelScope()  # cancelled when nothing came back for so long
        self.is_connected = self.is_sent = self.is_heard = False
        self.status = 0  # of the answer, once its head is here

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """What httpcore calls at each of its steps."""
        if event == SECURED:
            self._shown(_certificate(info["return_value"]))
        self.is_connected = self.is_connected or event == "connection.connect_tcp.complete"
        self.is_heard = self.is_heard or event == "http11.receive_response_headers.complete"
        if event == SENT:
            self.is_sent = True
            self._put_off()

    async def pieces(self, response: httpx.Response) -> AsyncIterator[bytes]:
        """The body as it comes."""
        self.is_heard = True
        self._put_off()
        async for piece in response.aiter_raw():
            self._put_off()
            yield piece

    def _put_off(self) -> None:
        if self.silence is not None:
            self.quiet.deadline = trio.current_time() + self.silence


def _certificate(secured: Any) -> bytes:
    """What the other side of a stream of httpcore's showed (DER)."""
    line = secured.get_extra_info("ssl_object")  # a stand-in of a test has none
    return b"" if line is None else line.getpeercert(binary_form=True) or b""


def _not_connected(error: httpx.ConnectError | httpx.ConnectTimeout) -> NotSent:
    if isinstance(error, httpx.ConnectTimeout):
        return NotSent(f"it did not accept a connection within {CONNECT_SECONDS:g} s")
    cause = _root(error)
    if isinstance(cause, ConnectionRefusedError):
        return NotSent("it refused the connection")
    if isinstance(cause, OSError) and cause.errno is not None and cause.errno < 0:
        return NotSent("its name could not be looked up")
    return NotSent("no connection to it could be made")


def _no_handshake(error: httpx.ConnectError | httpx.ConnectTimeout, speech: Speech | None) -> NotSent:
    if isinstance(error, httpx.ConnectTimeout):
        return NotSent(f"it accepted the connection and did not answer in TLS within {CONNECT_SECONDS:g} s")
    cause = _root(error)
    if speech is Speech.TLS and isinstance(cause, ssl.SSLError) and cause.reason:
        words = cause.reason.replace("_", " ").lower()
        return NotSent(f"it speaks TLS, but no connection came about ({words})")
    return NotSent("it did not answer in TLS")


def _root(error: BaseException) -> BaseException:
    """The first error of a chain, through the groups that a raced connect raises."""
    while True:
        inner = error.__cause__ or error.__context__
        if isinstance(error, BaseExceptionGroup):
            inner = error.exceptions[0]
        if inner is None:
            return error
        error = inner


def _utc_now() -> datetime:
    return datetime.now(UTC)
