"""What every dialect of Mews offers, and what its answers mean. No I/O, and no dialect's JSON.

A dialect is a folder beside this file (`v2016/`): it turns these calls into requests, and answers into these
values and errors. Statuses and bodies: reference/mews.md section 3.
"""

from collections.abc import Awaitable, Callable, Container
from enum import StrEnum
from typing import Protocol, TypeVar

import msgspec

from agent.commands.model import Listed
from agent.foundation.errors import NightPorterError
from provisioning.secret import Secret

T = TypeVar("T")

CALL_SECONDS = 15.0  # s; Mews publishes no time-out of its own
LIST_SECONDS = 30.0  # s; a list may carry documents over a slow line
LIST_CAP = 64 * 1024 * 1024  # bytes; documents come inline, and one of 40 MB must not stop the keys
ANSWER_CAP = 256 * 1024  # bytes of any other answer


class Listing(msgspec.Struct, frozen=True):
    """The active commands, in Mews' order, each id once; `unreadable` counts elements without a usable id.

    Only where the list `is_whole` does the absence of an id mean that Mews no longer lists it; else it may stand
    where nothing could be read.
    """

    commands: tuple[Listed, ...]
    unreadable: int
    is_whole: bool = True


class NewState(StrEnum):
    """The states that the box gives a command, in Mews' words: the same in both dialects (section 8)."""

    RECEIVED = "Received"
    PROCESSING = "Processing"
    PROCESSED = "Processed"
    ERROR = "Error"


class Update(msgspec.Struct, frozen=True):
    """What Mews is told of a command. `progress` (0 to 1) is read only with PROCESSING, `notes` only at an end."""

    command_id: str
    state: NewState
    progress: float | None = None
    notes: str = ""


class MewsError(NightPorterError):
    """A call that did not do what it was for. `str()` is a few words for the page.

    `request_id` is Mews' own number of the request ("": not told), for a question to Mews about it.
    """

    request_id = ""


class Unauthorised(MewsError):
    """401: the token is not valid (any more), or the integration is switched off. The call had no effect.

    `words` are Mews' own, on one line and without our tokens.
    """

    def __init__(self, words: str) -> None:
        super().__init__("Mews refused the token (401)")
        self.words = words


class SignInRefused(MewsError):
    """Mews refuses the long-lived token itself; `words` as in `Unauthorised`."""

    def __init__(self, words: str) -> None:
        super().__init__("Mews refused the sign-in")
        self.words = words


class Refused(MewsError):
    """A rule of Mews says no: the call had no effect and will have none if repeated as it is.

    `words` as in `Unauthorised`; in an answer about a command they may name a guest.
    """

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"Mews answered {status}")
        self.status = status
        self.words = words


class Changed(Refused):
    """409: the data changed while Mews was at it. The call had no effect; what it is about is to be looked at
    once more before it is repeated."""


class TooLarge(Refused):
    """413: Mews takes no request of this size."""


class Portfolio(MewsError):
    """The token is for several hotels, and the file does not say which of them is this one."""

    def __init__(self) -> None:
        super().__init__("the token is for several hotels")


class Busy(MewsError):
    """429, or 503 with a pause: the call had no effect, come back later.

    `pause` in seconds, None where Mews did not say. A 503 without one is an outage like any other.
    """

    def __init__(self, status: int, pause: float | None) -> None:
        super().__init__(f"Mews asked for a pause ({status})")
        self.pause = pause


class Failed(MewsError):
    """No answer, or none of Mews' own (a 5xx, a 404, a page, half a body): the call may have had its effect."""

    is_sent = True  # a byte of the request may have left the box


class TooSlow(Failed):
    """408: the request took Mews too long; a smaller one may not."""


class Discontinued(Failed):
    """410: Mews offers the operation no more. The call surely had no effect."""

    is_sent = False


class Silent(Failed):
    """The request went out, and nothing came back in time."""


class NotReached(Failed):
    """No connection: the call surely had no effect."""

    is_sent = False


class NotTrusted(NotReached):
    """No connection, because the other side's certificate is refused."""


class Calls(Protocol):
    """One dialect's calls. Each raises a `MewsError` unless it did what it is for. No token is in any `repr`."""

    @property
    def sign_in(self) -> Callable[[Secret], Awaitable[Secret]] | None:
        """Exchanges the connector token for a session's, which ends every older one. Raises `SignInRefused`.

        None in a dialect that knows no sign-in.
        """
        ...

    async def list_active(self, token: Secret, known: Container[str]) -> Listing:
        """The active commands; of `known` ids only id and standing."""
        ...

    async def update(self, token: Secret, update: Update) -> None:
        """Tell Mews how a command is; returns only when Mews has acknowledged it."""
        ...


class Answer(Protocol):
    """A whole answer as it came. `retry_after` in seconds, `request_id` as its header says it."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> bytes: ...
    @property
    def retry_after(self) -> float | None: ...
    @property
    def request_id(self) -> str: ...


class Post(Protocol):
    """The way to Mews, as a dialect is given it.

    Sends `body` to an operation's `path`, and returns what `meaning` makes of the answer, or raises what that
    raises. `deadline` in seconds, `cap` in bytes of the answer. Raises `Failed` where no whole answer came.
    """

    async def __call__(
        self,
        path: str,
        body: bytes,
        meaning: Callable[[Answer], T],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> T: ...


class Ask(Protocol):
    """One call of a dialect: as `Post`, with the token that `body` holds, and with `read` for a sound answer.

    Raises what the answer says instead as a `MewsError`, in which no token is shown.
    """

    async def __call__(
        self,
        token: Secret,
        path: str,
        body: bytes,
        read: Callable[[bytes], T],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> T: ...
