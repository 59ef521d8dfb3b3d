"""The board without a machine, and that both boards are boards."""

import os
import select
import socket
from collections.abc import Iterator

import pytest

from board.base import Board
from board.button import Edge
from board.clock_state import CHRONY, ClockState
from board.conditions import Conditions
from board.fake import FakeBoard, FakeLights
from board.identity import Identity
from board.linux import LinuxBoard
from board.pattern import OFF, ON, Pattern
from board.serial_line import SPEED, SerialGone, forget_news
from board.wear import Card, Wear

PATIENCE = 10.0  # s


@pytest.fixture
def fake() -> Iterator[FakeBoard]:
    board = FakeBoard(clock=lambda: 7.0)
    yield board
    board.close()


def has_come(descriptor: int) -> bool:
    return bool(select.select([descriptor], [], [], PATIENCE)[0])


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


def test_it_says_of_its_parts_what_it_was_told() -> None:
    board = FakeBoard()
    assert (board.identity(), board.conditions()) == (Identity(), Conditions())
    assert (board.wear(), board.clock_state()) == (Wear(), ClockState())
    board.who, board.state_of_parts = Identity("4711", "A box"), Conditions(81.5, is_power_weak=True)
    board.worn, board.time = Wear((Card("MMC", life_steps=9),)), ClockState(True, CHRONY, 0.1)
    assert (board.identity(), board.conditions(1.0)) == (board.who, board.state_of_parts)
    assert (board.wear(1.0), board.clock_state()) == (board.worn, board.time)


def test_its_lights_remember_what_they_showed() -> None:
    board = FakeBoard()
    board.panel = FakeLights(2, can_count=False)
    lights = board.lights()
    assert lights.show(ON, OFF)
    assert lights.show(ON, OFF)
    assert not lights.show(Pattern(200, 400, 3, 2000), OFF, ON)
    assert board.panel.history == [(ON, OFF), (Pattern(200, 400, 3, 2000), OFF)]
    assert (lights.count, lights.can_count) == (2, False)
    lights.close()
    assert (board.panel.shown, board.panel.is_given_back) == ((), True)


def test_its_button_is_waited_for_as_a_real_one_is(fake: FakeBoard) -> None:
    button = fake.button("Power Button")
    assert button is not None
    assert button.edges() == ()
    fake.press()
    assert has_come(button.fileno())
    fake.let_go()
    assert button.edges() == (Edge(True, 7.0), Edge(False, 7.0))
    button.close()
    fake.press()


def test_it_may_have_no_button(fake: FakeBoard) -> None:
    fake.has_button = False
    assert fake.button() is None


def test_a_cable_that_is_plugged_in_is_a_line_and_unplugged_one_that_is_gone(fake: FakeBoard) -> None:
    assert fake.serial_lines() == ()
    path, laptop = fake.plug_in()
    assert fake.serial_lines() == (path,)
    line = fake.open_serial(path, SPEED)
    os.write(laptop, b"help\r")
    assert has_come(line.fileno())
    assert os.read(line.fileno(), 100) == b"help\r"
    fake.unplug(path)
    assert fake.serial_lines() == ()
    assert has_come(line.fileno())
    assert os.read(line.fileno(), 100) == b""
    line.close()
    with pytest.raises(SerialGone):
        fake.open_serial(path, SPEED)


def test_who_watches_hears_that_a_cable_came_and_went(fake: FakeBoard) -> None:
    with fake.watch_devices() as watch:
        path, _ = fake.plug_in()
        assert has_come(watch.fileno())
        forget_news(watch)
        assert not select.select([watch], [], [], 0)[0]
        fake.unplug(path)
        assert has_come(watch.fileno())
    for _ in range(3):  # the watch is closed, and that is no error
        fake.unplug(fake.plug_in()[0])


def test_a_watch_that_is_not_read_stops_no_cable(fake: FakeBoard) -> None:
    with fake.watch_devices():
        for _ in range(600):
            fake.unplug(fake.plug_in()[0])


@pytest.mark.parametrize("board", [FakeBoard(), LinuxBoard({})])
def test_every_board_has_a_name_and_takes_messages_without_a_supervisor(board: Board) -> None:
    board.notify("READY=1")
    assert board.host_name
    assert board.watchdog_seconds is None
    assert board.page_socket() is None


def test_this_machine_has_a_watch_and_lines_that_open_or_say_why() -> None:
    board: Board = LinuxBoard({})
    watch = board.watch_devices()
    if watch is not None:
        watch.close()
    with pytest.raises(SerialGone):
        board.open_serial("/dev/null", SPEED)
