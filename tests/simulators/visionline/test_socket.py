"""The simulated VisiOnline on real sockets: TLS with its own certificate, escaped targets, the silent PMS port."""

import ssl
from collections.abc import AsyncIterator

import httpx
import pytest
import trio

from agent.simulators.base.certificates import Tls
from agent.simulators.base.presence import Absence
from agent.simulators.base.server import serve, serve_silence
from agent.simulators.visionline.simulator import VisionlineSimulator
from tests.simulators.visionline.callers import Caller

pytestmark = pytest.mark.needs("openssl")


@pytest.fixture
async def on_sockets(fast: VisionlineSimulator, nursery: trio.Nursery) -> AsyncIterator[Caller]:
    """A caller that trusts the simulator's own certificate alone."""
    port = await nursery.start(serve, fast)
    pinned = ssl.create_default_context(cadata=fast.certificates.pem(Tls.OWN))
    base = f"https://127.0.0.1:{port}"
    async with httpx.AsyncClient(verify=pinned, base_url=base, trust_env=False, timeout=10) as client:
        yield Caller(fast, client)


async def test_a_card_is_written_over_tls_with_its_own_certificate(
    fast: VisionlineSimulator, on_sockets: Caller
) -> None:
    assert (await on_sockets.encode()).status_code == 201
    assert (await on_sockets.call("DELETE", f"/api/v1/sessions/{on_sockets.id}")).status_code == 200
    assert len(fast.cards) == 1


@pytest.mark.parametrize(
    ("form", "escaped", "raw"), [("escaped", 201, 403), ("raw", 403, 201), ("both", 201, 201)]
)
async def test_an_encoder_with_a_blank_is_signed_in_the_switched_form(
    fast: VisionlineSimulator, on_sockets: Caller, form: str, escaped: int, raw: int
) -> None:
    fast.switch(signed_target=form)
    target = "/api/v1/cards?action=encode&encoder=Front%20Desk&override=true"
    body = {"doorOperations": [{"doors": ["101"], "operation": "guest"}], "expireTime": "20160506T1100"}
    by_wire = await on_sockets.call("POST", target, body)
    by_text = await on_sockets.call("POST", target, body, signed=target.replace("%20", " "))
    assert (by_wire.status_code, by_text.status_code) == (escaped, raw)
    assert {card.order.encoder for card in fast.cards} == {"Front Desk"}


async def test_no_call_comes_through_with_a_renewed_certificate(
    fast: VisionlineSimulator, on_sockets: Caller
) -> None:
    fast.switch(tls="changed")
    with pytest.raises(httpx.ConnectError):
        await on_sockets.encode()
    assert fast.calls.total() == 0


async def test_a_card_is_written_although_the_client_hung_up(
    fast: VisionlineSimulator, on_sockets: Caller, nursery: trio.Nursery
) -> None:
    fast.switch(card_seconds=None)
    await on_sockets.log_in()
    async with trio.open_nursery() as client:
        client.start_soon(on_sockets.encode)
        await fast.wait_asking("1")
        client.cancel_scope.cancel()
    fast.present("1")
    await fast.wait_cards(1)


async def test_the_web_api_may_be_closed_while_the_pms_interface_is_open(
    fast: VisionlineSimulator, on_sockets: Caller, nursery: trio.Nursery
) -> None:
    silent = await nursery.start(serve_silence, fast.pms_presence)
    fast.presence.leave(Absence.REFUSE)
    with pytest.raises(httpx.ConnectError):
        await on_sockets.log_in()
    async with await trio.open_tcp_stream("127.0.0.1", silent):
        pass
    fast.pms_presence.leave(Absence.REFUSE)
    await trio.testing.wait_all_tasks_blocked()
    with pytest.raises(OSError, match="connect"):
        await trio.open_tcp_stream("127.0.0.1", silent)


async def test_it_speaks_plain_http_when_switched(fast: VisionlineSimulator, nursery: trio.Nursery) -> None:
    fast.switch(tls="plain")
    port = await nursery.start(serve, fast)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        assert (await Caller(fast, client).encode()).status_code == 201
