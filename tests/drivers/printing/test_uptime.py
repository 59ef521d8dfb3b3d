"""What is known of a printer's restarts, from what it says and from its silence."""

import pytest

from agent.drivers.printing.uptime import Uptime

AWAY = "away"
Seen = tuple[float, int | str | None]


def restarts(*seen: Seen) -> int:
    """How many were seen: at each of our seconds it said how long it runs, or nothing of that, or was away."""
    now = 0.0
    uptime = Uptime(lambda: now)
    for now, said in seen:  # noqa: B007 - the clock reads it
        if isinstance(said, str):
            uptime.away()
        else:
            uptime.told(said)
    return uptime.restarts


@pytest.mark.parametrize(
    ("seen", "count"),
    [
        (((100, 7),), 0),
        (((100, 7), (160, 67)), 0),
        (((100, 7), (160, 64)), 0),  # its clock is slow
        (((100, 7), (101, 0)), 1),
        (((100, 1), (101.5, 0)), 1),  # it started after it was heard last
        (((100, 0), (102.5, 1)), 1),
        (((100, 1), (101.9, 2)), 0),
        (((100, 1), (101, AWAY), (101.5, 2)), 1),  # as far as whole seconds tell
        (((100, 9), (101, AWAY), (101.5, 10)), 0),
        (((100, 7), (102, 7)), 0),
        (((100, 7), (200, 30)), 1),  # longer than before, and yet not as long as it should
        (((100, 7), (120, AWAY), (160, 67)), 0),  # the network was
        (((100, 7), (120, AWAY), (160, 10)), 1),
        (((100, None), (160, None)), 0),
        (((100, None), (120, AWAY), (160, None)), 1),  # perhaps
        (((100, 7), (120, AWAY), (160, None)), 1),
        (((50, AWAY), (100, 7)), 1),
        (((100, 7), (130, 1), (160, 31), (190, 2)), 2),
    ],
)
def test_restarts_are_told_by_the_time_that_a_printer_runs(seen: tuple[Seen, ...], count: int) -> None:
    assert restarts(*seen) == count
