"""What is blotted out of a bundle: the file's secrets by their values, and what looks like a secret."""

import pytest

from agent.status.bundle.scrub import scrubbed, secrets_of
from provisioning.model import Provisioning
from provisioning.read import read
from tests.provisioning.text import MINIMAL


def test_all_secrets_of_a_file_are_found_wherever_they_stand() -> None:
    text = f'{MINIMAL}\n[console]\ncode = "k7mp-3xqd"\n'
    file = read(text.encode()).provisioning
    assert isinstance(file, Provisioning)
    found = set(secrets_of(file))
    assert "k7mp-3xqd" in found
    assert all(secret in text for secret in found)


def test_what_is_in_lists_and_tables_is_found_and_no_file_has_none() -> None:
    file = read(MINIMAL.encode()).provisioning
    assert set(secrets_of({"a": (file, [file])})) == set(secrets_of(file))
    assert list(secrets_of(None)) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("E0D439EE522F44368DC78E1BFB03710C", "(hidden)"),
        ("token=E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D.", "token=(hidden)."),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_1 end", "(hidden) end"),
        ("http://me:word@10.0.0.1:80/x", "http://(hidden)10.0.0.1:80/x"),
        ("mail a.b+c@example.org, now", "mail (hidden), now"),
        ("authorization: Bearer abc.def-1", "authorization: Bearer (hidden)"),
        ("Authorization: Basic dXNlcjp3b3Jk", "Authorization: Basic (hidden)"),
        ("Authorization: dXNlcjp3b3Jk", "Authorization: (hidden)"),
        ("sha256 0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9", None),
        ("3fa85f64-5717-4562-b3fc-2c963f66afa6", None),
        ("root at ttyS0, http://10.0.0.1/ and user@host", None),
    ],
)
def test_what_looks_like_a_secret_goes_and_what_does_not_stays(text: str, left: str | None) -> None:
    assert scrubbed(text, ()) == (text if left is None else left)
