"""Which language a reader gets."""

import pytest

from agent.languages.choice import chosen

CASES = [
    ("de", "en", "de"),
    ("de-AT,de;q=0.9,en;q=0.8", "en", "de"),
    ("en-GB,en;q=0.9,de;q=0.8", "de", "en"),
    ("fr-CH, fr;q=0.9, de;q=0.7, en;q=0.8", "de", "en"),
    ("fr, it;q=0.5", "de", "de"),
    ("", "de", "de"),
    ("*", "de", "de"),
    ("fr, *;q=0.1", "de", "de"),
    ("DE", "en", "de"),
    ("de;q=0, en;q=0.1", "de", "en"),
    ("de;q=2", "en", "en"),
    ("de;q=nan", "en", "en"),
    ("de;q=", "en", "en"),
    ("de;q=0.12345", "en", "en"),
    ("de;level=1", "en", "en"),
    ("de;", "en", "de"),
    (";;;,,,=", "de", "de"),
    ("x" * 5000 + ",de", "en", "en"),
    ("de", "tlh", "de"),
    ("", "tlh", "en"),
    ("de;q=²", "en", "en"),
]


@pytest.mark.parametrize(("wanted", "default", "language"), CASES)
def test_the_language_that_is_wanted_most_is_chosen(wanted: str, default: str, language: str) -> None:
    assert chosen(wanted, default) == language
