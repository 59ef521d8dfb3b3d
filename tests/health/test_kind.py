"""Levels, from well to bad."""

import pytest

from agent.health.kind import SEVERITY, Level, worst


@pytest.mark.parametrize(
    ("levels", "bad"),
    [
        ([], Level.OK),
        ([Level.OK, Level.WARNING], Level.WARNING),
        ([Level.FAULT, Level.OK, Level.WARNING], Level.FAULT),
    ],
)
def test_the_worst_of_several_levels_counts(levels: list[Level], bad: Level) -> None:
    assert worst(levels) is bad


def test_a_fault_is_worse_than_a_warning_and_a_warning_than_none() -> None:
    assert sorted(Level, key=SEVERITY.__getitem__) == [Level.OK, Level.WARNING, Level.FAULT]
