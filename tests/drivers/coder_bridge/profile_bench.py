"""What the Coder Bridge tests share: the built-in profile with some entries changed, and a plain job.

Never talks to anything: the simulator's side is in bridge_bench.py.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from agent.commands.driver import KeyJob
from agent.drivers.coder_bridge.profile_file import built_in
from agent.drivers.coder_bridge.protocol.profile import Entry, Profile

BUILT_IN = built_in("coder-bridge-v2")
START = datetime(2026, 7, 1, 13, 0, tzinfo=UTC)
END = datetime(2026, 7, 4, 9, 30, tzinfo=UTC)


def entry(value: Any, *, confirmed: bool = True) -> Entry[Any]:
    """An entry that a test believes in, or not."""
    return Entry(value=value, confirmed=confirmed, source="test")


def changed(profile: Profile, **values: Any) -> Profile:
    """The profile with entries replaced: `changed(p, dates__zone="utc")`, each confirmed."""
    document = msgspec.to_builtins(profile)
    for name, value in values.items():
        *groups, leaf = name.split("__")
        place = document
        for group in groups:
            place = place[group]
        place[leaf] = {"value": value, "confirmed": True, "source": "test"}
    return msgspec.convert(document, Profile)


def all_confirmed(profile: Profile = BUILT_IN) -> Profile:
    """The profile of a site where everything has been proved."""
    document = msgspec.to_builtins(profile)
    _confirm(document)
    return msgspec.convert(document, Profile)


def job(**changes: Any) -> KeyJob:
    """One key for room 101 on encoder 1, three nights in July."""
    plain = KeyJob(encoder="1", rooms=("101",), areas=(), start=START, end=END, copy=1, copies=1)
    return msgspec.structs.replace(plain, **changes)


def _confirm(table: dict[str, Any]) -> None:
    for value in table.values():
        if isinstance(value, dict) and "confirmed" in value:
            value.update(confirmed=True, guess=None)
        elif isinstance(value, dict):
            _confirm(value)
