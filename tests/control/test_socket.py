"""The control socket over real Unix sockets: what it answers, and whom it does not let near a key."""

import json
import os
import socket
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from pwd import getpwuid
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import trio

from agent.control.acts import Acts
from agent.control.desk import Desk
from agent.control.hub import Hub
from agent.control.socket import MOST_BYTES, MOST_CLIENTS, ControlSocket
from agent.control.words.events import StepTaken
from agent.foundation.errors import UserMistake
from tests.control.fake_hotel import FakeHotel, FakeRows

PATIENCE = 20.0  # s
TEST = b'{"control": 1, "words": ["test", "mews"]}\n'
KEY = b'{"control": 1, "words": ["key", "1", "101"]}\n'
WATCH = b'{"control": 1, "words": ["watch"]}\n'
BUSY = f"The box serves {MOST_CLIENTS} others already: try again in a moment."
OTHERS = "Only root and the box's own user may use this socket."


class Client:
    """Somebody at the socket; every line that came is read as JSON."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self.stream = stream
        self._rest = b""

    async def say(self, line: bytes) -> None:
        await self.stream.send_all(line)

    async def hear(self) -> Any:
        """The next line; None at the end."""
        with trio.fail_after(PATIENCE):
            while b"\n" not in self._rest:
                try:
                    piece = await self.stream.receive_some()
                except trio.BrokenResourceError:
                    return None
                if not piece:
                    return None
                self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)

    async def all(self) -> list[Any]:
        """All lines to the end."""
        lines = []
        while (line := await self.hear()) is not None:
            lines.append(line)
        return lines


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "control"
        self.hotel, self.rows, self.hub = FakeHotel(), FakeRows(), Hub()
        self.desk = Desk(self.hotel, self.hub, Acts(self.rows, self.hub, lambda: 7))
        self.socket = ControlSocket(folder, self.desk, "0.2.0")

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.socket.serve)
            await trio.testing.wait_all_tasks_blocked()
            yield
            nursery.cancel_scope.cancel()

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        async with await trio.open_unix_socket(self.path) as stream:
            yield Client(stream)

    async def ask(self, line: bytes) -> list[Any]:
        async with self.client() as client:
            await client.say(line)
            return await client.all()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    async with bench.served():
        yield bench


async def test_a_request_is_greeted_carried_out_and_ended(bench: Bench) -> None:
    greeting, step, result = await bench.ask(TEST)
    assert greeting == {"control": 1, "version": "0.2.0"}
    assert step.pop("seconds") < 1
    assert step == {"type": "tested", "hop": "mews", "step": "step 1", "mark": "good", "text": "It is well."}
    assert result == {"type": "result", "end": "done", "text": "1 step went well."}


async def test_who_acts_is_written_down(bench: Bench) -> None:
    await bench.ask(b'{"control": 1, "words": ["pause", "1"], "face": "console"}\n')
    assert (bench.rows.last.who, bench.rows.last.face) == (getpwuid(os.geteuid()).pw_name, "console")


async def test_who_acts_may_say_at_which_line(bench: Bench) -> None:
    line = b'{"control": 1, "words": ["pause", "1"], "face": "console", "place": "ttyS0\\u001b[2J"}\n'
    await bench.ask(line)
    assert bench.rows.last.face == "console"
    assert bench.rows.last.who.endswith("at ttyS0 [2J")


async def test_a_word_that_is_begun_is_answered_with_what_it_may_become(bench: Bench) -> None:
    told = await bench.ask(b'{"control": 1, "words": ["key", "1", ""], "is_begun": true}\n')
    assert told[-1] == {"type": "result", "end": "done", "text": "101\n102\n--copies\n--hours"}
    assert bench.rows.acts == {}


async def test_the_socket_is_for_its_owner_alone(bench: Bench) -> None:
    mode = bench.path.stat().st_mode
    assert (stat.S_ISSOCK(mode), stat.S_IMODE(mode)) == (True, 0o600)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"control": 1, "words": ["dance"]}\n', "There is no verb “dance”"),
        (b'{"control": 2, "words": ["test"]}\n', "speaks version 1"),
        (b"GET / HTTP/1.1\r\n\r\n", "That is no request"),
        (b"\n", "That is no request"),
        (b"\xff\n", "That is no request"),
        (b"x" * 1_000_000, f"A request has at most {MOST_BYTES} bytes."),
    ],
    ids=["verb", "version", "http", "empty", "bytes", "megabyte"],
)
async def test_what_is_no_request_gets_one_sentence(bench: Bench, line: bytes, said: str) -> None:
    async with bench.client() as client:
        with suppress(trio.BrokenResourceError):  # it may hang up before all is said
            await client.say(line)
        told = await client.all()
    assert said in told[-1]["text"] if len(told) > 1 else len(line) > MOST_BYTES
    assert (await bench.ask(TEST))[-1]["end"] == "done"


async def test_half_a_line_is_waited_for_and_then_ended(bench: Bench, mock_clock: trio.testing.MockClock) -> None:
    async with bench.client() as client:
        await client.say(b'{"control": 1, "wor')
        await client.hear()
        await trio.testing.wait_all_tasks_blocked()
        mock_clock.jump(11)
        assert "No whole line came within 10 s." in (await client.hear())["text"]
        assert await client.hear() is None


async def test_a_line_that_its_sender_cuts_short_is_told_so(bench: Bench) -> None:
    async with bench.client() as client:
        await client.say(b'{"control": 1')
        await client.stream.send_eof()
        assert "ended before a whole line came" in (await client.all())[-1]["text"]


async def test_of_two_hundred_connections_a_few_are_served_and_the_others_told_so(bench: Bench) -> None:
    lines = [await trio.open_unix_socket(bench.path) for _ in range(200)]
    first = [await Client(line).hear() for line in lines]
    served = [said for said in first if "control" in said]
    told = {said["text"] for said in first if "control" not in said}
    assert (len(served), told) == (MOST_CLIENTS, {BUSY})
    for line in lines:
        await line.aclose()
    await trio.testing.wait_all_tasks_blocked()
    assert (await bench.ask(TEST))[-1]["end"] == "done"


async def test_a_client_that_goes_away_in_mid_act_breaks_it_off(bench: Bench) -> None:
    async with bench.client() as client:
        await client.say(KEY)
        await bench.hotel.ordered.wait()
    with trio.fail_after(PATIENCE):
        while bench.rows.last.is_open:  # noqa: ASYNC110
            await trio.sleep(0.001)
    assert (bench.rows.last.end, bench.hotel.left) == ("failed", [bench.rows.last.order_id])


async def test_a_client_that_ends_its_side_hears_what_it_leaves_behind(bench: Bench) -> None:
    async with bench.client() as client:
        await client.say(KEY)
        await bench.hotel.ordered.wait()
        assert bench.hotel.order is not None
        bench.hotel.order.dispatch(1)
        bench.hotel.is_being_made = True
        await client.stream.send_eof()
        _greeting, card, result = await client.all()
    assert card["text"].startswith("Present a card at Front desk left")
    assert (result["end"], "counts as perhaps cut" in result["text"]) == ("perhaps", True)


async def test_a_client_that_goes_on_talking_breaks_off_its_errand(bench: Bench) -> None:
    async with bench.client() as client:
        await client.say(WATCH)
        await client.hear()
        await client.say(b"\r\n")
        await client.say(b"more\n")
        assert (await client.all())[-1]["type"] == "result"


async def test_a_client_that_never_reads_is_let_go_and_holds_nobody_up(bench: Bench) -> None:
    async with bench.client() as deaf, bench.client() as other:
        for client in (deaf, other):
            await client.say(WATCH)
            await client.hear()
        await trio.testing.wait_all_tasks_blocked()
        for number in range(5000):
            bench.hub.publish(StepTaken(f"{number} {'x' * 200}"))
            if number % 50 == 0:
                await other.hear()
                await trio.testing.wait_all_tasks_blocked()
    await trio.testing.wait_all_tasks_blocked()
    assert (await bench.ask(TEST))[-1]["end"] == "done"


async def test_a_client_that_is_gone_before_it_is_answered_does_no_harm(bench: Bench) -> None:
    for _ in range(10):
        line = socket.socket(socket.AF_UNIX)
        line.connect(str(bench.path))
        line.send(WATCH)
        line.close()
    assert (await bench.ask(TEST))[-1]["end"] == "done"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may pass through, and its owner alone write to."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        yield Path(name)


AS_NOBODY = """
import os, socket, sys
os.setgid(65534)
os.setuid(65534)
line = socket.socket(socket.AF_UNIX)
try:
    line.connect(sys.argv[1])
    print(line.makefile().read())
except PermissionError:
    print("a closed door")
"""


@pytest.mark.needs("root")  # to become somebody else
@pytest.mark.parametrize(("mode", "said"), [(0o600, "a closed door"), (0o666, OTHERS)])
async def test_another_user_finds_a_closed_door_or_one_sentence(open_folder: Path, mode: int, said: str) -> None:
    bench = Bench(open_folder)
    async with bench.served():
        bench.path.chmod(mode)
        done = await trio.run_process([sys.executable, "-c", AS_NOBODY, str(bench.path)], capture_stdout=True)
    assert said in done.stdout.decode()
    assert "version" not in done.stdout.decode()


async def test_a_socket_that_a_crash_left_is_replaced(tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "control"))
    left.close()
    bench = Bench(tmp_path)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(bench.socket.serve)
        await trio.testing.wait_all_tasks_blocked()
        assert (await bench.ask(TEST))[-1]["end"] == "done"
        nursery.cancel_scope.cancel()


async def test_a_clean_end_leaves_no_socket(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    async with bench.served():
        assert os.listdir(tmp_path) == ["control"]  # noqa: PTH208
    assert os.listdir(tmp_path) == []  # noqa: PTH208


async def test_a_long_path_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    bench = Bench(folder)
    async with bench.served():
        assert stat.S_ISSOCK(bench.path.stat().st_mode)


async def test_a_folder_that_others_may_write_to_gets_no_socket(open_folder: Path) -> None:
    os.chmod(open_folder, 0o777)  # noqa: PTH101
    with pytest.raises(UserMistake, match="others than its owner may write there"):
        await Bench(open_folder).socket.serve()


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="cannot be made: no such file or directory"):
        await Bench(tmp_path / "none").socket.serve()
