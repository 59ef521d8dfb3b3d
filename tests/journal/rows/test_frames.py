"""The witness's frames by value: what is put in comes out, and what is damaged, old or foreign is seen."""

import zlib

import pytest

from agent.journal.rows.frames import SECTOR, Condition, Frame, Witnessed, encode, read

SIZE = 16 * SECTOR


def frame(number: int, *rows: tuple[object, ...], base: int = 1, commit: int | None = None) -> bytes:
    return encode(Frame(SIZE, number, base, number if commit is None else commit, 10 + number, rows))


def file(*frames: bytes) -> bytes:
    return b"".join(frames).ljust(SIZE, b"\0")


def test_the_newest_word_about_each_id_is_told_with_its_commit() -> None:
    told = read(file(frame(1, ("a", "claimed")), frame(2, ("b", "claimed"), ("a", "dispatched"))))
    rows = {"a": (2, "a", "dispatched"), "b": (2, "b", "claimed")}
    assert told == Witnessed(Condition.WHOLE, since=1, commit=2, last_row=12, rows=rows)


def test_a_long_frame_takes_several_sectors() -> None:
    rows = tuple((f"id-{number}", "x" * 100) for number in range(20))
    content = frame(1, *rows)
    assert (len(content) % SECTOR, len(content) > 2000) == (0, True)
    assert len(read(file(content, frame(2))).rows) == 20


def test_what_is_left_over_from_before_both_halves_began_is_not_told() -> None:
    told = read(file(frame(9, ("a", "open"), base=9), frame(3, ("old", "open"), base=1), frame(8, base=8)))
    assert (told.condition, told.rows) == (Condition.WHOLE, {"a": (9, "a", "open")})


def test_the_half_before_the_last_one_is_told_too() -> None:
    told = read(file(frame(3, ("a", "done"), base=3), frame(1, ("b", "open")), frame(2)))
    assert (told.since, told.rows) == (1, {"a": (3, "a", "done"), "b": (1, "b", "open")})


def test_of_a_commit_that_was_refused_and_tried_again_only_the_last_try_is_told() -> None:
    told = read(file(frame(1), frame(2, ("refused", "claimed"), commit=5), frame(3, ("a", "claimed"), commit=5)))
    assert told.rows == {"a": (5, "a", "claimed")}


@pytest.mark.parametrize("at", [0, 4, 8, 12, SECTOR - 1])
def test_a_damaged_frame_leaves_a_gap_and_the_others_are_told(at: int) -> None:
    middle = bytearray(frame(2, ("b", "x" * 440)))
    middle[at] ^= 1
    told = read(file(frame(1, ("a",)), bytes(middle), frame(3, ("c",))))
    is_padding = at == SECTOR - 1
    assert told.condition is (Condition.WHOLE if is_padding else Condition.DAMAGED)
    assert told.rows.keys() == ({"a", "b", "c"} if is_padding else {"a", "c"})


def test_a_file_that_was_cut_off_is_damaged_even_where_it_held_nothing() -> None:
    assert read(file(frame(1))[:-1]).condition is Condition.DAMAGED


@pytest.mark.parametrize("content", [b"", b"\0" * SIZE, b"garbage" * 1000, frame(1)[:20]])
def test_a_file_without_a_frame_is_damaged(content: bytes) -> None:
    assert read(content) == Witnessed(Condition.DAMAGED)


def test_a_later_versions_file_is_foreign() -> None:
    assert read(b"NPW2" + file(frame(1))[4:]).condition is Condition.FOREIGN


def test_later_parts_of_a_frame_and_of_a_row_are_left_alone() -> None:
    longer = encode((SIZE, 1, 1, 4, 10, (("a", "open", "new"),), "more"))  # type: ignore[arg-type]  # a later frame
    assert read(file(longer)).rows == {"a": (4, "a", "open", "new")}


def test_a_frame_that_sums_up_but_is_none_of_ours_is_left_out() -> None:
    body = b"\xc0"
    strange = b"NPW1" + len(body).to_bytes(4, "little") + zlib.crc32(body).to_bytes(4, "little") + body
    assert read(file(strange.ljust(SECTOR, b"\0"), frame(1, ("a",)))).rows.keys() == {"a"}
