"""Which lines of a snapshot are faults and which standing warnings: the catalogue knows, the JSON does not say."""

from agent.health.catalogue import CATALOGUE, Level
from agent.status.snapshot.snapshot import FaultLine


def is_fault(line: FaultLine) -> bool:
    """Whether keys stop for it. A code that is not in the catalogue (a newer box) counts as a fault."""
    kind = CATALOGUE.get(line.code)
    return kind is None or kind.level is Level.FAULT
