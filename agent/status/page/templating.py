"""The templates of every page that the box serves: one frame, macros that all share, and nothing marked as safe.

`environment` gives another room the frame beside its own templates; a page of it begins with
`{% extends "frame.html" %}` and is rendered by `to_html`. Every value is escaped, and a page never gets a script
or a style from anywhere but the box: the addresses come from `assets.py`.
"""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agent.languages.phrasebook import phrasebook
from agent.status.page import assets
from agent.status.snapshot import words

TEMPLATES = Path(__file__).parent / "templates"


def to_html(template: str, language: str, *folders: Path, **values: object) -> str:
    """A whole page. `folders` are searched for the template before the page's own.

    The frame reads `level` ("ok", "warning", "fault" or "none": icon and colour of the page), `box` (its name),
    `scripts` (assets, in their order), `home` (address of the looking page), and `keep` and `others` of a
    `Reader` (the language in links, and links to other languages); each may be left out.
    """
    return environment(language, *folders).get_template(template).render(values)


@lru_cache(maxsize=8)
def environment(language: str, *folders: Path) -> Environment:
    """Templates in a language: `_` and `{% trans %}` for their own texts, `|said` for sentences in values."""
    book = phrasebook(language)
    made = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_callables(book.gettext, book.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(said=book.say)
    made.globals.update(
        language=book.language,
        style=assets.STYLE.address,
        icons={level: icon.address for level, icon in assets.ICONS.items()},
        level_word=words.level_word,
        level="none",
        box="",
        scripts=(),
        home="/",
        keep="",
        others=(),
    )
    return made
