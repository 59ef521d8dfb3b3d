"""How long a peer that gave wrong passwords has to wait. By peer, so that one keeps no other out. Pure.

The table is bounded: the peer that was heard longest ago goes first, which costs a storm of many addresses its own
entries before those of the last one who erred.
"""

FREE_TRIES = 3
LONGEST = 60.0  # s; who has the password waits a minute at most after somebody at the same address tried others
MOST_PEERS = 1000


class Backoff:
    """All moments are seconds of one clock that only rises."""

    def __init__(self) -> None:
        self._peers: dict[str, tuple[int, float]] = {}  # wrong ones in a row, and until when it waits

    def seconds_left(self, peer: str, now: float) -> float:
        """How long this peer (`server/peer.py`) has to wait still; 0: it may try."""
        _, until = self._peers.get(peer, (0, 0.0))
        return max(0.0, until - now)

    def wrong(self, peer: str, now: float) -> None:
        """It gave a wrong password."""
        tries = self._peers.pop(peer, (0, 0.0))[0] + 1
        self._peers[peer] = tries, now + _wait_after(tries)
        while len(self._peers) > MOST_PEERS:
            del self._peers[next(iter(self._peers))]

    def right(self, peer: str) -> None:
        """It gave the right one: nothing is held against it."""
        self._peers.pop(peer, None)


def _wait_after(tries: int) -> float:
    return 0.0 if tries < FREE_TRIES else min(LONGEST, 2.0 ** min(tries - FREE_TRIES, 10))
