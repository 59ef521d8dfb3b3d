"""Standard output and error by themselves: what they do without a reader, and what they know of a terminal."""

import errno
import fcntl
import io
import os
import select
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from typing import TextIO

import pytest

from agent.foundation import streams


@pytest.fixture
def terminal() -> Iterator[TextIO]:
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w") as opened:
        yield opened
    os.close(ours)


def resize(terminal: TextIO, columns: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))


def test_a_reader_that_went_away_is_known_after_the_first_words_and_stops_nothing() -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as below:
        kept = streams.kept(below, writer)
        assert streams.loss(kept) is None
        os.close(reader)
        kept.write("one")
        lost = streams.loss(kept)
        kept.write("two " * 100_000)
        assert lost is streams.loss(kept)
        assert lost is not None
        assert lost.errno == errno.EPIPE


def test_a_stream_of_any_other_kind_is_never_lost() -> None:
    assert streams.loss(io.StringIO()) is None


def test_letters_that_the_encoding_does_not_have_are_shown_as_question_marks() -> None:
    below = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    kept = streams.kept(below, 1)
    kept.write("łódź \udcff")
    assert streams.loss(kept) is None
    assert below.buffer.getvalue() == b"?\xf3d? ?"


def test_an_unbuffered_stream_stays_one() -> None:
    reader, writer = os.pipe()
    with io.TextIOWrapper(io.FileIO(writer, "w"), write_through=True) as below:
        streams.kept(below, writer).write("one\n")
        assert os.read(reader, 100) == b"one\n"
    os.close(reader)


def test_a_pipe_that_somebody_made_non_blocking_is_waited_for() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    read = bytearray()

    def follow() -> None:
        while len(read) < 500_000 and select.select([reader], [], [], 10)[0]:
            read.extend(os.read(reader, 65_536))

    with os.fdopen(writer, "w") as below:
        kept = streams.kept(below, writer)
        following = threading.Thread(target=follow)
        following.start()
        kept.write("x" * 500_000)
        assert streams.loss(kept) is None
        following.join()
    assert len(read) == 500_000
    os.close(reader)


@pytest.mark.parametrize(("has", "columns"), [(132, 132), (80, 80), (40, 40), (20, 40), (0, 100)])
def test_lines_are_as_wide_as_the_terminal(terminal: TextIO, has: int, columns: int) -> None:
    resize(terminal, has)
    assert streams.columns(terminal, 100) == columns


def test_on_a_terminal_lines_break_between_words_and_addresses_stay_whole(terminal: TextIO) -> None:
    resize(terminal, 40)
    said = "The lock server does not answer: look at https://aurora-desk.hotel.example/status"
    text = f"{said}\nand then\n\ncall support."
    rows = [
        "The lock server does not answer: look at",
        "https://aurora-desk.hotel.example/status",
        *("and then", "", "call support."),
    ]
    assert streams.fitted(terminal, text).split("\n") == rows


def test_a_program_gets_lines_as_they_are() -> None:
    assert streams.fitted(io.StringIO(), "word " * 50) == "word " * 50


def test_without_a_terminal_lines_have_their_usual_width() -> None:
    assert streams.columns(io.StringIO(), 100) == 100


@pytest.mark.parametrize(
    ("environment", "is_coloured"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),  # as no-color.org has it
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({}, False),
    ],
)
def test_colours_are_for_terminals_that_have_them_and_people_who_want_them(
    terminal: TextIO, environment: dict[str, str], is_coloured: bool
) -> None:
    assert streams.has_colours(terminal, environment) is is_coloured


def test_a_pipe_gets_no_colours_whatever_the_environment_says() -> None:
    assert not streams.has_colours(io.StringIO(), {"TERM": "xterm", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"})


def test_a_closed_stream_leaves_its_number_to_no_file() -> None:
    code = (
        "import os; from agent.foundation import streams; streams.set_up(); "
        "raise SystemExit(os.open('/', os.O_RDONLY))"
    )
    done = subprocess.run(["sh", "-c", '"$@" <&- >&- 2>&-', "sh", sys.executable, "-c", code], check=False)
    assert done.returncode > 2
