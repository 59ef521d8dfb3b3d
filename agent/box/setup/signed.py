"""Whether a provisioning file may be taken, as far as its signature goes: Ed25519 by the openssl program.

The image has no cryptography package. What openssl reads lies in memory, in a folder of root's own, for as long as
it runs. openssl-pkeyutl(1); RFC 8410 for how a key is written.
"""

import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from agent.box.setup.active_file import ActiveFile
from agent.box.tools.paths import Paths
from agent.box.tools.programs import ProgramTrouble, Run
from agent.foundation.errors import NightPorterError
from provisioning.model import Signing
from provisioning.signature import why_not_taken

KEY_BYTES = 32
SIGNATURE_BYTES = 64
_HEAD = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo of an Ed25519 key, up to the key itself
_TIMEOUT = 20  # s; milliseconds, on a machine that has just started
_NOT_GOOD = 1  # pkeyutl's exit code for a signature that is not good, and for a key that is none


def refusal(paths: Paths, text: bytes, active: ActiveFile | None, run: Run) -> str:
    """Why the file is not taken instead of `active`, in a sentence; "" where nothing speaks against it."""
    if active and text == active.text:  # it was taken before the power went
        return ""
    known = known_signing(active) if active else None
    try:
        return why_not_taken(text, known, lambda key, body, signature: verify(paths, run, key, body, signature))
    except _NotAsked as trouble:
        return str(trouble)


def known_signing(active: ActiveFile) -> Signing | None:
    """The key that the box knows, also by a file of which this version can read no more than that."""
    if active.provisioning is not None:
        return active.provisioning.signing
    try:
        return msgspec.convert(tomllib.loads(active.text.decode("utf-8-sig"))["signing"], Signing)
    except (ValueError, KeyError, RecursionError):  # msgspec's and tomllib's own are ValueErrors
        return None


def verify(paths: Paths, run: Run, key: bytes, body: bytes, signature: bytes) -> bool:
    """Whether the key's owner signed `body`. Raises `NightPorterError` where that cannot be told."""
    if len(key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    paths.run.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="signature-", dir=paths.run) as folder:  # mode 0700
        files = {"key": _HEAD + key, "body": body, "signature": signature}
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        return _is_good(run, Path(folder))


class _NotAsked(NightPorterError):
    """openssl could not be asked. `str()` is a plain sentence."""


def _is_good(run: Run, folder: Path) -> bool:
    key, body, signature = (str(folder / name) for name in ("key", "body", "signature"))
    argv = ("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-keyform", "DER", "-rawin", "-in", body)
    try:
        ended = run((*argv, "-sigfile", signature), timeout=_TIMEOUT, fine=(0, _NOT_GOOD))
    except ProgramTrouble as trouble:
        raise _NotAsked(f"The file's signature cannot be checked ({trouble}). Try it again.") from None
    return ended.code == 0
