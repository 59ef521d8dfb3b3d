"""What a simulated server shows of itself over TLS: its own certificate, an expired and a renewed one, or none."""

import ssl
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
import trio

from agent.foundation.errors import UserMistake
from agent.simulators.base.certificates import Certificates, Tls
from agent.simulators.base.server import serve
from agent.simulators.mews.simulator import MewsSimulator

pytestmark = pytest.mark.needs("openssl")


@pytest.fixture
async def port(mews: MewsSimulator, nursery: trio.Nursery) -> int:
    real_port: int = await nursery.start(serve, mews)
    return real_port


@pytest.fixture
async def curious() -> AsyncIterator[httpx.AsyncClient]:
    """A client that takes any certificate."""
    async with httpx.AsyncClient(verify=trusting(), trust_env=False) as client:
        yield client


def trusting(pem: str = "") -> ssl.SSLContext:
    """Trusts this certificate; without one, any."""
    context = ssl.create_default_context(cadata=pem or None)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED if pem else ssl.CERT_NONE
    return context


async def shown(port: int, context: ssl.SSLContext) -> str:
    """The fingerprint that a new connection meets."""
    stream = await trio.open_tcp_stream("127.0.0.1", port)
    async with trio.SSLStream(stream, context, server_hostname="127.0.0.1", https_compatible=True) as secured:
        await secured.do_handshake()
        return sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()


@pytest.mark.parametrize("kind", ["own", "expired", "changed"])
async def test_a_connection_meets_the_certificate_that_is_switched(
    mews: MewsSimulator, port: int, kind: str
) -> None:
    mews.switch(tls=kind)
    assert await shown(port, trusting()) == mews.certificates.sha256(Tls(kind))


async def test_own_certificate_passes_where_it_is_trusted(mews: MewsSimulator, port: int) -> None:
    mews.switch(tls="own")
    assert await shown(port, trusting(mews.certificates.pem(Tls.OWN))) == mews.certificates.sha256(Tls.OWN)


async def test_an_expired_certificate_is_refused_where_it_is_trusted(mews: MewsSimulator, port: int) -> None:
    mews.switch(tls="expired")
    with pytest.raises(trio.BrokenResourceError) as raised:
        await shown(port, trusting(mews.certificates.pem(Tls.EXPIRED)))
    assert "expired" in str(raised.value.__cause__)


async def test_a_renewed_certificate_is_refused_by_who_trusts_the_old_one(mews: MewsSimulator, port: int) -> None:
    mews.switch(tls="own")
    pinned = trusting(mews.certificates.pem(Tls.OWN))
    await shown(port, pinned)
    mews.switch(tls="changed")
    with pytest.raises(trio.BrokenResourceError):
        await shown(port, pinned)


async def test_a_certificate_stays_the_same_until_another_is_switched(mews: MewsSimulator, port: int) -> None:
    mews.switch(tls="own")
    before = await shown(port, trusting())
    mews.switch(tls="changed")
    mews.switch(tls="own")
    assert await shown(port, trusting()) == before


async def test_two_servers_never_have_the_same_certificate() -> None:
    assert Certificates().sha256(Tls.OWN) != Certificates().sha256(Tls.OWN)


async def test_the_control_side_tells_what_to_pin_over_the_same_tls(
    mews: MewsSimulator, port: int, curious: httpx.AsyncClient
) -> None:
    mews.switch(tls="own")
    told = (await curious.get(f"https://127.0.0.1:{port}/_sim/certificate")).json()
    assert (told["tls"], told["sha256"]) == ("own", await shown(port, trusting()))
    assert told["pem"].startswith("-----BEGIN CERTIFICATE-----")


async def test_a_plain_server_has_no_certificate(port: int, curious: httpx.AsyncClient) -> None:
    told = (await curious.get(f"http://127.0.0.1:{port}/_sim/certificate")).json()
    assert told == {"tls": "plain", "sha256": "", "pem": ""}


async def test_plain_http_to_a_server_of_tls_is_hung_up_on_and_harms_no_one(
    mews: MewsSimulator, port: int, curious: httpx.AsyncClient
) -> None:
    mews.switch(tls="own")
    with pytest.raises(httpx.TransportError):
        await curious.get(f"http://127.0.0.1:{port}/_sim/counts")
    assert (await curious.get(f"https://127.0.0.1:{port}/_sim/counts")).status_code == 200


@pytest.mark.parametrize(
    "kind", ["drop", "reset", "truncated", "garbage", "html-500", "brace", "gzip-bomb", "drip"]
)
async def test_what_breaks_on_the_wire_breaks_in_the_same_way_over_tls(
    mews: MewsSimulator, port: int, curious: httpx.AsyncClient, kind: str
) -> None:
    mews.fail(kind, seconds=0, megabytes=1)
    plain = await outcome(curious, f"http://127.0.0.1:{port}")
    mews.switch(tls="own")
    assert await outcome(curious, f"https://127.0.0.1:{port}") == plain


async def outcome(client: httpx.AsyncClient, base: str) -> object:
    """Status and size of what comes back, or the type of the error."""
    try:
        answer = await client.post(f"{base}/api/connector/v1/commands/getAllActive", json={})
        return answer.status_code, len(answer.content)
    except httpx.TransportError as error:
        return type(error)


@pytest.mark.parametrize("noise", [b"\x16\x03\x01" + b"\xff" * 500, b"\r\n" * 500, b"\x00", b""])
async def test_noise_instead_of_a_handshake_harms_no_one(
    mews: MewsSimulator, port: int, curious: httpx.AsyncClient, noise: bytes
) -> None:
    mews.switch(tls="own")
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(noise)
        await stream.send_eof()
    assert (await curious.get(f"https://127.0.0.1:{port}/_sim/counts")).status_code == 200


async def test_a_client_that_stops_in_the_middle_of_a_handshake_keeps_no_one_waiting(
    mews: MewsSimulator, port: int, curious: httpx.AsyncClient
) -> None:
    mews.switch(tls="own")
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(b"\x16\x03\x01\x02\x00")
        with trio.fail_after(5):
            assert (await curious.get(f"https://127.0.0.1:{port}/_sim/counts")).status_code == 200


def test_what_was_made_is_valid_now_or_over_before_any_clock(tmp_path: Path) -> None:
    certificates = Certificates()
    ends = {kind: end_of(certificates.pem(kind), tmp_path / kind) for kind in (Tls.OWN, Tls.EXPIRED)}
    assert ends[Tls.EXPIRED].year == 2016
    assert ends[Tls.OWN].year == 2049


def end_of(pem: str, file: Path) -> datetime:
    """When a certificate is over, as openssl reads it."""
    file.write_text(pem)
    words = ("openssl", "x509", "-in", str(file), "-noout", "-enddate")
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    seconds = ssl.cert_time_to_seconds(told.removeprefix("notAfter=").strip())
    return datetime.fromtimestamp(seconds, UTC)


def test_without_openssl_it_is_said_what_to_install(
    mews: MewsSimulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserMistake, match="openssl: install it, or write plain"):
        mews.switch(tls="own")
    assert mews.switches.tls is Tls.PLAIN
