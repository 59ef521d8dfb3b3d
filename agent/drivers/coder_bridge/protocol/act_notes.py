"""What people read when something else than a key was asked of the lock system and not surely done. No I/O.

No text may hold a secret or a guest's name; the bridge's own words are cleaned first. A code is shared by log,
page and manual: never rename one.
"""

from enum import StrEnum

import msgspec

from agent.commands.model import Outcome, Verdict


class Act(StrEnum):
    """What was asked for; the value stands in its codes."""

    CANCEL_KEY = "KEY-OUT"
    CHECK_IN_ROOM = "ROOM-IN"
    CHECK_OUT_ROOM = "ROOM-OUT"
    READ_CARD = "CARD"


class End(StrEnum):
    """How it ended; the value stands behind the act's in a code."""

    INACTIVE = "INACTIVE"
    UNCONFIRMED = "UNCONFIRMED"
    SWITCHED_OFF = "OFF"
    NAMELESS = "NAMELESS"
    NOT_DONE = "NOT-DONE"
    PERHAPS = "PERHAPS"
    ALREADY = "ALREADY"  # done before, and done it is


class Words(msgspec.Struct, frozen=True):
    """The heads, what to do by hand, and what to do where no one knows."""

    done: str
    not_done: str
    perhaps: str
    by_hand: str
    look: str


_ON_SCREEN = "on the lock system's own screen"
WORDS = {
    Act.CANCEL_KEY: Words(
        "Key cancelled",
        "Key not cancelled",
        "Key perhaps not cancelled",
        f"Cancel the key {_ON_SCREEN}.",
        f"Ask for it once more, or look {_ON_SCREEN}.",
    ),
    Act.CHECK_IN_ROOM: Words(
        "Room checked in",
        "Room not checked in",
        "Room perhaps not checked in",
        f"Check the room in {_ON_SCREEN}.",
        "Ask for it once more: that does no harm.",
    ),
    Act.CHECK_OUT_ROOM: Words(
        "Room checked out",
        "Room not checked out",
        "Room perhaps not checked out",
        f"Check the room out {_ON_SCREEN}.",
        "Ask for it once more: that does no harm.",
    ),
    Act.READ_CARD: Words(
        "Card read",
        "Card not read",
        "Card not read",
        f"Read the card {_ON_SCREEN}.",
        "Lay the card on the encoder, and ask for it once more.",
    ),
}
_CAUSES = {
    End.INACTIVE: "the link to the lock system is switched off on this box",
    End.UNCONFIRMED: "how this lock system is asked for it has not been confirmed yet",
    End.SWITCHED_OFF: "the site profile says rms.send = false, so rooms are not reported to the lock system",
    End.NAMELESS: "the lock system has told no number of this key",
    End.NOT_DONE: "{words}",
    End.ALREADY: "the lock system says that it was so already",
    End.PERHAPS: "the lock server did not say how it ended",
}


_NOT_ASKED = frozenset({End.INACTIVE, End.UNCONFIRMED, End.SWITCHED_OFF})


def act_ended(act: Act, end: End, words: str = "", *, is_asked: bool = True) -> Outcome:
    """The outcome of an act: DONE if it was so already, UNKNOWN if it was perhaps done, else FAILED; a read
    does nothing.

    `words` are cleaned already; `is_asked`: the request reached the bridge.
    """
    texts = WORDS[act]
    verdict, head = Verdict.FAILED, texts.not_done
    if end is End.ALREADY:
        verdict, head = Verdict.DONE, texts.done
    elif end is End.PERHAPS and act is not Act.READ_CARD:
        verdict, head = Verdict.UNKNOWN, texts.perhaps
    return Outcome(
        verdict,
        f"E-{act}-{end}",
        head,
        _CAUSES[end].format(words=words),
        _advice(texts, end),
        is_asked=is_asked and end not in _NOT_ASKED,
    )


def _advice(texts: Words, end: End) -> str:
    match end:
        case End.INACTIVE:
            return "Call support."
        case End.NOT_DONE:
            return f"Try once more, then do it by hand: {texts.by_hand[:1].lower()}{texts.by_hand[1:]}"
        case End.PERHAPS:
            return texts.look
        case End.ALREADY:
            return "There is nothing left to do."
    return texts.by_hand
