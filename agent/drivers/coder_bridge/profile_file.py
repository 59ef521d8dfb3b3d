"""Reads a site profile: one that ships with the box, or a site's own file that overrides some of its entries.

Never guesses what a file meant: whatever is not understood is refused, all of it at once, in sentences that say
what to write. Facts: reference/coder-bridge.md, section 5.
"""

import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from agent.commands.text import plain
from agent.drivers.coder_bridge import validity
from agent.drivers.coder_bridge.profile import Profile
from agent.errors import UserMistake

_LARGEST_FILE = 256 * 1024  # bytes; the built-in profile has 11,000
_SHIPPED = Path(__file__).parent / "profiles"
_FORM = '{ value = ..., confirmed = true, source = "where that is known from" }'
_PARTS = frozenset({"value", "confirmed", "source", "guess"})
_SET_ELSEWHERE = {
    "address": "coder_bridge.server",
    "tls": "coder_bridge.certificate_sha256",
    "encoder": "[[coder_bridge.encoders]]",
    "rooms": "[doors]",
}
Table = dict[str, Any]


def built_in_names() -> tuple[str, ...]:
    """The profiles that ship with the box."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _SHIPPED.iterdir()))


def load(name_or_path: str, relative_to: Path) -> Profile:
    """The profile of that name, or of the site's own file (a relative path starts at `relative_to`).

    Raises `UserMistake`: one line for a file that cannot be read, else a line for every problem in it.
    """
    if name_or_path in built_in_names():
        return _decoded(_built_in(name_or_path))
    if not name_or_path.endswith(".toml"):
        raise UserMistake(
            f"There is no site profile named {name_or_path!r}{_nearest(name_or_path, built_in_names())}. "
            "A site's own profile is given as the path of a file that ends in .toml."
        )
    return _merged(relative_to / name_or_path)


def _merged(path: Path) -> Profile:
    own = _read(path)
    base = own.pop("base", None)
    if base not in built_in_names():
        known = ", ".join(built_in_names())
        raise UserMistake(f'Site profile {path.name}: write base = "..." with the profile it builds on: {known}.')
    name = own.pop("name", path.stem)
    document = _built_in(base)
    problems = list(_override(document, own))
    if not isinstance(name, str):
        problems.append("name: write a text in quotes.")
    if not problems:
        problems = list(_broken_rules(_decoded(document)))
    if problems:
        raise UserMistake("\n".join(plain(f"Site profile {path.name}: {problem}", 400) for problem in problems))
    return _decoded(document | {"name": name})


def _read(path: Path) -> Table:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UserMistake(
                f"Site profile {path.name}: larger than {_LARGEST_FILE // 1024} KB, so not a profile."
            )
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UserMistake(f"Site profile {path.name} cannot be read: {_why(error)}.") from None
    except RecursionError:
        raise UserMistake(f"Site profile {path.name} cannot be read: it is nested too deeply.") from None


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return (error.strerror or "it cannot be opened").lower()
    if isinstance(error, tomllib.TOMLDecodeError):
        return f"it is not valid TOML: {error}"
    return "it is not UTF-8 text, or not the path of a file"


def _built_in(name: str) -> Table:
    return tomllib.loads((_SHIPPED / f"{name}.toml").read_text("utf-8"))


def _decoded(document: Table) -> Profile:
    return msgspec.convert(document, Profile)


def _override(document: Table, own: Table) -> Iterator[str]:
    """Put the site's entries into the built-in document; yield a sentence for each that cannot be."""
    pristine = deepcopy(document)
    for name, entry in _named(own, document, ""):
        problem = _refused(name, entry, pristine)
        if problem is not None:
            yield problem
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


def _refused(name: str, entry: Any, document: Table) -> str | None:
    """Why this entry cannot override the built-in one, as a sentence; None if it can."""
    known = dict(_entries(document, ""))
    if name.partition(".")[0] in _SET_ELSEWHERE:
        place = _SET_ELSEWHERE[name.partition(".")[0]]
        return f"{name} is set in the provisioning file ({place}): leave it out here."
    if name not in known:
        return f"{name} is not an entry of a site profile{_nearest(name, known)}."
    if not isinstance(entry, dict):
        return f"{name}: write {_FORM}."
    missing = [part for part in ("value", "confirmed", "source") if part not in entry]
    if missing:
        return f"{name}: {' and '.join(missing)} missing; write {_FORM}."
    return _unusable(name, entry, known[name]["value"], document)


def _unusable(name: str, entry: Table, usual: Any, document: Table) -> str | None:
    strange = sorted(set(entry) - _PARTS)
    if strange:
        return f"{name}: {strange[0]!r} is not a part of an entry{_nearest(strange[0], _PARTS)}."
    trial = deepcopy(document)
    _put(trial, name, entry)
    try:
        _decoded(trial)
    except msgspec.ValidationError as error:
        return f"{name}: {str(error).partition(' - at ')[0]}; the built-in profile has {usual!r}."
    return None


def _broken_rules(profile: Profile) -> Iterator[str]:
    """What no single entry shows: entries that contradict each other or that this driver cannot carry out."""
    try:
        validity.check(profile.dates.pattern.value, profile.dates.precision.value)
    except validity.BadPattern as error:
        yield f"dates.pattern: {error}."
    if profile.rms.send.value:
        yield "rms.send: this version sends no room management requests; write value = false."
    yield from _clashes(profile)


def _clashes(profile: Profile) -> Iterator[str]:
    for slot, call in profile.calls.items():
        names = [entry.value for entry in call.fields.values()]
        yield from (
            f"calls.{slot}.fields: {name!r} is used for two fields; each needs its own name."
            for name in sorted({name for name in names if names.count(name) > 1})
        )
        if isinstance(profile.duplicates.how.value, dict):
            yield from (
                f"duplicates.how: {name!r} is a field of calls.{slot} already."
                for name in profile.duplicates.how.value
                if slot == "guest_key" and name in names
            )


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


def _nearest(name: str, known: Any) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" (did you mean {close[0]}?)" if close else ""
