"""Versions are compared as people mean them, and as RAUC compares them."""

from itertools import pairwise

import pytest

from agent.box.update.decisions.versions import is_same, rank
from agent.foundation.errors import UserMistake

RISING = [
    "0.2.0-alpha",
    "0.2.0-beta.2",
    "0.2.0-rc1",
    "0.2.0-rc9",
    "0.2.0-rc10",
    "0.2.0",
    "0.2.1",
    "0.10",
    "1",
    "1.0.0.1",
    "2.0",
]


@pytest.mark.parametrize(("lower", "higher"), [*pairwise(RISING)])
def test_each_version_is_older_than_the_next(lower: str, higher: str) -> None:
    assert rank(lower) < rank(higher)
    assert not is_same(lower, higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.2", "1.2.0"),
        ("0", "0.0.0"),
        ("1.2.0+abc", "1.2.0"),
        ("1.2.0rc1", "1.2.0-rc1"),
        ("1.2.0.dev3", "1.2.0-dev3"),
    ],
)
def test_two_ways_to_write_a_version_are_one_version(one: str, other: str) -> None:
    assert is_same(one, other)


@pytest.mark.parametrize(
    "text", ["", "v1.2", "1.2.", "1..2", "1.2.3.4.5", "-1", "1.2-", "1 2", "1.2\n", "٣.1", "9" * 10, "x" * 99]
)
def test_what_is_no_version_is_the_users_mistake_and_the_same_as_itself_alone(text: str) -> None:
    with pytest.raises(UserMistake, match="no version like"):
        rank(text)
    assert is_same(text, text)
    assert not is_same(text, "1.2")
