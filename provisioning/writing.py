"""A provisioning file out of its tables, as TOML 1.0 (https://toml.io/en/v1.0.0). Pure.

It has no comments of an older file: `agent/laptop/` keeps those, with a package that no box has.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

from provisioning.document import Document
from provisioning.shapes import settings
from provisioning.words import WORDS

HEADING = (
    "# Night Porter: the provisioning file of one hotel.\n"
    "# It holds tokens and passwords: keep it as you would keep a master key.\n"
)
COLUMNS = 100  # of a list on one line
NOTES = 36  # the column at which a comment begins, as in the example
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_UNWRITABLE = re.compile(r"[^ -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\"\\]")


Offered = Mapping[tuple[str, ...], Mapping[str, object]]


def written(document: Document, offered: Offered | None = None) -> str:
    """The text of the file, its sections in the order of the example; what has no place there comes last.

    `offered` are settings by their sections, and their values: those that a section does not have stand in it as
    comments, so that a person finds them. Raises ValueError for what is no value of TOML.
    """
    order = [setting.name for setting in settings()]
    names = sorted(document, key=lambda name: order.index(name) if name in order else len(order))
    return (
        HEADING + "\n" + "".join(_table({name: document[name] for name in names}, (), offered or {})).lstrip("\n")
    )


def line(name: str, value: object) -> str:
    """One value under its name, on one line without an end. Raises ValueError for what is no value of TOML."""
    return f"{_key(name)} = {_value(value)}"


def _table(table: Mapping[str, object], path: tuple[str, ...], offered: Offered) -> Iterator[str]:
    """What is a value of its own, then the sections below it: TOML takes no value after those."""
    sections = {name: found for name, value in table.items() if (found := _sections_of(value, path))}
    for name, value in table.items():
        if name not in sections:
            yield f"{_key(name)} = {_broken(value)}\n"
    for name, value in offered.get(path, {}).items():
        if name not in table:
            setting = f"# {_key(name)} = {_value(value)}"
            yield f"{setting:<{NOTES - 1}} # {WORDS['.'.join((*path, name))].about}\n"
    for name, value in sections.items():
        header = ".".join(map(_key, (*path, name)))
        for each in value:
            yield f"\n[[{header}]]\n" if isinstance(table[name], list) else f"\n[{header}]\n"
            yield from _table(each, (*path, name), offered)


def _sections_of(value: object, path: tuple[str, ...]) -> list[Document]:
    """What has a header in it: a table of the file itself, and each of a list of tables."""
    if isinstance(value, dict) and not path:
        return [value]
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return value
    return []


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _broken(value: object) -> str:
    """A value of a line of its own: a long list has a line for each of it, as a file has no very long ones."""
    text = _value(value)
    if not isinstance(value, list) or len(text) <= COLUMNS:
        return text
    return "[\n" + "".join(f"    {_value(each)},\n" for each in value) + "]"


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case int() | float():
            return repr(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case Mapping():
            inside = ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case _:
            raise ValueError(f"TOML has no {type(value).__name__}")


def _text(text: str) -> str:
    return '"' + _UNWRITABLE.sub(_escaped, text) + '"'


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if "\ud800" <= character <= "\udfff":
        raise ValueError("half a character cannot be written")
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"
