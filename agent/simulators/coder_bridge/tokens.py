"""The tokens of the simulated Coder Bridge: they look like JWTs, and live as long as the switches say.

Must never be taken for real: the signature is noise. That the bridge issues JWTs is confirmed, how long they live
and what they hold is unknown (reference/coder-bridge.md sections 1 and 2.2).
"""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from secrets import token_bytes

import msgspec
import trio

from agent.simulators.coder_bridge.switches import CoderBridgeSwitches, Exp

KEPT = 1000  # tokens; older ones are forgotten
_CLAIMED = {Exp.PAST: timedelta(hours=-1), Exp.FUTURE: timedelta(days=3650)}
_DEFAULT_LIFE = timedelta(hours=1)


class Tokens:
    """The tokens that were issued."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._calls: dict[str, int] = {}
        self.issued = 0

    def issue(self, now: datetime, switches: CoderBridgeSwitches) -> str:
        """A new token; `now` is the bridge's wall clock."""
        self.issued += 1
        claims: dict[str, object] = {"sub": switches.client_id, "jti": self.issued, "iat": int(now.timestamp())}
        if switches.token_exp is not Exp.NONE:
            claims["exp"] = int((now + _claimed_life(switches)).timestamp())
        token = ".".join((_part({"alg": "HS256", "typ": "JWT"}), _part(claims), _base64(token_bytes(32))))
        self._since[token], self._calls[token] = trio.current_time(), 0
        if len(self._since) > KEPT:
            self._forget(next(iter(self._since)))
        return token

    def use(self, token: str, switches: CoderBridgeSwitches) -> bool:
        """Whether a call with this token is let in; counts it."""
        if token not in self._since:
            return False
        age = trio.current_time() - self._since[token]
        is_old = switches.token_seconds is not None and age >= switches.token_seconds
        is_used_up = switches.token_calls is not None and self._calls[token] >= switches.token_calls
        self._calls[token] += 1
        return not (is_old or is_used_up)

    def end_all(self) -> None:
        """Have no token work any more, as after a restart of the bridge."""
        self._since.clear()
        self._calls.clear()

    def _forget(self, token: str) -> None:
        del self._since[token], self._calls[token]


def _claimed_life(switches: CoderBridgeSwitches) -> timedelta:
    if switches.token_exp is Exp.TRUE:
        return _DEFAULT_LIFE if switches.token_seconds is None else timedelta(seconds=switches.token_seconds)
    return _CLAIMED[switches.token_exp]


def _part(value: object) -> str:
    return _base64(msgspec.json.encode(value))


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
