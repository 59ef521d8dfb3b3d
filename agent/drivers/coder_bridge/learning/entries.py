"""The entries of a site profile as a flat table, changed one by one, and written as a site's own file. Pure.

Never marks anything confirmed that a caller did not prove. Form of the file: profiles/coder-bridge-v2.toml.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from agent.drivers.coder_bridge.protocol.profile import Entry, Profile
from agent.drivers.coder_bridge.protocol.words import Guess, Slot

MARKER = (
    "# Written by `nightporter lock learn`. What was proved at this site, and what differs; each with its proof."
)
_SAME_REQUEST = frozenset({Slot.GUEST_KEY, Slot.GUEST_KEY_PRECHECKIN})  # profile_rules.py allows one path for both
Table = dict[str, Any]


class Finding(Struct, frozen=True):
    """An entry's new value and its proof, or (`is_proved` false) the better guess."""

    value: Any
    source: str
    is_proved: bool = True


def entries(profile: Profile) -> dict[str, Entry[Any]]:
    """All entries by their full names, in the profile's order (`calls.guest_key.path`)."""
    return dict(_flat(profile, ""))


def unproven(profile: Profile) -> tuple[str, ...]:
    """The names of all entries without proof."""
    return tuple(name for name, entry in entries(profile).items() if not entry.confirmed)


def changed(profile: Profile, findings: Mapping[str, Finding]) -> Profile:
    """The profile with these entries; a mere guess never takes the place of what is confirmed.

    Another call's unproven path makes room for one that was found.
    """
    document: Table = msgspec.to_builtins(profile)
    for name, finding in findings.items():
        *groups, leaf = name.split(".")
        place = document
        for group in groups:
            place = place[group]
        if finding.is_proved or not place[leaf]["confirmed"]:
            place[leaf] = _entry(finding)
            _make_room(document, name, finding.value)
    return msgspec.convert(document, Profile)


def site_file(profile: Profile, base: Profile) -> bytes:
    """What differs from `base`, as the file of a site."""
    usual = entries(base)
    sections: dict[str, list[str]] = {}
    for name, entry in entries(profile).items():
        if entry != usual[name]:
            section, _, leaf = name.rpartition(".")
            parts = ", ".join(f"{part} = {_toml(value)}" for part, value in _document(entry).items())
            sections.setdefault(section, []).append(f"{leaf} = {{ {parts} }}")
    head = [f"base = {_toml(base.name)}", MARKER]
    if profile.name != base.name:
        head.insert(1, f"name = {_toml(profile.name)}")
    blocks = ["\n".join((f"[{section}]", *lines)) for section, lines in sections.items()]
    return ("\n\n".join(("\n".join(head), *blocks)) + "\n").encode()


def is_ours(content: bytes) -> bool:
    """Whether a site's file was written here, so that nothing of a person's is lost when it is written again."""
    return MARKER.encode() in content


def _flat(part: Any, prefix: str) -> Iterator[tuple[str, Entry[Any]]]:
    if isinstance(part, Entry):
        yield prefix, part
        return
    for name, inner in _members(part):
        yield from _flat(inner, f"{prefix}.{name}" if prefix else name)


def _members(part: Any) -> list[tuple[str, Any]]:
    if isinstance(part, Struct):
        return [(name, getattr(part, name)) for name in part.__struct_fields__]
    return [(str(name), inner) for name, inner in part.items()] if isinstance(part, Mapping) else []


def _entry(finding: Finding) -> Table:
    entry = {"value": finding.value, "confirmed": finding.is_proved, "source": finding.source}
    return entry if finding.is_proved else entry | {"guess": Guess.INFERRED.value}


def _make_room(document: Table, name: str, value: Any) -> None:
    """Two calls at one address would do the wrong one of two things, and no profile may say so."""
    parts = name.split(".")
    if parts[0] != "calls" or parts[-1] != "path":
        return
    for slot, call in document["calls"].items():
        is_same_request = {slot, parts[1]} <= _SAME_REQUEST
        if slot != parts[1] and call["path"]["value"] == value and not is_same_request:
            source = f"unknown: {value} is another call's"
            call["path"] = _entry(Finding(f"/unknown/{slot}", source, is_proved=False))


def _document(entry: Entry[Any]) -> Table:
    document: Table = msgspec.to_builtins(entry)
    return {name: value for name, value in document.items() if value is not None}


def _toml(value: Any) -> str:
    """A value as TOML writes it: JSON's way but for tables and one character. (No entry has tables in a list.)"""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_toml(str(name))} = {_toml(inner)}" for name, inner in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
