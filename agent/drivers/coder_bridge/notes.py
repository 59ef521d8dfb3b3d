"""What a receptionist reads in Mews when a key was not, or perhaps not, cut: one text for each stable code.

No text may hold a secret or a guest's name; the bridge's own words go through `cleaned` first. No I/O.
A code is shared by log, page, metrics and manual: never rename one.
"""

import json
import re
from collections.abc import Iterable
from enum import StrEnum

from agent.commands.model import Outcome, Verdict
from agent.commands.text import plain, without

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
    BUSY = "E-KEY-BUSY"
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

_LOOK = "Look at the encoder {encoder}: if a card was cut, use it; if not, order the key again."

TEXTS: dict[KeyCode | CheckOutCode, str] = {
    KeyCode.INACTIVE: "Key not cut: the link to the lock system is switched off on this box. Call support.",
    KeyCode.NO_ROOM: "Key not cut: the order names no room, and this lock system needs one. "
    "Order the key for a room.",
    KeyCode.SEVERAL_ROOMS: "Key not cut: this lock system puts one room on a key, and the order names {words}. "
    "Order a key for each room.",
    KeyCode.AREAS: "Key not cut: extra doors ({words}) cannot be put on a key from here. "
    "Order the key without them, or cut it on the lock system's own screen.",
    KeyCode.COPIES: "Key not cut: {words} cards in one order cannot be cut from here. "
    "Order one card, and cut the others on the lock system's own screen.",
    KeyCode.DATES: "Key not cut: the key's dates cannot be written for the lock system. "
    "Check arrival and departure, then order the key again.",
    KeyCode.UNCONFIRMED: "Key not cut: nobody has yet confirmed how this lock system is asked for a key. "
    "Call support, and cut the key on the lock system's own screen meanwhile.",
    KeyCode.BUSY: "Key not cut: the lock server was busy with other keys for too long. Order the key again.",
    KeyCode.UNREACHABLE: "Key not cut: the lock server cannot be reached ({words}). "
    "Check that the lock system's PC is on, then order the key again.",
    KeyCode.CERTIFICATE: "Key not cut: the lock server's certificate is refused ({words}). "
    "Call support, then order the key again.",
    KeyCode.ADDRESS: "Key not cut: the lock server's address on this box does not fit ({words}). "
    "Call support, then order the key again.",
    KeyCode.SILENT: "Key not cut: the lock server does not answer ({words}). "
    "Restart the program on the lock system's PC, then order the key again.",
    KeyCode.LOG_IN: "Key not cut: the lock server refused the box's log-in ({words}). "
    "Call support, then order the key again.",
    KeyCode.LOG_IN_ANSWER: "Key not cut: the lock server did not answer the log-in properly ({words}). "
    "Restart the program on the lock system's PC, then order the key again.",
    KeyCode.REFUSED: "Key not cut: the lock system says: {words} Put that right, then order the key again.",
    KeyCode.NOT_ACCEPTED: "Key not cut: the lock server did not accept the request ({words}). "
    "Call support, then order the key again.",
    KeyCode.NO_ANSWER: "Key perhaps cut: the lock server was asked for it and did not say how it ended ({words}). "
    + _LOOK,
    KeyCode.ANSWER_UNREADABLE: "Key perhaps cut: the lock server's answer cannot be understood ({words}). "
    + _LOOK,
    CheckOutCode.INACTIVE: "Key not cancelled: the link to the lock system is switched off on this box. "
    "Call support.",
    CheckOutCode.UNCONFIRMED: "Key not cancelled: nobody has yet confirmed how this lock system is asked for it. "
    "Cancel the key on the lock system's own screen.",
    CheckOutCode.NOT_DONE: "Key not cancelled: {words} Try again, or cancel it on the lock system's own screen.",
    CheckOutCode.PERHAPS: "Key perhaps not cancelled: {words} Check it on the lock system's own screen.",
}


def ended(code: KeyCode | CheckOutCode, words: str = "", encoder: str = "") -> Outcome:
    """The outcome of that code: UNKNOWN if the act was perhaps done, else FAILED. `words` are cleaned already."""
    verdict = Verdict.UNKNOWN if code in PERHAPS else Verdict.FAILED
    return Outcome(verdict, code.value, TEXTS[code].format(words=words, encoder=plain(encoder, 60)))


def cleaned(words: str, secrets: Iterable[str]) -> str:
    """The bridge's words on one line, without control characters, secrets and anything like a token."""
    known = tuple(form for secret in secrets for form in (secret, json.dumps(secret)[1:-1]))
    line = plain(without(words, known), _SCANNED)
    return plain(_TOKEN_LIKE.sub("(hidden)", without(line, known)), _LONGEST_WORDS)


def sentence(words: str) -> str:
    """`words` with a full stop, unless they end in a mark of their own."""
    return words if words.endswith((".", "!", "?", "…")) else words + "."
