"""Where the page listens: at the command line's address, on the supervisor's socket, or at the file's address."""

import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio

from agent.foundation.errors import UserMistake
from agent.health.catalogue import CATALOGUE
from agent.health.file_kinds import PAGE_ADDRESS
from agent.health.kind import Level
from agent.hotel.app import App
from agent.hotel.options import Options
from agent.simulators.mews.commands import State
from agent.status.server.address import Address
from board.base import Board
from board.fake import FakeBoard
from board.linux import LinuxBoard
from tests.faults.desk import PATIENCE
from tests.whole_hotel import Hotel

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
        await wait_holds(app, "E-PAGE-MOVED")


def says(app: App, code: str) -> str:
    """The text of that fault on the page, "" while it does not hold."""
    return next((fault.text for fault in app.snapshot().faults if fault.code == code), "")


async def wait_holds(app: App, code: str, is_so: bool = True) -> None:
    with trio.fail_after(PATIENCE):
        while app.health.holds(CATALOGUE[code], "box") is not is_so:
            await trio.lowlevel.checkpoint()


async def test_an_address_that_counts_again_is_no_move(hotel: Hotel, held: socket.socket) -> None:
    app = composed(hotel, FakeBoard(page_socket=held.dup()))
    async with served(app):
        for port, is_moved in ((8082, True), (8081, False)):
            hotel.provision(more=PAGE.format(port=port))
            app.reload()
            await wait_holds(app, "E-PAGE-MOVED", is_moved)


@pytest.mark.parametrize(
    ("listen", "words"),
    [
        ("127.0.0.1:{taken}", "Port {taken} is in use by another program"),
        ("203.0.113.7:8099", "203.0.113.7, which is no address of this machine"),
        ("[fd00::dead]:8099", "fd00::dead, which is no address of this machine"),
    ],
)
async def test_keys_go_on_while_the_files_address_cannot_be_had(
    hotel: Hotel, held: socket.socket, listen: str, words: str, autojump_clock: object
) -> None:
    taken = held.getsockname()[1]
    hotel.provision(more=f'[page]\nlisten = "{listen.format(taken=taken)}"')
    app = App(Options(hotel.config, hotel.state), hotel.board, wires=hotel.wires, run_sync=hotel.run_sync)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(app.run)
        with trio.fail_after(PATIENCE):
            ended = await hotel.mews.wait_final(hotel.mews.add_key("1", ["101"]))
        assert ended.state is State.PROCESSED
        assert words.format(taken=taken) in says(app, "E-PAGE-ADDRESS")
        assert app.snapshot().summary.level is Level.WARNING
        await app.ready.wait()
        assert "READY=1" in hotel.board.messages
        await app.stop()


async def test_the_page_is_served_once_its_address_is_free(
    hotel: Hotel, held: socket.socket, autojump_clock: object
) -> None:
    taken = Address(*held.getsockname())
    hotel.provision(more=PAGE.format(port=taken.port))
    app = composed(hotel, FakeBoard())
    async with trio.open_nursery() as nursery:
        nursery.start_soon(free_later, app, held)
        assert await nursery.start(app.run) == taken
        assert not app.health.holds(PAGE_ADDRESS, "box")
        await app.stop()


async def free_later(app: App, held: socket.socket) -> None:
    await app.ready.wait()
    assert app.health.holds(PAGE_ADDRESS, "box")
    held.close()


async def test_a_reloaded_file_with_a_better_address_is_enough(
    hotel: Hotel, held: socket.socket, autojump_clock: object
) -> None:
    free = Address(*held.getsockname())
    held.close()
    hotel.provision(more='[page]\nlisten = "203.0.113.7:8099"')
    app = composed(hotel, FakeBoard())
    async with trio.open_nursery() as nursery:
        nursery.start_soon(mend_later, app, hotel, free)
        assert await nursery.start(app.run) == free
        assert not says(app, "E-PAGE-ADDRESS")
        assert not says(app, "E-PAGE-MOVED")
        await app.stop()


async def mend_later(app: App, hotel: Hotel, free: Address) -> None:
    await app.ready.wait()
    hotel.provision(more=PAGE.format(port=free.port))
    app.reload()


async def test_a_socket_that_cannot_carry_a_page_is_told_and_the_files_address_taken(
    hotel: Hotel, held: socket.socket, autojump_clock: object
) -> None:
    free = Address(*held.getsockname())
    held.close()
    hotel.provision(more=PAGE.format(port=free.port))
    with socket.socket() as line:
        board = LinuxBoard({"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}, os.dup(line.fileno()))
        app = composed(hotel, board)
        async with trio.open_nursery() as nursery:
            assert await nursery.start(app.run) == free
            await app.stop()


async def test_an_address_on_the_command_line_that_cannot_be_had_is_the_users_mistake(
    hotel: Hotel, held: socket.socket
) -> None:
    for listen in (f"127.0.0.1:{held.getsockname()[1]}", "hotel-pc.local:8099"):
        with pytest.raises(UserMistake):
            await composed(hotel, FakeBoard(), listen).run()
