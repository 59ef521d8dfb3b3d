"""The members of an answer's objects by the profile's rule for names. No I/O, never raises."""

from typing import Any

from agent.drivers.coder_bridge.protocol.profile import Answers
from agent.drivers.coder_bridge.protocol.words import NameCase
from agent.drivers.lock_server import json_body
from agent.drivers.lock_server.json_body import Members


def members(value: Any, rules: Answers) -> Members | None:
    """Looks names up in a JSON object, all duplicates in order; None for anything else."""
    return json_body.members(value, str.lower if rules.name_case.value is NameCase.ANY else str)


def nothing(_name: str) -> list[Any]:
    """The members of what is no object."""
    return []
