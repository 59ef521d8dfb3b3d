"""A support bundle at the desk: in pieces that a client puts together, its name and what is not in it last."""

import os

import pytest

from agent.control.errands.bundle import PIECE_BYTES, BundleErrand
from agent.control.words.bundle import SupportBundle
from agent.control.words.sentences import line
from agent.control.words.told import End, Line, Piece, Progress, Result
from tests.control.fake_hotel import FakeHotel


@pytest.mark.parametrize(("size", "count"), [(0, 0), (1, 1), (PIECE_BYTES, 1), (PIECE_BYTES * 2 + 1, 3)])
async def test_it_comes_in_pieces_in_their_order(size: int, count: int) -> None:
    hotel, told = FakeHotel(), list[Progress]()
    hotel.bundle = SupportBundle("a.tar.gz", os.urandom(size))
    result = await BundleErrand(hotel, told.append).run()
    assert told[0] == Line("The hops are tested.")
    pieces = [each for each in told if isinstance(each, Piece)]
    assert len(pieces) == count
    assert b"".join(each.content for each in pieces) == hotel.bundle.content
    assert all(each.total == size for each in pieces)
    assert result == Result(End.DONE, f"a.tar.gz, {size} bytes.")


async def test_what_is_not_in_it_is_the_last_word() -> None:
    hotel = FakeHotel()
    hotel.bundle = SupportBundle("a.tar.gz", b"x", ("steps.txt: no box.",))
    result = await BundleErrand(hotel, lambda _: None).run()
    assert result.text == "a.tar.gz, 1 bytes. Not in it: steps.txt: no box."


def test_broken_off_it_leaves_nothing() -> None:
    assert BundleErrand(FakeHotel(), lambda _: None).left_behind().end is End.FAILED


def test_a_piece_as_a_line_and_in_a_log_shows_nothing_of_its_content() -> None:
    piece = Piece("a.tar.gz", b"secret", 10, 100)
    assert line(piece) == "a.tar.gz: 16 of 100 bytes"
    assert repr(piece) == "Piece('a.tar.gz', 10 of 100)"
    assert repr(SupportBundle("a.tar.gz", b"secret")) == "SupportBundle('a.tar.gz', 6 bytes)"
