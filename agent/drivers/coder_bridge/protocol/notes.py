"""What a receptionist reads in Mews when a key was not, or perhaps not, cut: one text for each stable code.

No text may hold a secret or a guest's name; the bridge's own words go through `cleaned` first. No I/O.
A code is shared by log, page, metrics and manual: never rename one.
"""

import json
import re
from collections.abc import Iterable
from enum import StrEnum

from agent.commands.model import Outcome, Verdict
from agent.commands.notes import TRY_AGAIN
from agent.foundation.reading.text import plain, quoted, without
from provisioning.secret import Secret

_LONGEST_WORDS = 160  # characters; what a receptionist reads at a glance
_SCANNED = 4096  # characters of the bridge's words that are looked at, once the secrets are out
_TOKEN_LIKE = re.compile(r"eyJ[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]*)*")  # any JSON web token, cut short or foreign


class KeyCode(StrEnum):
    """How a guest key ended that was not surely cut."""

    INACTIVE = "E-KEY-INACTIVE"
    NO_ROOM = "E-KEY-NO-ROOM"
    SEVERAL_ROOMS = "E-KEY-SEVERAL-ROOMS"
    AREAS = "E-KEY-AREAS"
    COPIES = "E-KEY-COPIES"
    DATES = "E-KEY-DATES"
    UNCONFIRMED = "E-KEY-UNCONFIRMED"
    UNREACHABLE = "E-KEY-UNREACHABLE"
    CERTIFICATE = "E-KEY-CERTIFICATE"
    ADDRESS = "E-KEY-ADDRESS"
    SILENT = "E-KEY-SILENT"
    LOG_IN = "E-KEY-LOG-IN"
    LOG_IN_ANSWER = "E-KEY-LOG-IN-ANSWER"
    REFUSED = "E-KEY-REFUSED"
    NOT_ACCEPTED = "E-KEY-NOT-ACCEPTED"
    NO_ANSWER = "E-KEY-NO-ANSWER"
    ANSWER_UNREADABLE = "E-KEY-ANSWER-UNREADABLE"


class CheckOutCode(StrEnum):
    """How the cancelling of a guest key ended that was not surely done."""

    INACTIVE = "E-KEY-OUT-INACTIVE"
    UNCONFIRMED = "E-KEY-OUT-UNCONFIRMED"
    NOT_DONE = "E-KEY-OUT-NOT-DONE"
    PERHAPS = "E-KEY-OUT-PERHAPS"


PERHAPS = frozenset({KeyCode.NO_ANSWER, KeyCode.ANSWER_UNREADABLE, CheckOutCode.PERHAPS})

_BY_HAND = "Call support, and cut the key on the lock system's own screen meanwhile."
_BY_SUPPORT = "Call support, then order the key again."
_RESTART = "Restart the program on the lock system's PC, then order the key again."
_ON_SCREEN = "Cancel the key on the lock system's own screen."
_LOOK = (
    "Look at the encoder {encoder}: if there is a card, test it at the door first; if there is none, order the "
    "key again."
)

# The cause, a clause with a place for words that a receptionist understands, and what to do. A status or the shape
# of an answer is for support: the page says it.
TEXTS: dict[KeyCode | CheckOutCode, tuple[str, str]] = {
    KeyCode.INACTIVE: ("the link to the lock system is switched off on this box", "Call support."),
    KeyCode.NO_ROOM: ("the order names no room, and this lock system needs one", "Order the key for a room."),
    KeyCode.SEVERAL_ROOMS: (
        "this lock system puts one room on a key, and the order names {words}",
        "Order a key for each room.",
    ),
    KeyCode.AREAS: (
        "extra doors ({words}) cannot be put on a key from here",
        "Order the key without them, or cut it on the lock system's own screen.",
    ),
    KeyCode.COPIES: (
        "{words} cards in one order cannot be cut from here",
        "Order one card, and cut the others on the lock system's own screen.",
    ),
    KeyCode.DATES: (
        "the key's dates cannot be written for the lock system",
        "Check arrival and departure, then order the key again.",
    ),
    KeyCode.UNCONFIRMED: ("how this lock system is asked for a key has not been confirmed yet", _BY_HAND),
    KeyCode.UNREACHABLE: (
        "the lock server cannot be reached ({words})",
        "Check that the lock system's PC is on, then order the key again.",
    ),
    KeyCode.CERTIFICATE: ("the lock server's certificate is refused ({words})", _BY_SUPPORT),
    KeyCode.ADDRESS: ("the lock server's address on this box does not fit ({words})", _BY_SUPPORT),
    KeyCode.SILENT: ("the lock server does not answer ({words})", _RESTART),
    KeyCode.LOG_IN: ("the lock server refused the box's log-in", _BY_SUPPORT),
    KeyCode.LOG_IN_ANSWER: ("the lock server did not answer the log-in properly", _RESTART),
    KeyCode.REFUSED: ("{words}", TRY_AGAIN),
    KeyCode.NOT_ACCEPTED: ("the lock server did not accept the request", _BY_SUPPORT),
    KeyCode.NO_ANSWER: ("the lock server was asked for it and did not say how it ended", _LOOK),
    KeyCode.ANSWER_UNREADABLE: ("the lock server's answer cannot be understood", _LOOK),
    CheckOutCode.INACTIVE: ("the link to the lock system is switched off on this box", "Call support."),
    CheckOutCode.UNCONFIRMED: ("how this lock system is asked for it has not been confirmed yet", _ON_SCREEN),
    CheckOutCode.NOT_DONE: ("{words}", "Try again, or cancel it on the lock system's own screen."),
    CheckOutCode.PERHAPS: (
        "the lock server did not say how it ended",
        "Check it on the lock system's own screen.",
    ),
}


def ended(code: KeyCode | CheckOutCode, words: str = "", encoder: str = "") -> Outcome:
    """The outcome of that code: UNKNOWN if the act was perhaps done, else FAILED. `words` are cleaned already."""
    cause, advice = TEXTS[code]
    verdict = Verdict.UNKNOWN if code in PERHAPS else Verdict.FAILED
    return Outcome(
        verdict, code.value, _head(code), cause.format(words=words), advice.format(encoder=plain(encoder, 60))
    )


def _head(code: KeyCode | CheckOutCode) -> str:
    if isinstance(code, CheckOutCode):
        return "Key perhaps not cancelled" if code in PERHAPS else "Key not cancelled"
    return "Key perhaps cut" if code in PERHAPS else "Key not cut"


def refusal(words: str, reason: str) -> str:
    """How the lock system said no, for its cause: in its own `words` (cleaned), or else our `reason`."""
    return f"the lock system says {quoted(words)}" if words else f"the lock system refused it ({reason})"


def sentence(words: str) -> str:
    """`words` with a full stop, unless they end in a mark of their own."""
    return words if words.endswith((".", "!", "?", "…")) else words + "."


def cleaned(words: str, secrets: Iterable[Secret]) -> str:
    """The bridge's words on one line, without control characters, secrets and anything like a token."""
    texts = tuple(secret.reveal() for secret in secrets)
    known = (*texts, *(json.dumps(text)[1:-1] for text in texts))
    line = plain(without(words, known), _SCANNED)
    return plain(_TOKEN_LIKE.sub("(hidden)", without(line, known)), _LONGEST_WORDS)
