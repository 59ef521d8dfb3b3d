"""What a message over Mews' WebSocket says (reference/mews.md sections 9 and 14): news without their contents.

Pure. It never raises: what is no event that is known here is passed over and counted, because Mews may add to its
messages at any time, and a broken one must not end the line.
"""

from datetime import datetime
from itertools import islice
from typing import TypeAlias

import msgspec

from agent.foundation.reading.json_text import Text, elements
from agent.foundation.reading.text import plain
from agent.mews.reading.decoding import Unreadable, decode, read, unwrapped
from agent.mews.reading.states import space_state, stay_state
from agent.mews.reading.values import ID_LIMIT, date
from agent.mews.records import SpaceState, StayState

MESSAGE_CAP = 256 * 1024  # characters; an event has some 150, and a message a few events
MOST_EVENTS = 1000  # of one message; a hotel's whole night does not make as many


class CommandNews(msgspec.Struct, frozen=True):
    """A command was made or updated; `state` is Mews' own word."""

    id: str
    state: str


class StayNews(msgspec.Struct, frozen=True):
    """A reservation was made or changed. None and "" stand for what is not told."""

    id: str
    state: StayState
    start: datetime | None = None
    end: datetime | None = None
    space: str = ""


class SpaceNews(msgspec.Struct, frozen=True):
    """A room or bed was changed."""

    id: str
    state: SpaceState


class Missed(msgspec.Struct, frozen=True):
    """The line is new: of what was said before it, nothing was heard, and nothing will be said again."""


News: TypeAlias = CommandNews | StayNews | SpaceNews | Missed


class Heard(msgspec.Struct, frozen=True):
    """The news of a message, in its order; `passed_over` counts what is none of ours or cannot be read.

    Of what is beyond MOST_EVENTS it counts one.
    """

    news: tuple[News, ...] = ()
    passed_over: int = 0


def heard(message: str | bytes) -> Heard:
    """What a message says."""
    body = message.encode("utf-8", "surrogatepass") if isinstance(message, str) else message
    try:
        envelope = read(unwrapped(body), _Envelope, "the message")
        texts = list(islice(elements(memoryview(envelope.Events)), MOST_EVENTS + 1))
    except ValueError:
        return Heard(passed_over=1)
    news = [_news(text) for text in texts[:MOST_EVENTS]]
    known = tuple(each for each in news if each is not None)
    return Heard(known, len(texts) - len(known))


def _news(text: Text) -> News | None:
    try:
        event = read(text, _Event, "an event")
        return _NEWS[event.Type](event) if event.Type in _NEWS and _is_id(event.Id) else None
    except Unreadable:
        return None


class _Envelope(msgspec.Struct):
    Events: msgspec.Raw


_NOTHING = msgspec.Raw(b"null")


class _Event(msgspec.Struct):
    Type: str
    Id: str
    State: str
    StartUtc: msgspec.Raw = _NOTHING
    EndUtc: msgspec.Raw = _NOTHING
    AssignedResourceId: msgspec.Raw = _NOTHING


def _command(event: _Event) -> News:
    return CommandNews(event.Id, event.State)


def _stay(event: _Event) -> News:
    space = _text(event.AssignedResourceId)
    if not _is_id(space) and bytes(event.AssignedResourceId) != b"null":
        raise Unreadable("an event has no usable AssignedResourceId")
    return StayNews(event.Id, stay_state(event.State), _date(event.StartUtc), _date(event.EndUtc), space)


def _space(event: _Event) -> News:
    return SpaceNews(event.Id, space_state(event.State))


_NEWS = {"DeviceCommand": _command, "Reservation": _stay, "Resource": _space, "Space": _space}


def _is_id(text: str) -> bool:
    return bool(text) and plain(text, ID_LIMIT) == text


def _text(raw: msgspec.Raw) -> str:
    return decode(raw, str | None) or ""  # type: ignore[arg-type]


def _date(raw: msgspec.Raw) -> datetime | None:
    try:
        return date(_text(raw), "a date")
    except Unreadable:
        return None
