"""How a dialect asks: what an answer means by its status, and which tokens no words may repeat. No I/O.

Statuses that mean the same in both dialects: reference/mews.md section 3. The way to Mews is given (`post`); when
to call, and what to do about an answer, is not decided here.
"""

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from agent.mews.calls import (
    ANSWER_CAP,
    CALL_SECONDS,
    Answer,
    Busy,
    Discontinued,
    Failed,
    MewsError,
    Post,
    Refused,
    Unauthorised,
)
from agent.mews.reading.answers import refusal, request_id
from agent.mews.reading.decoding import Unreadable
from provisioning.secret import Secret

T = TypeVar("T")
Words = Callable[[], str]
Problem = Callable[[Answer, Words], MewsError | None]

_NOTHING = b"{}"  # what an answer without a body says, in a dialect that takes one
_REMEMBERED = 8  # tokens; Mews may repeat an older one in its words
_LAST_WORDS = {400, 403, 409}  # a rule of Mews says no; any other 4xx blames the way to Mews, which may mend


def problem(answer: Answer, words: Words) -> MewsError | None:
    """What an answer says instead of what was asked for; None where it is a success. `words` are Mews' own."""
    status = answer.status
    if status == 200:
        return None
    if status == 401:
        return Unauthorised(words())
    if status == 429 or (status == 503 and answer.retry_after is not None):
        return Busy(status, answer.retry_after)
    if (
        status == 410
    ):  # of today's pages; what ends an operation of 2016 can only be the same (reference section 5)
        return Discontinued("Mews offers this operation no more (410)")
    return Refused(status, words()) if status in _LAST_WORDS else Failed(f"Mews answered {status}")


class Asking:
    """One dialect's. `problem` says what its statuses mean; `secrets` are hidden beside the tokens of calls."""

    def __init__(self, post: Post, problem: Problem = problem, secrets: Sequence[Secret] = ()) -> None:
        self._post, self._problem, self._secrets = post, problem, secrets
        self._tokens: deque[Secret] = deque(maxlen=_REMEMBERED)  # the one used last comes last

    async def __call__(
        self,
        token: Secret,
        path: str,
        body: bytes,
        read: Callable[[bytes], T],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> T:
        """Ask with this token; what `read` makes of the answer. Raises a `MewsError`."""
        if token in self._tokens:
            self._tokens.remove(token)
        self._tokens.append(token)
        return await self._post(path, body, partial(self._meaning, read), deadline=deadline, cap=cap)

    def _meaning(self, read: Callable[[bytes], T], answer: Answer) -> T:
        try:
            return self._value(read, answer)
        except MewsError as error:
            error.request_id = answer.request_id or request_id(answer.body)
            raise

    def _value(self, read: Callable[[bytes], T], answer: Answer) -> T:
        error = self._problem(answer, lambda: refusal(answer.body, (*self._secrets, *self._tokens)))
        if error is not None:
            raise error
        try:
            return read(answer.body if answer.status == 200 else _NOTHING)
        except Unreadable as unreadable:
            raise Failed(str(unreadable)) from None
