"""What the contract is run against: every driver, in every position of every switch that concerns it."""

import pytest

from agent.commands.driver import Task
from tests.contract import coder_bridge, visionline
from tests.contract.bench import Trouble

KEYS = [*coder_bridge.KEYS, *visionline.KEYS]
OTHERS = [*coder_bridge.OTHERS, *visionline.OTHERS]

EVERY_VARIANT = pytest.mark.parametrize("variant", KEYS, ids=lambda variant: variant.name)
EVERY_DRIVER = pytest.mark.parametrize(
    "variant", {variant.kind: variant for variant in reversed(KEYS)}.values(), ids=lambda it: it.kind
)
EVERY_CUTTER = pytest.mark.parametrize(
    "variant",
    {variant.kind: variant for variant in reversed(KEYS) if not variant.is_mobile}.values(),
    ids=lambda it: it.kind,
)
EVERY_TROUBLE = pytest.mark.parametrize("trouble", Trouble)


def every_variant(*tasks: Task) -> pytest.MarkDecorator:
    """Whatever can do one of these tasks, in every position."""
    chosen = [variant for variant in OTHERS if variant.task in tasks]
    return pytest.mark.parametrize("variant", chosen, ids=lambda it: f"{it.name} {it.task}")


def every_driver(*tasks: Task) -> pytest.MarkDecorator:
    """Whatever can do one of these tasks, in the plain position."""
    chosen = [variant for variant in OTHERS if variant.task in tasks and "=" not in variant.name]
    return pytest.mark.parametrize("variant", chosen, ids=lambda it: f"{it.name} {it.task}")
