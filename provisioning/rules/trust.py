"""[console] and [signing]: who may act on the serial line, and whose files the box takes. Verifies nothing.

A code is typed over a serial line, perhaps at a terminal that shows no umlaut, so it is ASCII. Source of the key's
form: RFC 8032 section 5.1.5, whose public keys are 32 bytes.
"""

import binascii

from provisioning.model import Console, Signing
from provisioning.problems import Wrong
from provisioning.rules.credentials import filled_in
from provisioning.table import Table

CODE = (8, 40)  # characters; eight of an unambiguous alphabet are 39 bits, and the line slows guesses down
NUMBER = (1, 10**9)  # of a file: one more each time, or the date as 20261126
KEY_BYTES = 32
# The y of the points of small order, little-endian and without the sign's bit: for these, anyone can sign.
_WEAK = frozenset(
    bytes.fromhex(y)
    for y in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # RFC 8032 section 7.1, the first test's public key


def read_console(table: Table) -> Console:
    """The section's values; mistakes go into the table's ledger."""
    return Console(table.secret("code", code))


def read_signing(document: Table) -> Signing | None:
    """The section's values, None where it is absent; mistakes go into the table's ledger."""
    if not document.has("signing"):
        return None
    table = document.table("signing", Signing)
    if not table.has("number"):
        write = "Write number = 1, and a higher one in each file that follows"
        table.error("number", "is missing, so an old file could be played again", write)
    return Signing(table.text("key", key, _KEY), table.whole("number", *NUMBER, NUMBER[0]))


def code(text: str) -> str:
    """A code that can be typed on every terminal. Raises `Wrong`."""
    shortest, longest = CODE
    if not shortest <= len(filled_in(text)) <= longest:
        raise Wrong(f"has not {shortest} to {longest} characters", "Write a code of that length")
    if not (text.isascii() and text.isprintable()):
        write = "Write letters and digits without accents, and signs that every keyboard has"
        raise Wrong("holds a character that not every terminal can type", write)
    if text != text.strip():
        raise Wrong("begins or ends with a blank, which no one sees on a label", "Take the blank away")
    return text


def key(text: str) -> str:
    """An Ed25519 public key in Base64. Raises `Wrong`."""
    write = "Copy the line that nightporter provision keygen has printed"
    if "PRIVATE" in text:
        raise Wrong("is a private key, which belongs into no file of a box", write)
    try:
        found = binascii.a2b_base64(filled_in(text), strict_mode=True)
    except ValueError:  # also for letters that are not ASCII
        raise Wrong("is not Base64", write) from None
    if len(found) != KEY_BYTES:
        raise Wrong(f"holds {len(found)} bytes, and a public key of Ed25519 has {KEY_BYTES}", write)
    if found[:-1] + bytes([found[-1] & 0x7F]) in _WEAK:
        raise Wrong("is a key for which anyone can sign", write)
    return text
