"""The switches of the Coder Bridge simulator: what no public source says, and what tests turn.

Must never hold behaviour. Source of the list: reference/coder-bridge.md section 6; further ones are our own.
"""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from agent.simulators.base.simulator import CommonSwitches
from agent.simulators.coder_bridge.slots import Fields, Slot


class Denial(StrEnum):
    """How a bridge answers bad credentials or a bad token: status, and whether a JSON body says so."""

    EMPTY_401 = "401-empty"
    JSON_401 = "401-json"
    EMPTY_403 = "403-empty"
    JSON_403 = "403-json"
    JSON_500 = "500-json"  # in words only


class Exp(StrEnum):
    """What a token's exp member claims, which need not be so."""

    NONE = "none"
    TRUE = "true"
    PAST = "past"
    FUTURE = "future"


class NameCase(StrEnum):
    """How answers write `result`, `msg`, `data`, `tid`, `cid`."""

    LOWER = "lower"
    PASCAL = "pascal"
    UPPER = "upper"


class ResultAs(StrEnum):
    """The JSON type of `result`."""

    NUMBER = "number"
    TEXT = "text"
    FLOAT = "float"


class Msg(StrEnum):
    """What `msg` is when all went well."""

    TEXT = "text"
    NULL = "null"
    MISSING = "missing"


class Tid(StrEnum):
    """What `tid` is when a key was cut."""

    GIVEN = "given"
    EMPTY = "empty"
    NULL = "null"


class ListShape(StrEnum):
    """What the lists of checkout times and special areas look like."""

    ARRAY = "array"  # rows, and nothing around them
    WRAPPED = "wrapped"  # an object whose member has the rows
    ENVELOPED = "enveloped"  # result, msg, and the rows as data
    NAMES = "names"  # an array of plain texts


class Busy(StrEnum):
    """What a second request at a busy encoder gets."""

    QUEUE = "queue"
    REFUSE = "refuse"


Seconds = Annotated[float, Meta(ge=0, le=1e9)]
_SLOTS = "|".join(slot for slot in Slot)
_FIELDS = "|".join(Fields.__struct_fields__)
_NAMES = "[A-Za-z0-9_.-]+"
Moved = Annotated[str, Meta(pattern=rf"^({_SLOTS})=(/[A-Za-z0-9._~-]+)+$")]
Renamed = Annotated[str, Meta(pattern=rf"^({_FIELDS})={_NAMES}$")]
RenamedInLists = Annotated[str, Meta(pattern=rf"^(id|name|time|times|areas)={_NAMES}$")]
Listed = Annotated[str, Meta(pattern=r"^[^=,]+=[^=,]*$")]
ZoneName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$")]
Count = Annotated[int, Meta(ge=1)]


class CoderBridgeSwitches(CommonSwitches, frozen=True):
    """The switches with their defaults: the reference's, and strict where it is silent."""

    client_id: Annotated[str, Meta(description="the client id agreed at installation (invented)")] = "night-porter"
    client_pw: Annotated[str, Meta(description="the password agreed at installation (invented)")] = (
        "bridge-password"
    )
    base: Annotated[str, Meta(description="base path", pattern="^/.*[^/]$")] = "/mst/enc"
    paths: Annotated[tuple[Moved, ...], Meta(description="calls at other paths: guest_key=/v2/key,...")] = ()
    fields: Annotated[
        tuple[Renamed, ...], Meta(description="fields of requests with other names: encoder=nr,...")
    ] = ()
    date_pattern: Annotated[
        str | None, Meta(description="how dates must be written (yyyy MM dd HH mm ss XXX), null: any text")
    ] = None
    date_zone: Annotated[ZoneName, Meta(description="the zone of the dates in requests")] = "UTC"
    needs_end: Annotated[bool, Meta(description="a key without an end is refused")] = False
    area_separator: Annotated[
        Annotated[str, Meta(min_length=1)], Meta(description="what stands between special areas")
    ] = ","
    check_areas: Annotated[bool, Meta(description="keys for areas that are not listed are refused")] = False
    special_areas: Annotated[tuple[Listed, ...], Meta(description="special areas: id=name,...")] = (
        "1=Pool",
        "2=Spa",
        "3=Garage",
    )
    checkout_times: Annotated[tuple[Listed, ...], Meta(description="checkout times: name=time,...")] = (
        "Standard=11:00",
        "Late=14:00",
    )
    list_shape: Annotated[ListShape, Meta(description="what the lists look like")] = ListShape.ARRAY
    list_fields: Annotated[
        tuple[RenamedInLists, ...], Meta(description="names in lists: id=nr,areas=list,...")
    ] = ()
    card_seconds: Annotated[Seconds, Meta(description="time that one card takes at an encoder")] = 2.0
    parallel_cap: Annotated[
        Count | None, Meta(description="most keys that are cut at a time, over all encoders")
    ] = None
    busy_encoder: Annotated[Busy, Meta(description="what a second request at a busy encoder gets")] = Busy.QUEUE
    rooms: Annotated[tuple[str, ...], Meta(description="rooms that exist, none: any")] = ()
    encoders: Annotated[tuple[str, ...], Meta(description="encoders that exist, none: any")] = ()
    failure_status: Annotated[Literal[500, 200, 400], Meta(description="status of a refusal in words")] = 500
    success_status: Annotated[Literal[200, 500], Meta(description="status of a success")] = 200
    bad_credentials: Annotated[Denial, Meta(description="answer to bad credentials")] = Denial.EMPTY_401
    bad_token: Annotated[Denial, Meta(description="answer to a missing or expired token")] = Denial.EMPTY_401
    token_seconds: Annotated[Seconds | None, Meta(description="how long a token lives")] = None
    token_calls: Annotated[Count | None, Meta(description="for how many calls a token lives")] = None
    token_exp: Annotated[Exp, Meta(description="what the token's exp member claims")] = Exp.NONE
    two_status_keys: Annotated[bool, Meta(description="config/rooms has two neighbouring status keys")] = True
    first_status: Annotated[str | None, Meta(description="the first status, null: by occupancy")] = None
    second_status: Annotated[str, Meta(description="the second status")] = "9"
    ids_as_numbers: Annotated[bool, Meta(description="tid and cid are numbers")] = False
    result_as: Annotated[ResultAs, Meta(description="JSON type of result")] = ResultAs.NUMBER
    name_case: Annotated[NameCase, Meta(description="result, Result or RESULT, and so on")] = NameCase.LOWER
    success_msg: Annotated[Msg, Meta(description="msg when all went well")] = Msg.TEXT
    tid: Annotated[Tid, Meta(description="tid when a key was cut")] = Tid.GIVEN
    rms_coupling: Annotated[bool, Meta(description="cokey and coems free the room, ciems occupies it")] = False
    unknown_fields: Annotated[bool, Meta(description="answers carry members that no one knows")] = False
    echo_secrets: Annotated[bool, Meta(description="refusals in words repeat token and password")] = False
