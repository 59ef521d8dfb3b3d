"""The border from bytes to TOML: one sentence with a place for whatever is no TOML."""

import pytest

from provisioning.document import LIMIT_BYTES, LINE_CHARACTERS, Document, decode
from provisioning.document import parse as parse_text
from provisioning.problems import Problem


def parse(content: bytes) -> Document | Problem:
    text = decode(content)
    return text if isinstance(text, Problem) else parse_text(text)


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
        (b"a = 1\nb", "error    line 2, column 2: "),
        (b'a = """x\n\nb = 1\n', "error    line 1, column 9: "),
        (b"a = 1\na = 2", "error    line 2: "),
        (b'a = "\xc3\xa4\xff"', "error    line 1, column 7: "),
        (b"f\x00o\x00", "error    line 1, column 2: "),
    ],
)
def test_the_place_of_a_mistake_is_given_in_lines_and_characters(text: bytes, place: str) -> None:
    assert refusal(text).line.startswith(place)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (b"[a]\n[a]", "this section stands on line 1 already"),
        (b"a = 1\na = 2\n", "this name stands on line 1 already"),
        (b"a = 1\n'a' = 2\n", "this name stands on line 1 already"),
        (b"[a.b]\n[a]\nb = 1\n", "this name stands twice in its section"),
        (b"[a]\nb.c = 1\n[a.b]\n", "this section stands twice"),
        (b"a = {b = 1, b = 2}", "this name stands twice in its braces"),
        (b"a = true = 2", "left over"),
        (b"a b", 'no "="'),
        (b"= 1", "this is not TOML"),
        (b"a = yes\nb = " + b"[" * 1900, "yes and no are written true and false"),
        (b'{"format": 1, "box": {}}', "is JSON, not TOML"),
        (b'{"format": 1, "box": }', "this is not TOML"),
        (b"a = '''x\nb", "a text is not closed"),
    ],
)
def test_a_slip_is_answered_in_plain_words(text: bytes, part: str) -> None:
    problem = refusal(text)
    assert part in f"{problem.wrong} {problem.write}"


def test_brackets_without_end_are_refused_and_not_followed() -> None:
    problem = refusal(b"a = 1\nb = " + b"[" * 1900 + b"\n" + b"[" * 1800)
    assert (problem.line_number, problem.wrong) == (2, "brackets are nested too deeply")


def test_a_line_of_exactly_the_limit_is_read_and_a_longer_one_refused() -> None:
    assert parse(b"#" * LINE_CHARACTERS) == {}
    assert refusal(b"\n" + b"#" * (LINE_CHARACTERS + 1)).line_number == 2


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


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b" \r\n", "is empty"),
        (bytes(512), "nothing but zeros"),
        ("format = 1".encode("utf-16"), 'UTF-16, which Notepad calls "Unicode"'),
    ],
)
def test_what_a_laptop_leaves_in_the_place_of_a_text_is_a_problem_of_the_whole_file(
    content: bytes, wrong: str
) -> None:
    problem = refusal(content)
    assert (problem.path, problem.line_number) == ("file", None)
    assert wrong in problem.wrong
