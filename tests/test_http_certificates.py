"""Certificates, with real TLS: whom the one way out trusts, and that a stranger learns nothing."""

import hashlib
import ssl

import pytest
import trio
import trustme

from agent.errors import CertificateRefused, NotSent
from agent.http import Answer, Peer
from tests.raw_server import Stream, answer, answering, raw_server

AUTHORITY = trustme.CA()
CERTIFICATE = AUTHORITY.issue_cert("the-hotels-own-pc.example")
FINGERPRINT = hashlib.sha256(ssl.PEM_cert_to_DER_cert(CERTIFICATE.cert_chain_pems[0].bytes().decode())).hexdigest()
OTHER = "00" * 32


@pytest.fixture
def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CERTIFICATE.configure_cert(context)
    return context


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


async def test_without_a_pin_an_unknown_issuer_is_refused(nursery: trio.Nursery, tls: ssl.SSLContext) -> None:
    server = await raw_server(nursery, answering(answer()), tls=tls)
    async with Peer(server.base) as peer:
        with pytest.raises(CertificateRefused, match="signed by nobody we trust"):
            await ask(peer)


@pytest.mark.parametrize("pin", [FINGERPRINT, None], ids=["pinned", "not pinned"])
async def test_a_server_without_tls_is_called_so(nursery: trio.Nursery, pin: str | None) -> None:
    async def no_tls(_server: object, stream: Stream) -> None:
        await stream.receive_some()
        await stream.send_all(answer(status="400 Bad Request"))

    server = await raw_server(nursery, no_tls)
    async with Peer(server.base.replace("http:", "https:"), certificate_sha256=pin) as peer:
        with pytest.raises(NotSent, match="it did not answer in TLS"):
            await ask(peer)


async def test_a_server_that_hangs_up_during_the_handshake_got_nothing(
    nursery: trio.Nursery, tls: ssl.SSLContext
) -> None:
    async def hang_up(_server: object, _stream: object) -> None:
        await trio.lowlevel.checkpoint()

    server = await raw_server(nursery, hang_up)
    async with Peer(server.base.replace("http:", "https:"), certificate_sha256=OTHER) as peer:
        with pytest.raises(NotSent):
            await ask(peer)
