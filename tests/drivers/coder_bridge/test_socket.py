"""The driver on real sockets: a pinned certificate, the right one or another, and a server that hangs up."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from hashlib import sha256
from zoneinfo import ZoneInfo

import h11
import pytest
import trio
import trustme

from agent.commands.model import Outcome, Verdict
from agent.drivers.coder_bridge.bridge import open_peer
from agent.drivers.coder_bridge.driver import CoderBridgeDriver
from agent.drivers.lock_server.log_in import Credentials
from agent.foundation.errors import CertificateRefused
from agent.health import lock_kinds
from agent.health.health import Health
from agent.simulators.base.server import serve
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from provisioning.secret import Secret
from tests.drivers.coder_bridge.bridge_bench import HOP, NAMES, PASSWORD
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, job
from tests.raw_server import RawServer, Stream, answer, answering, raw_server

DONE = Outcome(Verdict.DONE)


class Secured:
    """A simulator behind TLS, and the certificate that it shows."""

    def __init__(self) -> None:
        certificate = trustme.CA().issue_cert("127.0.0.1")
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(self.context)
        shown = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
        self.pin = sha256(shown).hexdigest()
        self.simulator = CoderBridgeSimulator()
        self.simulator.switch(card_seconds=0.0)


@asynccontextmanager
async def driver_at(url: str, health: Health, pin: str | None = None) -> AsyncIterator[CoderBridgeDriver]:
    async with open_peer(url, pin) as peer:
        credentials = Credentials("night-porter", Secret(PASSWORD))
        zone = ZoneInfo("Europe/Vienna")
        yield CoderBridgeDriver(peer, BUILT_IN, credentials, zone, health, NAMES, allow_unconfirmed=True)


@asynccontextmanager
async def secured_driver(server: Secured, health: Health, pin: str) -> AsyncIterator[CoderBridgeDriver]:
    async with trio.open_nursery() as nursery:
        port = await nursery.start(partial(serve, server.simulator, tls=server.context))
        async with driver_at(f"https://127.0.0.1:{port}/mst/enc", health, pin) as driver:
            yield driver
        nursery.cancel_scope.cancel()


async def test_behind_the_pinned_certificate_keys_are_cut() -> None:
    server = Secured()
    async with secured_driver(server, Health(trio.current_time), server.pin) as driver:
        assert await driver.carry_out(job()) == Outcome(Verdict.DONE, key="100001")
        assert len(server.simulator.cuts) == 1


async def test_behind_another_certificate_nothing_is_sent_and_no_key_is_cut() -> None:
    server = Secured()
    async with secured_driver(server, Health(trio.current_time), "0" * 64) as driver:
        outcome = await driver.carry_out(job())
        assert (outcome.verdict, outcome.code) == (Verdict.FAILED, "E-KEY-CERTIFICATE")
        assert not server.simulator.calls


async def test_another_certificate_stands_on_the_page_with_the_fingerprint_that_was_seen() -> None:
    server, health, is_raised = Secured(), Health(trio.current_time), trio.Event()
    health.on_change = lambda fault, _: is_raised.set() if fault.kind.code == "E-LOCK-CERTIFICATE" else None
    async with secured_driver(server, health, "0" * 64) as driver, trio.open_nursery() as nursery:
        nursery.start_soon(driver.watch)
        with trio.fail_after(10):
            await is_raised.wait()
        nursery.cancel_scope.cancel()
        texts = [fault.text for fault in health.active() if fault.kind.code == "E-LOCK-CERTIFICATE"]
        assert len(texts) == 1
        assert server.pin in texts[0]
        hints = [fault.hint for fault in health.active() if fault.kind.code == "E-LOCK-CERTIFICATE"]
        assert hints[0].startswith("Compare the SHA-256")


async def test_another_certificate_shows_that_the_server_can_be_reached() -> None:
    server, health = Secured(), Health(trio.current_time)
    health.raise_fault(lock_kinds.UNREACHABLE, HOP)
    async with secured_driver(server, health, "0" * 64) as driver:
        await driver.carry_out(job())
    assert [fault.kind.code for fault in health.active()] == ["E-LOCK-CERTIFICATE"]


async def test_another_certificate_is_a_typed_error_for_whoever_asks_for_rooms() -> None:
    server = Secured()
    async with secured_driver(server, Health(trio.current_time), "0" * 64) as driver:
        with pytest.raises(CertificateRefused) as caught:
            await driver.list_doors()
        assert caught.value.seen == server.pin


async def test_a_bridge_without_tls_behind_https_is_said_with_the_address_to_write() -> None:
    simulator, health = CoderBridgeSimulator(), Health(trio.current_time)
    async with trio.open_nursery() as nursery:
        port = await nursery.start(serve, simulator)
        async with driver_at(f"https://127.0.0.1:{port}/mst/enc", health, "0" * 64) as driver:
            outcome = await driver.carry_out(job())
        nursery.cancel_scope.cancel()
    assert outcome.code == "E-KEY-ADDRESS"
    assert "it speaks plain HTTP, and its address says https" in outcome.note
    [fault] = [fault for fault in health.active() if fault.hop == HOP]
    assert (fault.kind.code, fault.text) == (
        "E-LOCK-ADDRESS",
        "It speaks plain HTTP, and its address says https.",
    )
    assert f'server = "http://127.0.0.1:{port}"' in fault.hint
    assert not simulator.calls.total()


async def cut_one(driver: CoderBridgeDriver, _health: Health) -> None:
    await driver.carry_out(job())


async def look_once(driver: CoderBridgeDriver, health: Health) -> None:
    is_raised = trio.Event()
    health.on_change = lambda fault, _: is_raised.set() if fault.kind.level == "fault" else None
    async with trio.open_nursery() as nursery:
        nursery.start_soon(driver.watch)
        with trio.fail_after(10):
            await is_raised.wait()
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize("ask", [cut_one, look_once])
async def test_a_bridge_of_tls_behind_http_is_said_with_the_address_and_the_fingerprint_to_write(
    ask: Callable[[CoderBridgeDriver, Health], Awaitable[None]],
) -> None:
    server, health = Secured(), Health(trio.current_time)
    async with trio.open_nursery() as nursery:
        port = await nursery.start(partial(serve, server.simulator, tls=server.context))
        async with driver_at(f"http://127.0.0.1:{port}/mst/enc", health) as driver:
            await ask(driver, health)
        nursery.cancel_scope.cancel()
    [fault] = [fault for fault in health.active() if fault.kind.code != "E-LOCK-UNCONFIRMED"]
    assert (fault.kind.code, fault.text) == ("E-LOCK-ADDRESS", "It speaks TLS, and its address says http.")
    assert f'server = "https://127.0.0.1:{port}"' in fault.hint
    assert server.pin in fault.hint


ELSEWHERE = "Location: https://127.0.0.1:7333{path}"
LOGGED_IN = answer(b'{"value": "opaque-token"}')


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
async def test_a_web_server_that_sends_the_log_in_on_to_https_is_said_with_the_address_to_write(
    nursery: trio.Nursery, status: str
) -> None:
    moved = answer(b"", ELSEWHERE.format(path="/mst/enc/auth/auth"), status=status)
    server, health = await raw_server(nursery, answering(moved)), Health(trio.current_time)
    async with driver_at(f"{server.base}/mst/enc", health) as driver:
        outcome = await driver.carry_out(job())
    [fault] = health.active()
    assert (outcome.verdict, outcome.code, len(server.asked)) == (Verdict.FAILED, "E-KEY-ADDRESS", 1)
    assert (fault.kind.code, fault.text) == ("E-LOCK-ADDRESS", "It sends callers on to https://127.0.0.1:7333.")
    assert 'server = "https://127.0.0.1:7333"' in fault.hint


@pytest.mark.parametrize(
    ("path", "status", "verdict", "code"),
    [
        ("/mst/enc/pms/cikey", "301 Moved", Verdict.FAILED, "E-KEY-ADDRESS"),
        ("/mst/enc/pms/cikey", "302 Found", Verdict.FAILED, "E-KEY-ADDRESS"),
        ("/mst/enc/pms/cikey", "303 See Other", Verdict.UNKNOWN, "E-KEY-ANSWER-UNREADABLE"),
        ("/mst/enc/pms/done", "301 Moved", Verdict.UNKNOWN, "E-KEY-ANSWER-UNREADABLE"),
    ],
)
async def test_a_key_that_is_sent_on_is_surely_not_cut_only_where_the_same_request_is_wanted_elsewhere(
    nursery: trio.Nursery, path: str, status: str, verdict: Verdict, code: str
) -> None:
    moved = answer(b"", ELSEWHERE.format(path=path), status=status)
    server, health = await raw_server(nursery, answering(LOGGED_IN, moved)), Health(trio.current_time)
    async with driver_at(f"{server.base}/mst/enc", health) as driver:
        outcome = await driver.carry_out(job())
    assert (outcome.verdict, outcome.code, len(server.asked)) == (verdict, code, 2)
    assert "it sends callers on to https://127.0.0.1:7333" in health.active()[0].text
    assert [fault.kind.code for fault in health.active()] == ["E-LOCK-KEY-ANSWER"]


async def test_a_dark_400_to_the_log_in_is_no_refused_log_in_where_tls_is_spoken(nursery: trio.Nursery) -> None:
    async def web_server(server: RawServer, stream: Stream) -> None:
        if (await stream.receive_some()).startswith(b"\x16\x03"):
            await stream.send_all(b"\x15\x03\x01\x00\x02\x02\x46")
        else:
            await stream.send_all(answer(b"<html>The plain HTTP request was sent to HTTPS port", status="400 Bad"))

    server, health = await raw_server(nursery, web_server), Health(trio.current_time)
    async with driver_at(f"{server.base}/mst/enc", health) as driver:
        assert (await driver.carry_out(job())).code == "E-KEY-ADDRESS"
    [fault] = health.active()
    assert (fault.kind.code, fault.text) == ("E-LOCK-ADDRESS", "It speaks TLS, and its address says http.")


async def test_another_service_on_the_bridges_port_is_called_by_its_name(nursery: trio.Nursery) -> None:
    async def ssh(_server: RawServer, stream: Stream) -> None:
        await stream.send_all(b"SSH-2.0-OpenSSH_9.2\r\n")
        await stream.receive_some()

    server, health = await raw_server(nursery, ssh), Health(trio.current_time)
    async with driver_at(f"{server.base}/mst/enc", health) as driver:
        assert (await driver.carry_out(job())).code == "E-KEY-ADDRESS"
    [fault] = health.active()
    assert (fault.kind.code, fault.text) == ("E-LOCK-ADDRESS", "It speaks SSH, and its address says http.")
    assert "port" in fault.hint


@pytest.mark.parametrize("pause", [0.0, 0.001, 0.02])
async def test_a_server_that_hangs_up_after_each_answer_makes_no_key_look_perhaps_cut(pause: float) -> None:
    async def hang_up_unannounced(stream: trio.SocketStream) -> None:
        http = h11.Connection(h11.SERVER)
        while (event := http.next_event()) is not h11.PAUSED and not isinstance(event, h11.EndOfMessage):
            if event is h11.NEED_DATA:
                http.receive_data(bytes(await stream.receive_some(65_536)))
        body = b'{"value": "opaque-token", "result": 0}'
        await stream.send_all(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        await trio.sleep(pause)

    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, hang_up_unannounced, 0)
        port = listeners[0].socket.getsockname()[1]
        async with driver_at(f"http://127.0.0.1:{port}/mst/enc", Health(trio.current_time)) as driver:
            assert [await driver.carry_out(job()) for _ in range(20)] == [DONE] * 20
        nursery.cancel_scope.cancel()
