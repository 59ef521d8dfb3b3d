"""The chapter of settings: every line of a provisioning file, off its types and its words. Pure."""

from collections.abc import Iterator

import msgspec

from agent.status.manual.sections import Entry, Fact, Section
from provisioning.explain import shown
from provisioning.secret import Secret
from provisioning.shapes import Form, Setting, settings
from provisioning.words import words


def file_settings() -> Section:
    """All sections and settings, in the order of the file."""
    return Section(
        "settings",
        "The provisioning file",
        (
            "Everything about one hotel is in this one file (TOML). nightporter check FILE says all that is wrong "
            "with one, with what to write instead; nightporter provision explain FILE tells one in words. It "
            "holds "
            "tokens and passwords: keep it as you would keep a master key.",
        ),
        tuple(_entries(tuple(settings()))),
    )


def _entries(inside: tuple[Setting, ...]) -> Iterator[Entry]:
    for setting in inside:
        yield Entry(_written(setting), _sentence(words(setting.path).about), tuple(_facts(setting)))
        if setting.shape:
            yield from _entries(tuple(settings(setting.shape, f"{setting.path}.")))


def _written(setting: Setting) -> str:
    """As it stands in the file: [section], [[section]] for one of several, section.setting."""
    if not setting.shape:
        return setting.path
    if setting.form is Form.NAMED:
        return f"[{setting.path}] NAME"
    return f"[[{setting.path}]]" if setting.form is Form.LIST else f"[{setting.path}]"


def _facts(setting: Setting) -> Iterator[Fact]:
    if setting.shape:
        return
    if setting.kind is Secret:
        yield Fact("", "A secret: it is shown nowhere.")
    if setting.default is msgspec.NODEFAULT:
        yield Fact("", "It has to be there.")
    elif setting.default not in (None, (), ""):
        yield Fact("Left out", typed=shown(setting.default))


def _sentence(about: str) -> str:
    return f"{about[:1].upper()}{about[1:]}."
