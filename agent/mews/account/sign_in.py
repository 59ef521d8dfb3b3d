"""Who we are at Mews right now: the token, its generation, and whether somebody else keeps ending it. No I/O.

Dialect 2016: signing in ends the older session, and the last client to sign in wins (reference/mews.md section 2).
So a token that worked and dies soon after each sign-in means that another connector is active: it is not fought.
One that is refused before it ever worked says something else: Mews' own words tell what.
Decisions in plain code here; `connector.py` acts on them. Times are monotonic seconds.
"""

from agent.health.asking_again import again_after
from provisioning.secret import Secret

RIVAL_SECONDS = 60.0  # s; a session that ends sooner was ended by somebody else's sign-in (own choice)
# s; one early end may be chance, or a token that is refused from now on, which only a sign-in tells. Each box may
# take the session back once, so that two of them do not throw each other out in a loop: a row of ends is a rival.
RIVAL_PAUSES = (0.625, 60.0, 300.0, 900.0)
REFUSED_PAUSES = (30.0, 60.0, 120.0, 300.0)  # s; a token that never worked does not get better by asking often


class SignIn:
    """One of two tokens, and what became of it: `connector_token` signs in, `access_token` is used as it is.

    `pace` (s) is that of the polls: so often a token is tried again that worked until a moment ago.
    """

    def __init__(self, *, connector_token: Secret | None, access_token: Secret | None, pace: float = 2.0) -> None:
        self._pace = pace
        self._worked_at: float | None = None  # a call was last let in
        self._connector_token = connector_token
        self._fixed = access_token
        self._token = access_token
        self._born = float("-inf")
        self._has_worked = False  # a call with this session's token was let in
        self._early_ends = 0
        self._refusals = 0  # of the long-lived token, in a row
        self._useless = 0  # sessions in a row that were refused before they let a call in
        self._not_before = float("-inf")
        self.generation = 0

    @property
    def token(self) -> Secret | None:
        """The token for the next call, or None where a sign-in has to come first."""
        return self._token

    @property
    def connector_token(self) -> Secret:
        """What a sign-in sends. Raises ValueError for a token that needs none."""
        if self._connector_token is None:
            raise ValueError("a plain token does not sign in")
        return self._connector_token

    @property
    def has_rival(self) -> bool:
        """Whether somebody else's sign-in ended our session soon after it began, and ours has not lasted since."""
        return self._early_ends > 0

    @property
    def is_refused(self) -> bool:
        """Whether Mews refuses the long-lived token, or every session that it gives for it."""
        return self._refusals + self._useless > 0

    @property
    def is_signing_in(self) -> bool:
        """Whether the token is one that signs in, as opposed to one that is used as it is."""
        return self._fixed is None

    @property
    def since(self) -> float | None:
        """When the present session began; None without one, and for a token that is used as it is."""
        return self._born if self.is_signing_in and self._token is not None else None

    def pause(self, now: float) -> float:
        """How many seconds to wait before the next sign-in, or before the next call of a refused plain token."""
        return max(0.0, self._not_before - now)

    def signed_in(self, token: Secret, now: float) -> None:
        """A sign-in brought a new session."""
        self._token, self._born, self._has_worked = token, now, False
        self.generation += 1
        self._refusals = 0

    def not_signed_in(self, now: float) -> None:
        """Mews refuses the long-lived token."""
        self._refuse(now, self._refusals)
        self._refusals += 1

    def worked(self, generation: int, now: float) -> None:
        """A call with the token of `generation` was let in."""
        if generation != self.generation:
            return
        self._refusals, self._useless, self._has_worked, self._worked_at = 0, 0, True, now
        if now - self._born >= RIVAL_SECONDS:
            self._early_ends = 0

    def refused(self, generation: int, now: float) -> None:
        """A call with the token of `generation` got a 401. Of an older generation it says nothing new."""
        if generation != self.generation or self._token is None:
            return
        if self._fixed is not None:
            self.not_signed_in(now)
            return
        self._token = None
        if not self._has_worked:
            self._refuse(now, self._useless)
            self._useless += 1
        elif now - self._born < RIVAL_SECONDS:
            self._hold_back(now, RIVAL_PAUSES, self._early_ends)
            self._early_ends += 1

    def take_over(self) -> None:
        """A person decided that this box is the one: sign in now, although another is there."""
        self._early_ends = 0
        self._not_before = float("-inf")

    def _refuse(self, now: float, times: int) -> None:
        if self._worked_at is None:
            self._hold_back(now, REFUSED_PAUSES, times)
        else:
            self._not_before = now + again_after(now - self._worked_at, self._pace, REFUSED_PAUSES[-1])

    def _hold_back(self, now: float, pauses: tuple[float, ...], times: int) -> None:
        self._not_before = now + pauses[min(times, len(pauses) - 1)]
