"""TLS on the way out: whom it trusts, and a look at what a server speaks when it was not what was expected.

A pin, where there is one, decides alone. A look sends a TLS greeting and an HTTP `OPTIONS *`: no path, no
credentials, nothing that a server could act on.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from hashlib import sha256

import msgspec
import trio

from agent.foundation.errors import Speech

LOOK_SECONDS = 2.0  # s for each of the two greetings; a server on the LAN answers in milliseconds
QUESTION = b"OPTIONS * HTTP/1.0\r\n\r\n"
_HEARD = 16  # bytes; enough to recognise the openings below
_OPENINGS = (
    (b"\x16\x03", Speech.TLS),  # a handshake
    (b"\x15\x03", Speech.TLS),  # an alert
    (b"HTTP/", Speech.HTTP),
    (b"SSH-", Speech.SSH),
    (b"220", Speech.MAIL_OR_FTP),
)


class FoundSpeech(msgspec.Struct, frozen=True):
    """What a server was heard to speak (None: nothing known), and its certificate (DER), where it showed one."""

    speech: Speech | None = None
    certificate: bytes = b""


class PinMismatch(ssl.SSLCertVerificationError):
    """The server showed another certificate than the pinned one; `seen` is its SHA-256 in hex."""

    seen: str = ""


def context(base: str, pin: str | None) -> ssl.SSLContext:
    """What a call to `base` holds a certificate to: the pin (SHA-256 in hex), else the system's authorities."""
    if not base.lower().startswith("https:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used; loading the authorities costs 45 ms
    if pin is None:
        return _default_context()
    return _pinned_context(pin)


async def find_speech(host: str, port: int) -> FoundSpeech:
    """Look what is spoken there, for at most twice `LOOK_SECONDS`; whatever goes wrong is "nothing known"."""
    seen = await _greet_in_tls(host, port)
    return seen if seen.speech is not None else FoundSpeech(await _greet_in_http(host, port))


class _Ear(trio.abc.Stream):
    """A connection that remembers what was heard first."""

    def __init__(self, line: trio.SocketStream) -> None:
        self._line = line
        self.heard = b""

    @property
    def speech(self) -> Speech | None:
        return next((speech for opening, speech in _OPENINGS if self.heard.startswith(opening)), None)

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        piece = bytes(await self._line.receive_some(max_bytes))
        self.heard = (self.heard + piece)[:_HEARD]
        return piece

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await self._line.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        await self._line.wait_send_all_might_not_block()

    async def aclose(self) -> None:
        await self._line.aclose()


@asynccontextmanager
async def _listening(host: str, port: int) -> AsyncIterator[_Ear]:
    line = await trio.open_tcp_stream(host, port)
    try:
        yield _Ear(line)
    finally:
        await trio.aclose_forcefully(line)


async def _greet_in_tls(host: str, port: int) -> FoundSpeech:
    seen = FoundSpeech()
    with trio.move_on_after(LOOK_SECONDS), suppress(OSError, trio.BrokenResourceError):
        async with _listening(host, port) as ear:
            secured = trio.SSLStream(ear, trusting_context(), server_hostname=host, https_compatible=True)
            try:
                await secured.do_handshake()
            except trio.BrokenResourceError:
                return FoundSpeech(ear.speech)
            seen = FoundSpeech(Speech.TLS, secured.getpeercert(binary_form=True) or b"")
    return seen


async def _greet_in_http(host: str, port: int) -> Speech | None:
    with trio.move_on_after(LOOK_SECONDS), suppress(OSError, trio.BrokenResourceError):
        async with _listening(host, port) as ear:
            await ear.send_all(QUESTION)
            while len(ear.heard) < _HEARD and await ear.receive_some(_HEARD):
                pass
            return ear.speech
    return None


@lru_cache(maxsize=64)
def greeting(host: str) -> bytes:
    """The bytes with which TLS begins. They are made once: what comes back is not listened to beyond a byte."""
    heard, said = ssl.MemoryBIO(), ssl.MemoryBIO()
    line = trusting_context().wrap_bio(heard, said, server_hostname=host)
    with suppress(ssl.SSLWantReadError):
        line.do_handshake()
    return said.read()


def trusting_context() -> ssl.SSLContext:
    """For a look at what answers: its certificate is read at most, and no request with a secret follows."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    return trusting


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

    pinned = trusting_context()  # the pin decides, and alone
    pinned.sslobject_class = PinnedObject
    return pinned
