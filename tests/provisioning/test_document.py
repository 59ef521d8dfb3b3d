"""The border from bytes to TOML: one sentence with a place for whatever is no TOML."""

import pytest

from provisioning.document import LIMIT_BYTES, LINE_CHARACTERS, parse
from provisioning.problems import Problem


def refusal(text: bytes) -> Problem:
    found = parse(text)
    assert isinstance(found, Problem)
    return found


def test_a_file_of_exactly_the_limit_is_read() -> None:
    line = b"# " + b"x" * 1021 + b"\n"
    assert parse(line * (LIMIT_BYTES // len(line))) == {}


def test_a_file_beyond_the_limit_is_refused_unread() -> None:
    assert refusal(b"\xff" * (LIMIT_BYTES + 1)).wrong == "is larger than 256 KB"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"a = 1\nb =\nc = 2", "line 2, column 4"),
        (b"a = 1\nb", "line 2, column 2"),
        (b"a = 1\na = 2", "line 2, column 6"),
        ("ä = 1".encode(), "line 1, column 1"),
        (b'a = "\xc3\xa4\xff"', "line 1, column 7"),
        (b"\xff\xfef\x00o\x00", "line 1, column 4"),
    ],
)
def test_the_place_of_a_mistake_is_given_in_lines_and_characters(text: bytes, place: str) -> None:
    assert refusal(text).path == place


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (b"a = yes", 'Text goes in "quotes"'),
        (b'a = "x', "is not closed"),
        (b"[a]\n[a]", "this section stands twice"),
        (b"a = 1\na = 2\n", "this name stands twice in its section"),
        (b"a = {b = 1, b = 2}", "this name stands twice in its braces"),
        (b"a = 1 2", "left over"),
        (b"a 1", 'no "="'),
        (rb'a = "C:\hotel"', "a backslash"),
        (b'a = "x\ny"', "Close the text"),
        (b"a = 'x\ny'", "Close the text"),
        (b"[a", "header of a section"),
        (b"a = {,}", "this is not TOML"),
    ],
)
def test_a_slip_is_answered_in_plain_words(text: bytes, part: str) -> None:
    problem = refusal(text)
    assert part in f"{problem.wrong} {problem.write}"


def test_brackets_without_end_are_refused_and_not_followed() -> None:
    assert refusal(b"a = " + b"[" * 1900 + b"\n" + b"[" * 1900).wrong == "is nested too deeply"


def test_a_line_of_exactly_the_limit_is_read_and_a_longer_one_refused() -> None:
    assert parse(b"#" * LINE_CHARACTERS) == {}
    assert refusal(b"\n" + b"#" * (LINE_CHARACTERS + 1)).path == "line 2"


def test_a_dotted_name_as_long_as_a_line_may_be_is_read() -> None:
    assert isinstance(parse(b"a" + b".a" * 990 + b" = 1"), dict)


def test_no_refusal_repeats_a_piece_of_the_file() -> None:
    slips = (
        b"hunter22",
        b"[hunter22]\n[hunter22]",
        b"hunter22 = 1\nhunter22 = 2",
        b'a = "hunter22',
        b"a = hunter22",
    )
    assert not any("hunter22" in refusal(slip).line for slip in slips)
