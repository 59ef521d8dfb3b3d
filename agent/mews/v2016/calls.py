"""The calls of the Connector API of 2016, and what its answers mean (reference/mews.md sections 3 and 6). No I/O.

The way to Mews is given (`post`); when to call, and what to do about an answer, is not decided here.
"""

from collections import deque
from collections.abc import Callable, Container
from functools import partial
from typing import TypeVar

from agent.mews.calls import (
    ANSWER_CAP,
    CALL_SECONDS,
    LIST_CAP,
    LIST_SECONDS,
    Answer,
    Busy,
    Failed,
    Listing,
    Post,
    Refused,
    SignInRefused,
    Unauthorised,
    Update,
)
from agent.mews.v2016 import wire
from agent.mews.v2016.decoding import Unreadable
from provisioning.secret import Secret

T = TypeVar("T")

_REMEMBERED = 8  # tokens; Mews may repeat an older one in its words
_LAST_WORDS = {400, 403, 409}  # a rule of Mews says no; any other 4xx blames the way to Mews, which may mend


class V2016:
    """The dialect of 2016, as `agent.mews.calls.Calls` has it."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._tokens: deque[Secret] = deque(maxlen=_REMEMBERED)  # the one used last comes last

    async def sign_in(self, connector_token: Secret) -> Secret:
        """A new session's token; it ends every older session of this connector token."""
        try:
            return await self._call(connector_token, "/app/signIn", wire.sign_in(connector_token), wire.signed_in)
        except (Unauthorised, Refused) as error:
            raise SignInRefused(error.words) from None

    async def list_active(self, token: Secret, known: Container[str]) -> Listing:
        """The active commands; of `known` ids only id and standing."""
        return await self._call(
            token,
            "/commands/getAllActive",
            wire.get_all_active(token),
            partial(wire.listing, known=known),
            deadline=LIST_SECONDS,
            cap=LIST_CAP,
        )

    async def update(self, token: Secret, update: Update) -> None:
        """Set a command's state; returns only when Mews has acknowledged it."""
        await self._call(token, "/commands/update", wire.update(token, update), wire.acknowledged)

    async def _call(
        self,
        token: Secret,
        path: str,
        body: bytes,
        read: Callable[[bytes], T],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> T:
        if token in self._tokens:
            self._tokens.remove(token)
        self._tokens.append(token)
        return await self._post(path, body, partial(self._meaning, read), deadline=deadline, cap=cap)

    def _meaning(self, read: Callable[[bytes], T], answer: Answer) -> T:
        """What an answer brings. Raises what it says instead."""
        status = answer.status
        if status == 401:
            raise Unauthorised(wire.refusal(answer.body, self._tokens))
        if status == 429 or (status == 503 and answer.retry_after is not None):
            raise Busy(status, answer.retry_after)
        if status in _LAST_WORDS:
            raise Refused(status, wire.refusal(answer.body, self._tokens))
        if status != 200:
            raise Failed(f"Mews answered {status}")
        try:
            return read(answer.body)
        except Unreadable as error:
            raise Failed(str(error)) from None
