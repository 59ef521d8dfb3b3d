"""A file with new values in the place of the old ones, and all else as it was: comments, order, blank lines."""

import tomllib
from collections.abc import Mapping
from typing import Any

from agent.laptop.extra import extra
from provisioning.document import Document
from provisioning.writing import written


def kept(old: str, document: Document) -> str:
    """The text of `old`, changed to say what `document` says, and nothing else.

    Where that fails, as for tables that are written in one line, the file is written without its comments.
    """
    tomlkit = extra("tomlkit", "Keeping the comments of a file")
    tables = tomlkit.parse(old)
    _fit(tables, document, tomlkit)
    text: str = tomlkit.dumps(tables)
    return text if _says(text, document) else written(document)


def _says(text: str, document: Document) -> bool:
    try:
        return tomllib.loads(text) == document
    except tomllib.TOMLDecodeError:
        return False


def _fit(table: Any, wanted: Mapping[str, object], tomlkit: Any) -> None:
    """Change a table of tomlkit in place."""
    for name in [name for name in table if name not in wanted]:
        del table[name]
    for name, value in wanted.items():
        known = table.get(name)
        if isinstance(value, Mapping) and isinstance(known, Mapping):
            _fit(known, value, tomlkit)
        elif _are_sections(value) and _are_sections(known):
            _fit_list(known, value, tomlkit)
        elif known is None or tomlkit.item(known).unwrap() != value:
            table[name] = _item(value, tomlkit)


def _fit_list(known: Any, wanted: Any, tomlkit: Any) -> None:
    while len(known) > len(wanted):
        del known[-1]
    for at, value in enumerate(wanted):
        if at < len(known):
            _fit(known[at], value, tomlkit)
        else:
            known.append(_table(value, tomlkit))


def _are_sections(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _item(value: object, tomlkit: Any) -> Any:
    """A new value, a section with a header of its own."""
    if _are_sections(value) and isinstance(value, list):
        sections = tomlkit.aot()
        for each in value:
            sections.append(_table(each, tomlkit))
        return sections
    return _table(value, tomlkit) if isinstance(value, Mapping) else tomlkit.item(value)


def _table(value: Mapping[str, object], tomlkit: Any) -> Any:
    table = tomlkit.table()
    for name, each in value.items():
        table.append(name, _item(each, tomlkit))
    return table
