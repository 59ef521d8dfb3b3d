"""The calls to Mews, one each, with its answers mapped to what they mean for us (reference/mews.md section 3).

Knows no session, no schedule and no retry: `connector.py` does.
"""

from collections.abc import Callable, Container
from functools import partial
from typing import TypeVar

import msgspec
import trio

from agent.foundation.errors import CallFailed, CertificateRefused, NightPorterError, NoAnswer, Silence
from agent.foundation.http import Answer, Peer
from agent.foundation.timing import MewsClock
from agent.mews.account.patience import Patience
from agent.mews.v2016 import wire
from agent.mews.v2016.decoding import Unreadable

T = TypeVar("T")

BASE = "/api/connector/v1"
CALL_SECONDS = 15.0  # s; Mews publishes no time-out of its own
LIST_SECONDS = 30.0  # s; a list may carry documents over a slow line
LIST_CAP = 64 * 1024 * 1024  # bytes; documents come inline, and one of 40 MB must not stop the keys
ANSWER_CAP = 256 * 1024  # bytes of any other answer
_HEADERS = {"Content-Type": "application/json"}
_LAST_WORDS = {400, 403, 409}  # a rule of Mews says no; any other 4xx blames the way to Mews, which may mend


class MewsError(NightPorterError):
    """A call that did not do what it was for. `str()` is a few words for the page."""


class Unauthorised(MewsError):
    """401: the token is not valid (any more), or the integration is switched off. The call had no effect.

    `words` are Mews' own, as they came.
    """

    def __init__(self, words: str) -> None:
        super().__init__("Mews refused the token (401)")
        self.words = words


class Refused(MewsError):
    """A rule of Mews says no: the call had no effect and will have none if repeated as it is.

    `words` are Mews' own, as they came: in an answer about a command they may name a guest.
    """

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"Mews answered {status}")
        self.status = status
        self.words = words


class Busy(MewsError):
    """429, or 503 with a pause: the call had no effect, come back later.

    `pause` in seconds, None where Mews did not say. A 503 without one is an outage like any other.
    """

    def __init__(self, status: int, pause: float | None) -> None:
        super().__init__(f"Mews asked for a pause ({status})")
        self.pause = pause


class Failed(MewsError):
    """No answer, or one that is not Mews' (5xx, 404, a page, half a body): the call may have had its effect.

    `reached` tells whether the other side had the request, `certificate` whether its certificate was the reason,
    `silent` that it had the request and gave no whole answer in time.
    """

    def __init__(self, words: str, *, reached: bool, certificate: bool = False, silent: bool = False) -> None:
        super().__init__(words)
        self.reached = reached
        self.certificate = certificate
        self.silent = silent


class Update(msgspec.Struct, frozen=True):
    """What `commands/update` is told."""

    command_id: str
    state: str
    progress: float | None = None
    notes: str = ""


class Client:
    """Mews' Connector API of 2016 behind one peer. Every answer's date is handed to `clock`."""

    def __init__(self, peer: Peer, clock: MewsClock) -> None:
        self._peer = peer
        self._clock = clock
        self._patience = Patience()

    async def sign_in(self, connector_token: str) -> str:
        """A new session token; it ends every older session of this connector token."""
        return await self._call("/app/signIn", wire.sign_in(connector_token), wire.signed_in)

    async def get_all_active(self, token: str, known: Container[str]) -> wire.Listing:
        """The active commands; of `known` ids only id and state."""
        return await self._call(
            "/commands/getAllActive",
            wire.get_all_active(token),
            partial(wire.listing, known=known),
            deadline=LIST_SECONDS,
            cap=LIST_CAP,
        )

    async def update(self, token: str, update: Update) -> None:
        """Set a command's state; returns only when Mews has acknowledged it."""
        body = wire.update(token, update.command_id, update.state, progress=update.progress, notes=update.notes)
        await self._call("/commands/update", body, wire.acknowledged)

    async def _call(
        self,
        path: str,
        body: bytes,
        read: Callable[[bytes], T],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> T:
        try:
            answer = await self._ask(path, body, deadline, cap)
            _check(answer)
            value = read(answer.body)
        except CertificateRefused as error:
            raise Failed(error.reason, reached=False, certificate=True) from None
        except CallFailed as error:
            silent = isinstance(error, Silence) and not error.is_heard
            raise Failed(error.reason, reached=isinstance(error, NoAnswer), silent=silent) from None
        except Unreadable as error:
            raise Failed(str(error), reached=True) from None
        if answer.date is not None:  # of a whole, sound answer only: a portal's date is not Mews'
            self._clock.heard(answer.date)
        return value

    async def _ask(self, path: str, body: bytes, deadline: float, cap: int) -> Answer:
        asked_at = trio.current_time()
        try:
            answer = await self._peer.call(
                "POST",
                BASE + path,
                body=body,
                headers=_HEADERS,
                deadline=deadline,
                silence=self._patience.seconds,
                cap=cap,
            )
        except Silence:
            self._patience.was_silent()
            await self._peer.hang_up()  # what killed this connection may have killed the others
            raise
        self._patience.answered(trio.current_time() - asked_at)
        return answer


def _check(answer: Answer) -> None:
    """Raise what a status other than 200 means."""
    status = answer.status
    if status == 200:
        return
    if status == 401:
        raise Unauthorised(wire.refusal(answer.body))
    if status == 429 or (status == 503 and answer.retry_after is not None):
        raise Busy(status, answer.retry_after)
    if status in _LAST_WORDS:
        raise Refused(status, wire.refusal(answer.body))
    raise Failed(f"Mews answered {status}", reached=True)
