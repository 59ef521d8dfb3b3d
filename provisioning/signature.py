"""Signed provisioning files: where the signature stands, why a box does not take a file. Pure; verifies nothing.

The signature is the file's last line, a comment to a reader of TOML, and covers every byte before it:

    # signature: <Ed25519 signature of 64 bytes, in Base64>

Ed25519 as in RFC 8032, plain. The verification is an argument: the laptop has a package for it, the box a program.
"""

import binascii
import codecs
import re
from collections.abc import Callable

import msgspec

from provisioning.model import Signing
from provisioning.read import read
from provisioning.rules.trust import KEY_BYTES

SIGNATURE_BYTES = 64
Verify = Callable[[bytes, bytes, bytes], bool]  # public key of 32 bytes, body, signature of 64 bytes

_BEGIN = b"# signature:"
_LAST_LINE = re.compile(rb"(?:\A|(?<=\n))# signature: ([A-Za-z0-9+/]+={0,2})[ \t\r\n]*\Z")
_PUBLIC_KEY_DER = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: SubjectPublicKeyInfo of an Ed25519 key


class Signed(msgspec.Struct, frozen=True):
    """`body` is every byte before the line of the signature."""

    body: bytes
    signature: bytes


def split(text: bytes) -> Signed | None:
    """Body and signature of a signed file; None for one whose last line is no signature."""
    match = _LAST_LINE.search(text)
    if match is None:
        return None
    try:
        signature = binascii.a2b_base64(match[1], strict_mode=True)
    except binascii.Error:
        return None
    return Signed(text[: match.start()], signature) if len(signature) == SIGNATURE_BYTES else None


def join(body: bytes, signature: bytes) -> bytes:
    """The signed file. `body` has to be what `to_sign` gave."""
    return body + _BEGIN + b" " + binascii.b2a_base64(signature)


def to_sign(text: bytes) -> bytes:
    """The bytes that are signed: the file without an older signature, its last line ended."""
    found = split(text)
    body = found.body if found else text
    return body if body.endswith(b"\n") or not body else body + b"\n"


def why_not_taken(new: bytes, known: Signing | None, verify: Verify) -> str:
    """Why a box that has taken a file with `known` does not take this one, in one sentence; "" if it does.

    A box that knows no key takes any file, but one that brings a key must be signed by that key itself. Where one
    is known, it signs the file that brings another. A file that the rules refuse is not refused here: `read` says
    better why.
    """
    coming = read(new)
    brings = coming.provisioning.signing if coming.provisioning else None
    key = known or brings
    if key is None or coming.provisioning is None:
        return ""
    signed = split(new)
    if signed is None:
        return _why_unsigned(new, known)
    if not verify(key_bytes(key.key), signed.body, signed.signature):
        return _why_wrong(signed.body, known)
    return _why_number(known, brings) if known else ""


def key_bytes(key: str) -> bytes:
    """The 32 bytes of a key of `[signing]`. Raises ValueError for what the rules would not let pass."""
    found = binascii.a2b_base64(key, strict_mode=True)
    if len(found) != KEY_BYTES:
        raise ValueError("a public key of Ed25519 has 32 bytes")
    return found


def key_text(key: bytes) -> str:
    """32 bytes as `[signing] key` has them."""
    return binascii.b2a_base64(key, newline=False).decode()


def public_pem(key: str) -> bytes:
    """A key of `[signing]` as the openssl program reads it (`-pubin -inkey`): RFC 8410, RFC 7468."""
    text = binascii.b2a_base64(_PUBLIC_KEY_DER + key_bytes(key))
    return b"-----BEGIN PUBLIC KEY-----\n" + text + b"-----END PUBLIC KEY-----\n"


def _why_unsigned(new: bytes, known: Signing | None) -> str:
    if re.search(rb"^# signature:", new, re.MULTILINE):
        return "The file was changed below its signature, or its signature is cut short: sign it again."
    if known is None:
        return "The file brings a signing key, and is not signed by it: sign it with nightporter provision sign."
    return "The file is not signed, and this box takes only signed ones: sign it with nightporter provision sign."


def _why_wrong(body: bytes, known: Signing | None) -> str:
    if body.startswith(codecs.BOM_UTF8):
        return "The file was saved again after it was signed, with a byte order mark at its start: sign it again."
    if b"\r\n" in body:
        return "The file was saved again after it was signed, with the line ends of Windows: sign it again."
    owner = "the key that this box knows" if known else "the key that it brings"
    return f"The file was changed after it was signed, or was not signed by {owner}: sign it again."


def _why_number(known: Signing, brings: Signing | None) -> str:
    if brings is None:
        return f"The file has no section [signing], and this box takes only a number above {known.number}."
    if brings.number <= known.number:
        return (
            f"The file's number {brings.number} is not above {known.number}, the one that this box has: "
            "an old file is not taken again."
        )
    return ""
