"""What is written is read as it was."""

import tomllib
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.read import read
from provisioning.writing import HEADING, written
from tests.provisioning.text import COMPLETE, MINIMAL, TRUSTING

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    TEXT,
    st.dates(),
    st.times(),
    st.datetimes(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(TEXT, VALUES, max_size=6))
def test_whatever_a_file_may_hold_is_read_as_it_was_written(document: dict[str, object]) -> None:
    assert tomllib.loads(written(document)) == document


@pytest.mark.parametrize("text", [MINIMAL, COMPLETE, TRUSTING], ids=["minimal", "complete", "trusting"])
def test_a_file_written_again_says_the_same(text: str) -> None:
    again = written(tomllib.loads(text))
    assert read(again.encode()) == read(text.encode())


def test_a_file_looks_like_the_example() -> None:
    document = {
        "doors": {"101": {"room": "101"}},
        "printers": [],
        "later": {"a": 1},
        "coder_bridge": {"encoders": [{"name": "Bar", "key_cutters": ["1", "2"]}], "active": True},
        "format": 1,
    }
    assert written(document) == HEADING + (
        "\nformat = 1\n"
        "printers = []\n"
        "\n[coder_bridge]\nactive = true\n"
        '\n[[coder_bridge.encoders]]\nname = "Bar"\nkey_cutters = ["1", "2"]\n'
        '\n[doors]\n101 = { room = "101" }\n'
        "\n[later]\na = 1\n"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('a"b\\c\n\t\r', '"a\\"b\\\\c\\n\\t\\r"'),
        ("\x1b\x00\x7f\x85", '"\\u001b\\u0000\\u007f\\u0085"'),
        ("Zürich \U0001f511", '"Zürich \U0001f511"'),
        (date(2026, 11, 26), "2026-11-26"),
        (time(5, 30), "05:30:00"),
        (datetime(2026, 11, 26, 5, 30), "2026-11-26T05:30:00"),
        ({}, "{}"),
        (2.0, "2.0"),
    ],
)
def test_a_value_is_written_like_this(value: object, text: str) -> None:
    assert written({"box": {"a": value}}) == f"{HEADING}\n[box]\na = {text}\n"


@pytest.mark.parametrize("value", [None, b"", {1}, "\ud800"])
def test_what_toml_does_not_have_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"TOML has no|half a character"):
        written({"a": value})
