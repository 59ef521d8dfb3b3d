"""A lock server's words as they may be shown."""

import pytest

from agent.drivers.lock_server.words import cleaned, refusal
from provisioning.secret import Secret

SECRET = Secret('brass"key 77')


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('it was brass"key 77', "it was (hidden)"),
        ('it was brass\\"key 77', "it was (hidden)"),
        ("token eyJhbGciOi.abc.def!", "token (hidden)!"),
        ("AWS s-1:heApvArPLsEQyVhb7E11QWsgl6A= is wrong", "AWS (hidden) is wrong"),
        ("two\r\nlines\x1b[31m", "two lines [31m"),
        ("x" * 200, "x" * 159 + "…"),
    ],
)
def test_words_are_shown_on_one_line_without_secrets(said: str, shown: str) -> None:
    assert cleaned(said, (SECRET,)) == shown


def test_the_password_of_the_default_operator_is_not_shown_either() -> None:
    assert cleaned("wrong password sym for user", (Secret("sym"),)) == "wrong password (hidden) for user"


def test_a_refusal_is_told_in_the_lock_system_s_words_or_in_ours() -> None:
    assert refusal("No card.", "HTTP 400") == "the lock system says “No card”"
    assert refusal("", "HTTP 400") == "the lock system refused it (HTTP 400)"
