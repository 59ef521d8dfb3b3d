"""How a transfer ended, for both ends. Pure; no text in here has a piece of what was sent."""

from enum import StrEnum

import msgspec

SILENCE_SECONDS = 20.0  # s; a box that is busy answers within one, and a person pulls no cable for less
MOST_BYTES = 2_000_000  # bytes; a support bundle at its largest (issue 17): five minutes at 115200


class Why(StrEnum):
    """Why a transfer failed."""

    SILENT = "silent"  # nothing was heard from the other side for too long
    IN_DOUBT = "in doubt"  # the same after the last piece: the other side may have the whole
    REFUSED = "refused"  # the receiver does not want it
    DAMAGED = "damaged"  # the pieces do not add up to what was announced
    CANCELLED = "cancelled"  # the sender gave up


class Failure(msgspec.Struct, frozen=True):
    """`text` is one sentence for a person."""

    why: Why
    text: str


class Received(msgspec.Struct, frozen=True):
    """Exactly what was sent, and under which name."""

    name: str
    content: bytes


class Sent(msgspec.Struct, frozen=True):
    """The receiver has said that it has the whole, with the right SHA-256."""


class Progress(msgspec.Struct, frozen=True):
    """Bytes that the receiver has for sure, of all; `total` is 0 while that is not known."""

    done: int
    total: int
