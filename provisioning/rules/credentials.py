"""Tokens, user names, passwords and pinned certificates. No refusal ever repeats one of them.

Source of a token's form: reference/mews.md section 1; all that Mews has published have it.
"""

import re

from provisioning.problems import Wrong
from provisioning.secret import Secret
from provisioning.table import Table

_PLACEHOLDER = re.compile(r"\.+|…|[*x]{3,}|<.*>|change[-_ ]?me|todo", re.IGNORECASE)
_TOKEN = re.compile(r"[!-~]+")  # visible ASCII: what Mews gives out
_MEWS_TOKEN = re.compile(r"[0-9A-F]{32}-[0-9A-F]{31,32}", re.IGNORECASE)
_CUT_TOKEN = re.compile(
    r"-?[0-9A-F]{1,32}-?|[0-9A-F]{32}-[0-9A-F]{1,30}|[0-9A-F]{1,31}-[0-9A-F]{31,32}", re.IGNORECASE
)

PAGE_PASSWORD = 10  # characters, at least; the page slows guesses down, so that is enough for a word and a number

# What stands in the examples that come with the box: no hotel's password, no server's certificate.
EXAMPLE_PASSWORDS = frozenset({"blue kettle 4711", "green teapot 1742"})
EXAMPLE_FINGERPRINT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


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
    if _CUT_TOKEN.fullmatch(text):
        wrong = f"has {len(text)} characters, and a token of Mews has 64: a piece of it is missing"
        raise Wrong(wrong, "Copy the token again, from its first to its last character")
    return text


def read_token(table: Table, name: str) -> Secret | None:
    """The token of that name, None where it is absent or wrong; mistakes go into the table's ledger."""
    found = table.secret(name, token)
    if found and not _MEWS_TOKEN.fullmatch(found.reveal()):
        wrong = "does not look like a token of Mews, which has 32 hex digits, a hyphen, and 31 more"
        table.warn(
            name, wrong, "Compare it with the one that you were given, from its first to its last character"
        )
    return found


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
    if password.reveal() in EXAMPLE_PASSWORDS:
        table.warn("password", "is the one of the example file", "Write the password of the lock system's account")
    return password


def read_page_password(table: Table) -> Secret | None:
    """The password for acting on the page, None where it is absent or wrong; mistakes go into the ledger."""
    return table.secret("password", page_password)


def page_password(text: str) -> str:
    """A password that a person thinks of, and types on a phone. Raises `Wrong`."""
    if len(filled_in(text)) < PAGE_PASSWORD:
        write = "Write a longer one, as three words that have nothing to do with each other"
        raise Wrong(f"is shorter than {PAGE_PASSWORD} characters", write)
    if text != text.strip():
        raise Wrong("begins or ends with a blank, which no one sees on a label", "Take the blank away")
    return text


def read_fingerprint(table: Table) -> str | None:
    """The pinned certificate's SHA-256, None where the file pins none; mistakes go into the table's ledger."""
    found = table.optional("certificate_sha256", fingerprint, "64 hex digits")
    if found == EXAMPLE_FINGERPRINT:
        write = "Copy the certificate's SHA-256 fingerprint, or leave the line out"
        table.warn("certificate_sha256", "is the one of the example file", write)
    return found
