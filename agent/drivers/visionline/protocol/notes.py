"""What a receptionist reads in Mews when VisiOnline did not, or perhaps not, make a key: one text a stable code.

No text may hold a secret or a guest's name; the server's own words are cleaned first. No I/O.
A code is shared by log, page, metrics and manual: never rename one. Codes that the Coder Bridge has as well mean
the same there. Kinds of failure: reference/visionline.md, sections 8 and 10.
"""

from enum import StrEnum

from agent.commands.model import Outcome, Verdict
from agent.commands.notes import TRY_AGAIN
from agent.foundation.reading.text import plain


class KeyCode(StrEnum):
    """How a key ended that was not surely made."""

    MOBILE = "E-KEY-MOBILE"
    NO_ROOM = "E-KEY-NO-ROOM"
    NO_END = "E-KEY-NO-END"
    DATES = "E-KEY-DATES"
    CAPACITY = "E-KEY-CAPACITY"
    ENCODER_NAME = "E-KEY-ENCODER-NAME"
    OTHER_SERVER = "E-KEY-OTHER-SERVER"
    UNREACHABLE = "E-KEY-UNREACHABLE"
    WEB_API = "E-KEY-WEB-API"
    CERTIFICATE = "E-KEY-CERTIFICATE"
    ADDRESS = "E-KEY-ADDRESS"
    SILENT = "E-KEY-SILENT"
    LOG_IN = "E-KEY-LOG-IN"
    LOG_IN_ANSWER = "E-KEY-LOG-IN-ANSWER"
    RIGHTS = "E-KEY-RIGHTS"
    NO_CARD = "E-KEY-NO-CARD"
    CARD_FORMAT = "E-KEY-CARD-FORMAT"
    CARD_CHIP = "E-KEY-CARD-CHIP"
    CARD_VALID = "E-KEY-CARD-VALID"
    ENCODER_UNKNOWN = "E-KEY-ENCODER-UNKNOWN"
    ENCODER_OFFLINE = "E-KEY-ENCODER-OFFLINE"
    ENCODER_BUSY = "E-KEY-ENCODER-BUSY"
    DOOR_UNKNOWN = "E-KEY-DOOR-UNKNOWN"
    INSTANCE = "E-KEY-INSTANCE"
    REFUSED = "E-KEY-REFUSED"
    NOT_ACCEPTED = "E-KEY-NOT-ACCEPTED"
    INTERRUPTED = "E-KEY-INTERRUPTED"
    ENCODER_SILENT = "E-KEY-ENCODER-SILENT"
    NOT_ISSUED = "E-KEY-NOT-ISSUED"
    NO_ANSWER = "E-KEY-NO-ANSWER"
    ANSWER_UNREADABLE = "E-KEY-ANSWER-UNREADABLE"


PERHAPS = frozenset(
    {
        KeyCode.INTERRUPTED,
        KeyCode.ENCODER_SILENT,
        KeyCode.NOT_ISSUED,
        KeyCode.NO_ANSWER,
        KeyCode.ANSWER_UNREADABLE,
    }
)
# Refusals that tell of the encoder itself, whatever was ordered.
OF_ENCODER = frozenset({KeyCode.ENCODER_UNKNOWN, KeyCode.ENCODER_OFFLINE, KeyCode.ENCODER_SILENT})

_BY_SUPPORT = "Call support, then order the key again."
_RESTART = "Restart VisiOnline on the lock system's PC, then order the key again."
_LOOK = (
    "Look at the encoder {encoder}: if there is a card, test it at the door first; if there is none, order the "
    "key again."
)
_OTHER_ENCODER = "Look at its power and cable, or order the key at another encoder."

# The cause, a clause with a place for words that a receptionist understands, and what to do.
TEXTS: dict[KeyCode, tuple[str, str]] = {
    KeyCode.MOBILE: ("this box issues no mobile keys of VisiOnline", "Order a card instead."),
    KeyCode.NO_ROOM: ("the order names no room, and this lock system needs one", "Order the key for a room."),
    KeyCode.NO_END: (
        "the order does not say when the stay ends, and this lock system needs that",
        "Check the departure in Mews, then order the key again.",
    ),
    KeyCode.DATES: (
        "the key's dates cannot be written for the lock system",
        "Check arrival and departure, then order the key again.",
    ),
    KeyCode.CAPACITY: ("{words}", "Order keys for fewer doors each."),
    KeyCode.ENCODER_NAME: ("the encoder's name on this box cannot be sent to the lock system", _BY_SUPPORT),
    KeyCode.OTHER_SERVER: (
        "the order names a lock server that is not set up on this box ({words})",
        "Call support, and cut the key at the lock system's own PC meanwhile.",
    ),
    KeyCode.UNREACHABLE: (
        "the lock server cannot be reached ({words})",
        "Check that the lock system's PC is on, then order the key again.",
    ),
    KeyCode.WEB_API: (
        "the lock system's PC is on, but its web API is closed",
        "Call support, and cut the key at the lock system's own PC meanwhile.",
    ),
    KeyCode.CERTIFICATE: ("the lock server's certificate is refused ({words})", _BY_SUPPORT),
    KeyCode.ADDRESS: ("the lock server's address on this box does not fit ({words})", _BY_SUPPORT),
    KeyCode.SILENT: ("the lock server does not answer ({words})", _RESTART),
    KeyCode.LOG_IN: ("the lock server refused the log-in", _BY_SUPPORT),
    KeyCode.LOG_IN_ANSWER: ("the lock server did not answer the log-in properly", _RESTART),
    KeyCode.RIGHTS: ("the lock server let the box in and refused it the key", _BY_SUPPORT),
    KeyCode.NO_CARD: (
        "no card was laid on the encoder {encoder} in time",
        "Order the key again, and lay a card on when the encoder asks for it.",
    ),
    KeyCode.CARD_FORMAT: (
        "the card on the encoder {encoder} is not of the kind that this lock system writes",
        "Take a card of this hotel, and order the key again.",
    ),
    KeyCode.CARD_CHIP: (
        "the chip of the card has no place for a key of this lock system",
        "Take another kind of card, and order the key again. If all cards fail, call support: the lock system's "
        "licence may lack this kind.",
    ),
    KeyCode.CARD_VALID: (
        "the card holds a key that may not be written over",
        "Take another card, and order the key again.",
    ),
    KeyCode.ENCODER_UNKNOWN: (
        "the lock system does not know the encoder {encoder}",
        "Order the key at another encoder, and call support.",
    ),
    KeyCode.ENCODER_OFFLINE: ("the encoder {encoder} is not connected to the lock system", _OTHER_ENCODER),
    KeyCode.ENCODER_BUSY: ("the encoder {encoder} is busy with another key", "Order the key again in a minute."),
    KeyCode.DOOR_UNKNOWN: (
        "the lock system does not know a door of this key",
        "Check the room in Mews; if it is right, call support.",
    ),
    KeyCode.INSTANCE: ("a part of VisiOnline is not running on the lock system's PC", _RESTART),
    KeyCode.REFUSED: ("{words}", TRY_AGAIN),
    KeyCode.NOT_ACCEPTED: ("the lock server did not accept the request", _BY_SUPPORT),
    KeyCode.INTERRUPTED: ("the card was taken from the encoder {encoder} too soon", _LOOK),
    KeyCode.ENCODER_SILENT: ("the encoder {encoder} stopped answering the lock system", _LOOK),
    KeyCode.NOT_ISSUED: ("the lock server made the key and calls its card not issued", _LOOK),
    KeyCode.NO_ANSWER: ("the lock server was asked for it and did not say how it ended", _LOOK),
    KeyCode.ANSWER_UNREADABLE: ("the lock server's answer cannot be understood", _LOOK),
}


def ended(code: KeyCode, words: str = "", encoder: str = "") -> Outcome:
    """The outcome of that code: UNKNOWN if the key was perhaps made, else FAILED. `words` are cleaned already."""
    cause, advice = TEXTS[code]
    verdict = Verdict.UNKNOWN if code in PERHAPS else Verdict.FAILED
    head = "Key perhaps cut" if code in PERHAPS else "Key not cut"
    name = plain(encoder, 60)
    return Outcome(verdict, code.value, head, cause.format(words=words, encoder=name), advice.format(encoder=name))
