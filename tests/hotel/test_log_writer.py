"""The log never holds up who writes into it, keeps the order, and says how much of it is lost."""

import errno
import logging
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import F_SETPIPE_SZ, fcntl
from pathlib import Path

import pytest

from agent.hotel.log_writer import LAST_WORDS, MOST_LINES, LogWriter, own_stderr

PATIENCE = 10.0  # s; a test fails instead of hanging


def say(writer: LogWriter, text: str) -> None:
    writer.handle(logging.LogRecord("nightporter", logging.INFO, __file__, 1, text, None, None))


class Pipe:
    """A pipe as small as there is one, and a writer into it."""

    def __init__(self) -> None:
        self.out, self._into = os.pipe()
        fcntl(self._into, F_SETPIPE_SZ, 4096)
        self.writer = LogWriter(self._into)

    def lines_until(self, are_all: Callable[[list[str]], bool]) -> list[str]:
        """Read lines until these are all."""
        lines: list[str] = []
        rest = b""
        while not are_all(lines):
            assert select.select([self.out], [], [], PATIENCE)[0], lines[-3:]
            *whole, rest = (rest + os.read(self.out, 4096)).split(b"\n")
            lines += [line.decode() for line in whole]
        return lines


class Sink:
    """A descriptor that takes what it is told to: `room` bytes, and then it is out of space."""

    def __init__(self) -> None:
        self.room: float = float("inf")
        self.text = b""

    def write(self, _descriptor: int, data: bytes) -> int:
        taken = data[: int(min(self.room, len(data)))]
        if not taken:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.room -= len(taken)
        self.text += taken
        return len(taken)


def written(writer: LogWriter, *texts: str) -> None:
    """Say these, each once the one before is dealt with."""
    for text in texts:
        say(writer, text)
        writer.flush()


def test_lines_come_out_in_order() -> None:
    pipe = Pipe()
    for number in range(100):
        say(pipe.writer, f"line {number}")
    assert pipe.lines_until(lambda lines: len(lines) == 100) == [f"line {number}" for number in range(100)]


def test_who_logs_never_waits_and_what_is_lost_is_counted_where_it_is_missing() -> None:
    pipe = Pipe()
    many = 5 * MOST_LINES
    began = time.monotonic()
    for number in range(many):
        say(pipe.writer, f"line {number} {'x' * 100}")
    assert time.monotonic() - began < PATIENCE / 10
    lines = pipe.lines_until(lambda lines: accounted(lines) == many)
    assert MOST_LINES < len(lines) < many
    say(pipe.writer, "it flows again")
    assert pipe.lines_until(bool) == ["it flows again"]


def accounted(lines: list[str]) -> int:
    """How many lines these are with those that they say are lost; each has to be the next one."""
    count = 0
    for line in lines:
        number = int(line.split()[1])
        if line.startswith("WARNING"):
            count += number
        else:
            assert number == count
            count += 1
    return count


def test_a_full_disk_loses_lines_and_says_so_once_there_is_room() -> None:
    sink = Sink()
    writer = LogWriter(-1, sink.write)
    written(writer, "before")
    sink.room = 0
    written(writer, "lost", "lost", "lost")
    sink.room = float("inf")
    written(writer, "after")
    assert sink.text.decode().splitlines() == ["before", "WARNING 3 lines of this log are lost", "after"]


def test_a_line_that_was_cut_short_does_not_run_into_the_next() -> None:
    sink = Sink()
    writer = LogWriter(-1, sink.write)
    sink.room = 4
    written(writer, "cut short")
    sink.room = float("inf")
    written(writer, "after")
    assert sink.text.decode().splitlines() == ["cut ", "WARNING 1 line of this log is lost", "after"]


def test_text_that_no_terminal_can_show_is_written_all_the_same() -> None:
    sink = Sink()
    written(LogWriter(-1, sink.write), "half \ud83d an emoji, ł")
    assert sink.text.decode() == "half \\ud83d an emoji, ł\n"


def test_the_end_waits_for_a_stuck_log_only_for_a_moment() -> None:
    stuck = threading.Event()
    writer = LogWriter(-1, lambda _descriptor, data: len(data) if stuck.wait(PATIENCE) else 0)
    say(writer, "stuck")
    began = time.monotonic()
    writer.flush()
    assert LAST_WORDS * 0.9 <= time.monotonic() - began < LAST_WORDS + 0.5
    began = time.monotonic()
    writer.flush()
    assert time.monotonic() - began < LAST_WORDS / 2
    stuck.set()


def test_the_writers_thread_sleeps_while_there_is_nothing_to_write() -> None:
    sink = Sink()
    before = set(threading.enumerate())
    writer = LogWriter(-1, sink.write)
    written(writer, "one")
    (thread,) = set(threading.enumerate()) - before
    before_that, woken = -1, switches(thread.native_id)
    while before_that != woken:  # its way to sleep
        time.sleep(0.05)
        before_that, woken = woken, switches(thread.native_id)
    time.sleep(0.5)
    assert switches(thread.native_id) == woken


def switches(thread: int | None) -> int:
    """How often a thread was put to sleep by now (proc(5))."""
    status = Path(f"/proc/self/task/{thread}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("voluntary_ctxt")).split()[1])


@contextmanager
def closed_stderr() -> Iterator[None]:
    kept = os.dup(2)
    os.close(2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def test_a_closed_stderr_gives_the_log_a_sink_and_no_file_of_ours() -> None:
    with closed_stderr():
        number = own_stderr()
        assert os.path.samestat(os.fstat(number), Path(os.devnull).stat())
        os.close(number)


STUCK = """
import logging, os, sys
from agent.hotel import log
log.to_stderr()
for number in range(5000):
    log.log.info("line %d", number)
print("all said", flush=True)
"""


@pytest.mark.parametrize("end", ["", "raise SystemExit(3)", "os.kill(os.getpid(), 15)"])
def test_a_process_ends_though_nobody_reads_its_log(end: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", STUCK + end], stdout=subprocess.PIPE, stderr=subprocess.PIPE, pipesize=4096
    )
    with child:
        child.wait(PATIENCE)
        assert child.stdout is not None
        assert child.stdout.read() == b"all said\n"
