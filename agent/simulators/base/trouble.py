"""Scripted trouble on the wire, for any simulator: which answer goes wrong, how, when, and for how many calls.

Must never decide what a vendor says in the normal case. The bodies here are invented: no vendor shows his.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Generic, Protocol, TypeVar

import msgspec
from msgspec import Meta

from agent.simulators.base.replies import (
    HTML,
    JSON,
    AnyReply,
    Drip,
    Drop,
    Endless,
    Garbage,
    GzipBomb,
    Hang,
    Reply,
    Reset,
    Truncated,
)

ALL = "*"
_HTML_BODY = (
    b"<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Server Error</h1></body></html>"  # invented
)


class FaultKind(StrEnum):
    """What goes wrong."""

    S400 = "400"
    S401 = "401"
    S403 = "403"
    S404 = "404"
    S408 = "408"
    S409 = "409"
    S410 = "410"
    S413 = "413"
    S429 = "429"
    S500 = "500"
    S502 = "502"
    S503 = "503"
    HTML_500 = "html-500"
    HTML_200 = "html-200"
    ERROR_200 = "error-200"  # 200 with the body of an error
    REDIRECT = "redirect"
    BRACE = "brace"  # 200 with `{`
    EMPTY = "empty"  # 200 with an empty body
    TRUNCATED = "truncated"
    DROP = "drop"
    RESET = "reset"
    HANG = "hang"
    DRIP = "drip"
    ENDLESS = "endless"
    GZIP_BOMB = "gzip-bomb"
    GARBAGE = "garbage"


class When(StrEnum):
    """When the answer goes wrong, seen from what the call does at the server."""

    BEFORE = "before"  # nothing takes place
    DURING = "during"  # the answer goes wrong at once, and what was asked for still takes place
    AFTER = "after"  # first it takes place, then the answer goes wrong


class Fault(msgspec.Struct, frozen=True):
    """Trouble to come. Of several that fit a call the oldest is used."""

    kind: Annotated[FaultKind, Meta(description="what goes wrong")]
    operation: Annotated[str, Meta(description="for which operation, * for all")] = ALL
    match: Annotated[dict[str, str], Meta(description="only for calls with these values")] = {}
    calls: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="for how many calls, null until healed")
    ] = None
    when: Annotated[When, Meta(description="before, during or after what the call does")] = When.BEFORE
    retry_after: Annotated[str | None, Meta(description="text of a Retry-After header")] = None
    seconds: Annotated[
        float, Meta(ge=0, description="pause between bytes of a drip or chunks of an endless body")
    ] = 1.0
    megabytes: Annotated[int, Meta(ge=1, le=1000, description="what a gzip bomb holds")] = 200


class Scripted(Protocol):
    """What a script is made of."""

    @property
    def operation(self) -> str: ...
    @property
    def match(self) -> dict[str, str]: ...
    @property
    def calls(self) -> int | None: ...


T = TypeVar("T", bound=Scripted)


class Script(Generic[T]):
    """What shall happen to the next calls: entries with a number of calls each, oldest first."""

    def __init__(self) -> None:
        self._entries: list[tuple[T, int | None]] = []

    def add(self, entry: T) -> None:
        """Have this happen from now on."""
        self._entries.append((entry, entry.calls))

    def clear(self) -> None:
        """Let nothing happen any more."""
        self._entries.clear()

    def take(self, operation: str, facts: Mapping[str, str]) -> T | None:
        """What shall happen to this call, None for nothing. Counts it."""
        for index, (entry, left) in enumerate(self._entries):
            if _fits(entry, operation, facts):
                self._count(index, entry, left)
                return entry
        return None

    @property
    def waiting(self) -> tuple[T, ...]:
        """What is still to happen."""
        return tuple(entry for entry, _ in self._entries)

    def _count(self, index: int, entry: T, left: int | None) -> None:
        if left == 1:
            del self._entries[index]
        elif left is not None:
            self._entries[index] = (entry, left - 1)


def _fits(entry: Scripted, operation: str, facts: Mapping[str, str]) -> bool:
    return entry.operation in (ALL, operation) and all(
        facts.get(name) == value for name, value in entry.match.items()
    )


def broken_reply(fault: Fault, error_body: bytes, true_body: bytes, content_type: str = JSON) -> AnyReply:
    """The answer that goes wrong.

    `error_body` is how this vendor words a plain error, `true_body` what he would have answered (or empty), and
    `content_type` what both are.
    """
    match fault.kind:
        case FaultKind.HTML_500 | FaultKind.HTML_200:
            return Reply(int(fault.kind[-3:]), _HTML_BODY, HTML)
        case FaultKind.ERROR_200:
            return Reply(200, error_body, content_type)
        case FaultKind.REDIRECT:
            return Reply(302, b"", "", (("Location", "http://198.51.100.1/elsewhere"),))
        case FaultKind.BRACE | FaultKind.EMPTY:
            return Reply(200, b"{" if fault.kind is FaultKind.BRACE else b"", content_type)
        case FaultKind.TRUNCATED:
            return Truncated(true_body[: len(true_body) // 2] or b"{", content_type=content_type)
        case FaultKind.DRIP:
            return Drip(true_body or b"{}", fault.seconds, content_type=content_type)
        case FaultKind.ENDLESS:
            return Endless(seconds=fault.seconds, content_type=content_type)
        case FaultKind.GZIP_BOMB:
            return GzipBomb(fault.megabytes)
        case FaultKind.DROP:
            return Drop()
        case FaultKind.RESET:
            return Reset()
        case FaultKind.HANG:
            return Hang()
        case FaultKind.GARBAGE:
            return Garbage()
    headers = (("Retry-After", fault.retry_after),) if fault.retry_after is not None else ()
    return Reply(int(fault.kind), error_body, content_type, headers)
