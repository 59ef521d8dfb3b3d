"""How long a drawing of the page stands for all who look. Pure.

A hotel at its busiest is followed by eye, so a new one four times a second is plenty; and on a slow machine, or
with long lists, drawing takes no more than its share of the processor.
"""

LEAST = 0.25  # s
SHARE = 0.05  # of the processor's time, on however slow a machine
MOST = 0.05  # s that a drawing counts: what takes longer loads its templates, once


def good_for(spent: float) -> float:
    """Seconds, of a drawing that took `spent` seconds of the processor."""
    return max(LEAST, min(spent, MOST) / SHARE)
