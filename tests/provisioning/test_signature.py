"""Signed files: what a box takes, what it does not, and the sentence that says why."""

import subprocess
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from provisioning.model import Signing
from provisioning.signature import (
    Signed,
    join,
    key_bytes,
    key_text,
    public_pem,
    split,
    to_sign,
    why_not_taken,
)
from tests.provisioning.text import MINIMAL, minimal

OURS = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
THEIRS = Ed25519PrivateKey.from_private_bytes(bytes(32))


def key_of(private: Ed25519PrivateKey) -> str:
    return key_text(private.public_key().public_bytes_raw())


def verify(key: bytes, body: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, body)
    except InvalidSignature:
        return False
    return True


def file(number: int, key: str = key_of(OURS)) -> bytes:
    return minimal(add=f'[signing]\nkey = "{key}"\nnumber = {number}\n').encode()


def signed(text: bytes, private: Ed25519PrivateKey = OURS) -> bytes:
    body = to_sign(text)
    return join(body, private.sign(body))


KNOWN = Signing(key_of(OURS), 5)
CHANGED = (
    "The file was changed after it was signed, or was not signed by the key that this box knows: sign it again."
)


@pytest.mark.parametrize("new", [MINIMAL.encode(), signed(MINIMAL.encode()), signed(file(1)), b"not a file"])
def test_a_box_that_knows_no_key_takes_it(new: bytes) -> None:
    assert why_not_taken(new, None, verify) == ""


def test_a_higher_number_under_the_known_key_is_taken() -> None:
    assert why_not_taken(signed(file(6)), KNOWN, verify) == ""


def test_the_known_key_may_hand_over_to_another_one() -> None:
    assert why_not_taken(signed(file(6, key_of(THEIRS))), KNOWN, verify) == ""


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (MINIMAL.encode(),
         "The file is not signed, and this box takes only signed ones: sign it with nightporter provision sign."),
        (file(6),
         "The file is not signed, and this box takes only signed ones: sign it with nightporter provision sign."),
        (signed(file(6), THEIRS), CHANGED),
        (signed(file(6, key_of(THEIRS)), THEIRS), CHANGED),
        (signed(file(6)).replace(b"aurora-desk", b"aurora-bar"), CHANGED),
        (signed(file(6)).replace(b"number = 6", b"number = 7"), CHANGED),
        (signed(file(5)),
         "The file's number 5 is not above 5, the one that this box has: an old file is not taken again."),
        (signed(file(1)),
         "The file's number 1 is not above 5, the one that this box has: an old file is not taken again."),
        (signed(MINIMAL.encode()),
         "The file has no section [signing], and this box takes only a number above 5."),
        (signed(file(6)).replace(b"\n", b"\r\n"),
         "The file was saved again after it was signed, with the line ends of Windows: sign it again."),
        (b"\xef\xbb\xbf" + signed(file(6)),
         "The file was saved again after it was signed, with a byte order mark at its start: sign it again."),
        (signed(file(6)) + b"# a word more\n",
         "The file was changed below its signature, or its signature is cut short: sign it again."),
        (signed(file(6))[:-20],
         "The file was changed below its signature, or its signature is cut short: sign it again."),
        (signed(file(6)).replace(b"# signature: ", b"# signature: ="),
         "The file was changed below its signature, or its signature is cut short: sign it again."),
    ],
)  # fmt: skip
def test_a_box_with_a_key_says_in_one_sentence_why_it_does_not_take_a_file(new: bytes, sentence: str) -> None:
    assert why_not_taken(new, KNOWN, verify) == sentence


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (file(1),
         "The file brings a signing key, and is not signed by it: sign it with nightporter provision sign."),
        (signed(file(1), THEIRS),
         "The file was changed after it was signed, or was not signed by the key that it brings: sign it again."),
    ],
)  # fmt: skip
def test_a_key_is_brought_only_by_a_file_that_it_has_signed(new: bytes, sentence: str) -> None:
    assert why_not_taken(new, None, verify) == sentence


def test_a_file_with_mistakes_is_left_to_the_rules() -> None:
    assert why_not_taken(b"format = 2\n", KNOWN, verify) == ""


@given(st.binary(max_size=80), st.binary(min_size=64, max_size=64))
def test_what_is_joined_is_split_again(text: bytes, signature: bytes) -> None:
    body = to_sign(text)
    assert split(join(body, signature)) == Signed(body, signature)
    assert to_sign(join(body, signature)) == body


@given(st.binary(max_size=300))
def test_any_bytes_can_be_asked_for_their_signature(text: bytes) -> None:
    found = split(text)
    assert found is None or len(found.signature) == 64


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n", b" \n"])
def test_how_the_last_line_ends_does_not_matter(end: bytes) -> None:
    assert split(signed(file(6)).rstrip() + end) == split(signed(file(6)))


@pytest.mark.parametrize(
    "text", [b"# signature: AAAA\n", b"# signature: A===\n", b"x # signature: " + b"A" * 86 + b"==\n"]
)
def test_what_only_looks_like_a_signature_is_none(text: bytes) -> None:
    assert split(text) is None


def test_a_signature_covers_the_last_line_even_if_it_was_not_ended() -> None:
    assert to_sign(b"format = 1") == b"format = 1\n"
    assert to_sign(b"") == b""


@pytest.mark.parametrize("at", range(0, 700, 13))
def test_one_changed_byte_is_noticed(at: int) -> None:
    text = bytearray(signed(file(6)))
    at %= len(text) - 100
    text[at] ^= 1
    assert why_not_taken(bytes(text), KNOWN, verify) or split(bytes(text)) != split(signed(file(6)))


def test_a_key_of_another_length_is_none() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        key_bytes("AAAA")
    assert key_bytes(key_text(bytes(32))) == bytes(32)


@pytest.mark.needs("openssl")
@pytest.mark.parametrize(("private", "code"), [(OURS, 0), (THEIRS, 1)])
def test_the_openssl_program_reads_the_key_and_verifies(
    private: Ed25519PrivateKey, code: int, tmp_path: Path
) -> None:
    found = split(signed(file(6), private))
    assert found is not None
    (tmp_path / "key").write_bytes(public_pem(key_of(OURS)))
    (tmp_path / "body").write_bytes(found.body)
    (tmp_path / "signature").write_bytes(found.signature)
    words = ["-verify", "-pubin", "-inkey", "key", "-rawin", "-in", "body", "-sigfile", "signature"]
    run = subprocess.run(["openssl", "pkeyutl", *words], cwd=tmp_path, capture_output=True, check=False)
    assert run.returncode == code
