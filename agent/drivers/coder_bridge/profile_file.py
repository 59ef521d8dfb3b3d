"""Reads a site profile: one that ships with the box, or a site's own file that overrides some of its entries.

Never guesses what a file meant: whatever is not understood is refused, all of it at once, with its line and with
what to write. Facts: reference/coder-bridge.md, section 5.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.profile_rules import Finding, broken_rules
from agent.foundation.reading.text import plain
from provisioning.document import decode, parse
from provisioning.positions import Positions
from provisioning.problems import Problem
from provisioning.spelling import nearest

_SHIPPED = Path(__file__).parent / "profiles"
_FORM = '{ value = ..., confirmed = true, source = "where that is known from" }'
_PARTS = ("value", "confirmed", "source", "guess")
_SET_ELSEWHERE = {
    "address": "coder_bridge.server",
    "tls": "coder_bridge.certificate_sha256",
    "encoder": "[[coder_bridge.encoders]]",
    "rooms": "[doors]",
}
_LONGEST = 200  # characters of a part of a sentence
Table = dict[str, Any]


@cache
def built_in_names() -> tuple[str, ...]:
    """The profiles that ship with the box."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _SHIPPED.iterdir()))


def built_in(name: str) -> Profile:
    """A profile that ships with the box."""
    return _decoded(_document(name))


def read(file: str, content: bytes) -> Profile | tuple[Problem, ...]:
    """The profile of a site's own file with that name and content, or everything that is wrong with it."""
    text = decode(content)
    if isinstance(text, Problem):
        return (_in(file, text),)
    own = parse(text)
    if isinstance(own, Problem):
        return (_in(file, own),)
    found = _merged(own, file.removesuffix(".toml"))
    return found if isinstance(found, Profile) else tuple(_problems(found, file, Positions(text)))


def _in(file: str, problem: Problem) -> Problem:
    path = problem.path if problem.line_number else ""  # the file's name says it
    return msgspec.structs.replace(problem, path=path, file=file)


def _merged(own: Table, stem: str) -> Profile | list[Finding]:
    base, name = own.pop("base", None), own.pop("name", stem)
    if base not in built_in_names():
        known = " or ".join(f'base = "{each}"' for each in built_in_names())
        return [("base", "names no profile that ships with the box", f"Write {known} as the first line")]
    document = _document(base)
    findings = list(_override(document, own))
    if not isinstance(name, str):
        findings.append(("name", "is not text", "Write it in quotes"))
    findings = findings or list(broken_rules(_decoded(document)))
    return findings or _decoded(document | {"name": name})


def _problems(findings: list[Finding], file: str, positions: Positions) -> Iterator[Problem]:
    for name, wrong, write in findings:
        line = 1 if name == "base" else positions.line(tuple(name.split(".")))
        yield Problem(
            plain(name, _LONGEST), plain(wrong, _LONGEST), plain(write, _LONGEST), line_number=line, file=file
        )


def _document(name: str) -> Table:
    return tomllib.loads((_SHIPPED / f"{name}.toml").read_text("utf-8"))


def _decoded(document: Table) -> Profile:
    return msgspec.convert(document, Profile)


def _override(document: Table, own: Table) -> Iterator[Finding]:
    """Put the site's entries into the built-in document; yield what is wrong with each that cannot be."""
    pristine = deepcopy(document)
    for name, entry in _named(own, document, ""):
        refused = _refused(name, entry, pristine)
        if refused:
            yield name, *refused
        else:
            _put(document, name, entry)


def _named(own: Table, known: Table, prefix: str) -> Iterator[tuple[str, Any]]:
    """The site's entries with their full names, as deep as the built-in document goes."""
    for name, value in own.items():
        inner = known.get(name)
        if isinstance(inner, dict) and not _is_entry(inner) and isinstance(value, dict):
            yield from _named(value, inner, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _refused(name: str, entry: Any, document: Table) -> tuple[str, str] | None:
    """Why this entry cannot override the built-in one, and what to write; None if it can."""
    known = dict(_entries(document, ""))
    section = name.partition(".")[0]
    if section in _SET_ELSEWHERE:
        return f"is set in the provisioning file ({_SET_ELSEWHERE[section]})", "Leave it out here"
    if name not in known:
        meant = nearest(name, (*known, *_sections(known)))
        return "is not an entry of a site profile", f"Did you mean {meant}?" if meant else "Take it out"
    if not isinstance(entry, dict):
        return "is not an entry with its proof", f"Write {_FORM}"
    missing = [part for part in ("value", "confirmed", "source") if part not in entry]
    if missing:
        return f"has no {' and no '.join(missing)}", f"Write {_FORM}"
    return _unusable(name, entry, known[name]["value"], document)


def _sections(names: Iterable[str]) -> set[str]:
    return {name.rpartition(".")[0] for name in names}


def _unusable(name: str, entry: Table, usual: Any, document: Table) -> tuple[str, str] | None:
    strange = sorted(set(entry) - set(_PARTS))
    if strange:
        meant = nearest(strange[0], _PARTS)
        return f'has "{strange[0]}", which no entry has', f"Did you mean {meant}?" if meant else f"Write {_FORM}"
    if isinstance(entry["source"], str) and not entry["source"].strip():
        return "does not say where it is known from", 'Write it as source = "..."'
    trial = deepcopy(document)
    _put(trial, name, entry)
    try:
        _decoded(trial)
    except msgspec.ValidationError as error:
        why = str(error).partition(" - at ")[0]
        return f"cannot be used ({why})", f"Write something like value = {msgspec.json.encode(usual).decode()}"
    return None


def _entries(document: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Table]]:
    for name, value in document.items():
        if isinstance(value, dict) and _is_entry(value):
            yield prefix + name, value
        elif isinstance(value, dict):
            yield from _entries(value, f"{prefix}{name}.")


def _is_entry(table: Table) -> bool:
    return "confirmed" in table


def _put(document: Table, name: str, entry: Table) -> None:
    *groups, leaf = name.split(".")
    for group in groups:
        document = document[group]
    document[leaf] = entry
