"""[telemetry]: where the box may be told about, and what an installer gets wrong there."""

import pytest

from provisioning import writing
from provisioning.problems import Wrong
from provisioning.rules.telemetry import bearer, told_address, user
from tests.provisioning.text import good, minimal, problems

REMOTE = 'remote_write = "https://m.example/push?tenant=7"\n'
ACCOUNT = 'remote_write_user = "box"\nremote_write_password = "copper lamp 2094"\n'
TOKEN = 'remote_write_token = "f81c2a"\n'
HOOK = 'webhook = "https://h.example/x"\n'


def file(lines: str) -> str:
    return minimal(add=f"\n[telemetry]\n{lines}")


def test_an_address_keeps_its_path_and_query_and_gets_a_path_where_it_has_none() -> None:
    assert told_address(" https://m.example/push?tenant=7 ") == "https://m.example/push?tenant=7"
    assert told_address("http://10.4.5.9:9090") == "http://10.4.5.9:9090/"


@pytest.mark.parametrize(
    "text", ["https://m.example/?a b", "https://m.example/?a#b", "https://m.example/?ä", "http://m.example/"]
)
def test_an_address_that_would_not_arrive_or_go_unencrypted_to_far_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        told_address(text)


def test_a_token_is_one_piece_and_a_user_has_no_colon() -> None:
    assert (bearer("f81c2a"), user("box")) == ("f81c2a", "box")
    with pytest.raises(Wrong):
        bearer("f81 c2a")
    with pytest.raises(Wrong):
        user("box:secret")


@pytest.mark.parametrize("lines", [REMOTE + ACCOUNT, REMOTE + TOKEN, HOOK + 'webhook_token = "f81c2a"\n'])
def test_a_whole_section_is_taken(lines: str) -> None:
    assert good(file(lines)).telemetry.remote_write_user in ("box", None)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (REMOTE + 'remote_write_user = "box"\n', "is missing"),
        (REMOTE + 'remote_write_password = "copper lamp 2094"\n', "is missing"),
        (REMOTE + ACCOUNT + TOKEN, "stands beside a user"),
        (TOKEN, "is not used without remote_write"),
        ('webhook_token = "f81c2a"\n', "is not used without webhook"),
        ('remote_write = "http://10.4.5.9/push"\n', "is not encrypted"),
        ('webhook = "http://10.4.5.9/x"\n', "is not encrypted"),
    ],
)
def test_what_does_not_fit_together_is_told(lines: str, words: str) -> None:
    assert words in repr(problems(file(lines)))


def test_one_value_is_written_on_a_line_of_its_own() -> None:
    assert writing.line("name", 'a "b"') == r'name = "a \"b\""'
