"""Which hops were well before a change and are not after it: what a new provisioning file is judged by. Pure.

Mews and the lock servers are compared, as the box's own page tells of them; the box itself and encoders are not.
"""

from collections.abc import Collection

from agent.health.kind import Level
from agent.status.snapshot.facts import HopState
from agent.status.snapshot.snapshot import Hop
from provisioning.model import Provisioning

MEWS = "mews"
CODER_BRIDGE = "lock-server:coder-bridge"
_SERVER = "lock-server:"


def well(hops: Collection[Hop]) -> tuple[str, ...]:
    """The hops that are well and really answered, of those that are compared."""
    return tuple(
        hop.id for hop in hops if _is_compared(hop.id) and hop.level is Level.OK and hop.state is HopState.SEEN
    )


def missed(before: Collection[str], new: Provisioning, hops: Collection[Hop] | None) -> tuple[str, ...]:
    """The hops that were well before, stand in the new file too, and are not well now. None: a silent page."""
    listed = {hop.id for hop in hops} if hops is not None else None
    now = well(hops) if hops is not None else ()
    return tuple(hop for hop in before if _stands(hop, new, listed) and hop not in now)


def _is_compared(hop: str) -> bool:
    return hop == MEWS or hop.startswith(_SERVER)


def _stands(hop: str, new: Provisioning, listed: Collection[str] | None) -> bool:
    """A lock server that the file does not name any more, or switches off, is not missed."""
    if hop == CODER_BRIDGE:
        return new.coder_bridge is not None and new.coder_bridge.active
    return hop == MEWS or listed is None or hop in listed
