"""A real process, and what a supervisor does with it: starting, stopping, reloading, watching."""

import signal
import socket
from pathlib import Path

import pytest
import trio

from agent.simulators.mews.commands import State
from agent.status.snapshot.snapshot import Snapshot
from tests import books
from tests.e2e.processes import PATIENCE, AgentProcess, RealHotel, real_hotel, running
from tests.ledger import findings

CARD_SECONDS = 0.8  # s; long enough to be stopped in the middle of a card


def codes(snapshot: Snapshot) -> set[str]:
    return {fault.code for fault in snapshot.faults}


async def cutting(hotel: RealHotel, agent: AgentProcess) -> str:
    """Have one card be under way, with two more commands behind it; the id of the first."""
    hotel.bridge.switch(card_seconds=CARD_SECONDS)
    first = hotel.mews.add_key("1", ["101"])
    hotel.mews.add_key("1", ["102"])
    hotel.mews.add_key("1", ["103"])
    await agent.while_alive(hotel.bridge.wait_calls, "guest_key", 1)
    return first


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_lets_the_running_key_finish_and_reports_it(tmp_path: Path, number: signal.Signals) -> None:
    async with real_hotel(tmp_path) as hotel, hotel.agent() as agent:
        first = await cutting(hotel, agent)
        agent.send(number)
        assert await agent.wait_exit() == 0
        assert hotel.mews.command(first).state is State.PROCESSED
        assert [cut.room for cut in hotel.bridge.cuts] == ["101"]


async def test_a_stop_gives_back_or_ends_what_was_not_begun(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel, hotel.agent() as agent:
        await cutting(hotel, agent)
        agent.send(signal.SIGTERM)
        await agent.wait_exit()
        left = {command.state for command in hotel.mews.commands if command.state is not State.PROCESSED}
    assert State.PROCESSING not in left


async def test_a_second_stop_does_not_wait_for_the_running_key(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel, hotel.agent() as agent:
        hotel.bridge.switch(card_seconds=60)
        id = hotel.mews.add_key("1", ["101"])
        await agent.while_alive(hotel.bridge.wait_calls, "guest_key", 1)
        agent.send(signal.SIGTERM)
        await trio.sleep(0.1)  # two signals at once would be one
        agent.send(signal.SIGTERM)
        assert await agent.wait_exit() == 0
        assert "may have been cut" in (hotel.mews.command(id).notes or "")


async def test_a_second_agent_with_the_same_state_directory_is_refused_in_one_sentence(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel, hotel.agent() as first:
        await first.wait_page()
        async with hotel.agent() as second:
            assert await second.wait_exit() == 2
        assert len(second.lines) == 1
        assert second.log.startswith("nightporter: Another Night Porter runs with the state directory")


async def test_a_killed_agent_leaves_the_state_directory_free(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        async with hotel.agent() as first:
            await first.wait_page()
            first.send(signal.SIGKILL)
            await first.wait_exit()
        async with hotel.agent() as second:
            assert await second.wait_page()


async def test_a_missing_file_keeps_the_page_up_and_says_so(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.config.unlink()
        async with hotel.agent() as agent:
            page = await agent.get("")
            assert page.status_code == 200
            assert str(hotel.config) in page.text


async def test_a_bad_file_keeps_the_page_up_and_names_the_mistake(tmp_path: Path) -> None:
    async with real_hotel(tmp_path, poll_seconds='"often"') as hotel, hotel.agent() as agent:
        assert "mews.poll_seconds" in (await agent.get("")).text


async def test_healthz_is_503_without_a_good_file_and_200_after_a_reload_with_one(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.config.unlink()
        async with hotel.agent() as agent:
            before = (await agent.get("healthz")).status_code
            hotel.provision()
            agent.send(signal.SIGHUP)
            await agent.wait_snapshot(lambda snapshot: "E-FILE-MISSING" not in codes(snapshot))
            assert (before, (await agent.get("healthz")).status_code) == (503, 200)


async def test_a_reload_takes_a_new_encoder_into_use(tmp_path: Path) -> None:
    async with real_hotel(tmp_path, encoders=1) as hotel, hotel.agent() as agent:
        hotel.bridge.switch(card_seconds=0.02)
        await hotel.mews.wait_final(hotel.mews.add_key("1", ["101"]))
        hotel.provision(encoders=2)
        agent.send(signal.SIGHUP)
        await agent.wait_snapshot(lambda snapshot: any(hop.id == "encoder:2" for hop in snapshot.hops))
        with trio.fail_after(PATIENCE):
            command = await hotel.mews.wait_final(hotel.mews.add_key("2", ["102"]))
        assert command.state is State.PROCESSED


async def test_a_reload_of_a_bad_file_goes_on_with_the_old_one(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel, hotel.agent() as agent:
        hotel.bridge.switch(card_seconds=0.02)
        await agent.wait_page()
        hotel.config.write_text("format = 'one'")
        agent.send(signal.SIGHUP)
        await agent.wait_line("E-FILE-REFUSED")
        with trio.fail_after(PATIENCE):
            command = await hotel.mews.wait_final(hotel.mews.add_key("1", ["101"]))
        assert command.state is State.PROCESSED


async def test_a_reload_in_the_middle_of_a_card_keeps_the_promise(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel, hotel.agent() as agent:
        await cutting(hotel, agent)
        agent.send(signal.SIGHUP)
        with trio.fail_after(PATIENCE):
            await hotel.mews.wait_all_final()
        assert findings(books.entries(hotel.mews, hotel.bridge)) == []


async def test_status_shows_the_page_as_text(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel, hotel.agent() as agent:
        done = await trio.run_process(
            [*hotel.command()[:3], "status", "--url", await agent.wait_page()], capture_stdout=True
        )
        assert b"aurora-desk" in done.stdout


async def test_status_without_an_agent_is_one_sentence(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        async with running([*hotel.command()[:3], "status", "--url", "http://127.0.0.1:9/"]) as status:
            assert await status.wait_exit() in (1, 2)
        assert len(status.lines) == 1


async def test_a_page_address_in_use_is_a_users_mistake(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        mews, _ = hotel.ports
        async with running([*hotel.command()[:-1], f"127.0.0.1:{mews}"]) as agent:
            assert await agent.wait_exit() == 2
        assert "Traceback" not in agent.log


async def test_a_page_address_of_the_file_that_cannot_be_had_is_told_and_ends_nothing(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        mews, _ = hotel.ports
        hotel.provision(more=f'[page]\nlisten = "127.0.0.1:{mews}"')
        async with running(hotel.command()[:-2]) as agent:
            await agent.wait_line(f"E-PAGE-ADDRESS at box: Port {mews} is in use by another program")
            await agent.while_alive(hotel.mews.wait_final, hotel.mews.add_key("1", ["101"]))
            agent.send(signal.SIGTERM)
            assert await agent.wait_exit() == 0


@pytest.mark.parametrize("is_abstract", [False, True])
async def test_the_supervisor_hears_of_ready_watchdog_and_stopping(tmp_path: Path, is_abstract: bool) -> None:
    address = f"\0night-porter-{tmp_path}" if is_abstract else str(tmp_path / "notify")
    environment = {"NOTIFY_SOCKET": address.replace("\0", "@"), "WATCHDOG_USEC": "600000"}
    with trio.socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        await supervisor.bind(address)
        async with real_hotel(tmp_path) as hotel, hotel.agent(environment=environment) as agent:
            heard = await heard_until(supervisor, {"READY=1", "WATCHDOG=1"})
            agent.send(signal.SIGTERM)
            heard += await heard_until(supervisor, {"STOPPING=1"})
            assert await agent.wait_exit() == 0
    assert heard.count("READY=1") == heard.count("STOPPING=1") == 1


async def heard_until(supervisor: trio.socket.SocketType, words: set[str]) -> list[str]:
    """What the agent says until it has said all of these."""
    heard: list[str] = []
    with trio.fail_after(PATIENCE):
        while not words <= set(heard):
            heard.append((await supervisor.recv(100)).decode())
    return heard
