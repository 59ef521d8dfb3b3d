"""An agent whose log no one takes: keys, page and stop do not notice."""

import os
import signal
import subprocess
from collections.abc import Callable
from fcntl import F_SETPIPE_SZ, fcntl
from pathlib import Path

import pytest
import trio

from agent.simulators.mews.commands import State
from tests.e2e.processes import PATIENCE, RealHotel, real_hotel
from tests.free_port import free_port

KEYS = 40  # some 8 KB of log, twice what the pipe holds
Stderr = Callable[[], int]


def unread_pipe() -> int:
    """The end of a small pipe that somebody holds open and no one reads."""
    _out, into = os.pipe()
    fcntl(into, F_SETPIPE_SZ, 4096)
    return into


def broken_pipe() -> int:
    out, into = os.pipe()
    os.close(out)
    return into


def full_disk() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def command(hotel: RealHotel, port: int, *shell: str) -> list[str]:
    return [*shell, *hotel.command()[:-1], f"127.0.0.1:{port}"]


async def cut_all_and_stop(hotel: RealHotel, stderr: int, *shell: str) -> int:
    """Have many keys cut, look at the page, stop; the exit code."""
    port = free_port()
    hotel.bridge.switch(card_seconds=0.01)
    process = await trio.lowlevel.open_process(
        command(hotel, port, *shell), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr
    )
    try:
        with trio.fail_after(PATIENCE):
            ids = [hotel.mews.add_key(str(number % 3 + 1), ["101"]) for number in range(KEYS)]
            ended = [await hotel.mews.wait_final(id) for id in ids]
            assert {command.state for command in ended} == {State.PROCESSED}
            async with await trio.open_tcp_stream("127.0.0.1", port) as page:
                await page.send_all(b"GET /healthz HTTP/1.0\r\n\r\n")
                assert (await page.receive_some()).startswith(b"HTTP/1.1 200")
            process.send_signal(signal.SIGTERM)
            return await process.wait()
    finally:
        process.kill()
        os.close(stderr)


@pytest.mark.parametrize("stderr", [unread_pipe, broken_pipe, full_disk])
async def test_keys_page_and_stop_do_not_wait_for_a_log_that_nobody_takes(tmp_path: Path, stderr: Stderr) -> None:
    async with real_hotel(tmp_path) as hotel:
        assert await cut_all_and_stop(hotel, stderr()) == 0


async def test_an_agent_without_any_stderr_works(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        closed = ("sh", "-c", 'exec "$@" 2>&-', "sh")
        assert await cut_all_and_stop(hotel, os.open(os.devnull, os.O_WRONLY), *closed) == 0
