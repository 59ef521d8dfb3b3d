"""A Coder Bridge that answers in the shapes of a recorded one, so that a site's odd answers can be tested at home.

What it does is the plain simulator's: cards, tokens, refusals. Only where its calls are, what their fields are
called, and how it words its answers come from the recording (`nightporter lock learn` writes one): names and case,
types, order, duplicates, statuses, delays. All values are made up by their kind; a recording has none. What was
not recorded is answered as ever.

    {"recording": 1, "of": "coder-bridge"}
    {"slot", "method", "path", "sent": [[name, kind], ...], "seconds", "status", "type", "answer": shape}
    shape: {"object": [[name, shape], ...]}, {"list": [shape, ...]}, {"raw": "empty" or "html" or "other"},
    or "TYPE KIND"
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import trio

from agent.foundation.errors import UserMistake
from agent.simulators.base.presence import SimulatedClock
from agent.simulators.base.replies import HTML, JSON, AnyReply, Reply
from agent.simulators.base.simulator import Call, Due
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.slots import Address, Fields, Slot
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches

_HEAD = {"recording": 1, "of": "coder-bridge"}
_DEEPEST = 20  # shapes in shapes
_TYPES = {"application/json": JSON, "text/json": JSON, "text/html": HTML, "text/plain": "text/plain"}
_RAW = {"empty": b"", "html": b"<html><body><h1>An invented page</h1></body></html>", "other": b"~ no JSON"}
_CALENDAR = (
    ("yyyy", "%Y"),
    ("MM", "%m"),
    ("dd", "%d"),
    ("HH", "%H"),
    ("mm", "%M"),
    ("ss", "%S"),
    ("XXX", "+01:00"),
)
_KEYS = (Slot.GUEST_KEY, Slot.GUEST_KEY_PRECHECKIN, Slot.GUEST_KEY_CHECKOUT, Slot.MOBILE_KEY, Slot.READ_CARD)
_NAMES = {"room": "room", "encoder": "encoder", "tid": "tid", "areas": "areas", "user": "user"}  # kind: field
Shape = Any  # as above


class Recorded(msgspec.Struct, frozen=True):
    """One exchange. `answer` is a shape; `lost`: there was none."""

    slot: Slot
    method: str
    path: str
    sent: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    status: int = 0
    type: str = ""
    answer: Shape = None
    lost: bool = False

    @property
    def is_success(self) -> bool:
        """Whether the bridge did what it was asked for."""
        said = _result(self.answer)
        return said == "success" if said else 200 <= self.status < 300 and not _is_raw(self.answer)


def read(content: bytes, name: str) -> tuple[Recorded, ...]:
    """A recording, from the content of the file of that name. Raises UserMistake."""
    lines = content.splitlines()
    if not lines or _line(lines[0]) != _HEAD:
        raise UserMistake(f"{name} is no recording of a Coder Bridge: `nightporter lock learn` writes one")
    recorded = []
    for number, line in enumerate(lines[1:], 2):
        try:
            exchange = msgspec.json.decode(line, type=Recorded)
            _check(exchange.answer, 0)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            if number == len(lines) and not content.endswith(b"\n"):
                break  # the recording was broken off there
            raise UserMistake(f"{name}, line {number}, is no exchange of a recording: take it out") from None
        recorded += [] if exchange.lost else [exchange]
    return tuple(recorded)


class LikeRecording(CoderBridgeSimulator):
    """The simulator with a recorded bridge's ways."""

    def __init__(
        self,
        recorded: Sequence[Recorded],
        switches: CoderBridgeSwitches | None = None,
        *,
        clock: SimulatedClock | None = None,
    ) -> None:
        super().__init__(switches, clock=clock, addresses=_addresses(recorded), fields=_fields(recorded))
        # The last of each kind: by then the one who learned knew how to ask.
        self._answers = {(each.slot, each.is_success): each for each in recorded if each.status not in (404, 405)}

    def _perform(self, call: Call) -> Due:
        due = super()._perform(call)
        if call.operation not in tuple(Slot):
            return due
        slot = Slot(call.operation)
        plain = _parsed(due.reply)
        is_done = 200 <= due.reply.status < 300 and (
            not isinstance(plain, dict) or not _number(plain.get("result", 0))
        )
        recorded = self._answers.get((slot, is_done))
        if recorded is None or due.reply.status in (401, 403):
            return due
        now = trio.current_time()
        body = _Wording(plain, self.clock.now(), slot is Slot.AUTH).body(recorded.answer)
        reply = Reply(
            recorded.status, body, _TYPES.get(recorded.type, recorded.type and "application/octet-stream")
        )
        return Due(reply, max(due.at, now + recorded.seconds))


class _Wording:
    """Puts made-up values, or the plain answer's, into a shape."""

    def __init__(self, plain: Any, now: datetime, is_log_in: bool) -> None:
        self._plain, self._now, self._is_log_in = plain, now, is_log_in

    def body(self, shape: Shape) -> bytes:
        return _RAW[shape["raw"]] if _is_raw(shape) else self._json(shape, self._plain, 0).encode()

    def _json(self, shape: Shape, plain: Any, place: int) -> str:
        if isinstance(shape, str):
            return json.dumps(self._value(*_parts(shape), plain))
        if "list" in shape:
            return "[" + ",".join(self._rows(shape["list"], plain)) + "]"
        known = {str(name).lower(): value for name, value in plain.items()} if isinstance(plain, dict) else {}
        members = (
            json.dumps(name if name != "(name)" else f"name{place}_{at}")
            + ":"
            + self._json(inner, known.get(name.lower()), at)
            for at, (name, inner) in enumerate(shape["object"])
        )
        return "{" + ",".join(members) + "}"

    def _rows(self, shapes: Sequence[Shape], plain: Any) -> Iterable[str]:
        """As many rows as the plain answer has, in all shapes that there were, in turn."""
        rows = plain if isinstance(plain, list) else []
        count = max(len(rows), len(shapes)) if shapes else 0
        values = [rows[at % len(rows)] if rows else None for at in range(count)]
        return (self._json(shapes[at % len(shapes)], value, at) for at, value in enumerate(values))

    def _value(self, type: str, kind: str, plain: Any) -> object:
        if type in ("null", "boolean"):
            return None if type == "null" else True
        text = self._text(kind, plain)
        if type == "text":
            return text
        return float(_number(text)) if type == "float" else _number(text)

    def _text(self, kind: str, plain: Any) -> str:
        own = str(plain) if isinstance(plain, str | int | float) else ""
        word, _, pattern = kind.partition(" ")
        match word:
            case "success":
                return "0"
            case "failure":
                return own if _number(own) else "1"
            case "empty":
                return ""
            case "date":
                return _date(self._now, pattern)
            case "number":
                return own if own.isdecimal() else "1"
            case "token":
                return str(self._plain["value"]) if self._is_log_in else "made-up-text-as-long-as-a-token"
        return own or f"made-up {word}".strip()


def _is_done(reply: AnyReply, plain: Any) -> bool:
    """Whether the plain simulator did what it was asked for."""
    members = {str(name).lower(): value for name, value in plain.items()} if isinstance(plain, dict) else {}
    if "result" in members:
        return _number(members["result"]) == 0
    return isinstance(reply, Reply) and 200 <= reply.status < 300


def _addresses(recorded: Iterable[Recorded]) -> dict[Slot, Address]:
    """Where calls are: where they were done, else where they were refused in words."""
    known = sorted((each for each in recorded if _is_there(each)), key=lambda each: each.is_success)
    return {each.slot: Address(each.method, each.path) for each in known}


def _is_there(each: Recorded) -> bool:
    return bool(each.path) and each.status not in (404, 405) and (each.is_success or bool(_result(each.answer)))


def _fields(recorded: Iterable[Recorded]) -> Fields:
    names: dict[str, str] = {}
    for each in recorded:
        if each.is_success and each.slot in _KEYS:
            is_mobile = each.slot is Slot.MOBILE_KEY
            for name, kind in each.sent:
                word = kind.partition(" ")[0]
                field = {"start": "start", "end": "mobile_end" if is_mobile else "end"} | _NAMES
                names |= {field[word]: name} if word in field else {}
    return msgspec.structs.replace(Fields(), **names)


def _check(shape: Shape, depth: int) -> None:
    """Raise ValueError for what is no shape."""
    match shape:
        case str() if depth <= _DEEPEST and len(shape) < 100:
            return
        case {"raw": str(kind)} if kind in _RAW and depth == 0:
            return
        case {"list": list(inner)} if depth <= _DEEPEST:
            parts = inner
        case {"object": list(pairs)} if depth <= _DEEPEST and all(_is_pair(pair) for pair in pairs):
            parts = [pair[1] for pair in pairs]
        case None if depth == 0:
            return
        case _:
            raise ValueError("no shape")
    for part in parts:
        _check(part, depth + 1)


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)


def _result(shape: Shape) -> str:
    """What the outermost `result` said: success, failure, or nothing."""
    members = shape.get("object", []) if isinstance(shape, Mapping) else []
    kinds = [inner for name, inner in members if name.lower() == "result" and isinstance(inner, str)]
    return _parts(kinds[0])[1] if kinds else ""


def _is_raw(shape: Shape) -> bool:
    return shape is None or (isinstance(shape, Mapping) and "raw" in shape)


def _parts(shape: str) -> tuple[str, str]:
    type, _, kind = shape.partition(" ")
    return type, kind


def _line(line: bytes) -> object:
    try:
        return msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _parsed(reply: AnyReply) -> Any:
    return _line(reply.body) if isinstance(reply, Reply) else None


def _number(text: object) -> int:
    try:
        return int(float(str(text)))
    except (ValueError, OverflowError):
        return 1


def _date(now: datetime, pattern: str) -> str:
    """A date as a pattern has it: some pieces and letters in quotes."""
    for piece, directive in _CALENDAR:
        pattern = pattern.replace(piece, directive)
    return now.strftime(pattern.replace("'", ""))
