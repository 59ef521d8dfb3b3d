"""The contract leaves out no switch of a simulator, and its plain variants are the simulators' defaults."""

from typing import Any

import pytest

from agent.simulators.base.simulator import CommonSwitches
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.printer.switches import PrinterSwitches
from agent.simulators.visionline.switches import VisionlineSwitches
from tests.contract import coder_bridge, printing, visionline

SIDES = pytest.mark.parametrize(
    ("side", "switches"),
    [(coder_bridge, CoderBridgeSwitches()), (visionline, VisionlineSwitches())],
    ids=[coder_bridge.NAME, visionline.NAME],
)


@SIDES
def test_every_switch_is_turned_or_said_to_change_nothing(side: Any, switches: CommonSwitches) -> None:
    assert {*side.SWITCHES, *side.FACTS} == set(switches.__struct_fields__)
    assert not side.FACTS & set(side.SWITCHES)


@SIDES
def test_the_plain_variant_has_every_switch_in_its_first_position(side: Any, switches: CommonSwitches) -> None:
    assert {name: getattr(switches, name) for name in side.SWITCHES} == {
        name: values[0] for name, values in side.SWITCHES.items()
    }


def test_every_switch_is_turned_for_something_that_it_concerns() -> None:
    concerned = {name for names in coder_bridge.CONCERN.values() for name in names}
    assert concerned == set(coder_bridge.SOME_CALLS)


def test_every_switch_of_the_printer_is_turned_or_said_to_change_nothing_and_begins_with_its_default() -> None:
    turned, switches = printing.SWITCHES | printing.RAW_SWITCHES, PrinterSwitches()
    assert {*turned, *printing.FACTS} == set(switches.__struct_fields__)
    assert not printing.FACTS & set(turned)
    assert {name: getattr(switches, name) for name in turned} == {
        name: values[0] for name, values in turned.items()
    }
