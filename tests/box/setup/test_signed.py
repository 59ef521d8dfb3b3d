"""Signatures of provisioning files, by the real openssl program: a good one counts, and nothing else does."""

import subprocess
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.box.setup import signed
from agent.box.setup.active_file import ActiveFile
from agent.box.tools import programs
from agent.box.tools.paths import Paths
from agent.foundation.errors import NightPorterError
from provisioning.model import Signing
from provisioning.read import Reading, read
from provisioning.signature import join, to_sign
from tests.box.setup.taking import Programs
from tests.provisioning.text import minimal

BODY = b"format = 1\n# a file\n"
Keys = tuple[bytes, Callable[[bytes], bytes]]  # the public key, and what signs


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(run=tmp_path / "run")


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    key = tmp_path / "key.pem"
    openssl("genpkey", "-algorithm", "ed25519", "-out", str(key))
    public = openssl("pkey", "-in", str(key), "-pubout", "-outform", "DER")

    def sign(body: bytes) -> bytes:
        (tmp_path / "body").write_bytes(body)
        return openssl("pkeyutl", "-sign", "-inkey", str(key), "-rawin", "-in", str(tmp_path / "body"))

    return public[-signed.KEY_BYTES :], sign


def openssl(*words: str) -> bytes:
    return subprocess.run(["openssl", *words], capture_output=True, check=True, timeout=60).stdout


@pytest.mark.needs("openssl")
def test_what_the_keys_owner_signed_is_good_and_a_changed_byte_is_not(paths: Paths, keys: Keys) -> None:
    key, sign = keys
    signature = sign(BODY)
    assert signed.verify(paths, programs.run, key, BODY, signature)
    assert not signed.verify(paths, programs.run, key, BODY.replace(b"1", b"2"), signature)
    assert not signed.verify(paths, programs.run, key, BODY, bytes(reversed(signature)))
    assert not signed.verify(paths, programs.run, bytes(reversed(key)), BODY, signature)


@pytest.mark.needs("openssl")
def test_nothing_of_it_is_left_in_memory(paths: Paths, keys: Keys) -> None:
    key, sign = keys
    signed.verify(paths, programs.run, key, BODY, sign(BODY))
    assert list(paths.run.iterdir()) == []


@pytest.mark.needs("openssl")
def test_a_box_that_knows_a_key_takes_signed_files_only(paths: Paths, keys: Keys) -> None:
    key, sign = keys

    def file(number: int) -> bytes:
        body = minimal(add=f'\n[signing]\nkey = "{b64encode(key).decode()}"\nnumber = {number}\n').encode()
        return join(to_sign(body), sign(to_sign(body)))

    active = ActiveFile(file(2), read(file(2)), None)

    def why(text: bytes) -> str:
        return signed.refusal(paths, text, active, programs.run)

    assert why(file(3)) == ""
    assert why(file(2)) == ""  # the one that it has: the power went while it was taken
    assert "is not above 2" in why(file(1))
    assert "takes only signed ones" in why(to_sign(file(3)))
    assert "was changed after it was signed" in why(file(3).replace(b"Europe/Vienna", b"Europe/Berlin"))
    unreadable = ActiveFile(file(2), Reading(None, ()), None)
    assert signed.known_signing(unreadable) == Signing(b64encode(key).decode(), 2)
    assert signed.known_signing(ActiveFile(b"format = [", Reading(None, ()), None)) is None


@pytest.mark.parametrize(("key", "signature"), [(b"", bytes(64)), (bytes(31), bytes(64)), (bytes(32), bytes(63))])
def test_what_is_no_key_and_no_signature_is_not_asked_about(paths: Paths, key: bytes, signature: bytes) -> None:
    ran = Programs()
    assert not signed.verify(paths, ran, key, BODY, signature)
    assert ran.ran == []


def test_a_box_on_which_openssl_fails_takes_nothing(paths: Paths) -> None:
    ran = Programs()
    ran.fails = lambda argv: True
    with pytest.raises(NightPorterError, match="cannot be checked"):
        signed.verify(paths, ran, bytes(32), BODY, bytes(64))
