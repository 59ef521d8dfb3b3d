"""How the simulated VisiOnline words its answers: refusals, the card object, the log-in.

Must never mend what a switch bends. Confirmed: 201 with `id` and `accessKey`, 201 with the members of the card
object (reference/visionline.md sections 2 and 4). INVENTED: the status, code and text of every refusal, and the
form of an error.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from agent.simulators.base.replies import Reply, json_reply
from agent.simulators.base.trouble import ALL
from agent.simulators.visionline.switches import ErrorAs, VisionlineSwitches


class RefusalKind(StrEnum):
    """Why the lock system says no."""

    NO_CARD = "no-card"
    WRONG_FORMAT = "wrong-format"
    NO_SECTORS = "no-sectors"
    NOT_REISSUABLE = "not-reissuable"
    STILL_VALID = "still-valid"
    INTERRUPTED = "interrupted"
    UNKNOWN_ENCODER = "unknown-encoder"
    ENCODER_OFFLINE = "encoder-offline"
    ENCODER_BUSY = "encoder-busy"
    ENCODER_TIMEOUT = "encoder-timeout"
    UNKNOWN_DOOR = "unknown-door"
    TOO_MANY_DOORS = "too-many-doors"
    BAD_REQUEST = "bad-request"
    BAD_TIME = "bad-time"
    SERVER_ERROR = "server-error"


class _Words(msgspec.Struct, frozen=True):
    status: int
    code: int
    text: str


_WORDS = {  # invented, but for the text of no-sectors (reference/visionline.md section 10)
    RefusalKind.NO_CARD: _Words(408, 101, "No card was presented to the encoder in time"),
    RefusalKind.WRONG_FORMAT: _Words(409, 102, "The card format is not compatible"),
    RefusalKind.NO_SECTORS: _Words(409, 103, "The chip does not have any appropriate sectors for this card"),
    RefusalKind.NOT_REISSUABLE: _Words(409, 104, "The card cannot be re-issued"),
    RefusalKind.STILL_VALID: _Words(409, 105, "The card is still valid"),
    RefusalKind.INTERRUPTED: _Words(500, 106, "The encoding was interrupted: card removed"),
    RefusalKind.UNKNOWN_ENCODER: _Words(404, 201, "The encoder does not exist"),
    RefusalKind.ENCODER_OFFLINE: _Words(503, 202, "The encoder is not online"),
    RefusalKind.ENCODER_BUSY: _Words(409, 203, "The encoder is busy"),
    RefusalKind.ENCODER_TIMEOUT: _Words(504, 204, "The communication with the encoder timed out"),
    RefusalKind.UNKNOWN_DOOR: _Words(400, 301, "The door does not exist"),
    RefusalKind.TOO_MANY_DOORS: _Words(400, 302, "The card has no room for so many doors"),
    RefusalKind.BAD_REQUEST: _Words(400, 401, "A parameter or a field is missing or cannot be read"),
    RefusalKind.BAD_TIME: _Words(400, 402, "A time cannot be read, or the end is not after the start"),
    RefusalKind.SERVER_ERROR: _Words(500, 500, "Object reference not set to an instance of an object"),
}
ENCODER_SECONDS = 10.0  # s; invented: how long the server waits for an encoder that does not answer
AT_THE_ENCODER = (  # these take the encoder's time, and its place in the queue
    *(RefusalKind.NO_CARD, RefusalKind.WRONG_FORMAT, RefusalKind.NO_SECTORS, RefusalKind.NOT_REISSUABLE),
    *(RefusalKind.STILL_VALID, RefusalKind.INTERRUPTED, RefusalKind.ENCODER_TIMEOUT),
)


class Refusal(msgspec.Struct, frozen=True):
    """A refusal to come, by encoder, door or operation. One that comes of the card itself waits for a card."""

    kind: Annotated[RefusalKind, Meta(description="why the lock system says no")]
    operation: Annotated[str, Meta(description="for which operation, * for all but log-in")] = ALL
    match: Annotated[
        dict[str, str], Meta(description="only for this encoder, first door, override, autoJoin")
    ] = {}
    calls: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="for how many calls, null until healed")
    ] = None
    seconds: Annotated[
        Annotated[float, Meta(ge=0, le=1e9)] | None,
        Meta(description="what passes before the answer, null: a card, or the kind's own time"),
    ] = None
    written: Annotated[
        bool, Meta(description="the card is written all the same, where it came to the encoder")
    ] = False
    status: Annotated[
        Annotated[int, Meta(ge=200, le=599)] | None, Meta(description="another status than the invented one")
    ] = None
    code: Annotated[int | None, Meta(description="another code than the invented one")] = None
    message: Annotated[str | None, Meta(description="another text than the invented one")] = None

    @property
    def is_deaf(self) -> bool:
        """Whether it comes at its own time, whatever lies on the encoder."""
        return self.seconds is not None or self.kind in (RefusalKind.NO_CARD, RefusalKind.ENCODER_TIMEOUT)

    def takes(self, patience: float) -> float:
        """Seconds at the encoder, where no card ends the waiting; `patience` is how long that waits for one."""
        if self.seconds is not None:
            return self.seconds
        return ENCODER_SECONDS if self.kind is RefusalKind.ENCODER_TIMEOUT else patience


def refused(refusal: Refusal, switches: VisionlineSwitches, secrets: str) -> Reply:
    """No, with the reason; `secrets` is what a careless server repeats."""
    words = _WORDS[refusal.kind]
    text = words.text if refusal.message is None else refusal.message
    code = words.code if refusal.code is None else refusal.code
    return denied(_status(refusal, words, switches), code, text, switches, secrets)


def denied(status: int, code: int, text: str, switches: VisionlineSwitches, secrets: str) -> Reply:
    """An error in the form that is switched."""
    shown = f"{text} ({secrets})" if switches.echo_secrets else text
    match switches.error_as:
        case ErrorAs.JSON:
            return json_reply({"code": code, "message": shown}, status)
        case ErrorAs.TEXT:
            return Reply(status, shown.encode(), "text/plain; charset=utf-8")
        case ErrorAs.EMPTY:
            return Reply(status, b"", "")


def success(body: dict[str, object], status: int, switches: VisionlineSwitches) -> Reply:
    """Yes, with an object."""
    extra: dict[str, object] = {"serverBuild": "invented", "links": [None]} if switches.unknown_fields else {}
    return json_reply({**body, **extra}, status)


def _status(refusal: Refusal, words: _Words, switches: VisionlineSwitches) -> int:
    if refusal.status is not None:
        return refusal.status
    return words.status if switches.failure_status is None else switches.failure_status
