"""An account at a lock server, and how a log-in there can end badly. No I/O.

A log-in asks for no card, so each of these errors means that surely none was made.
"""

from msgspec import Struct

from agent.foundation.errors import CallFailed, NotSent
from provisioning.secret import Secret


class Credentials(Struct, frozen=True):
    """The account that was agreed when the lock system was installed."""

    username: str
    password: Secret


class LogInRefused(CallFailed):
    """The server does not let the box in. `reason` may hold the server's words, cleaned of secrets."""


class WebApiClosed(NotSent):
    """The lock system is there, only the port by which the box asks it takes no connection."""


class StrangeAnswer(CallFailed):
    """The server answered the log-in with something else than a session or a refusal."""


class Unanswered(CallFailed):
    """The log-in went out and no whole answer came back. `is_heard`: something came."""

    def __init__(self, reason: str, *, is_heard: bool) -> None:
        super().__init__(reason)
        self.is_heard = is_heard
