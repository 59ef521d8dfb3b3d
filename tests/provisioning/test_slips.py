"""What people do to TOML: each slip is called by its name, and mending the line so gives what was meant."""

import time
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.document import LINE_CHARACTERS, parse
from provisioning.problems import Problem
from provisioning.slips import SLIPS
from provisioning.syntax import diagnosis
from tests.provisioning.text import COMPLETE, MINIMAL

QUOTES = "these quotes are typographic"
BLANK = "a blank on this line is a special one"
SIDES = "on one side of a text only"
PLAIN = "a text stands without quotes"
COMMENT = "a comment begins with another sign"
ENDS = "a , or ; stands at the end"
COLON = 'a ":" stands where "=" belongs'
LIST = "only a list can hold them"
HEADER = "not closed, or has brackets too many"
CUTTERS = 'key_cutters = ["2", "63efb573-fc58-4065-b687-9bdd51568529"]'
BOX = 'name = "aurora-desk" '
POOL = '"POOL" = { area = "3" }'
URI = 'uri = "ipp://10.4.5.30/ipp/print"'

TABLE = [  # what is right, what somebody writes, and what is said of it
    ('"aurora-desk"', "“aurora-desk”", QUOTES),
    ('"aurora-desk"', "„aurora-desk“", QUOTES),
    ('"aurora-desk"', "«aurora-desk»", QUOTES),
    ('"aurora-desk"', "‘aurora-desk’", QUOTES),
    ('"aurora-desk"', "`aurora-desk`", QUOTES),
    ("poll_seconds = 2.0", "poll_seconds =\u00a02.0", BLANK),
    ("poll_seconds = 2.0", "\u200bpoll_seconds = 2.0", BLANK),
    (URI, "uri =\u00a0“ipp://10.4.5.30/ipp/print”", "quotes, blanks or dashes"),
    ("[coder_bridge] ", "[Coder Bridge] ", "the name of a section holds no blank"),
    ("[[coder_bridge.encoders]]", "[[coder bridge.encoders]]", "the name of a section holds no blank"),
    ("[limits]", "[limits", HEADER),
    ("[limits]", "limits]", HEADER),
    ("[limits]", "[limits]]", HEADER),
    ("[limits]", "{limits}", HEADER),
    ("[limits]", "limits:", HEADER),
    ("[[printers]]", "[[printers]", HEADER),
    ("[limits]", "[limits],", ENDS),
    ("active = true ", "active = yes ", "yes and no are written true and false"),
    ("active = true ", "active = True ", "yes and no are written true and false"),
    ("allow_unconfirmed = false", "allow_unconfirmed = nein", "yes and no are written true and false"),
    ("poll_seconds = 2.0", "poll_seconds = 2,0", "a comma stands in a number"),
    ("poll_seconds = 2.0", "poll_seconds = 2.", "no digit stands behind the point"),
    ("key_age_seconds = 180", "key_age_seconds = 180 s", "a unit stands behind the number"),
    ("key_age_seconds = 180", "key_age_seconds = 180sec.", "a unit stands behind the number"),
    ('gateway = "10.4.5.1"', "gateway = 10.4.5.1", PLAIN),
    (BOX, "name = aurora-desk ", PLAIN),
    ('timezone = "Europe/Vienna"', "timezone = Europe/Vienna", PLAIN),
    (URI, "uri = ipp://10.4.5.30/ipp/print", PLAIN),
    ('dns = ["10.4.5.1"]', "dns = [10.4.5.1]", "a text in the list stands without quotes"),
    (CUTTERS, CUTTERS.replace("[", "").replace("]", ""), LIST),
    (CUTTERS, CUTTERS.replace("[", "(").replace("]", ")"), LIST),
    (CUTTERS, CUTTERS.replace("[", "{").replace("]", "}"), LIST),
    (CUTTERS, "key_cutters = 2, 63efb573-fc58-4065-b687-9bdd51568529", LIST),
    (CUTTERS, CUTTERS.replace(",", ""), "a comma is missing in the list"),
    (CUTTERS, CUTTERS.replace(", ", ""), "a comma is missing in the list"),
    (
        CUTTERS,
        CUTTERS.replace("[", "[\n").replace(",", "\n").replace("]", "\n]"),
        "missing at the end of this line",
    ),
    (CUTTERS, CUTTERS[:-1], "a list is not closed"),
    (CUTTERS, CUTTERS + "]", "is closed that was not opened"),
    (CUTTERS, CUTTERS.replace('29"', "29"), SIDES),
    (POOL, '"POOL" = { area = "3", }', "a comma stands before the closing brace"),
    (POOL, '"POOL" = { area = "3" ', "a brace is not closed"),
    (POOL, '"POOL" = { area = "3 }', SIDES),
    (BOX, 'name = "aurora-desk", ', ENDS),
    (BOX, 'name = "aurora-desk"; ', ENDS),
    ("# It holds", "; It holds", COMMENT),
    ("# It holds", "// It holds", COMMENT),
    ("# It holds", "-- It holds", COMMENT),
    ("# the hotel's router", "// the hotel's router", COMMENT),
    ("# the hotel's router", "(the hotel's router)", COMMENT),
    ("# 1 to 60", "; 1 to 60", COMMENT),
    (BOX, 'name = aurora-desk" ', SIDES),
    ('server = "http://10.4.5.6:7331"', 'server = "http://10.4.5.6:7331', SIDES),
    ('server = "https://10.4.5.7"', 'server = "https://10.4.5.7', SIDES),
    (URI, "uri = \"ipp://10.4.5.30/ipp/print'", "begins with one kind of quote"),
    (BOX, '"name": "aurora-desk", ', COLON),
    ('listen = "0.0.0.0:80"', "listen: 0.0.0.0:80", COLON),
    (BOX, 'name == "aurora-desk" ', 'more than a "="'),
    (BOX, 'name => "aurora-desk" ', 'more than a "="'),
    (BOX, 'name "aurora-desk" ', 'there is no "=" behind the name'),
    ('identifier = "2"\n', 'identifier = "2" ', "two settings stand on one line"),
    ("poll_seconds = 2.0", "poll seconds = 2.0", "a name holds no blank"),
    ("poll_seconds = 2.0", "pöll_seconds = 2.0", "a name holds no blank and no foreign letter"),
    ("# PrinterName of", "PrinterName of", "something is left over behind the value"),
]


def broken(text: str) -> Problem:
    found = parse(text)
    assert isinstance(found, Problem), "this can be read"
    return found


def mended(text: str) -> str:
    """The text after somebody did to the named line what the problem says."""
    problem = broken(text)
    lines = text.split("\n")
    for line in range(problem.line_number or 1, len(lines) + 1):  # tomllib may have stopped below the slip
        found = diagnosis(lines, line)
        if found and (found.line, found.slip.wrong) == (problem.line_number, problem.wrong):
            return "\n".join([*lines[: found.line - 1], found.mended, *lines[found.line :]])
    raise AssertionError(f"no way to mend: {problem.line}")


@pytest.mark.parametrize(("right", "written", "wrong"), TABLE)
def test_a_slip_is_named_and_mending_it_gives_what_was_meant(right: str, written: str, wrong: str) -> None:
    assert COMPLETE.count(right) >= 1
    text = COMPLETE.replace(right, written, 1)
    assert wrong in broken(text).wrong
    assert tomllib.loads(mended(text)) == tomllib.loads(COMPLETE)


@pytest.mark.parametrize(("right", "written", "wrong"), TABLE)
def test_a_slip_has_its_line_whatever_the_line_ends_are(right: str, written: str, wrong: str) -> None:
    text = COMPLETE.replace(right, written, 1)
    problem = broken(text)
    assert problem.line_number
    assert written.split("\n")[0].strip() in "\n".join(text.split("\n")[problem.line_number - 1 :])
    assert broken(text.replace("\n", "\r\n")) == problem


@pytest.mark.parametrize(
    ("right", "written", "write"),
    [
        ('identifier = "1"', "identifier = 01", 'Write "01"'),
        ('password = "copper lamp 2093"', "password = 0815", 'Write it as a text, in "quotes"'),
        ('password = "copper lamp 2093"', "password = 8,15", "Write a point in its place"),
        ('password = "copper lamp 2093"', "password = 10.4.5.1", 'Put a " before it and one behind it'),
        ('username = "nightporter"', r'username = "HOTEL\user"', r"Double it: \\"),
        ('username = "nightporter"', r"username = HOTEL\user", "Put a ' before it and one behind it"),
        ('username = "nightporter"', "username =", 'Write the value there, a text in "quotes"'),
        ('name = "Front desk"', 'name = "The "Front" desk"', r"Put a backslash before it: \""),
        ("[coder_bridge]", "[Coder Bridge]", "Write [coder_bridge]"),
        ("[coder_bridge]", "[coder bridge", "Write [coder_bridge]"),
        ("[mews]", "[doors]\nZimmer 1 = { room = '1' }\n[mews]", 'Put a " before the name and one behind it'),
    ],
)
def test_what_to_write_is_quoted_where_it_can_be_no_secret(right: str, written: str, write: str) -> None:
    assert right in MINIMAL
    text = MINIMAL.replace(right, written, 1)
    assert broken(text).write == write
    assert isinstance(parse(mended(text)), dict)


@pytest.mark.parametrize(
    ("sections", "line", "write"),
    [
        ("[printers]\nname = 'a'\n[[printers]]\n", 1, "Write [[printers]]"),
        ("[[printers]]\nname = 'a'\n[printers]\n", 3, "Write [[printers]]"),
        ("[printers]\nname = 'a'\n[printers]\n", 1, "Write [[printers]], and so on line 3"),
        ("[x]\na = 1\n[[x]]\n", 1, "Write [[x]]"),
    ],
)
def test_a_list_of_sections_with_single_brackets_among_them_keeps_all_of_them(
    sections: str, line: int, write: str
) -> None:
    problem = broken(sections)
    assert (problem.line_number, problem.write) == (line, write)
    assert "is in single brackets" in problem.wrong


def test_a_list_that_is_not_closed_is_told_on_its_own_line_and_not_on_the_next_section() -> None:
    problem = broken('[network]\ndns = ["10.4.5.1"\n\n[mews]\n')
    assert (problem.line_number, problem.wrong) == (2, "a list is not closed")


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(COMPLETE)), st.integers(0, 2), st.sampled_from(["", *"\"'[]{}=,;:#.\\ \n“„–/a1\u00a0"]))
def test_a_slip_that_is_named_lets_the_file_be_read_beyond_it(at: int, length: int, new: str) -> None:
    text = COMPLETE[:at] + new + COMPLETE[at + length :]
    found = parse(text)
    if not isinstance(found, Problem):
        return
    assert found.line_number
    assert found.line.isprintable()
    if found.wrong in {slip.wrong for slip in SLIPS}:
        after = parse(mended(text))
        assert not isinstance(after, Problem) or (after.line_number or 0) >= found.line_number
        assert after != found


@pytest.mark.parametrize("sign", [*"\"'[]{}=,;:#.\\ a1(-", "\t", "“", "a=", "a ", '"a', "a,", "[a", "1 "])
def test_the_longest_line_of_anything_is_told_within_moments(sign: str) -> None:
    begun = time.process_time()
    for text in (sign * (LINE_CHARACTERS // len(sign)), ("a = " + sign * LINE_CHARACTERS)[:LINE_CHARACTERS]):
        parse(text)
    assert time.process_time() - begun < 5
