"""Who may talk to the simulated Mews: the long-lived token, and the session of the last who signed in.

Must never let two sessions live at once: "there is always at most one client with valid AccessToken, i.e. the
client that signed in last" (v1 page, "Sign in").
"""

from collections.abc import Callable
from secrets import token_hex

from agent.simulators.mews.documents import FIRST_SESSION
from agent.simulators.mews.switches import MewsSwitches

PLAIN = "plain token"


class Sessions:
    """The generations of sessions; `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._token: str | None = None
        self._since = 0.0
        self.generation = 0  # sign-ins so far, the rival's included
        self.rival_sign_ins = 0

    def sign_in(self) -> str:
        """A new session, which ends the one before; the first has the token of the page's example."""
        self.generation += 1
        self._since = self._clock()
        self._token = FIRST_SESSION if self.generation == 1 else _new_token()
        return self._token

    def rival_signs_in(self) -> None:
        """Another connector signs in with the same long-lived token."""
        self.rival_sign_ins += 1
        self.sign_in()
        self._token = None  # no one here holds it

    def holder(self, token: object, switches: MewsSwitches) -> str | None:
        """Who calls: `session N`, `plain token`, or None for a token that is not, or no longer, good."""
        self._let_the_rival_return(switches.rival_seconds)
        if isinstance(token, str) and token == self._token:
            return f"session {self.generation}"
        return PLAIN if switches.plain_token and token == switches.token else None

    def _let_the_rival_return(self, seconds: float | None) -> None:
        if seconds is not None and self._token is not None and self._clock() >= self._since + seconds:
            self.rival_signs_in()


def _new_token() -> str:
    text = token_hex(32).upper()
    return f"{text[:32]}-{text[33:]}"
