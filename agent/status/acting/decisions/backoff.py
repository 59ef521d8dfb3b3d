"""How long an address that gave wrong passwords has to wait. By address, so that one keeps no other out. Pure.

A network of IPv6 in which `MANY` addresses have erred is one machine that takes ever new ones, most likely: its
further addresses wait together. The table is bounded: the peer that was heard longest ago goes first, which costs
a storm of many addresses its own entries before those of the last one who erred.
"""

from collections import Counter

from agent.status.server.peer import peer_of

FREE_TRIES = 3
LONGEST = 60.0  # s; who has the password waits a minute at most after somebody at the same address tried others
MOST_PEERS = 1000
MANY = 8  # addresses of a network; more people do not mistype a box's password on a day


class Backoff:
    """All moments are seconds of one clock that only rises."""

    def __init__(self) -> None:
        self._peers: dict[str, tuple[int, float]] = {}  # wrong ones in a row, and until when it waits
        self._networks = Counter[str]()  # how many of them are in it

    def seconds_left(self, peer: str, now: float) -> float:
        """How long this address (`server/peer.py`) has to wait still; 0: it may try."""
        _, until = self._peers.get(self._counted(peer), (0, 0.0))
        return max(0.0, until - now)

    def wrong(self, peer: str, now: float) -> None:
        """It gave a wrong password."""
        counted = self._counted(peer)
        tries = self._forget(counted) + 1
        self._peers[counted] = tries, now + _wait_after(tries)
        self._networks[peer_of(counted)] += 1
        while len(self._peers) > MOST_PEERS:
            self._forget(next(iter(self._peers)))

    def right(self, peer: str) -> None:
        """It gave the right one: nothing is held against it."""
        self._forget(self._counted(peer))

    def _counted(self, peer: str) -> str:
        """The address, or its network where that has too many that erred."""
        network = peer_of(peer)
        return network if peer not in self._peers and self._networks[network] >= MANY else peer

    def _forget(self, counted: str) -> int:
        """How many tries that were."""
        if counted not in self._peers:
            return 0
        network = peer_of(counted)
        self._networks[network] -= 1
        if not self._networks[network]:
            del self._networks[network]
        return self._peers.pop(counted)[0]


def _wait_after(tries: int) -> float:
    return 0.0 if tries < FREE_TRIES else min(LONGEST, 2.0 ** min(tries - FREE_TRIES, 10))
