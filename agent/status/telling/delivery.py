"""One message to a server that watches boxes, and what came of it.

It is never sent again from here: who calls decides that. What an answer means is its status: its body is not read
for that, and may be too long, broken off or compressed. A message that was taken is not sent again for that.
"""

from collections.abc import Mapping
from enum import Enum
from http import HTTPStatus
from typing import NamedTuple

from agent.foundation.errors import CallFailed, NoAnswer
from agent.foundation.http import Peer

SECONDS = 20.0  # s for a message, connecting included; a server that is that slow is asked later
ANSWER_CAP = 64 * 1024  # bytes; Prometheus says in a line why it refuses
LONGEST_WAIT = 900.0  # s that a server may ask for
_PASSING = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
# Samples that are too old, out of order or twice there: Prometheus and Mimir say 400, Thanos 409.
_OF_CONTENT = (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


class End(Enum):
    """What came of it."""

    TAKEN = "taken"
    TOO_BIG = "too big"
    REFUSED = "refused"  # this message, for what is in it
    NOT_HERE = "elsewhere"  # any message: the address, or who asks, is not the right one
    LATER = "later"  # no answer, or one that may be another the next time


class Delivery(NamedTuple):
    """`words` go on with "it": why it was not taken. `wait` is what the server asks for (s); `is_perhaps_there`:
    it may have the message all the same."""

    end: End
    words: str = ""
    wait: float = 0.0
    is_perhaps_there: bool = False


async def deliver(peer: Peer, path: str, body: bytes, headers: Mapping[str, str]) -> Delivery:
    """Post it. Never raises for what the other side does."""
    try:
        answer = await peer.call("POST", path, body=body, headers=headers, deadline=SECONDS, cap=ANSWER_CAP)
    except NoAnswer as error:
        return _meaning(error.status) if error.status else Delivery(End.LATER, error.reason, is_perhaps_there=True)
    except CallFailed as error:
        return Delivery(End.LATER, error.reason)
    return _meaning(answer.status, answer.retry_after)


def _meaning(status: int, retry_after: float | None = None) -> Delivery:
    words = f"it answers {status}"
    if 200 <= status < 300:
        return Delivery(End.TAKEN)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Delivery(End.TOO_BIG, words)
    if status >= 500 or status in _PASSING:
        wait = min(retry_after or 0.0, LONGEST_WAIT)
        return Delivery(End.LATER, words, wait, is_perhaps_there=status >= 500)
    return Delivery(End.REFUSED if status in _OF_CONTENT else End.NOT_HERE, words)
