"""What a terminal sends, however it is cut into pieces."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.console.terminal.keys import LONGEST_SEQUENCE, LONGEST_STRING, Key, Keyboard, Pressed


def pressed(data: bytes) -> list[Pressed]:
    return list(Keyboard().take(data))


def letter_by_letter(keys: list[Pressed]) -> list[Pressed]:
    return [piece for key in keys for piece in (key if isinstance(key, str) else (key,))]


@pytest.mark.parametrize("kind", ["\x1b[{}", "\x1bO{}"])
@pytest.mark.parametrize(
    ("end", "key"),
    [
        ("A", Key.OLDER),
        ("B", Key.NEWER),
        ("C", Key.RIGHT),
        ("D", Key.LEFT),
        ("H", Key.START),
        ("F", Key.END),
        ("1;2D", Key.LEFT),  # with Shift
        ("1;3D", Key.WORD_LEFT),  # with Alt
        ("1;5D", Key.WORD_LEFT),  # with Ctrl
        ("5C", Key.WORD_RIGHT),
        ("1;5A", Key.OLDER),
        ("P", Key.STRAY),  # F1
    ],
)
def test_arrows_come_in_two_kinds_and_with_modifiers(kind: str, end: str, key: Key) -> None:
    assert pressed(kind.format(end).encode()) == [key]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ("\x1b[1~", Key.START),
        ("\x1b[7~", Key.START),
        ("\x1b[4~", Key.END),
        ("\x1b[8~", Key.END),
        ("\x1b[3~", Key.DELETE),
        ("\x1b[3;5~", Key.DELETE),
        ("\x1b[15~", Key.STRAY),
        ("\x1b[[A", Key.STRAY),  # F1 of Linux' own console
        ("\x1bb", Key.WORD_LEFT),
        ("\x1bf", Key.WORD_RIGHT),
        ("\x1bd", Key.CUT_WORD_AHEAD),
        ("\x1b\x7f", Key.CUT_WORD),
        ("\x1b\b", Key.CUT_WORD),
        ("\x1bq", Key.STRAY),
        ("\x1b(B", Key.STRAY),
        ("\x01", Key.START),
        ("\x02", Key.LEFT),
        ("\x03", Key.INTERRUPT),
        ("\x04", Key.DELETE_OR_LEAVE),
        ("\x05", Key.END),
        ("\x06", Key.RIGHT),
        ("\x07", Key.STRAY),
        ("\b", Key.BACKSPACE),
        ("\x7f", Key.BACKSPACE),
        ("\t", Key.COMPLETE),
        ("\x0b", Key.CUT_ALL_AHEAD),
        ("\x0c", Key.CLEAR_SCREEN),
        ("\x0e", Key.NEWER),
        ("\x10", Key.OLDER),
        ("\x15", Key.CUT_ALL_BEFORE),
        ("\x17", Key.CUT_WORD),
        ("\x19", Key.PUT_BACK),
        ("?", Key.HELP),
    ],
)
def test_other_keys(data: str, key: Key) -> None:
    assert pressed(data.encode()) == [key]


def test_a_break_of_the_line_interrupts() -> None:
    assert pressed(b"a\0b") == ["a", Key.INTERRUPT, "b"]


@pytest.mark.parametrize("is_split", [False, True])
@pytest.mark.parametrize(
    ("data", "times"),
    [
        (b"\r", 1),
        (b"\n", 1),
        (b"\r\n", 1),
        (b"\r\0", 1),
        (b"\r\r", 2),
        (b"\n\n", 2),
        (b"\n\r", 2),
        (b"\r\n\r\n", 2),
        (b"\r\n\n", 2),
        (b"\r\0\r\0", 2),
        (b"\rx\n", 2),
    ],
)
def test_each_enter_counts_once(data: bytes, times: int, *, is_split: bool) -> None:
    keyboard = Keyboard()
    pieces = [bytes([byte]) for byte in data] if is_split else [data]
    keys = [key for piece in pieces for key in keyboard.take(piece)]
    assert keys.count(Key.ENTER) == times
    assert not set(keys) - {Key.ENTER, "x"}


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"\x1b\r", [Key.STRAY, Key.ENTER]),
        (b"\x1b[\r", [Key.STRAY, Key.ENTER]),
        (b"\x1b[1;\r", [Key.STRAY, Key.ENTER]),
        (b"\x1bO\x03", [Key.STRAY, Key.INTERRUPT]),
        (b"\x1b]0;title\r", [Key.STRAY, Key.ENTER]),
        (b"\x1bP1\x03", [Key.STRAY, Key.INTERRUPT]),
        (b"\x1b\x1b[A", [Key.STRAY, Key.OLDER]),
        (b"\x1b[1\x7f", [Key.STRAY, Key.BACKSPACE]),
        ("\x1b[1ä".encode(), [Key.STRAY, "ä"]),
        (b"\x1b[1\xff", [Key.STRAY, Key.STRAY]),
        (b"\xc3\r", [Key.STRAY, Key.ENTER]),
    ],
)
def test_what_is_not_ended_swallows_no_key(data: bytes, keys: list[Pressed]) -> None:
    assert pressed(data) == keys


@pytest.mark.parametrize(
    "data",
    [
        b"\x1b[24;80R",
        b"\x1b[?1;2c",
        b"\x1b[>0;276;0c",
        b"\x1b[0n",
        b"\x1b[8;24;80t",
        b"\x1b[?2004;1$y",
        b"\x1b[I",
        b"\x1b[O",
    ],
)
def test_what_a_terminal_answers_is_nothing(data: bytes) -> None:
    assert pressed(data + b"x") == ["x"]


@pytest.mark.parametrize("kind", [b"\x1b]", b"\x1bP", b"\x1bX", b"\x1b^", b"\x1b_"])
@pytest.mark.parametrize("end", [b"\x07", b"\x1b\\"])
def test_a_string_of_the_terminals_is_no_text(kind: bytes, end: bytes) -> None:
    keys = pressed(kind + b"11;rgb:ffff" + end + b"x")
    assert [key for key in keys if key is not Key.STRAY] == ["x"]


def test_a_string_that_never_ends_has_an_end() -> None:
    assert pressed(b"\x1b]" + b"y" * LONGEST_STRING + b"x") == [Key.STRAY, "x"]


def test_a_sequence_that_never_ends_has_an_end() -> None:
    assert pressed(b"\x1b[" + b"1" * (LONGEST_SEQUENCE - 2) + b"xyz") == [Key.STRAY, "xyz"]


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        ("für 10 €".encode(), ["für 10 €"]),
        ("für".encode("latin-1"), ["f", Key.STRAY, "r"]),
        ("a\u200bb\u202ec".encode(), ["a", Key.STRAY, "b", Key.STRAY, "c"]),
        ("a\x9b1mb".encode(), ["a", Key.STRAY, "1mb"]),
        (b"\xed\xa0\x80", [Key.STRAY] * 3),
    ],
)
def test_letters_are_those_of_utf_8_that_show(data: bytes, keys: list[Pressed]) -> None:
    assert pressed(data) == keys


def test_what_is_pasted_is_text_alone() -> None:
    pasted = b"one\r\ntwo\tthree?\x1b[A\x04\x15\0\x1bf\x1b\x7f\x7f"
    keys = letter_by_letter(pressed(b"\x1b[200~" + pasted + b"\x1b[201~\r"))
    strays = [key for key in keys if key is not Key.STRAY]
    assert strays == [*"one", Key.PASTED_GAP, *"two", Key.PASTED_GAP, *"three?", Key.ENTER]


def test_a_paste_whose_end_was_lost_ends_with_ctrl_c() -> None:
    assert pressed(b"\x1b[200~x\r\x03y\r") == ["x", Key.PASTED_GAP, Key.INTERRUPT, "y", Key.ENTER]


@given(
    st.lists(st.one_of(st.binary(max_size=8), st.sampled_from([b"\x1b[", b"\x1b]", b"\r", b"\xc3", b"\x1b[200~"])))
)
def test_it_does_not_matter_how_bytes_are_cut_into_pieces(pieces: list[bytes]) -> None:
    keyboard = Keyboard()
    in_pieces = [key for piece in pieces for key in keyboard.take(piece)]
    assert letter_by_letter(in_pieces) == letter_by_letter(pressed(b"".join(pieces)))


@given(st.binary())
def test_letters_never_steer_a_terminal(data: bytes) -> None:
    assert all(key.isprintable() and key for key in pressed(data) if isinstance(key, str))


@pytest.mark.parametrize("data", [b"\x1b[", b"\x1b]", b"1;", b"\xc3", b"\x1b", b"?", b"\x1b[200~"])
def test_time_grows_with_the_bytes_and_no_faster(data: bytes) -> None:
    def seconds(count: int) -> float:
        begun = time.process_time()
        for _ in Keyboard().take(data * (count // len(data))):
            pass
        return time.process_time() - begun

    assert min(seconds(100_000) for _ in range(2)) < 40 * max(min(seconds(10_000) for _ in range(2)), 0.001)
