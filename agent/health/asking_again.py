"""How soon a trouble is asked about again: its age decides. Pure; all times are seconds.

Most troubles are short, and somebody stands there and waits for the end: one that just began is asked about at the
usual pace, only an old one less and less often. It knows no jitter and no pause that the other side asks for:
those are the caller's.
"""

YOUNG_SECONDS = 120.0  # s; within that a router or a program has started again, and a cable is back in


def again_after(age: float, usual: float, longest: float) -> float:
    """The pause before a trouble of this age is asked about again.

    `usual` while it is young, then about as long as it has been old, so that each pause is twice the one before,
    up to `longest`. Never less than `usual`.
    """
    return max(usual, min(longest, age - YOUNG_SECONDS))
