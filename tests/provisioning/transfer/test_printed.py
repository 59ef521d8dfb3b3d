"""A transfer that goes one way, as a terminal's log has it: broken rows, noise, gaps, several of them."""

import hashlib

import pytest

from provisioning.transfer.frames import Frame, Kind, written
from provisioning.transfer.outcome import MOST_BYTES, Failure, Received, Why
from provisioning.transfer.printed import frames, put_together

BLOB = bytes(range(256)) * 3
NAME = "aurora-20261127-1105"


def printed(blob: bytes = BLOB, mark: str = "k7mp", name: str = NAME) -> list[bytes]:
    """The lines."""
    return list(frames(blob, name, mark))


@pytest.mark.parametrize("size", [0, 1, 69, 70, 768])
def test_what_was_printed_is_put_together(size: int) -> None:
    assert put_together(b"".join(printed(BLOB[:size]))) == Received(NAME, BLOB[:size])


def test_a_terminal_that_breaks_its_rows_and_says_other_things_between_changes_nothing() -> None:
    rows = b"".join(printed())
    broken = b"\r\n".join(rows[at : at + 80] for at in range(0, len(rows), 80))
    assert put_together(b"nightporter> bundle\r\n" + broken + b"\r\nThat was all of it.\r\n") == Received(
        NAME, BLOB
    )


def test_a_lost_head_is_there_once_more_at_the_end() -> None:
    assert put_together(b"".join(printed()[1:])) == Received(NAME, BLOB)


def test_blocks_that_are_missing_are_counted() -> None:
    rows = printed()
    del rows[3], rows[5]
    words = "2 of 12 blocks are missing or damaged: have it printed once more."
    assert put_together(b"".join(rows)) == Failure(Why.DAMAGED, words)


def test_a_flipped_bit_spoils_its_block_alone_and_a_second_printing_with_the_same_mark_mends_it() -> None:
    rows = printed()
    rows[2] = rows[2][:40] + bytes([rows[2][40] ^ 4]) + rows[2][41:]
    failure = put_together(b"".join(rows))
    assert isinstance(failure, Failure)
    assert failure.text.startswith("1 of 12")
    assert put_together(b"".join([*rows, *printed()])) == Received(NAME, BLOB)


def test_of_several_the_last_whole_one_counts() -> None:
    first, second, third = printed(b"one", "aaaa"), printed(b"two", "bbbb"), printed(BLOB, "cccc")
    del third[4]
    assert put_together(b"".join([*first, *second, *third])) == Received(NAME, b"two")
    assert put_together(b"".join([*second, *first])) == Received(NAME, b"one")


def test_where_none_is_whole_the_last_one_is_spoken_of() -> None:
    first, second = printed(BLOB, "aaaa"), printed(BLOB, "bbbb")
    del first[1:6], second[1]
    failure = put_together(b"".join([*first, *second]))
    assert isinstance(failure, Failure)
    assert failure.text.startswith("1 of 12")


def test_a_log_without_any_is_said_to_have_none() -> None:
    failure = put_together(b"nightporter> status\r\nAll is well.\r\n")
    assert failure == Failure(Why.SILENT, "There is no transfer in it: is that what the console has printed?")


def test_blocks_that_do_not_add_up_are_no_bundle() -> None:
    head = written(Frame(Kind.HEAD, "aaaa", 3, hashlib.sha256(b"two").digest() + b"x"))
    failure = put_together(head + written(Frame(Kind.DATA, "aaaa", 0, b"one")))
    assert isinstance(failure, Failure)
    assert "do not add up" in failure.text


def test_a_head_that_no_box_sends_is_none() -> None:
    short = written(Frame(Kind.HEAD, "aaaa", 3, b"x"))
    large = written(Frame(Kind.HEAD, "bbbb", MOST_BYTES + 1, bytes(33)))
    end = written(Frame(Kind.END, "cccc"))
    failure = put_together(short + large + end)
    assert isinstance(failure, Failure)
    assert failure.why is Why.SILENT
