"""Secrets of a file stay out of its problems even where an installer puts them in a wrong place."""

import pytest

from tests.provisioning.text import minimal, problems, the_problem

PASSWORD = "copper lamp 2093"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Europe/Vienna", PASSWORD),
        ("aurora-desk", PASSWORD),
        ("http://10.4.5.6", PASSWORD),
        ("http://10.4.5.6", f"http://{PASSWORD}"),
        ("https://demo.mews.li", f"https://demo.mews.li/{PASSWORD}"),
    ],
)
def test_a_refused_value_that_holds_the_password_is_not_repeated(old: str, new: str) -> None:
    problem = the_problem(minimal(old, new))
    assert problem.wrong == "repeats a password or token of this file"
    assert PASSWORD not in problem.line


def test_a_lock_id_that_is_the_password_is_hidden_in_the_path() -> None:
    assert the_problem(minimal(add=f'[doors]\n"{PASSWORD}" = 1\n')).path == "doors.(hidden)"


def test_an_unknown_name_that_is_the_password_is_not_repeated() -> None:
    problem = the_problem(minimal(add=f'[limits]\n"{PASSWORD}" = 1\n'))
    assert (problem.path, PASSWORD in problem.line) == ("limits", False)


@pytest.mark.parametrize("name", ["pasword", "Passwort", "password_of_the_bridge", "BridgePassword", "my-token"])
def test_a_password_under_another_name_is_not_repeated_elsewhere(name: str) -> None:
    text = minimal("password =", f"{name} =").replace("Europe/Vienna", PASSWORD)
    assert not [problem for problem in problems(text) if PASSWORD in problem.line]


def test_a_password_nested_without_end_is_no_text() -> None:
    problem = the_problem(minimal('password = "copper lamp 2093"', "password" + ".a" * 990 + " = 1"))
    assert problem.wrong == "is a section, not text"


def test_a_number_that_is_also_the_password_is_not_repeated() -> None:
    text = minimal('identifier = "1"', "identifier = 471147").replace(PASSWORD, "471147")
    assert "471147" not in the_problem(text).line


def test_a_password_of_the_wrong_kind_is_not_repeated() -> None:
    lines = [problem.line for problem in problems(minimal(f'"{PASSWORD}"', "4711471147"))]
    assert lines == ["error    line 17, coder_bridge.password: is a number, not text. Write password in quotes"]


def test_a_password_that_is_a_word_of_the_format_spoils_no_path() -> None:
    text = minimal(PASSWORD, "name").replace('"nightporter"', '""')
    assert the_problem(text).path == "coder_bridge.username"


def test_a_short_password_spoils_no_sentence() -> None:
    text = minimal(PASSWORD, "e").replace("Europe/Vienna", "Europe/Viena")
    assert the_problem(text).wrong == '"Europe/Viena" is no IANA time zone'


def test_a_password_of_four_characters_is_not_repeated() -> None:
    text = minimal(PASSWORD, "Xq7k").replace("Europe/Vienna", "Xq7k")
    assert "Xq7k" not in the_problem(text).line
