"""What an answer of Mews says by its words, in any dialect (reference/mews.md section 3). No I/O."""

from collections.abc import Iterable

import msgspec

from agent.commands.notes import WORDS_LIMIT
from agent.foundation.reading.text import plain, without
from agent.mews.reading.decoding import Unreadable, label, named, read, unwrapped
from provisioning.secret import Secret

REQUEST_ID_LIMIT = 80  # characters
REFUSAL_LIMIT = 2000  # characters of Mews' words: cut to a note's length only once the tokens are out of them
_ERROR_NAMES = {"message", "details", "requestid", "error", "errors"}  # reference/mews.md section 3; any case
_NULL = msgspec.Raw(b"null")


def acknowledged(body: bytes) -> None:
    """Check the answer to an update: an object that is no error's. Raises `Unreadable` (say, a portal's page)."""
    names = {name.casefold() for name, _ in named(unwrapped(body), "it")}
    if names & _ERROR_NAMES:
        raise Unreadable("it is an error that came as a success")


def refusal(body: bytes, tokens: Iterable[Secret] = ()) -> str:
    """Mews' own words in an error's body, on one line and without the `tokens` that they may repeat.

    At most WORDS_LIMIT characters; empty if there are none.
    """
    try:
        words = plain(label(read(unwrapped(body), _Error, "it").Message), REFUSAL_LIMIT)
    except Unreadable:
        return ""
    return plain(without(words, [token.reveal() for token in tokens]), WORDS_LIMIT)


def request_id(body: bytes) -> str:
    """Mews' own number of the request, as an error's body has it; empty if it has none."""
    try:
        return plain(label(read(unwrapped(body), _Error, "it").RequestId), REQUEST_ID_LIMIT)
    except Unreadable:
        return ""


class _Error(msgspec.Struct):
    Message: msgspec.Raw = _NULL
    RequestId: msgspec.Raw = _NULL
