"""The records that pass from room to room. Frozen; no I/O; no guest's name, no secret, ever."""

from datetime import datetime
from enum import Enum, StrEnum, auto
from typing import TypeAlias

import msgspec

from agent.foundation.reading.text import sentence
from provisioning.secret import Secret


class Kind(StrEnum):
    """What a command asks for, as the page and the journal call it."""

    KEY = "key"
    PRINT = "print"
    OTHER = "other"


class Verdict(StrEnum):
    """How one physical act ended."""

    DONE = "done"
    FAILED = "failed"  # surely not done
    UNKNOWN = "unknown"  # perhaps done: never again by itself


class Outcome(msgspec.Struct, frozen=True):
    """How one physical act ended, in words that a receptionist can act on.

    `code` is stable and shared by page, log, metrics and manual (`agent/health/`, `commands/notes.py`). `head`
    says what became of the card, `cause` is a clause without a full stop, `advice` a sentence or two; they are
    empty when all went well. `said` are Mews' own words about this command: they go back to Mews and nowhere else.
    `key` is the lock system's id of the key that was made, "" where it tells none. Of what FAILED, `is_asked` says
    whether the other side was asked at all.
    """

    verdict: Verdict
    code: str = ""
    head: str = ""
    cause: str = ""
    advice: str = ""
    said: str = ""
    key: str = ""
    is_asked: bool = True

    @property
    def note(self) -> str:
        """The sentences for Mews; empty when all went well."""
        return f"{self.head}: {sentence(self.cause)} {self.advice}" if self.head else ""


class Standing(Enum):
    """How a listed command stands with the one who ordered it."""

    NEW = auto()  # to be had
    RECEIVED = auto()  # to be had, and somebody has said that it was received
    TAKEN = auto()  # somebody is at work on it
    OVER = auto()  # done, cancelled, failed
    STRANGE = auto()  # a word that this version does not know

    @property
    def is_open(self) -> bool:
        """Whether it is to be had."""
        return self in (Standing.NEW, Standing.RECEIVED)


class Listed(msgspec.Struct, frozen=True):
    """A command as Mews listed it, envelope only.

    `word` is Mews' own for a `standing` that is OVER or STRANGE.
    `data` is the undecoded JSON text of `Data` (None if absent or too large to keep), `defect` a few words
    when the envelope itself cannot be trusted (a member twice, a missing date, ...): such a command is refused. A
    guest's telephone number or document is in no `repr`.
    """

    id: str
    standing: Standing
    created: datetime | None
    device_id: str
    device_name: str
    device_type: str | None
    data: bytes | None
    defect: str = ""
    word: str = ""

    def __repr__(self) -> str:
        return f"Listed({self.id!r}, {self.standing})"


class Account(msgspec.Struct, frozen=True):
    """The lock server that an order names, with the account there: to be used at a server of the file alone.

    Its address came as it is, and may hold a password too: it is in no `repr`.
    """

    url: str
    username: Secret
    password: Secret

    def __repr__(self) -> str:
        return "Account(hidden)"


class KeyRequest(msgspec.Struct, frozen=True):
    """`Data` of a key command, in both dialects' spellings: what is asked for, before routing.

    `lock_ids` has at least one entry; `start` and `end` are aware datetimes in UTC, as Mews wrote them: `end`
    may be earlier than `start`, and both may have passed; without an `end` it ends as the hotel's stays do.
    `account` is the lock server that the order names, `reservation` the id of the stay and `customer` of who
    pays for it ("": not told), `contact` a guest's telephone number or e-mail address, for a mobile key: in no
    `repr`.
    """

    key_cutter: str
    lock_ids: tuple[str, ...]
    start: datetime
    end: datetime | None
    copies: int
    reservation: str = ""
    account: Account | None = None
    contact: str = ""
    customer: str = ""

    def __repr__(self) -> str:
        return f"KeyRequest({self.key_cutter!r}, {self.lock_ids!r}, {self.copies})"


class PrintRequest(msgspec.Struct, frozen=True):
    """`Data` of a print command: what is asked for, before routing. `document` is a guest's."""

    printer: str
    file_type: str
    document: bytes
    copies: int

    def __repr__(self) -> str:
        return f"PrintRequest({self.printer!r}, {len(self.document)} bytes)"


Request: TypeAlias = KeyRequest | PrintRequest


class Ack(StrEnum):
    """What Mews made of an update."""

    YES = "yes"  # acknowledged
    UNAUTHORISED = "unauthorised"  # our session is over: no effect
    REFUSED = "refused"  # Mews' last word: no effect
    ABSENT = "absent"  # it shows no such command just now, though it listed one: no effect
    UNANSWERED = "unanswered"  # perhaps taken, perhaps not


class Reply(msgspec.Struct, frozen=True):
    """Mews' answer to an update, with its words or the reason why there is none."""

    ack: Ack
    words: str = ""
    is_sent: bool = True  # False: surely no byte of the update left the box


class Ending(Enum):
    """How a command that the box has ended stands with the one who ordered it."""

    TOLD = auto()  # as the box would say it
    OTHER = auto()  # over, and otherwise: somebody else ended it
    OPEN = auto()  # not over
    NOT_TOLD = auto()  # the origin cannot say


class WaitsFor(StrEnum):
    """What an order waits for, as the page says it."""

    TURN = "its turn"
    LIST = "Mews to list it once more, because it did not let the box take it"
    MEWS = "Mews, which is not reached"
    PAUSE = "the end of the pause that Mews asked for"
    ANSWER = "Mews' answer to the box's claim"
    PLACE = "a free place at the lock server, which takes few keys at once"
    STAY = "another key of its stay, which is being made"
    RULE = "Mews to tell what is open on its bill"
    RESUME = "someone to let it go on: it was paused by hand"
