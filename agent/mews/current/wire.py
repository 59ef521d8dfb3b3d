"""What is sent about commands in today's dialect (reference/mews.md sections 1, 2 and 7). No I/O.

`envelope` holds the members that every request has (`envelope.py`).
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from agent.mews.calls import Update
from agent.mews.reading.update import members

PAGE = 1000  # items of a page, and ids of a question: the most that Mews takes


def get_all_active(envelope: dict[str, Any], cursor: str) -> bytes:
    """The body of `commands/getAllActive`. The first page is asked for without a limitation: it takes none."""
    return msgspec.json.encode(envelope | _limitation(cursor))


def get_all_by_ids(envelope: dict[str, Any], ids: Sequence[str], cursor: str) -> bytes:
    """The body of `commands/getAllByIds`, of at most PAGE ids."""
    return msgspec.json.encode(envelope | {"CommandIds": list(ids)} | _limitation(cursor))


def update(envelope: dict[str, Any], update: Update) -> bytes:
    """The body of `commands/update`: as in 2016, and it knows no `Result`."""
    return msgspec.json.encode(envelope | members(update))


def _limitation(cursor: str) -> dict[str, Any]:
    return {"Limitation": {"Cursor": cursor, "Count": PAGE}} if cursor else {}
