"""Help: the list of verbs, one verb, and what may stand where the cursor is. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap

from agent.console.words.verbs import DESK_VERBS, VERBS
from agent.control.words.reading import Names, completions
from agent.control.words.verbs import May, Takes, Verb

_COLUMN = 20  # characters of a usage before its help
_ROW = 62  # characters of names in a row
ALL = "all"
_TAKES = {
    Takes.ROOM: "a room, as the lock system calls it",
    Takes.TEXT: "as it is",
}


def short(verbs: Mapping[str, Verb] = VERBS) -> str:
    """The names of all verbs in groups: it fits a screen of 24 rows."""
    looking = [verb for verb in verbs.values() if verb.may is May.LOOK]
    desk = [verb for name, verb in verbs.items() if name in DESK_VERBS and verb.may is May.ACT]
    box = [verb for name, verb in verbs.items() if name not in DESK_VERBS and verb.may is May.ACT]
    groups = (("To look:", looking), ("At the desk:", desk), ("The box itself:", box))
    rows = [f"{head:<17}{row}" for head, group in groups for head, row in _group(head, group)]
    return "\n".join([*rows, "", "help VERB says what one does, help all what all do.", _KEYS])


def _group(head: str, verbs: Iterable[Verb]) -> Iterator[tuple[str, str]]:
    """Rows of names; those that begin with one word are joined: `network show|set`."""
    joined: dict[str, list[str]] = {}
    for verb in verbs:
        first, _, rest = verb.name.partition(" ")
        joined.setdefault(first, []).extend([rest] if rest else [])
    names = [name for first, rest in joined.items() for name in _joined(first, rest)]
    for row in wrap("   ".join(name.replace(" ", "\0") for name in names), _ROW, break_on_hyphens=False):
        yield head, row.replace("\0", " ")
        head = ""


def _joined(first: str, rest: Sequence[str]) -> Iterator[str]:
    """`network show|set`, in as many pieces as fit a row each."""
    piece = ""
    for name in rest:
        if piece and len(first) + len(piece) + len(name) + 2 > _ROW:
            yield f"{first} {piece}"
            piece = ""
        piece = f"{piece}|{name}" if piece else name
    yield f"{first} {piece}".rstrip()


def whole(verbs: Mapping[str, Verb] = VERBS) -> str:
    """All verbs with what they do, those of the desk first. A verb that acts has a star."""
    lines = ["At the desk:", *(_row(verb) for name, verb in verbs.items() if name in DESK_VERBS), "", "The box:"]
    lines += [_row(verb) for name, verb in verbs.items() if name not in DESK_VERBS]
    lines += ["", "* acts, and asks for the console code where the provisioning file sets one."]
    return "\n".join(lines)


def one(verb: Verb) -> str:
    """A verb with its flags."""
    flags = [(f"{option.flag} {option.name}", option.help) for option in verb.options]
    flags += [(f"{switch.flag}, {switch.short}", switch.help) for switch in verb.switches]
    lines = [f"{verb.usage}", f"    {verb.help}", *(f"    {flag:<{_COLUMN}}{help}" for flag, help in flags)]
    lines += ["    It may take a while: Ctrl-C breaks it off."] if verb.is_long else []
    return "\n".join(lines)


def at(words: Sequence[str], may_become: Sequence[str], verbs: Mapping[str, Verb] = VERBS) -> str:
    """What may stand at the cursor: `words` with the last one begun or empty; `may_become` is known to fit."""
    rows = list(_rows(words, may_become, verbs))
    if not rows:
        return "Nothing more: Enter does it."
    return "\n".join(rows)


def _rows(words: Sequence[str], may_become: Sequence[str], verbs: Mapping[str, Verb]) -> Iterator[str]:
    *before, begun = words or [""]
    verb = verbs.get(" ".join(before[:2])) or verbs.get(" ".join(before[:1]))
    if verb is None:
        for word in may_become or completions(words, Names(), verbs):
            name = " ".join([*before, word])
            yield f"{name:<{_COLUMN}} {verbs[name].help}" if name in verbs else f"{name} ..."
        return
    yield verb.usage
    helps = {option.flag: option.help for option in verb.options}
    helps |= {switch.flag: switch.help for switch in verb.switches}
    yield from (f"    {word:<{_COLUMN}}{helps.get(word, '')}".rstrip() for word in may_become)
    for argument in verb.arguments:
        if argument.takes in _TAKES and not begun:
            yield f"    {argument.name:<{_COLUMN}}{_TAKES[argument.takes]}"


def _row(verb: Verb) -> str:
    star = "*" if verb.may is May.ACT else " "
    return f"{star} {verb.name:<{_COLUMN}}{verb.help}"


_KEYS = "Tab completes, ? says what may follow, Ctrl-C breaks off; st does for status."
