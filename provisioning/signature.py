"""A signed provisioning file: which one a box takes that knows a key. Verifying itself is the caller's. Pure."""

from base64 import b64decode
from binascii import Error
from collections.abc import Callable

import msgspec

_MARK = b"# signature: "
_SIGNATURE_BYTES = 64  # Ed25519, RFC 8032


class Signing(msgspec.Struct, frozen=True):
    """`key` is an Ed25519 public key in Base64, `number` rises from file to file."""

    key: str
    number: int


class Signed(msgspec.Struct, frozen=True):
    """What is signed, and the signature."""

    body: bytes
    signature: bytes


def split(text: bytes) -> Signed | None:
    """A file in its two parts, None where its last line is no signature."""
    body, found, line = text.rpartition(_MARK)
    try:
        signature = b64decode(line.strip(), validate=True)
    except Error:
        return None
    return Signed(body, signature) if found and len(signature) == _SIGNATURE_BYTES else None


def why_not_taken(new: bytes, known: Signing | None, verify: Callable[[bytes, bytes, bytes], bool]) -> str:
    """Why a box that knows `known` does not take the file, in a sentence; "" where it does."""
    if known is None:
        return ""
    signed = split(new)
    if signed is None:
        return "The file is not signed, and this box takes signed files only. Sign it: nightporter provision sign."
    if not verify(b64decode(known.key), signed.body, signed.signature):
        return "The file's signature is not good. Sign the file as it is now: nightporter provision sign."
    return ""
