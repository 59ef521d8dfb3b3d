"""The steps of a connection, each by itself: its name, the connection, TLS. For tests of a hop, not for calls.

A line that is no HTTP call (`websocket.py`) takes them together. Sends nothing but a greeting of TLS, and to
`answers` an `OPTIONS *` of HTTP: no path, no credentials. Looks names
up in threads of its own: a silent DNS server must not take those of the calls.
"""

import errno
import os
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec
import trio

from agent.foundation import tls
from agent.foundation.errors import CertificateRefused, Flaw, NotSent, Speech
from agent.foundation.reading import certificate
from agent.foundation.timing import utc_now

CONNECT_SECONDS = 5.0  # s; as a call has
PROBE_SECONDS = 2.0  # s; on the LAN it takes milliseconds
HEARD_SECONDS = 0.7  # s for a connection and a byte; who knocks each two seconds knows within three
LOOKUP_SECONDS = 10.0  # s; two tries of a resolver
_LOOKUPS = 4  # names at a time
_REFUSED = "it refused the connection"
_PORTS = {"http": 80, "https": 443}


class Server(msgspec.Struct, frozen=True):
    """Where a server is: by its address in the provisioning file (`scheme://host:port/path`), with its pin."""

    base: str
    host: str
    port: int
    is_tls: bool
    pin: str | None = None

    @property
    def is_named(self) -> bool:
        """Whether it is given by name, and not by an IP address."""
        try:
            ip_address(self.host)
        except ValueError:
            return True
        return False


def server_at(base: str, pin: str | None = None) -> Server:
    """The place of a server whose address the file's rules have let through."""
    url = urlsplit(base)
    scheme = url.scheme.lower()
    return Server(base, url.hostname or "", url.port or _PORTS.get(scheme, 0), scheme == "https", pin)


async def look_up(host: str) -> str:
    """The first address of a name. Raises `NotSent`."""
    return (await look_up_all(host))[0]


async def look_up_all(host: str) -> tuple[str, ...]:
    """All addresses of a name, the best first; at least one. Raises `NotSent`."""
    with trio.move_on_after(LOOKUP_SECONDS):
        try:
            found = await trio.to_thread.run_sync(
                lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM),
                abandon_on_cancel=True,
                limiter=_limiter(),
            )
        except (OSError, UnicodeError):
            raise NotSent("its name could not be looked up") from None
        return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
    raise NotSent(f"no DNS server has answered within {LOOKUP_SECONDS:g} s")


async def connect(address: str, port: int) -> None:
    """Make a connection, and end it. Raises `NotSent`."""
    await (await _connected(address, port)).aclose()


async def is_open(address: str, port: int) -> bool:
    """Whether a connection comes about, within a short time."""
    with trio.move_on_after(PROBE_SECONDS), suppress(OSError):
        async with _bare_line(address, port):
            return True
    return False


async def answers(server: Server, address: str) -> bool | None:
    """Whether anything comes back to a question of HTTP about nothing; None where no connection comes about.

    All within a short time. In TLS the question is its greeting, which any server of TLS answers.
    """
    has_line = False
    with trio.move_on_after(HEARD_SECONDS), suppress(OSError):
        async with _bare_line(address, server.port) as line:
            has_line = True
            line.send(tls.greeting(server.host) if server.is_tls else tls.QUESTION)
            await trio.lowlevel.wait_readable(line)
            return bool(line.recv(1))
    return False if has_line else None


@asynccontextmanager
async def _bare_line(address: str, port: int) -> AsyncIterator[socket.socket]:
    """A connection for a knock, which comes every two seconds: trio's own costs five times the processor.

    Raises `OSError`.
    """
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as line:
        line.setblocking(False)
        found = line.connect_ex((address, port))
        if found == errno.EINPROGRESS:
            await trio.lowlevel.wait_writable(line)
            found = line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if found:
            raise OSError(found, os.strerror(found))
        yield line


async def days_of_certificate(
    server: Server, address: str, wall: Callable[[], datetime] = utc_now
) -> float | None:
    """Greet in TLS as a call would; for how many days the certificate is still good, None where it does not tell.

    Raises `CertificateRefused`, `NotSent`.
    """
    line = await greeted(server, address, wall)
    try:
        shown = certificate.read(line.getpeercert(binary_form=True) or b"")
    finally:
        await trio.aclose_forcefully(line)
    return (shown.not_after - wall()).total_seconds() / 86_400 if shown else None


async def opened(server: Server, authorities: ssl.SSLContext | None = None) -> trio.abc.Stream:
    """A connection to the server, in TLS where its address says so; the first of its addresses that accepts one.

    `authorities` stand in for the system's. Raises `CertificateRefused`, `NotSent`.
    """
    failure = NotSent(_REFUSED)
    for address in await look_up_all(server.host) if server.is_named else (server.host,):
        try:
            if server.is_tls:
                return await greeted(server, address, authorities=authorities)
            return await _connected(address, server.port)
        except CertificateRefused:
            raise
        except NotSent as error:
            failure = error
    raise failure


async def greeted(
    server: Server,
    address: str,
    wall: Callable[[], datetime] = utc_now,
    authorities: ssl.SSLContext | None = None,
) -> trio.SSLStream[trio.SocketStream]:
    """A connection on which TLS has come about, as for a call. Raises `CertificateRefused`, `NotSent`."""
    line = trio.SSLStream(
        await _connected(address, server.port),
        authorities or tls.context(server.base, server.pin),
        server_hostname=server.host,
        https_compatible=True,
    )
    try:
        await _greet(server, line, wall)
    except BaseException:
        await trio.aclose_forcefully(line)
        raise
    return line


async def _greet(server: Server, line: trio.SSLStream[trio.SocketStream], wall: Callable[[], datetime]) -> None:
    try:
        with trio.fail_after(CONNECT_SECONDS):
            await line.do_handshake()
    except trio.TooSlowError:
        raise NotSent(f"it did not answer in TLS within {CONNECT_SECONDS:g} s") from None
    except (trio.BrokenResourceError, ssl.SSLError) as error:
        raise await _refusal(server, error, wall()) from None


async def _connected(address: str, port: int) -> trio.SocketStream:
    with trio.move_on_after(CONNECT_SECONDS):
        try:
            return await trio.open_tcp_stream(address, port)
        except OSError as error:
            raise NotSent(_REFUSED if _is_refusal(error) else "no connection to it could be made") from None
    raise NotSent(f"it did not accept a connection within {CONNECT_SECONDS:g} s")


def _is_refusal(error: OSError) -> bool:
    """trio raises one error for all addresses that it tried, from theirs."""
    cause = error.__cause__
    tried = cause.exceptions if isinstance(cause, BaseExceptionGroup) else (cause or error,)
    return isinstance(tried[0], ConnectionRefusedError)


async def _refusal(server: Server, error: Exception, now: datetime) -> NotSent:
    cause = error if isinstance(error, ssl.SSLError) else error.__cause__
    if isinstance(cause, tls.PinMismatch):
        return CertificateRefused("its certificate is not the pinned one", Flaw.NOT_PINNED, cause.seen)
    found = await tls.find_speech(server.host, server.port)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return certificate.refused(cause.verify_code, cause.verify_message, found.certificate, server.host, now)
    if found.speech in (None, Speech.TLS):
        return NotSent("it did not answer in TLS")
    return NotSent(f"it speaks {found.speech}, and its address says https")


def _limiter() -> trio.CapacityLimiter:
    try:
        return _lookups.get()
    except LookupError:
        limiter = trio.CapacityLimiter(_LOOKUPS)
        _lookups.set(limiter)
        return limiter


_lookups: trio.lowlevel.RunVar[trio.CapacityLimiter] = trio.lowlevel.RunVar("lookups")
