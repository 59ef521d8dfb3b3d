"""Real TLS: whom the one way out trusts, why not, what else is spoken, and that a stranger learns nothing."""

import hashlib
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import trio
import trustme
from trio.testing import MockClock

from agent.foundation.errors import CertificateRefused, Flaw, NotSent, OtherSpeech, Speech
from agent.foundation.http import Answer, Peer
from tests.free_port import free_port as free_port_now
from tests.raw_server import RawServer, Stream, Talk, answer, answering, raw_server

AUTHORITY = trustme.CA()
CERTIFICATE = AUTHORITY.issue_cert("the-hotels-own-pc.example")
FINGERPRINT = hashlib.sha256(ssl.PEM_cert_to_DER_cert(CERTIFICATE.cert_chain_pems[0].bytes().decode())).hexdigest()
OTHER = "00" * 32
NOW = datetime.now(UTC).replace(microsecond=0)  # OpenSSL asks the machine's clock, and no other


@pytest.fixture
def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CERTIFICATE.configure_cert(context)
    return context


@pytest.fixture
def hasty_clock() -> MockClock:
    """Time that jumps once nothing has come over a real socket for a while."""
    return MockClock(autojump_threshold=0.2)


@pytest.fixture
def free_port() -> int:
    return free_port_now()


async def ask(peer: Peer) -> Answer:
    return await peer.call("GET", "/", headers={"X-Token": "secret"}, deadline=5, cap=99)


def with_colons(fingerprint: str) -> str:
    return ":".join(fingerprint[at : at + 2] for at in range(0, 64, 2)).upper()


@pytest.mark.parametrize(
    "pin", [FINGERPRINT, FINGERPRINT.upper(), with_colons(FINGERPRINT)], ids=["plain", "capitals", "colons"]
)
async def test_the_pinned_certificate_is_trusted_whatever_its_name_and_issuer(
    nursery: trio.Nursery, tls: ssl.SSLContext, pin: str
) -> None:
    server = await raw_server(nursery, answering(answer(b"hello")), tls=tls)
    async with Peer(server.base, certificate_sha256=pin) as peer:
        assert (await ask(peer)).body == b"hello"


@pytest.mark.parametrize("is_pinned", [True, False])
async def test_the_certificate_that_was_accepted_is_kept_for_those_who_ask_until_when_it_is_good(
    nursery: trio.Nursery, is_pinned: bool
) -> None:
    context, known = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    shown = AUTHORITY.issue_cert("127.0.0.1")
    shown.configure_cert(context)
    AUTHORITY.configure_trust(known)
    server = await raw_server(nursery, answering(answer(), answer()), tls=context)
    der = ssl.PEM_cert_to_DER_cert(shown.cert_chain_pems[0].bytes().decode())
    pin = hashlib.sha256(der).hexdigest() if is_pinned else None
    async with Peer(server.base, certificate_sha256=pin, authorities=None if is_pinned else known) as peer:
        assert peer.certificate == b""
        await ask(peer)
        await ask(peer)  # over the same connection, which shows none
        assert peer.certificate == der


async def test_a_certificate_that_is_refused_and_a_server_without_one_leave_none(
    nursery: trio.Nursery, tls: ssl.SSLContext
) -> None:
    server = await raw_server(nursery, answering(answer()), tls=tls)
    async with Peer(server.base, certificate_sha256=OTHER) as peer:
        with pytest.raises(CertificateRefused):
            await ask(peer)
        assert peer.certificate == b""
    plain = await raw_server(nursery, answering(answer()))
    async with Peer(plain.base) as peer:
        await ask(peer)
        assert peer.certificate == b""


async def test_another_certificate_is_refused_and_shown(nursery: trio.Nursery, tls: ssl.SSLContext) -> None:
    server = await raw_server(nursery, answering(answer()), tls=tls)
    async with Peer(server.base, certificate_sha256=OTHER) as peer:
        with pytest.raises(CertificateRefused, match="not the pinned one") as caught:
            await ask(peer)
    assert caught.value.seen == FINGERPRINT


@pytest.mark.parametrize("pin", [OTHER, None], ids=["another", "none"])
async def test_a_server_that_is_not_trusted_gets_no_byte_of_a_request(
    nursery: trio.Nursery, tls: ssl.SSLContext, pin: str | None
) -> None:
    server = await raw_server(nursery, answering(answer()), tls=tls)
    async with Peer(server.base, certificate_sha256=pin) as peer:
        for _ in range(3):
            with pytest.raises(CertificateRefused):
                await ask(peer)
    assert server.asked == []


def issued(**settings: Any) -> trustme.LeafCert:
    return AUTHORITY.issue_cert("127.0.0.1", **settings)


async def refusal(
    nursery: trio.Nursery, shown: trustme.LeafCert, *, is_known: bool = True, wall: datetime = NOW
) -> CertificateRefused:
    """How a certificate is refused by a box that knows the authority, or does not, at a time of its clock."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.configure_cert(context)
    server = await raw_server(nursery, answering(answer()), tls=context)
    known = ssl.create_default_context()
    if is_known:
        AUTHORITY.configure_trust(known)
    async with Peer(server.base, authorities=known, wall=lambda: wall) as peer:
        with pytest.raises(CertificateRefused) as caught:
            await ask(peer)
    assert server.asked == []
    return caught.value


@pytest.mark.parametrize(
    ("days", "wall", "flaw", "reason"),
    [
        ((-30, -3), NOW, Flaw.EXPIRED, "its certificate expired on {end}"),
        ((3, 30), NOW, Flaw.NOT_YET_VALID, "its certificate is not valid before {begin}"),
        (
            (3, 30),
            datetime(2019, 2, 1, tzinfo=UTC),
            Flaw.CLOCK,
            "the box's clock says 1 February 2019, and its certificate is valid from {begin} to {end}",
        ),
    ],
)
async def test_a_certificate_whose_days_do_not_fit_is_refused_with_the_day(
    nursery: trio.Nursery, days: tuple[int, int], wall: datetime, flaw: Flaw, reason: str
) -> None:
    begin, end = (NOW + timedelta(days=day) for day in days)
    error = await refusal(nursery, issued(not_before=begin, not_after=end), wall=wall)
    dates = {name: f"{day.day} {day:%B %Y}" for name, day in (("begin", begin), ("end", end))}
    assert (error.flaw, error.reason) == (flaw, reason.format(**dates))


async def test_a_certificate_for_another_name_is_refused_with_both_names(nursery: trio.Nursery) -> None:
    error = await refusal(nursery, AUTHORITY.issue_cert("pc-7.hotel.example"))
    assert error.flaw is Flaw.OTHER_NAME
    assert error.reason == "its certificate is made out to pc-7.hotel.example, not to 127.0.0.1"


async def test_an_issuer_that_nobody_knows_is_refused_by_name(nursery: trio.Nursery) -> None:
    inspector = trustme.CA(organization_name="Inspector of all traffic")
    error = await refusal(nursery, inspector.issue_cert("127.0.0.1"), is_known=False)
    assert error.flaw is Flaw.UNKNOWN_ISSUER
    assert error.reason == "its certificate is signed by Inspector of all traffic, which the box does not know"


async def test_without_time_for_a_look_a_certificate_is_still_what_is_refused(nursery: trio.Nursery) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CERTIFICATE.configure_cert(context)
    connections = 0

    async def once(stream: trio.SocketStream) -> None:
        nonlocal connections
        connections += 1
        if connections > 1:
            await trio.sleep_forever()
        with suppress(trio.BrokenResourceError):
            await trio.SSLStream(stream, context, server_side=True).do_handshake()

    [listener] = await nursery.start(partial(trio.serve_tcp, once, 0, host="127.0.0.1"))
    async with Peer(f"https://127.0.0.1:{listener.socket.getsockname()[1]}") as peer:
        with pytest.raises(
            CertificateRefused, match="signed by an authority, which the box does not know"
        ) as caught:
            await peer.call("GET", "/", deadline=1, cap=99)
    assert (caught.value.flaw, caught.value.seen) == (Flaw.UNKNOWN_ISSUER, "")


async def test_what_was_shown_is_told_so_that_it_can_be_pinned(nursery: trio.Nursery) -> None:
    shown = issued()
    error = await refusal(nursery, shown, is_known=False)
    der = ssl.PEM_cert_to_DER_cert(shown.cert_chain_pems[0].bytes().decode())
    assert error.seen == hashlib.sha256(der).hexdigest()


# -- what is spoken there -----------------------------------------------------------------------------------------


def saying(opening: bytes, *, first: bool = False) -> Talk:
    """Say this to each client, before or after something was received, and hang up."""

    async def talk(_server: RawServer, stream: Stream) -> None:
        if not first:
            await stream.receive_some()
        await stream.send_all(opening)
        await stream.receive_some()

    return talk


async def patient(server: RawServer, stream: Stream) -> None:
    """An HTTP server that waits for a whole head, which a TLS greeting never is."""
    if await server.next_request(stream):
        await stream.send_all(answer(status="404 Not Found"))


@pytest.mark.parametrize("pin", [FINGERPRINT, None], ids=["pinned", "not pinned"])
@pytest.mark.parametrize("talk", [saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), patient], ids=["hasty", "patient"])
async def test_a_server_of_plain_http_is_recognised_behind_https(
    nursery: trio.Nursery, hasty_clock: MockClock, pin: str | None, talk: Talk
) -> None:
    server = await raw_server(nursery, talk)
    async with Peer(server.base.replace("http:", "https:"), certificate_sha256=pin) as peer:
        with pytest.raises(OtherSpeech, match="it speaks plain HTTP, and its address says https") as caught:
            await peer.call("GET", "/", headers={"X-Token": "secret"}, deadline=20, cap=99)
    assert (caught.value.speech, caught.value.address) == (Speech.HTTP, server.base)
    assert not [request for request in server.asked if b"secret" in request]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("talk", "speech"),
    [
        (saying(b"SSH-2.0-OpenSSH_9.2\r\n", first=True), Speech.SSH),
        (saying(b"220 mail.example ESMTP\r\n", first=True), Speech.MAIL_OR_FTP),
        (saying(b"\x00\x01\x02 who knows", first=True), None),
        (saying(b""), None),
    ],
    ids=["ssh", "mail", "unknown", "nothing"],
)
async def test_another_service_is_called_by_its_name(
    nursery: trio.Nursery, hasty_clock: MockClock, talk: Talk, speech: Speech | None, scheme: str
) -> None:
    server = await raw_server(nursery, talk)
    async with Peer(server.base.replace("http:", f"{scheme}:")) as peer:
        other = await peer.other_speech()
    assert (other and (other.speech, other.address, other.seen)) == (speech and (speech, "", ""))


async def test_a_server_of_tls_is_recognised_behind_http_with_its_certificate(
    nursery: trio.Nursery, tls: ssl.SSLContext
) -> None:
    server = await raw_server(nursery, answering(answer()), tls=tls)
    async with Peer(server.base.replace("https:", "http:")) as peer:
        other = await peer.other_speech()
    assert other is not None
    assert (other.speech, other.address, other.seen) == (Speech.TLS, server.base, FINGERPRINT)


async def test_a_server_that_speaks_tls_as_the_box_does_not_is_told_from_one_without(
    nursery: trio.Nursery,
) -> None:
    server = await raw_server(nursery, saying(b"\x15\x03\x01\x00\x02\x02\x46"))  # "I know no such version"
    async with Peer(server.base.replace("http:", "https:")) as peer:
        with pytest.raises(NotSent, match="it speaks TLS, but no connection came about"):
            await ask(peer)


async def test_a_server_that_accepts_and_keeps_silent_is_not_said_to_accept_nobody(
    nursery: trio.Nursery, hasty_clock: MockClock
) -> None:
    async def silent(_server: RawServer, _stream: Stream) -> None:
        await trio.sleep_forever()

    server = await raw_server(nursery, silent)
    async with Peer(server.base.replace("http:", "https:")) as peer:
        with pytest.raises(NotSent, match="it accepted the connection and did not answer in TLS within 5 s"):
            await peer.call("GET", "/", deadline=20, cap=99)


async def test_a_look_has_nothing_to_say_of_a_server_that_is_not_there(free_port: int) -> None:
    async with Peer(f"http://127.0.0.1:{free_port}") as peer:
        assert await peer.other_speech() is None


async def test_a_server_that_hangs_up_during_the_handshake_got_nothing(
    nursery: trio.Nursery, tls: ssl.SSLContext
) -> None:
    async def hang_up(_server: object, _stream: object) -> None:
        await trio.lowlevel.checkpoint()

    server = await raw_server(nursery, hang_up)
    async with Peer(server.base.replace("http:", "https:"), certificate_sha256=OTHER) as peer:
        with pytest.raises(NotSent):
            await ask(peer)


async def test_a_call_to_an_address_that_was_looked_up_before_keeps_the_host_s_name_and_certificate(
    nursery: trio.Nursery,
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("lock.hotel.example").configure_cert(context)
    names: list[str | None] = []
    context.sni_callback = lambda _object, name, _context: names.append(name)
    server = await raw_server(nursery, answering(answer(b"hello", "Connection: close")), tls=context)
    known = ssl.create_default_context()
    AUTHORITY.configure_trust(known)
    port = server.base.rpartition(":")[2]
    async with Peer(f"https://lock.hotel.example:{port}/api", authorities=known) as peer:
        found = await peer.call("GET", "/x?a=%20b", deadline=5, cap=1000, at="127.0.0.1")
    assert found.body == b"hello"
    assert names == ["lock.hotel.example"]
    head = server.asked[0].split(b"\r\n")
    assert head[0] == b"GET /api/x?a=%20b HTTP/1.1"
    assert f"Host: lock.hotel.example:{port}".encode() in head


async def test_a_certificate_for_another_name_is_refused_at_an_address_too(nursery: trio.Nursery) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued().configure_cert(context)  # for 127.0.0.1, where it is
    server = await raw_server(nursery, answering(answer()), tls=context)
    known = ssl.create_default_context()
    AUTHORITY.configure_trust(known)
    port = server.base.rpartition(":")[2]
    async with Peer(f"https://lock.hotel.example:{port}", authorities=known) as peer:
        with pytest.raises(CertificateRefused) as caught:
            await peer.call("GET", "/", deadline=5, cap=1000, at="127.0.0.1")
    assert caught.value.flaw is Flaw.OTHER_NAME
    assert server.asked == []
