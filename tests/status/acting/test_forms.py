"""Whether a form is one of ours."""

import pytest

from agent.status.acting.decisions.forms import is_from_here, nonce_of, token

KEY, NONCE = b"k" * 32, "0123456789abcdef" * 2


def test_a_token_counts_for_its_form_and_its_session_alone() -> None:
    made = token(KEY, "act", NONCE)
    assert nonce_of(KEY, "act", made) == NONCE
    assert nonce_of(KEY, "logout", made) is None
    assert nonce_of(b"x" * 32, "act", made) is None


@pytest.mark.parametrize("text", ["", ".", NONCE, f"{NONCE}.", f"{NONCE}.\udcff", f"{NONCE}.é", "é.x", "0" * 33])
def test_what_is_no_token_is_none(text: str) -> None:
    assert nonce_of(KEY, "act", text) is None


@pytest.mark.parametrize(
    ("host", "origin", "fetch_site"),
    [
        ("desk.local", "https://desk.local", None),
        ("desk.local", "https://DESK.local", "same-origin"),
        ("desk.local:443", "https://desk.local", "none"),
        ("10.4.5.6:8443", "https://10.4.5.6:8443", "same-origin"),
        ("[fd00::1]", "https://[fd00::1]", None),
    ],
)
def test_a_form_of_the_same_address_is_taken(host: str, origin: str, fetch_site: str | None) -> None:
    assert is_from_here(host, origin, fetch_site)


@pytest.mark.parametrize(
    ("host", "origin", "fetch_site"),
    [
        (None, "https://desk.local", None),
        ("desk.local", None, None),
        ("desk.local", "null", None),
        ("desk.local", "http://desk.local", None),
        ("desk.local", "https://desk.local:8443", None),
        ("desk.local", "https://desk.local.evil.example", None),
        ("desk.local", "https://desk.local", "same-site"),
        ("desk.local", "https://desk.local", "cross-site"),
    ],
)
def test_any_other_form_is_refused(host: str | None, origin: str | None, fetch_site: str | None) -> None:
    assert not is_from_here(host, origin, fetch_site)
