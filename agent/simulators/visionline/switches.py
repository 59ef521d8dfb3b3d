"""The switches of the VisiOnline simulator: what no public source says, and what tests turn.

Must never hold behaviour. Source of the list: reference/visionline.md, sections 2 to 6, 8 and 9; further ones are
our own.
"""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from agent.simulators.base.certificates import Tls
from agent.simulators.base.simulator import CommonSwitches
from agent.simulators.visionline.doors import Category


class UnsortedQuery(StrEnum):
    """What becomes of a query whose parameters are not in alphabetical order."""

    ACCEPT = "accept"
    REFUSE = "refuse"


class SignedTarget(StrEnum):
    """In which form the target has to be signed: as it goes over the wire, or before it was escaped."""

    ESCAPED = "escaped"
    RAW = "raw"
    BOTH = "both"


class SignedDate(StrEnum):
    """Which header is taken for the date of a call."""

    DATE = "date"
    X_AAH_DATE = "x-aah-date"
    BOTH = "both"  # X-Aah-Date where it is there


class Neither(StrEnum):
    """What a card is that asked neither for `override` nor for `autoJoin`."""

    OVERRIDE = "override"
    JOIN = "join"
    REFUSE = "refuse"


class Presented(StrEnum):
    """What the card that is put on the encoder was before."""

    BLANK = "blank"
    VALID = "valid"  # still opens a door: written over only with `overwriteValidCard`


class Busy(StrEnum):
    """What a second request at a busy encoder gets."""

    QUEUE = "queue"
    REFUSE = "refuse"


class Times(StrEnum):
    """Which texts are times."""

    STRICT = "strict"  # yyyyMMddTHHmm, the end after the start
    LENIENT = "lenient"  # any text


class ErrorAs(StrEnum):
    """In which form a refusal comes."""

    JSON = "json"
    TEXT = "text"
    EMPTY = "empty"


Seconds = Annotated[float, Meta(ge=0, le=1e9)]
Count = Annotated[int, Meta(ge=1)]
Account = Annotated[str, Meta(pattern="^[^:]+:.+$")]
DoorText = Annotated[str, Meta(pattern=f"^[^=]+(=({'|'.join(Category)}))?$".replace("(PMS)", r"\(PMS\)"))]


class VisionlineSwitches(CommonSwitches, frozen=True):
    """The switches with their defaults: the reference's, and strict where it is silent."""

    tls: Annotated[Tls, Meta(description="with which certificate connections are secured, if any")] = Tls.OWN
    username: Annotated[str, Meta(description="the operator (invented)")] = "night-porter"
    password: Annotated[str, Meta(description="the operator's password (invented)")] = "visionline-password"  # noqa: S105
    more_accounts: Annotated[tuple[Account, ...], Meta(description="further operators, NAME:PASSWORD each")] = ()
    log_in_status: Annotated[Literal[401, 403], Meta(description="answer to a wrong name or password")] = 401
    session_status: Annotated[Literal[401, 403], Meta(description="answer to an unknown or closed session")] = 401
    signature_status: Annotated[Literal[403, 401], Meta(description="answer to a wrong signature or date")] = 403
    close_status: Annotated[Literal[200, 201, 204], Meta(description="status of a log-out")] = 200
    session_seconds: Annotated[Seconds | None, Meta(description="how long a session lives")] = None
    session_requests: Annotated[Count | None, Meta(description="for how many calls a session lives")] = None
    most_sessions: Annotated[Count | None, Meta(description="most sessions that are open at a time")] = None
    unsorted_query: Annotated[UnsortedQuery, Meta(description="what a query out of order gets")] = (
        UnsortedQuery.ACCEPT
    )
    signed_target: Annotated[SignedTarget, Meta(description="form of path and query in line 5")] = (
        SignedTarget.ESCAPED
    )
    signed_date: Annotated[SignedDate, Meta(description="the header that line 4 is about")] = SignedDate.BOTH
    date_skew_seconds: Annotated[
        Seconds | None, Meta(description="how far a call's date may be from the server's clock")
    ] = None
    date_skew_at_log_in: Annotated[bool, Meta(description="that limit holds for log-ins too")] = True
    card_seconds: Annotated[
        Seconds | None, Meta(description="until a card is put on the encoder; null: until POST /_sim/present")
    ] = 2.0
    card_wait_seconds: Annotated[Seconds, Meta(description="how long an encoder waits for a card (invented)")] = (
        20.0
    )
    presented: Annotated[Presented, Meta(description="what the card was before")] = Presented.BLANK
    busy_encoder: Annotated[Busy, Meta(description="what a second request at a busy encoder gets")] = Busy.QUEUE
    encoders: Annotated[tuple[str, ...], Meta(description="encoders that exist, none: any")] = ()
    doors: Annotated[
        tuple[DoorText, ...], Meta(description="doors that exist, NAME or NAME=CATEGORY each, none: any")
    ] = ()
    formats: Annotated[tuple[str, ...], Meta(description="card formats that exist")] = ("rfid48", "TLCode")
    most_doors: Annotated[Count | None, Meta(description="most doors that fit on a card")] = None
    neither: Annotated[Neither, Meta(description="a card with neither override nor autoJoin")] = Neither.OVERRIDE
    times: Annotated[Times, Meta(description="which texts are times")] = Times.STRICT
    card_status: Annotated[Literal[201, 200], Meta(description="status when a card was written")] = 201
    failure_status: Annotated[
        Literal[400, 404, 409, 500] | None, Meta(description="status of all refusals, null: its own for each kind")
    ] = None
    error_as: Annotated[ErrorAs, Meta(description="form of a refusal")] = ErrorAs.JSON
    unknown_fields: Annotated[bool, Meta(description="answers carry members that no one knows")] = False
    echo_secrets: Annotated[bool, Meta(description="refusals repeat authorization, access key and password")] = (
        False
    )
