"""The board without a machine, and that both boards are boards."""

import socket

import pytest

from board.base import Board
from board.fake import FakeBoard
from board.linux import LinuxBoard


def test_it_remembers_what_the_supervisor_would_have_heard() -> None:
    board = FakeBoard()
    board.notify("READY=1")
    board.notify("STOPPING=1")
    assert board.messages == ["READY=1", "STOPPING=1"]


def test_it_is_the_machine_that_it_was_told_to_be() -> None:
    board = FakeBoard("aurora-desk", watchdog_seconds=30.0)
    assert (board.host_name, board.watchdog_seconds) == ("aurora-desk", 30.0)


def test_it_gives_the_page_its_socket_once() -> None:
    with socket.socket() as line:
        board = FakeBoard(page_socket=line)
        assert (board.page_socket(), board.page_socket()) == (line, None)


@pytest.mark.parametrize("board", [FakeBoard(), LinuxBoard({})])
def test_every_board_has_a_name_and_takes_messages_without_a_supervisor(board: Board) -> None:
    board.notify("READY=1")
    assert board.host_name
    assert board.watchdog_seconds is None
    assert board.page_socket() is None
