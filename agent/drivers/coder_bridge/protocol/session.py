"""The log-in at the Coder Bridge: which token is kept, when it is given up, when a call may be repeated. No I/O.

Never trusts a date in a token for more than a hint, never looks at the wall clock, and shows the token to the
request alone. Facts: reference/coder-bridge.md, sections 2.2 (row 1), 4 (warning 5) and 5 (token).
"""

import math
from collections import deque
from datetime import datetime
from typing import Any

import jwt
from msgspec import Struct

from agent.drivers.coder_bridge.protocol.profile import NO_LIMIT, TokenRules
from agent.drivers.coder_bridge.protocol.wire import Reading, Result
from agent.foundation.errors import CallFailed
from provisioning.secret import Secret

_REMEMBERED = 8  # tokens; a bridge may quote an older one in its words


class NoList(CallFailed):
    """The bridge was asked for a list and answered with something else, or may not be asked."""


class NoRooms(CallFailed):
    """The bridge was asked for its rooms and answered with something else."""


class Kept(Struct, frozen=True):
    """A token, which one it is (counted from 1), since when and until when it may live (monotonic seconds; `until`
    None: unknown)."""

    token: Secret
    generation: int
    until: float | None
    since: float = 0.0


class Session:
    """The one token that is in use."""

    def __init__(self, rules: TokenRules) -> None:
        self._rules = rules
        self._kept: Kept | None = None
        self._generation = 0
        self._seen: deque[Secret] = deque(maxlen=_REMEMBERED)

    @property
    def tokens(self) -> tuple[Secret, ...]:
        """The last tokens, to blot them out of the bridge's words."""
        return tuple(self._seen)

    def keep(self, token: Secret, now: float, answered: datetime | None) -> Kept:
        """Use this token from now on (monotonic seconds); `answered` is the date in the log-in's answer."""
        self._generation += 1
        life = self._life(token, answered)
        self._kept = Kept(token, self._generation, None if life is None else now + life, now)
        if token not in self._seen:
            self._seen.append(token)
        return self._kept

    def usable(self, now: float) -> Kept | None:
        """The kept token; None if a log-in is needed first: there is none, or it is surely too old."""
        kept = self._kept
        return kept if kept is not None and (kept.until is None or now < kept.until) else None

    def drop(self, refused: Kept) -> None:
        """Give this token up; a newer one stays."""
        if self._kept is not None and self._kept.generation == refused.generation:
            self._kept = None

    def may_repeat(self, status: int, said: Reading) -> bool:
        """Whether a call with this answer was surely refused for its token, so that one repeat can do no harm."""
        if said.result not in (Result.ABSENT, Result.FAILURE):
            return False
        return status in self._rules.log_in_again_on.value

    def _life(self, token: Secret, answered: datetime | None) -> float | None:
        lives = [life for life in (_stated_life(token, answered), self._assumed_life()) if life is not None]
        return min(lives, default=None)

    def _assumed_life(self) -> float | None:
        assumed = self._rules.assumed_seconds.value
        return None if assumed == NO_LIMIT else assumed


def _stated_life(token: Secret, answered: datetime | None) -> float | None:
    """How many seconds a token claims to live, by the bridge's own clock only; None if it does not say."""
    claims = _claims(token.reveal())
    begin = _number(claims.get("iat"))
    if begin is None and answered is not None:
        begin = answered.timestamp()
    end = _number(claims.get("exp"))
    if begin is None or end is None or end <= begin:
        return None
    return end - begin


def _claims(token: str) -> dict[str, Any]:
    try:
        # Only read, not trusted: the bridge that sent the token is the one that will check it.
        claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):  # opaque tokens are as good as any
        return {}
    return claims


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None
