"""All kinds of faults by their codes, for what comes from outside as text: a notice of the box, a snapshot's JSON.

Code that raises or clears a fault names its kind (`mews_kinds.SILENT`), never a code.
"""

from agent.health import box_kinds, file_kinds, lock_kinds, mews_kinds, print_kinds, room_kinds
from agent.health.kind import FaultKind, Level

CATALOGUE = {
    kind.code: kind
    for hop in (file_kinds, box_kinds, mews_kinds, lock_kinds, room_kinds, print_kinds)
    for kind in vars(hop).values()
    if isinstance(kind, FaultKind)
}


def level_of(code: str) -> Level:
    """The level of a code; of one that is not in the catalogue (a newer box has more), FAULT."""
    kind = CATALOGUE.get(code)
    return kind.level if kind else Level.FAULT
