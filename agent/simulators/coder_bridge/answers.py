"""How the simulated Coder Bridge words its answers: the envelope in all its variants, refusals, rooms.

Must never mend what a switch bends. Confirmed: `result` 0 is success and `msg` is for staff
(reference/coder-bridge.md 2.2, 2.3). All codes and texts here are INVENTED, the bodies of checkout times and
special areas too.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from agent.simulators.base.replies import Reply, json_reply
from agent.simulators.base.trouble import ALL
from agent.simulators.coder_bridge.site import list_fields, pairs
from agent.simulators.coder_bridge.switches import (
    CoderBridgeSwitches,
    Denial,
    ListShape,
    Msg,
    NameCase,
    ResultAs,
    Tid,
)


class RefusalKind(StrEnum):
    """Why the lock system says no."""

    BAD_REQUEST = "bad-request"
    UNKNOWN_ROOM = "unknown-room"
    UNKNOWN_ENCODER = "unknown-encoder"
    ENCODER_BUSY = "encoder-busy"
    ENCODER_OFFLINE = "encoder-offline"
    NO_CARD = "no-card"
    UNKNOWN_TID = "unknown-tid"
    CANCELLED_TID = "cancelled-tid"
    DATABASE_DOWN = "database-down"
    BAD_DATE = "bad-date"
    UNKNOWN_AREA = "unknown-area"


_WORDS = {  # invented: code and text
    RefusalKind.BAD_REQUEST: (1, "A field is missing or not a text"),
    RefusalKind.UNKNOWN_ROOM: (2, "The room is not known"),
    RefusalKind.UNKNOWN_ENCODER: (3, "The encoder is not known"),
    RefusalKind.ENCODER_BUSY: (4, "The encoder is busy"),
    RefusalKind.ENCODER_OFFLINE: (5, "The encoder does not respond"),
    RefusalKind.NO_CARD: (6, "No card was presented in time"),
    RefusalKind.UNKNOWN_TID: (7, "There is no such key"),
    RefusalKind.CANCELLED_TID: (8, "The key has been cancelled already"),
    RefusalKind.DATABASE_DOWN: (9, "The database cannot be reached"),
    RefusalKind.BAD_DATE: (10, "A date cannot be read, or the stay ends before it begins"),
    RefusalKind.UNKNOWN_AREA: (11, "The special area is not known"),
}
NO_CARD_SECONDS = 20.0  # s; invented: how long an encoder waits for a card that no one presents


class Refusal(msgspec.Struct, frozen=True):
    """A refusal in words to come, by encoder, room or slot; `seconds` passes before it (no-card: 20)."""

    kind: Annotated[RefusalKind, Meta(description="why the lock system says no")]
    operation: Annotated[str, Meta(description="for which slot, * for all but auth")] = ALL
    match: Annotated[dict[str, str], Meta(description="only for this encoder, room, tid")] = {}
    calls: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="for how many calls, null until healed")
    ] = None
    seconds: Annotated[Annotated[float, Meta(ge=0)] | None, Meta(description="what passes before the answer")] = (
        None
    )
    result: Annotated[int | None, Meta(description="another code than the invented one")] = None
    message: Annotated[str | None, Meta(description="another text than the invented one")] = None

    @property
    def delay(self) -> float:
        """Seconds until the answer."""
        if self.seconds is not None:
            return self.seconds
        return NO_CARD_SECONDS if self.kind is RefusalKind.NO_CARD else 0.0


def success(switches: CoderBridgeSwitches, data: Mapping[str, object] | None = None) -> Reply:
    """`result` 0, with `data` where the call has some."""
    body: dict[str, object] = {"result": _result(0, switches)}
    if switches.success_msg is not Msg.MISSING:
        body["msg"] = "OK" if switches.success_msg is Msg.TEXT else None
    if data is not None:
        body["data"] = _cased(data, switches)
    return _enveloped(body, switches.success_status, switches)


def refused(refusal: Refusal, switches: CoderBridgeSwitches, secrets: str) -> Reply:
    """`result` not 0, with the reason; `secrets` is what a careless bridge repeats."""
    code, words = _WORDS[refusal.kind]
    text = words if refusal.message is None else refusal.message
    body = {
        "result": _result(code if refusal.result is None else refusal.result, switches),
        "msg": f"{text} ({secrets})" if switches.echo_secrets else text,
    }
    return _enveloped(body, switches.failure_status, switches)


def denied(denial: Denial, words: str) -> Reply:
    """The answer to bad credentials or a bad token; `words` are used where it has a body."""
    status, form = denial.split("-")
    if form == "empty":
        return Reply(int(status), b"", "")
    return json_reply({"result": 401, "msg": words}, int(status))


def key_ids(tid: str, cid: str, switches: CoderBridgeSwitches) -> dict[str, object]:
    """`tid` and `cid` as the switches write them."""
    shown: dict[str, object] = {"tid": tid, "cid": cid}
    if switches.ids_as_numbers:
        shown = {name: int(value) for name, value in (("tid", tid), ("cid", cid))}
    if switches.tid is not Tid.GIVEN:
        shown["tid"] = "" if switches.tid is Tid.EMPTY else None
    return shown


def rooms(occupied: Mapping[str, bool], until: str, switches: CoderBridgeSwitches) -> Reply:
    """config/rooms, as raw text because JSON libraries write no key twice."""
    rows = (_room(room, is_taken, until, switches) for room, is_taken in occupied.items())
    return Reply(200, b'{"rooms":[' + b",".join(rows) + b"]}")


def checkout_times(switches: CoderBridgeSwitches) -> Reply:
    """The list of checkout times, in the shape that is switched."""
    names, listed = list_fields(switches), pairs(switches.checkout_times)
    rows = [
        {names.id: str(number), names.name: name, names.time: time}
        for number, (name, time) in enumerate(listed.items(), start=1)
    ]
    return _list(rows, list(listed.values()), names.times, switches)


def special_areas(switches: CoderBridgeSwitches) -> Reply:
    """The list of special areas, in the shape that is switched."""
    names, listed = list_fields(switches), pairs(switches.special_areas)
    rows = [{names.id: id, names.name: name} for id, name in listed.items()]
    return _list(rows, list(listed), names.areas, switches)


def _list(rows: list[dict[str, str]], texts: list[str], member: str, switches: CoderBridgeSwitches) -> Reply:
    match switches.list_shape:
        case ListShape.ARRAY:
            return json_reply(rows)
        case ListShape.NAMES:
            return json_reply(texts)
        case ListShape.WRAPPED:
            return json_reply({member: rows})
        case ListShape.ENVELOPED:
            body = {"result": _result(0, switches), "msg": "OK", "data": rows}
            return _enveloped(body, switches.success_status, switches)


def _room(room: str, is_taken: bool, until: str, switches: CoderBridgeSwitches) -> bytes:
    status = switches.first_status if switches.first_status is not None else str(int(is_taken))
    pairs = [("rm", room), ("status", status)]
    if switches.two_status_keys:
        pairs.append(("status", switches.second_status))
    pairs.append(("untildate", until if is_taken else "1900-01-01T00:00:00"))
    return b"{" + b",".join(_text(name) + b":" + _text(value) for name, value in pairs) + b"}"


def _text(value: str) -> bytes:
    return msgspec.json.encode(value)


def _result(code: int, switches: CoderBridgeSwitches) -> object:
    match switches.result_as:
        case ResultAs.TEXT:
            return str(code)
        case ResultAs.FLOAT:
            return float(code)
        case ResultAs.NUMBER:
            return code


def _cased(body: Mapping[str, object], switches: CoderBridgeSwitches) -> dict[str, object]:
    change = {NameCase.LOWER: str.lower, NameCase.PASCAL: str.capitalize, NameCase.UPPER: str.upper}
    return {change[switches.name_case](name): value for name, value in body.items()}


def _enveloped(body: Mapping[str, object], status: int, switches: CoderBridgeSwitches) -> Reply:
    extra: dict[str, object] = {"bridgeVersion": "invented", "trace": [None]} if switches.unknown_fields else {}
    return json_reply({**_cased(body, switches), **extra}, status)
