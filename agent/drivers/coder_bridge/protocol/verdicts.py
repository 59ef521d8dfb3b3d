"""What an answer of the Coder Bridge means: for a key, for a log-in, for a list of rooms. No I/O.

Never judges by the status alone: a `result` in the body decides, HTTP 500 included (reference/coder-bridge.md,
section 4, warning 1). What no one can read is never taken for "not cut" (warning 3).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from agent.drivers.coder_bridge.protocol import wire
from agent.drivers.coder_bridge.protocol.profile import Answers, Profile
from agent.drivers.coder_bridge.protocol.session import NoList, NoRooms
from agent.drivers.coder_bridge.protocol.wire import Reading, Result, Room
from agent.drivers.lock_server import redirects
from agent.drivers.lock_server.log_in import LogInRefused, StrangeAnswer
from agent.drivers.lock_server.redirects import Moved
from provisioning.secret import Secret

_REQUEST_TIMEOUT = 408  # a proxy's or server's "I waited": what it had begun is anybody's guess
_REFUSED_LOG_IN = frozenset({400, 401, 403})  # what bad credentials give is unknown; these blame the request

Row = TypeVar("Row")
Clean = Callable[[str], str]  # blots secrets out of the bridge's words


class Ending(StrEnum):
    """How a request ended that wants a `result`."""

    DONE = "done"
    REFUSED = "refused"  # the bridge said no, with its reason
    NOT_ACCEPTED = "not accepted"  # the web server said no before the bridge saw it
    UNREADABLE = "unreadable"  # perhaps done


def read(status: int, body: bytes, answers: Answers) -> Reading:
    """What an answer says; a site may have HTTP 500 taken for silence."""
    if status == 500 and not answers.read_http_500.value:
        return Reading(Result.UNREADABLE)
    return wire.reading(body, answers)


def ending(status: int, said: Reading, moved: Moved | None = None) -> Ending:
    """How a request ended, from its answer; `moved` where that is a redirect."""
    if said.result is Result.SUCCESS:
        return Ending.DONE
    if said.result is Result.FAILURE:
        return Ending.REFUSED
    is_blamed_on_us = 400 <= status < 500 and status != _REQUEST_TIMEOUT
    is_untouched = is_blamed_on_us or (moved is not None and moved.is_untouched)
    return Ending.NOT_ACCEPTED if is_untouched and said.result is Result.ABSENT else Ending.UNREADABLE


def is_cancelled_already(said: Reading, answers: Answers) -> bool:
    """Whether an answer that is no success says, by a code that the site has for it, that a key is cancelled."""
    codes = {wire.code(code, answers) for code in answers.cancelled_already.value}
    return said.result is not Result.SUCCESS and said.code != "" and said.code in codes


def reason(status: int, said: Reading, moved: Moved | None = None) -> str:
    """Why, in the bridge's own words if it has any (not yet cleaned)."""
    if said.words:
        return said.words
    if moved is not None:
        return f"HTTP {status}, {redirects.words(moved)}"
    if said.result is Result.FAILURE:
        return f"error {said.code}, without a reason"
    if said.result is Result.UNREADABLE:
        return f"HTTP {status}, with a result that makes no sense"
    return f"HTTP {status}, without a result"


def token(status: int, body: bytes, profile: Profile, clean: Clean) -> Secret:
    """The token of a log-in's answer. Raises `LogInRefused` or `StrangeAnswer` with cleaned words."""
    said = read(status, body, profile.answers)
    if said.result is Result.FAILURE:
        raise LogInRefused(clean(reason(status, said)))
    found = wire.token(body, profile.token.field.value, profile.answers)
    if found is not None and 200 <= status < 300:
        return found
    if status in _REFUSED_LOG_IN:
        raise LogInRefused(clean(said.words or f"HTTP {status}"))
    raise StrangeAnswer(f"HTTP {status}, without a token")


def rooms(status: int, body: bytes, answers: Answers, clean: Clean) -> tuple[Room, ...]:
    """The rooms of a list. Raises `NoRooms` with cleaned words."""
    said = read(status, body, answers)
    listed = wire.rooms(body, answers)
    if listed is None or said.result is Result.FAILURE:
        raise NoRooms(clean(said.words or f"HTTP {status}, without a list of rooms"))
    return listed


def listed(status: int, said: Reading, rows: tuple[Row, ...] | None, clean: Clean) -> tuple[Row, ...]:
    """The rows of a list, of an answer that is a success. Raises `NoList` with cleaned words."""
    is_well = 200 <= status < 300 or said.result is Result.SUCCESS
    if rows is None or not is_well or said.result is Result.FAILURE:
        raise NoList(clean(said.words or f"HTTP {status}, without a list"))
    return rows
