"""What an answer to the order of a card means. No I/O.

Done is only what a card's answer proves. What may have written a card is never called "not cut": any failure of
the server itself (5xx) counts as perhaps made, unless its words say that nothing was written.
Facts: reference/visionline.md, sections 4, 6, 8 and 10.
"""

from msgspec import Struct

from agent.drivers.lock_server.redirects import Moved
from agent.drivers.visionline.protocol import failures, wire
from agent.drivers.visionline.protocol.notes import KeyCode

REFUSED = frozenset({401, 403})  # the session or the signature: nothing was done (inferred, reference section 6)
_REQUEST_TIMEOUT = 408  # a proxy's or server's "I waited": what it had begun is anybody's guess


class Ending(Struct, frozen=True):
    """How the order of a card ended: `code` None for done, then `key` is the card's id. `words`: the server's."""

    code: KeyCode | None = None
    words: str = ""
    key: str = ""


def is_refused(status: int, body: bytes) -> bool:
    """Whether session or signature were surely refused, and no more, so that one repeat can do no harm."""
    return status in REFUSED and wire.card(body) is None and failures.kind_of(wire.said(body)) is None


def ending(status: int, body: bytes, moved: Moved | None = None) -> Ending:
    """How it ended, from the answer; `moved` where that is a redirect."""
    card = wire.card(body)
    if card is not None and not card.is_good:
        return Ending(KeyCode.NOT_ISSUED)
    if 200 <= status < 300 and card is not None:
        return Ending(key=card.id)
    if 200 <= status < 300 or card is not None:
        return Ending(KeyCode.ANSWER_UNREADABLE)
    if moved is not None:
        return Ending(KeyCode.ADDRESS if moved.is_untouched else KeyCode.ANSWER_UNREADABLE)
    words = wire.said(body)
    return Ending(_refusal(status, words), words)


def _refusal(status: int, words: str) -> KeyCode:
    kind = failures.kind_of(words)
    if kind is not None:
        return kind
    if status in REFUSED:
        return KeyCode.RIGHTS
    if not 400 <= status < 500 or status == _REQUEST_TIMEOUT:
        return KeyCode.ANSWER_UNREADABLE
    return KeyCode.REFUSED if words else KeyCode.NOT_ACCEPTED
