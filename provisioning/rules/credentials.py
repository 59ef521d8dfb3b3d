"""Tokens, user names, passwords and pinned certificates. No refusal ever repeats one of them."""

import re

from provisioning.problems import Wrong
from provisioning.secret import Secret
from provisioning.table import Table

_PLACEHOLDER = re.compile(r"\.+|…|[*x]{3,}|<.*>|change[-_ ]?me|todo", re.IGNORECASE)
_TOKEN = re.compile(r"[!-~]+")  # visible ASCII: what Mews gives out


def filled_in(text: str) -> str:
    """A text that somebody has put in the place of the example's dots. Raises `Wrong`."""
    if _PLACEHOLDER.fullmatch(text.strip()):
        raise Wrong("is still the placeholder of the example", "Write the real one in its place")
    return text


def token(text: str) -> str:
    """A token in one piece, as Mews gives it out. Raises `Wrong`."""
    if not _TOKEN.fullmatch(filled_in(text)):
        raise Wrong(
            "holds a blank or a foreign letter", "Copy the token again, from its first to its last character"
        )
    return text


def fingerprint(text: str) -> str:
    """The SHA-256 of a certificate as 64 lower-case hex digits; colons may stand between pairs. Raises `Wrong`."""
    digits = filled_in(text).replace(":", "").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        wrong = "is not a SHA-256 of 64 hex digits"
        raise Wrong(wrong, "Copy the certificate's SHA-256 fingerprint, or leave the line out")
    return digits


def read_password(table: Table) -> Secret:
    """The password that a lock server's section must have; mistakes go into the table's ledger."""
    if not table.has("password"):
        table.error("password", "is missing", "Write the password of the lock system's account in quotes")
    password = table.secret("password", filled_in) or Secret("")
    if password.reveal() != password.reveal().strip():
        table.warn(
            "password", "begins or ends with a blank", "Take the blank away unless it belongs to the password"
        )
    return password
