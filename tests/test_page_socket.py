"""Where the page listens: at the command line's address, on the supervisor's socket, or at the file's address."""

import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio

from agent.app import App, Options
from agent.errors import UserMistake
from agent.status.address import Address
from board.base import Board
from board.fake import FakeBoard
from board.linux import LinuxBoard
from tests.faults.desk import PATIENCE
from tests.hotel import Hotel

PAGE = '[page]\nlisten = "127.0.0.1:{port}"'


@pytest.fixture
def held() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as line:
        yield line


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path)
    hotel.provision(more=PAGE.format(port=8081))
    return hotel


def composed(hotel: Hotel, board: Board, listen: str | None = None) -> App:
    return App(Options(hotel.config, hotel.state, listen), board, wires=hotel.wires)


@asynccontextmanager
async def served(app: App) -> AsyncIterator[Address]:
    async with trio.open_nursery() as nursery:
        with trio.fail_after(PATIENCE):
            address = await nursery.start(app.run)
        yield address
        await app.stop()


async def test_the_supervisors_socket_comes_before_the_files_address(hotel: Hotel, held: socket.socket) -> None:
    async with served(composed(hotel, FakeBoard(page_socket=held.dup()))) as address:
        assert address == Address(*held.getsockname())


async def test_the_command_lines_address_comes_before_the_supervisors_socket(
    hotel: Hotel, held: socket.socket
) -> None:
    async with served(composed(hotel, FakeBoard(page_socket=held), "127.0.0.1:0")) as address:
        assert address != Address(*held.getsockname())


async def test_without_either_the_file_says_where(hotel: Hotel, held: socket.socket) -> None:
    free = Address(*held.getsockname())
    held.close()
    hotel.provision(more=PAGE.format(port=free.port))
    async with served(composed(hotel, FakeBoard())) as address:
        assert address == free


async def test_a_new_address_in_the_file_counts_from_the_next_start(hotel: Hotel, held: socket.socket) -> None:
    app = composed(hotel, FakeBoard(page_socket=held.dup()))
    async with served(app):
        hotel.provision(more=PAGE.format(port=8082))
        app.reload()
        with trio.fail_after(PATIENCE):
            while not app.health.holds("E-PAGE-MOVED", "box"):
                await trio.lowlevel.checkpoint()


async def test_a_socket_that_cannot_carry_a_page_is_a_users_mistake(hotel: Hotel) -> None:
    with socket.socket() as line:
        board = LinuxBoard({"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}, os.dup(line.fileno()))
        with pytest.raises(UserMistake, match="systemd hands over: it does not listen for TCP connections"):
            await composed(hotel, board).run()
