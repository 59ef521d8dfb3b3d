"""A key as the pass orders it, for the tests of the VisiOnline driver."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from agent.commands.driver import KeyJob
from agent.commands.model import Account
from provisioning.secret import Secret

START = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
END = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def job(**changes: Any) -> KeyJob:
    """One card for room 101 on FrontDesk1, for three nights."""
    return msgspec.structs.replace(
        KeyJob("FrontDesk1", ("101",), (), START, END, copy=1, copies=1, reservation="stay-1"), **changes
    )


def account(url: str, username: str = "mews-operator", password: str = "mews-password") -> Account:
    """What an order brings along."""
    return Account(url, Secret(username), Secret(password))
