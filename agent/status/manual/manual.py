"""The whole manual, and how a topic of it is found. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from agent.control.words.verbs import Verb
from agent.foundation.errors import UserMistake
from agent.foundation.reading.text import plain, quoted
from agent.status.manual.faults import faults
from agent.status.manual.guide import FIRST, security
from agent.status.manual.notes import notes
from agent.status.manual.sections import Entry, Section
from agent.status.manual.settings import file_settings
from agent.status.manual.verbs import commands, console_verbs, desk_verbs
from agent.status.snapshot.support_until import SUPPORTED_UNTIL
from provisioning.spelling import nearest

_SHOWN = 60  # characters of a topic that is repeated


def manual(console: Sequence[Verb] = ()) -> tuple[Section, ...]:
    """All chapters; `console` are the console's own verbs."""
    return (
        *FIRST,
        faults(),
        notes(),
        file_settings(),
        desk_verbs(),
        console_verbs(console),
        commands(),
        security(SUPPORTED_UNTIL),
    )


def found(chapters: Sequence[Section], topic: str) -> tuple[Section | Entry, ...]:
    """What the topic names: a chapter, or entries of that name. Raises `UserMistake`, with the nearest that is."""
    wanted = _bare(topic)
    for chapter in chapters:
        if wanted == chapter.anchor:
            return (chapter,)
    entries = [entry for chapter in chapters for entry in chapter.entries]
    if same := tuple(entry for entry in entries if _bare(entry.name) == wanted):
        return same
    if begun := tuple(entry for entry in entries if _begins(entry.name, wanted)):
        return begun
    known = {_bare(name): name for name in _names(chapters)}
    near = nearest(wanted, known)
    hint = (
        f"did you mean {known[near]}?" if near else f"write one of {', '.join(each.anchor for each in chapters)}."
    )
    raise UserMistake(f"The manual has nothing about {quoted(plain(topic, _SHOWN))}: {hint}")


def _names(chapters: Iterable[Section]) -> Iterator[str]:
    for chapter in chapters:
        yield chapter.anchor
        yield from (entry.name for entry in chapter.entries)


def _begins(name: str, wanted: str) -> bool:
    """`lock` stands for all verbs of the lock systems, `mews` for the section's settings."""
    bare = _bare(name)
    return bool(wanted) and (bare.startswith((f"{wanted} ", f"{wanted}.")))


def _bare(name: str) -> str:
    """A name as people type it: small letters, without brackets and the name of the command."""
    bare = " ".join(name.casefold().translate(_NO_BRACKETS).split())
    return bare.removeprefix("nightporter ").removesuffix(" name")


_NO_BRACKETS = str.maketrans("", "", "[]")
