"""A way to Mews for tests: answers as a test says, in order, and keeps what it was sent."""

import json
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from agent.mews.calls import ANSWER_CAP, CALL_SECONDS, Answer

T = TypeVar("T")


class Given(msgspec.Struct, frozen=True):
    """An answer as the line hands it over."""

    status: int
    body: bytes = b""
    retry_after: float | None = None
    request_id: str = ""


class Way:
    """Each call gets the next answer, and the last one for ever."""

    def __init__(self, *answers: bytes | str | Given) -> None:
        self._answers = deque(
            answer
            if isinstance(answer, Given)
            else Given(200, answer.encode() if isinstance(answer, str) else answer)
            for answer in answers
        )
        self.sent: list[tuple[str, dict[str, Any]]] = []

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
        return meaning(self._answers.popleft() if len(self._answers) > 1 else self._answers[0])
