"""The box's network and clock as they are told, and how seldom they are asked about."""

from datetime import UTC, datetime, timedelta

import trio
import trio.testing

from agent.hotel.network_facts import CLOCK_SECONDS, NETWORK_SECONDS, NetworkFacts
from agent.status.snapshot.surroundings import Network
from board.base import Network as Wire
from board.base import NetworkState
from board.clock_state import CHRONY, ClockState
from board.fake import FakeBoard
from board.report import Interface, Report

WALL = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
SOCKET = Interface("eth0", True, "", "1000", ("10.4.5.20",), "", ("10.4.5.1", "10.4.5.2"))
OTHER = Interface("eth1", True, "", "1000", (), "", ("10.4.5.2", "9.9.9.9"))


class CountingBoard(FakeBoard):
    readings = questions = 0

    def interfaces(self) -> Report:
        self.readings += 1
        return super().interfaces()

    def clock_state(self) -> ClockState:
        self.questions += 1
        return super().clock_state()


def facts(board: FakeBoard, mews: datetime | None = None) -> NetworkFacts:
    return NetworkFacts(board, lambda: mews, lambda: WALL)


def test_all_that_the_board_tells_is_told_and_a_name_server_once() -> None:
    board = FakeBoard("night")
    board.wire = Wire(NetworkState.READY, "eth0", ("10.4.5.20",))
    board.sockets = Report((SOCKET, OTHER), ("10.4.5.1", "10.9.9.9"))
    told = facts(board, WALL - timedelta(seconds=2.4)).network(("pool.ntp.org",), 0.0)
    assert told == Network(
        host="night",
        interface="eth0",
        addresses=("10.4.5.20",),
        gateway="10.4.5.1",
        dns=("10.4.5.1", "10.4.5.2", "9.9.9.9"),
        ntp=("pool.ntp.org",),
        clock_offset_mews=2.0,
    )


def test_a_board_that_tells_nothing_leaves_it_empty() -> None:
    assert facts(FakeBoard("night")).network((), 0.0) == Network(host="night")


def test_the_files_are_read_again_once_they_are_old_and_no_sooner() -> None:
    board = CountingBoard()
    told = facts(board)
    for now in (0.0, 1.0, NETWORK_SECONDS, NETWORK_SECONDS + 0.1):
        told.network((), now)
    assert board.readings == 2


async def test_the_clock_is_asked_about_while_somebody_looks_and_not_otherwise(nursery: trio.Nursery) -> None:
    board = CountingBoard()
    board.time = ClockState(True, CHRONY, -0.02)
    told = facts(board)
    nursery.start_soon(told.watch)
    await trio.testing.wait_all_tasks_blocked()
    assert board.questions == 0
    assert told.network((), 0.0).is_clock_set is None
    with trio.fail_after(5):
        while (seen := told.network((), 0.0)).is_clock_set is None:  # noqa: ASYNC110 - a thread answers
            await trio.sleep(0.01)
    assert (seen.clock, seen.is_clock_set, seen.clock_offset_ntp) == (CHRONY, True, -0.02)
    assert board.questions == 1
    assert CLOCK_SECONDS > 5
