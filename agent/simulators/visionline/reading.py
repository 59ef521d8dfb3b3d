"""What a request for a card asks for: query and body become an order, or do not fit.

Must never fill in what is missing. Names are confirmed (reference/visionline.md section 4); what the real server
does with a value that does not fit is unknown, and refused here.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from agent.simulators.visionline.answers import RefusalKind
from agent.simulators.visionline.switches import Neither, Times, VisionlineSwitches

_TIME = re.compile(r"[0-9]{8}T[0-9]{4}")
_OPERATION = "guest"
_FORMAT = "rfid48"  # the usual guest card


class Order(msgspec.Struct, frozen=True):
    """A card to be written; with one that `locks_out` the earlier cards of its rooms end.

    `start` and `expire` are the request's own texts, `query` and `body` all of it.
    """

    encoder: str
    doors: tuple[str, ...]
    locks_out: bool
    overwrites_valid: bool
    start: str
    expire: str
    format: str
    card_holder: str
    query: dict[str, str]
    body: str


class Unfit(Exception):
    """The request cannot be carried out as it is."""

    def __init__(self, kind: RefusalKind) -> None:
        super().__init__(kind)
        self.kind = kind


def order_of(
    query: Mapping[str, str], body: Mapping[str, object], raw: bytes, switches: VisionlineSwitches
) -> Order:
    """The order. Raises Unfit."""
    start, expire = _times(body, switches.times)
    return Order(
        encoder=_encoder(query),
        doors=_doors(body),
        locks_out=_locks_out(query, switches.neither),
        overwrites_valid=_flag(query, "overwriteValidCard"),
        start=start,
        expire=expire,
        format=_format(body, switches.formats),
        card_holder=_optional(body, "cardHolder"),
        query=dict(query),
        body=raw.decode("utf-8", "replace"),
    )


def first_door(body: Mapping[str, object] | None) -> str:
    """The first door of a body, as far as there is one."""
    try:
        return _doors(body or {})[0]
    except Unfit:
        return ""


def _encoder(query: Mapping[str, str]) -> str:
    if query.get("action") != "encode" or not query.get("encoder"):
        raise Unfit(RefusalKind.BAD_REQUEST)
    return query["encoder"]


def _locks_out(query: Mapping[str, str], neither: Neither) -> bool:
    override, join = _flag(query, "override"), _flag(query, "autoJoin")
    is_unclear = override if join else not override and neither is Neither.REFUSE
    if is_unclear:
        raise Unfit(RefusalKind.BAD_REQUEST)
    return override or (not join and neither is Neither.OVERRIDE)


def _flag(query: Mapping[str, str], name: str) -> bool:
    value = query.get(name, "false")
    if value not in ("true", "false"):
        raise Unfit(RefusalKind.BAD_REQUEST)
    return value == "true"


def _doors(body: Mapping[str, object]) -> tuple[str, ...]:
    doors = [door for operation in _list(body.get("doorOperations")) for door in _doors_of(operation)]
    return tuple(dict.fromkeys(doors))


def _doors_of(operation: object) -> list[str]:
    if not isinstance(operation, Mapping) or operation.get("operation") != _OPERATION:
        raise Unfit(RefusalKind.BAD_REQUEST)
    doors = [door for door in _list(operation.get("doors")) if isinstance(door, str) and door]
    if len(doors) != len(_list(operation.get("doors"))):
        raise Unfit(RefusalKind.BAD_REQUEST)
    return doors


def _list(value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        raise Unfit(RefusalKind.BAD_REQUEST)
    return value


def _times(body: Mapping[str, object], which: Times) -> tuple[str, str]:
    if which is Times.LENIENT:
        return _optional(body, "startTime"), _optional(body, "expireTime") or _text(body, "expire_time")
    start, expire = _optional(body, "startTime"), _text(body, "expireTime")
    end = _moment(expire)
    if start and end <= _moment(start):
        raise Unfit(RefusalKind.BAD_TIME)
    return start, expire


def _moment(text: str) -> datetime:
    try:
        if _TIME.fullmatch(text):
            return datetime.strptime(text, "%Y%m%dT%H%M")
    except ValueError:
        pass
    raise Unfit(RefusalKind.BAD_TIME)


def _format(body: Mapping[str, object], formats: Sequence[str]) -> str:
    format = _optional(body, "format") or _FORMAT
    if formats and format not in formats:
        raise Unfit(RefusalKind.WRONG_FORMAT)
    return format


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Unfit(RefusalKind.BAD_REQUEST)
    return value


def _optional(body: Mapping[str, object], name: str) -> str:
    return _text(body, name) if body.get(name) not in (None, "") else ""
