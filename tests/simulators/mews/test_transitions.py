"""Which changes of a command's state the simulated Mews takes, in each position of the switches."""

from itertools import product

import pytest

from agent.simulators.mews.commands import FINAL, State, is_allowed
from agent.simulators.mews.switches import MewsSwitches, Transitions

P, R, W = State.PENDING, State.RECEIVED, State.PROCESSING
OPEN = (P, R, W)
IN_ORDER = {(P, R), (R, W), (W, W), *((W, end) for end in FINAL)}
EARLY = {(state, end) for state in (P, R) for end in (State.CANCELLED, State.ERROR)}


def taken(switches: MewsSwitches) -> set[tuple[State, State]]:
    return {(before, after) for before, after in product(OPEN, State) if is_allowed(before, after, switches)}


@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        (MewsSwitches(direct_processing=False, early_end=False), IN_ORDER),
        (MewsSwitches(direct_processing=True, early_end=False), IN_ORDER | {(P, W)}),
        (MewsSwitches(direct_processing=False, early_end=True), IN_ORDER | EARLY),
        (MewsSwitches(transitions=Transitions.LENIENT), set(product(OPEN, State))),
    ],
)
def test_exactly_the_switched_changes_are_taken(
    switches: MewsSwitches, expected: set[tuple[State, State]]
) -> None:
    assert taken(switches) == expected
