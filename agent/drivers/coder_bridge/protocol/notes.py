"""What a receptionist reads in Mews when a key was not, or perhaps not, cut: one text for each stable code.

No text may hold a secret or a guest's name; the bridge's own words go through `cleaned` first. No I/O.
A code is shared by log, page, metrics and manual: never rename one.
"""

import re
from enum import StrEnum

from agent.commands.model import Outcome, Verdict
from agent.commands.notes import TRY_AGAIN
from agent.foundation.reading.text import plain, without

_CONTACT_LIKE = re.compile(
    r"[^\s@<>()“”\"']+@[^\s@<>()“”\"']+|\+?\d[\d ()/.-]{5,}\d"
)  # an address, a telephone number
_LEAST_DIGITS = 5  # of a telephone number; fewer are in any number by chance


class KeyCode(StrEnum):
    """How a guest key ended that was not surely cut."""

    INACTIVE = "E-KEY-INACTIVE"
    NO_ROOM = "E-KEY-NO-ROOM"
    EARLY = "E-KEY-EARLY"
    SEVERAL_ROOMS = "E-KEY-SEVERAL-ROOMS"
    AREAS = "E-KEY-AREAS"
    AREA_UNKNOWN = "E-KEY-AREA-UNKNOWN"
    COPIES = "E-KEY-COPIES"
    FURTHER = "E-KEY-FURTHER"
    NO_STAY = "E-KEY-NO-STAY"
    NO_CONTACT = "E-KEY-NO-CONTACT"
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


PERHAPS = frozenset({KeyCode.NO_ANSWER, KeyCode.ANSWER_UNREADABLE})

_BY_HAND = "Call support, and cut the key on the lock system's own screen meanwhile."
_BY_SUPPORT = "Call support, then order the key again."
_RESTART = "Restart the program on the lock system's PC, then order the key again."
_LOOK = (
    "Look at the encoder {encoder}: if there is a card, test it at the door first; if there is none, order the "
    "key again."
)

# The cause, a clause with a place for words that a receptionist understands, and what to do. A status or the shape
# of an answer is for support: the page says it.
TEXTS: dict[KeyCode, tuple[str, str]] = {
    KeyCode.INACTIVE: ("the link to the lock system is switched off on this box", "Call support."),
    KeyCode.NO_ROOM: ("the order names no room, and this lock system needs one", "Order the key for a room."),
    KeyCode.EARLY: (
        "the stay begins on {words}, and this hotel makes no keys before the day of arrival",
        "Order the key on that day.",
    ),
    KeyCode.SEVERAL_ROOMS: (
        "this lock system puts one room on a key, and the order names {words}",
        "Order a key for each room.",
    ),
    KeyCode.AREAS: (
        "extra doors ({words}) cannot be put on a key from here",
        "Order the key without them, or cut it on the lock system's own screen.",
    ),
    KeyCode.AREA_UNKNOWN: (
        "the lock system does not have the extra door {words}",
        "Call support: the number of that door on this box is wrong.",
    ),
    KeyCode.COPIES: (
        "{words} cards in one order cannot be cut from here",
        "Order one card, and cut the others on the lock system's own screen.",
    ),
    KeyCode.FURTHER: (
        "this stay has a key already, and a further one cannot be made from here",
        "Call support, or make it on the lock system's own screen.",
    ),
    KeyCode.NO_STAY: (
        "the order names no reservation, and a mobile key needs one",
        "Order the key from the reservation.",
    ),
    KeyCode.NO_CONTACT: (
        "the order has neither a telephone number nor an e-mail address, and a mobile key needs one",
        "Check the guest's profile for one, then order the key again.",
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
}
# What a mobile key has other words for, because no card and no encoder is about.
_GIVE_A_CARD = "Call support, and give the guest a card meanwhile."
_ASK = "Ask the guest whether it has come; if it has not, order the key again."
MOBILE_TEXTS: dict[KeyCode, tuple[str, str]] = {
    KeyCode.AREAS: (TEXTS[KeyCode.AREAS][0], "Order the key without them, or give the guest a card."),
    KeyCode.COPIES: ("{words} mobile keys in one order cannot be made", "Order one for each telephone."),
    KeyCode.UNCONFIRMED: (
        "how this lock system is asked for a mobile key has not been confirmed yet",
        _GIVE_A_CARD,
    ),
    KeyCode.REFUSED: ("{words}", "Try once more, then give the guest a card and call support."),
    KeyCode.NO_ANSWER: (TEXTS[KeyCode.NO_ANSWER][0], _ASK),
    KeyCode.ANSWER_UNREADABLE: (TEXTS[KeyCode.ANSWER_UNREADABLE][0], _ASK),
}


def ended(code: KeyCode, words: str = "", encoder: str = "", *, mobile: bool = False) -> Outcome:
    """The outcome of that code: UNKNOWN if the key was perhaps made, else FAILED. `words` are cleaned already."""
    cause, advice = MOBILE_TEXTS.get(code, TEXTS[code]) if mobile else TEXTS[code]
    verdict = Verdict.UNKNOWN if code in PERHAPS else Verdict.FAILED
    return Outcome(
        verdict,
        code.value,
        _head(code, mobile),
        cause.format(words=words),
        advice.format(encoder=plain(encoder, 60)),
    )


def _head(code: KeyCode, mobile: bool) -> str:
    made = "made" if mobile else "cut"
    return f"{'Mobile key' if mobile else 'Key'} {'perhaps' if code in PERHAPS else 'not'} {made}"


def without_contacts(words: str, contact: str = "") -> str:
    """Words without the guest's telephone number or e-mail address, and without anything like one."""
    line = without(words, (contact,)) if contact.strip() else words
    return _CONTACT_LIKE.sub("(hidden)", line)


def tells_contact(text: str, contact: str) -> bool:
    """Whether a text holds the guest's number or address, however the number is written."""
    digits, wanted = _digits(text), _digits(contact)
    is_address = "@" in contact and contact.casefold() in text.casefold()
    return is_address or (len(wanted) >= _LEAST_DIGITS and wanted in digits)


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdecimal()).lstrip("0")
