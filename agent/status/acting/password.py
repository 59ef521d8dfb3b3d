"""Whether a password is the box's: through scrypt, one attempt at a time in a thread of its own, so that a storm
costs one core at most and never the loop. Must keep no attempt, and never log one.

RFC 7914 for scrypt; 2^14 rounds of 1 KB take some 16 MB for some 50 ms.
"""

import hmac
import os
from functools import partial
from hashlib import scrypt

import trio

from agent.status.server.peer import peer_of
from provisioning.secret import Secret

_SCRYPT = partial(scrypt, n=2**14, r=8, p=1, maxmem=64 * 1024 * 1024)
MOST_BYTES = 1024  # of an attempt
MOST_WAITING = 16  # attempts of all peers together
MOST_OF_NETWORK = 8  # of one network of IPv6, whose addresses may all be one machine's


class Busy(Exception):
    """Another attempt of this peer, or too many of others, is looked at just now."""


class Password:
    """The present file's password; `set_to` takes another one."""

    def __init__(self, secret: Secret) -> None:
        self._salt = os.urandom(16)  # of this start: nothing of it is kept
        self._limiter = trio.CapacityLimiter(1)
        self._waiting: set[str] = set()
        self._secret = secret

    def set_to(self, secret: Secret) -> bool:
        """Whether it is another one."""
        is_other, self._secret = self._secret != secret, secret
        return is_other

    async def is_right(self, attempt: str, peer: str) -> bool:
        """Whether it is the password. Raises `Busy` for a peer whose last attempt is still looked at."""
        beside = sum(peer_of(each) == peer_of(peer) for each in self._waiting)
        if peer in self._waiting or beside >= MOST_OF_NETWORK or len(self._waiting) >= MOST_WAITING:
            raise Busy
        self._waiting.add(peer)
        try:
            right = self._secret.reveal()
            compare = partial(_is_same, attempt, right, self._salt)
            return await trio.to_thread.run_sync(compare, limiter=self._limiter)
        finally:
            self._waiting.discard(peer)


def _is_same(attempt: str, right: str, salt: bytes) -> bool:
    given, wanted = (
        _SCRYPT(text.encode("utf-8", "surrogatepass")[:MOST_BYTES], salt=salt) for text in (attempt, right)
    )
    return hmac.compare_digest(given, wanted)
