"""The page on a socket that somebody else holds, as systemd does in the image: it outlives every agent."""

import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import trio

from tests.e2e.processes import HAND_OVER, AgentProcess, RealHotel, real_hotel, running
from tests.free_port import free_port
from tests.status.server.serving import everything


@pytest.fixture
def held() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as line:
        yield line


def url(held: socket.socket) -> str:
    host, port = held.getsockname()
    return f"http://{host}:{port}/"


@asynccontextmanager
async def agent_on(held: socket.socket, hotel: RealHotel, *more: str) -> AsyncIterator[AgentProcess]:
    number = held.fileno()
    command = [sys.executable, "-c", HAND_OVER, str(number), *hotel.command()[:-2], *more]
    async with running(command, pass_fds=[number]) as agent:
        yield agent


async def healthz(address: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as web:
        return await web.get(address + "healthz")


async def test_the_agent_answers_on_the_socket_that_it_was_handed(tmp_path: Path, held: socket.socket) -> None:
    async with real_hotel(tmp_path) as hotel, agent_on(held, hotel) as agent:
        assert await agent.wait_page() == url(held)
        assert (await healthz(url(held))).status_code in (200, 503)


async def test_a_reader_who_comes_while_the_agent_is_dead_is_answered_by_the_next(
    tmp_path: Path, held: socket.socket
) -> None:
    async with real_hotel(tmp_path) as hotel:
        async with agent_on(held, hotel) as first:
            await first.wait_page()
            first.send(signal.SIGKILL)
            await first.wait_exit()
        async with await trio.open_tcp_stream(*held.getsockname()) as reader:
            await reader.send_all(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            async with agent_on(held, hotel) as second:
                await second.wait_page()
                assert (await everything(reader)).startswith(b"HTTP/1.1 ")


async def test_a_stop_leaves_the_socket_open_for_the_next(tmp_path: Path, held: socket.socket) -> None:
    async with real_hotel(tmp_path) as hotel:
        for _ in range(2):
            async with agent_on(held, hotel) as agent:
                assert await agent.wait_page() == url(held)
                agent.send(signal.SIGTERM)
                assert await agent.wait_exit() == 0


async def test_an_address_on_the_command_line_comes_before_the_socket(tmp_path: Path, held: socket.socket) -> None:
    async with real_hotel(tmp_path) as hotel, agent_on(held, hotel, "--listen", "127.0.0.1:0") as agent:
        assert await agent.wait_page() != url(held)


async def test_a_socket_that_does_not_listen_is_told_and_ends_nothing(tmp_path: Path) -> None:
    async with real_hotel(tmp_path, more=f'[page]\nlisten = "127.0.0.1:{free_port()}"') as hotel:
        with socket.socket() as line:
            async with agent_on(line, hotel) as agent:
                await agent.wait_line(
                    "E-PAGE-ADDRESS at box: The page cannot use the socket that systemd hands over"
                )
                assert (await agent.get("healthz")).status_code == 200
