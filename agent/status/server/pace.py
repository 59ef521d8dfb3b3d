"""How many connections a peer, and all peers together, may open: decided before anything is spent on one.

A count of those that were let in fades with `FADES` seconds, so a limit is a burst and, a third of it, a lasting
rate a second. Within the last half of what all may have, those alone are let in that came hardly at all lately: a
crowd of rude neighbours leaves room for the browser that is opened now. A network of IPv6, where one machine can
have any number of addresses, may have what `NETWORK` addresses may. Pure: `now` is any clock's seconds.
"""

import math

from agent.status.server.peer import address_of_peer, peer_of

FADES = 3.0  # s in which a count falls to 1/e
FEW = 6.0  # connections that a browser opens to one address
NETWORK = 2.0  # addresses; one takes nothing from its neighbours by that, and all of them half of what there is
_MOST_PEERS = 1024  # that are remembered before the forgotten ones are swept out
_GONE = 0.05  # of a connection: such a count says nothing any more


class Pace:
    """`peer` and `everyone` are the bursts of connections that one and all together may open."""

    def __init__(self, peer: float, everyone: float) -> None:
        self._peer, self._everyone = peer, everyone
        self._all = (0.0, -math.inf)
        self._counts: dict[str, tuple[float, float]] = {}

    def lets_in(self, host: str, now: float) -> bool:
        """Whether one more connection of that address may be served. One that may not is not counted."""
        peer, network = address_of_peer(host), peer_of(host)
        own, total = _faded(self._counts.get(peer), now), _faded(self._all, now)
        most = self._everyone if own < FEW else self._everyone / 2
        if own + 1 > self._peer or total + 1 > most:
            return False
        if network != peer:
            shared = _faded(self._counts.get(network), now)
            if shared + 1 > self._peer * NETWORK:
                return False
            self._counts[network] = (shared + 1, now)
        self._counts[peer] = (own + 1, now)
        self._all = (total + 1, now)
        if len(self._counts) > _MOST_PEERS:
            self._counts = {peer: count for peer, count in self._counts.items() if _faded(count, now) > _GONE}
        return True


def _faded(count: tuple[float, float] | None, now: float) -> float:
    if count is None:
        return 0.0
    number, at = count
    return number * math.exp((at - now) / FADES)
