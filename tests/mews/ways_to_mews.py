"""Ways to Mews without a network: they answer as a test says, in order, and keep what they were sent."""

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from agent.mews.calls import ANSWER_CAP, CALL_SECONDS, Answer, MewsError

T = TypeVar("T")


class Given(msgspec.Struct, frozen=True):
    """An answer as the line hands it over."""

    status: int = 200
    body: bytes = b"{}"
    retry_after: float | None = None
    request_id: str = ""


class Way:
    """`calls.Post`: one answer after the other, and the last again and again."""

    def __init__(self, *answers: Given | MewsError) -> None:
        self._answers = list(answers) or [Given()]
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.deadlines: list[float] = []
        self.caps: list[int] = []

    async def __call__(
        self,
        path: str,
        body: bytes,
        meaning: Callable[[Answer], T],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> T:
        self.sent.append((path, json.loads(body)))
        self.deadlines.append(deadline)
        self.caps.append(cap)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, MewsError):
            raise answer
        return meaning(answer)


def page(ids: Iterable[str], cursor: object = None, state: str = "Pending") -> Given:
    """A page of commands of these ids."""
    device = {"Id": "d", "Name": "Desk", "Type": "KeyCutter"}
    commands = [
        {"Id": id, "State": state, "CreatedUtc": "2026-05-04T12:00:00Z", "Device": device, "Data": {}}
        for id in ids
    ]
    return Given(body=json.dumps({"Commands": commands, "Cursor": cursor}).encode())
