"""Networks that say nothing: a resolver that never answers, packets that vanish. The box works on and says so."""

import signal
from pathlib import Path

import pytest
import trio

from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from tests.e2e.namespaces import needs_mounts, needs_net, resolver, silent_net
from tests.e2e.processes import PATIENCE, real_hotel

RESOLVER = "127.0.0.53"  # a loopback address of its own; port 53 needs root
DNS_PORT = 53

may_be_resolver = pytest.mark.needs("root")  # to listen on port 53


@needs_mounts
@may_be_resolver
async def test_a_silent_resolver_is_said_and_holds_nothing_else_up(tmp_path: Path) -> None:
    with trio.socket.socket(type=trio.socket.SOCK_DGRAM) as silent:
        await silent.bind((RESOLVER, DNS_PORT))
        async with real_hotel(tmp_path) as hotel:
            port, _ = hotel.ports
            text = hotel.file().replace(f"http://127.0.0.1:{port}", "https://mews.example")
            hotel.config.write_text(text)
            async with hotel.agent(*resolver(tmp_path, RESOLVER)) as agent:
                with trio.fail_after(PATIENCE):
                    await silent.recv(512)
                page = (await agent.get("healthz")).status_code
                await agent.wait_line("E-MEWS-UNREACHABLE")
                agent.send(signal.SIGTERM)
                with trio.fail_after(5):
                    assert await agent.wait_exit() == 0
    assert page in (200, 503)


@needs_net
async def test_a_net_that_drops_every_packet_is_named_at_both_hops_and_a_stop_still_works(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        mews, bridge = hotel.ports
        text = hotel.file().replace(f"http://127.0.0.1:{mews}", "https://192.0.2.1")
        hotel.config.write_text(text.replace(f"http://127.0.0.1:{bridge}", "http://192.0.2.2:7331"))
        async with hotel.agent(*silent_net()) as agent:
            await agent.wait_line("E-MEWS-UNREACHABLE")
            await agent.wait_line("E-LOCK-UNREACHABLE")
            agent.send(signal.SIGTERM)
            with trio.fail_after(5):
                assert await agent.wait_exit() == 0


async def test_a_lock_server_that_goes_away_in_the_middle_of_a_card_leaves_it_open_and_the_next_key_works(
    tmp_path: Path,
) -> None:
    async with real_hotel(tmp_path) as hotel, hotel.agent() as agent:
        hotel.bridge.switch(card_seconds=0.3)
        first = hotel.mews.add_key("1", ["101"])
        await agent.while_alive(hotel.bridge.wait_calls, "guest_key", 1)
        hotel.bridge.presence.leave(Absence.REFUSE, 0.5)
        with trio.fail_after(PATIENCE):
            lost = await hotel.mews.wait_final(first)
            hotel.bridge.heal()
            good = await hotel.mews.wait_final(hotel.mews.add_key("1", ["102"]))
    assert "perhaps cut" in (lost.notes or "")
    assert good.state is State.PROCESSED
