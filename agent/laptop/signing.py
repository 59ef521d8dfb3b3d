"""`nightporter provision keygen` and `sign`: Ed25519, by the package `cryptography`."""

from pathlib import Path
from typing import Any

from agent.foundation.errors import UserMistake, reason_of
from agent.laptop.extra import extra
from provisioning.model import Provisioning
from provisioning.signature import join, key_text, to_sign

PRIVATE, PUBLIC = "nightporter-signing.key", "nightporter-signing.pub"
_PURPOSE = "Signing"
_KEYS = "cryptography.hazmat.primitives.asymmetric.ed25519"
_FORMATS = "cryptography.hazmat.primitives.serialization"


def new_key() -> tuple[bytes, str]:
    """A new key pair: the private key as PEM, the public one as `[signing] key` has it. Raises `UserMistake`."""
    key = extra(_KEYS, _PURPOSE).Ed25519PrivateKey.generate()
    return _pem(key), public_key(key)


def read_key(path: Path) -> Any:
    """The private key of a file. Raises `UserMistake`; no word of the file is in it."""
    kind = extra(_KEYS, _PURPOSE).Ed25519PrivateKey
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserMistake(f"The key {path} cannot be read ({reason_of(error)}).") from None
    try:
        key = extra(_FORMATS, _PURPOSE).load_pem_private_key(content, password=None)
    except (ValueError, TypeError, extra("cryptography.exceptions", _PURPOSE).UnsupportedAlgorithm):
        key = None
    if not isinstance(key, kind):
        raise UserMistake(f"{path} is no private key of nightporter provision keygen: name the file {PRIVATE}.")
    return key


def public_key(key: Any) -> str:
    """The public half, as `[signing] key` has it."""
    return key_text(key.public_key().public_bytes_raw())


def signed(text: bytes, file: Provisioning, key: Any) -> bytes:
    """The file with its signature. Raises `UserMistake` for one that has nothing to be known by."""
    if file.signing is None:
        lines = f'[signing], key = "{public_key(key)}" and number = 1'
        raise UserMistake(
            f"The file has no section [signing]: write {lines}, a higher number in each that follows."
        )
    body = to_sign(text)
    return join(body, key.sign(body))


def verify(key: bytes, body: bytes, signature: bytes) -> bool:
    """Whether this public key has signed this."""
    public = extra(_KEYS, _PURPOSE).Ed25519PublicKey.from_public_bytes(key)
    try:
        public.verify(signature, body)
    except extra("cryptography.exceptions", _PURPOSE).InvalidSignature:
        return False
    return True


def _pem(key: Any) -> bytes:
    formats = extra(_FORMATS, _PURPOSE)
    pem: bytes = key.private_bytes(formats.Encoding.PEM, formats.PrivateFormat.PKCS8, formats.NoEncryption())
    return pem
