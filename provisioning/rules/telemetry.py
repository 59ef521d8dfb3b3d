"""[telemetry]: who is told how the box is. Nothing is connected to.

A webhook's address is a secret: whoever knows it can post there. It is never repeated in a problem.
"""

import re

from provisioning.addresses import address, is_near
from provisioning.model import Telemetry
from provisioning.problems import Wrong
from provisioning.rules.credentials import filled_in
from provisioning.table import Table

REMOTE_WRITE = "https://metrics.example.com/api/v1/write"
WEBHOOK = "https://hooks.example.com/red-and-green"
_QUERY = re.compile(r"[!-~]*")  # visible ASCII
_TOKEN = re.compile(r"[!-~]+")


def read_telemetry(table: Table) -> Telemetry:
    """The section's values; mistakes go into the table's ledger."""
    telemetry = Telemetry(
        remote_write=table.optional("remote_write", told_address, REMOTE_WRITE),
        remote_write_user=table.optional("remote_write_user", user, "nightporter"),
        remote_write_password=table.secret("remote_write_password", filled_in),
        remote_write_token=table.secret("remote_write_token", bearer),
        webhook=table.secret("webhook", told_address),
        webhook_token=table.secret("webhook_token", bearer),
    )
    if telemetry.remote_write:
        _warn_of_plain(table, "remote_write", telemetry.remote_write)
    if telemetry.webhook:
        _warn_of_plain(table, "webhook", telemetry.webhook.reveal())
    _check_account(table)
    return telemetry


def told_address(text: str) -> str:
    """An https address with its path and perhaps a query, or http in the hotel's own network. Raises `Wrong`."""
    start, mark, query = text.strip().partition("?")
    if not _QUERY.fullmatch(query) or "#" in query:
        raise Wrong(
            "holds a blank or a foreign letter", "Copy the address again, from its first to its last character"
        )
    found = address(start, ("https", "http"), REMOTE_WRITE)
    if found.scheme == "http" and not is_near(found.host):
        raise Wrong(
            "is not encrypted, and its host is not an address of the hotel's own network",
            "Write https://, or the IP address of a machine in the hotel",
        )
    return f"{found.origin}{found.path or '/'}{mark}{query}"


def bearer(text: str) -> str:
    """A token in one piece. Raises `Wrong`."""
    if not _TOKEN.fullmatch(filled_in(text)):
        raise Wrong(
            "holds a blank or a foreign letter", "Copy the token again, from its first to its last character"
        )
    return text


def user(text: str) -> str:
    """A user name, which the password follows behind a colon on the wire. Raises `Wrong`."""
    if ":" in filled_in(text):
        raise Wrong("holds a colon, which no user name can", "Write the user name alone; the password has a line")
    return text


def _warn_of_plain(table: Table, name: str, found: str) -> None:
    if found.startswith("http:"):
        wrong = "is not encrypted, so everybody in that network can read what is told"
        table.warn(name, wrong, "Write https:// where the server has it")


def _check_account(table: Table) -> None:
    has_user, has_password = table.has("remote_write_user"), table.has("remote_write_password")
    if has_user and not has_password:
        write = "Write the password of that account in quotes, or take the user out"
        table.error("remote_write_password", "is missing", write)
    if has_password and not has_user:
        write = "Write the name of the account in quotes, or take the password out"
        table.error("remote_write_user", "is missing", write)
    if table.has("remote_write_token") and has_user:
        wrong = "stands beside a user, and a server takes one of the two"
        table.error("remote_write_token", wrong, "Take the token out, or the user and the password")
    for name in ("remote_write_user", "remote_write_token"):
        if table.has(name) and not table.has("remote_write"):
            table.warn(
                name, "is not used without remote_write", f'Write remote_write = "{REMOTE_WRITE}", or take it out'
            )
    if table.has("webhook_token") and not table.has("webhook"):
        table.warn("webhook_token", "is not used without webhook", f'Write webhook = "{WEBHOOK}", or take it out')
