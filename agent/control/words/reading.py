"""Words into a typed request: a mistake is one sentence that says what to write instead. Pure.

What encoders, hops and orders there are is handed in. Must never guess: the nearest name is said, not taken.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import msgspec

from agent.control.words.verbs import VERBS, Argument, Option, Takes, TextOption, Verb
from agent.foundation.errors import UserMistake
from agent.foundation.reading.text import plain, quoted
from provisioning.spelling import nearest

MOST_WORDS = 40
WORD_LIMIT = 200  # characters; the longest name that a provisioning file may give is shorter
ROOM_LIMIT = 60  # characters
_CONTACT_LIKE = re.compile(r"@|^\s*(\+|00)[\d ()/.-]{6,}")  # an address, a number with its country
HIDDEN = "(hidden)"  # stands for a word that is private
_SHOWN = 60  # characters of a word that is repeated
_LISTED = 8  # names in a sentence
_YEARS = range(2000, 2100)  # beyond these a day is a mistake


class Named(msgspec.Struct, frozen=True):
    """Something with an id (`encoder:1`), and what else it is called: its identifier first, then its name."""

    id: str
    others: tuple[str, ...] = ()


class Names(msgspec.Struct, frozen=True):
    """What there is to name. `orders` are the ids of those with a card to be looked after; any room can be named,
    `rooms` are those that the file lists, and `called` says what such a card is, by its order.
    """

    hops: tuple[Named, ...] = ()
    encoders: tuple[Named, ...] = ()
    lanes: tuple[Named, ...] = ()
    printers: tuple[Named, ...] = ()
    orders: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    called: Mapping[str, str] = {}


class Asked(msgspec.Struct, frozen=True):
    """What was asked: the verb, the request, and the words as they may be repeated."""

    verb: Verb
    request: msgspec.Struct
    text: str


Verbs = Mapping[str, Verb]  # a table of verbs by their names of one word or two


def read(words: Sequence[str], names: Names, verbs: Verbs = VERBS) -> Asked:
    """The request that these words are. Raises `UserMistake`."""
    if not words:
        raise UserMistake(f"A verb is missing: write one of {', '.join(verbs)}.")
    if len(words) > MOST_WORDS or any(len(word) > WORD_LIMIT for word in words):
        raise UserMistake(f"That is too long: at most {MOST_WORDS} words of {WORD_LIMIT} characters each.")
    verb = verb_of(words, verbs)
    behind = words[len(verb.name.split()) :]
    try:
        given, values = _options(verb, behind)
        _refuse_missing(verb, values)
        values |= _arguments(verb, given, names)
    except UserMistake as mistake:
        raise UserMistake(_discreet(str(mistake), behind) if verb.is_discreet else str(mistake)) from None
    return Asked(verb, verb.request(**values), " ".join(_repeated(verb, words, given)))


def _refuse_missing(verb: Verb, values: Mapping[str, Any]) -> None:
    wanted = (option for option in verb.options if isinstance(option, TextOption) and option.is_required)
    missing = [f"{option.flag} {option.name}" for option in wanted if option.field not in values]
    if missing:
        is_or_are = "is" if len(missing) == 1 else "are"
        raise UserMistake(f"{' and '.join(missing)} {is_or_are} missing: write {verb.usage}.")


def completions(words: Sequence[str], names: Names, verbs: Verbs = VERBS) -> tuple[str, ...]:
    """What the last of these words, begun or empty, may become."""
    *before, begun = words or [""]
    expected = dict.fromkeys(_expected(before, names, verbs))
    return tuple(each for each in expected if each.casefold().startswith(begun.casefold()))


def _expected(before: Sequence[str], names: Names, verbs: Verbs) -> Iterable[str]:
    following = [name.split()[len(before)] for name in verbs if _goes_on(name.split(), before)]
    verb = _named_verb(before, verbs)
    return following if verb is None else [*following, *_behind(verb, before[len(verb.name.split()) :], names)]


def _goes_on(name: Sequence[str], before: Sequence[str]) -> bool:
    return len(name) > len(before) and list(name[: len(before)]) == list(before)


def _behind(verb: Verb, given: Sequence[str], names: Names) -> Iterable[str]:
    """What may stand behind a verb and these words."""
    valued = [option.flag for option in verb.options]
    if given and given[-1] in valued:
        return ()
    flags = [*valued, *(switch.flag for switch in verb.switches)]
    count = sum(last not in valued and word not in flags for last, word in pairwise(["", *given]))
    argument = verb.arguments[count] if count < len(verb.arguments) else None
    return [*_known(argument, names), *(flag for flag in flags if flag not in given)]


def _known(argument: Argument | None, names: Names) -> Iterable[str]:
    if argument is None:
        return ()
    if argument.takes in (Takes.HOP, Takes.ENCODER, Takes.LANE, Takes.PRINTER):
        return (named.id for named in _named(argument.takes, names))
    return _listed(argument.takes, names)


def _listed(takes: Takes, names: Names) -> tuple[str, ...]:
    """What there is of names that are words and no more."""
    lists = {
        Takes.ORDER: names.orders,
        Takes.ROOM: names.rooms,
        Takes.CODE: names.codes,
        Takes.VERB: names.verbs,
    }
    return lists.get(takes, ())


def verb_of(words: Sequence[str], verbs: Verbs = VERBS) -> Verb:
    """The verb that the words begin with, the longest of several. Raises `UserMistake`."""
    verb = _named_verb(words, verbs)
    if verb is not None:
        return verb
    following = [name for name in verbs if name.split()[0] == words[0]]
    if following:
        raise UserMistake(f"{words[0]} needs one word more: write {' or '.join(following)}.")
    near = nearest(words[0], verbs)
    hint = f"did you mean {near}?" if near else f"write one of {', '.join(verbs)}."
    raise UserMistake(f"There is no verb {_shown(words[0])}: {hint}")


def _named_verb(words: Sequence[str], verbs: Verbs) -> Verb | None:
    for count in range(min(len(words), 2), 0, -1):
        verb = verbs.get(" ".join(words[:count]))
        if verb is not None:
            return verb
    return None


def _repeated(verb: Verb, words: Sequence[str], given: Sequence[str]) -> Iterable[str]:
    """The words without what is private."""
    pairs = zip(verb.arguments, given, strict=False)
    private = {word for argument, word in pairs if argument.is_private}
    return (HIDDEN if word in private else plain(word, WORD_LIMIT) for word in words)


def _discreet(mistake: str, words: Sequence[str]) -> str:
    """The sentence without any of the words, flags alone left out: the private one may stand in any place."""
    values = (word.partition("=")[2] if word.startswith("--") else word for word in words)
    for shown in map(_shown, filter(None, values)):
        mistake = mistake.replace(shown, quoted(HIDDEN))
    return mistake


def _options(verb: Verb, words: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """The words that are no options, and the options' values."""
    given: list[str] = []
    values: dict[str, Any] = {}
    switches = {name: each.field for each in verb.switches for name in (each.flag, each.short)}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            return given + rest, values
        if word in switches:
            values[switches[word]] = True
            continue
        if not word.startswith("--"):
            given.append(word)
            continue
        flag, has_value, value = word.partition("=")
        option = _option(verb, flag)
        if not has_value and not rest:
            raise UserMistake(f"{flag} needs a value: write {verb.usage}.")
        values[option.field] = _option_value(option, value if has_value else rest.pop(0))
    return given, values


def _option(verb: Verb, flag: str) -> Option | TextOption:
    by_flag = {option.flag: option for option in verb.options}
    if flag in by_flag:
        return by_flag[flag]
    near = nearest(flag, (*by_flag, *(switch.flag for switch in verb.switches)))
    hint = f"did you mean {near}?" if near else f"write {verb.usage}."
    raise UserMistake(f"There is no flag {_shown(flag)} for {verb.name}: {hint}")


def _option_value(option: Option | TextOption, word: str) -> int | str:
    if isinstance(option, Option):
        return _number(option, word)
    text = plain(word, WORD_LIMIT)
    if not text or text != word.strip():
        raise UserMistake(f"{option.flag} needs a word in plain letters, and not {_shown(word)}.")
    return _day(option, text) if option.takes is Takes.DAY else text


def _day(option: TextOption, text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise UserMistake(f"{option.flag} takes a day like 2026-11-26, and not {_shown(text)}.")
    return day.isoformat()


def _number(option: Option, word: str) -> int:
    if word.isascii() and word.isdigit() and len(word) <= 9 and option.least <= int(word) <= option.most:
        return int(word)
    raise UserMistake(
        f"{option.flag} takes a whole number from {option.least} to {option.most}, and not {_shown(word)}."
    )


def _arguments(verb: Verb, given: Sequence[str], names: Names) -> dict[str, Any]:
    if len(given) > len(verb.arguments):
        extra = given[len(verb.arguments)]
        spaces = " A name with spaces stands in quotation marks." if verb.arguments else ""
        raise UserMistake(f"{_shown(extra)} is one word too many: write {verb.usage}.{spaces}")
    missing = [argument.name for argument in verb.arguments[len(given) :] if not argument.is_optional]
    if missing:
        is_or_are = "is" if len(missing) == 1 else "are"
        raise UserMistake(f"{' and '.join(missing)} {is_or_are} missing: write {verb.usage}.")
    pairs = tuple(zip(verb.arguments, given, strict=False))
    if verb.is_discreet:
        _refuse_misplaced(verb, pairs)
    return {argument.field: _value(argument, word, names) for argument, word in pairs}


def _refuse_misplaced(verb: Verb, pairs: Iterable[tuple[Argument, str]]) -> None:
    """A guest's number or address is taken in its own place alone: in another one it would be written down."""
    if any(_CONTACT_LIKE.search(word) for argument, word in pairs if not argument.is_private):
        private = " or ".join(argument.name for argument in verb.arguments if argument.is_private)
        raise UserMistake(f"What looks like a {private} stands in another place: write {verb.usage}.")


def _value(argument: Argument, word: str, names: Names) -> str:
    text = plain(word, WORD_LIMIT)
    if not text or (argument.takes is Takes.ROOM and len(text) > ROOM_LIMIT):
        raise UserMistake(f"{argument.name} has to be a text of 1 to {ROOM_LIMIT} characters.")
    if argument.takes in (Takes.ROOM, Takes.ORDER, Takes.TEXT):
        if text != word.strip():  # another room may be called as what is left
            raise UserMistake(f"{argument.name} has characters that no name has: write it again in plain letters.")
        return text
    return _found(text, argument.takes, _named(argument.takes, names))


def _named(takes: Takes, names: Names) -> tuple[Named, ...]:
    named = {
        Takes.HOP: names.hops,
        Takes.ENCODER: names.encoders,
        Takes.LANE: names.lanes,
        Takes.PRINTER: names.printers,
    }
    return named[takes] if takes in named else tuple(map(Named, _listed(takes, names)))


def _found(word: str, takes: Takes, known: Sequence[Named]) -> str:
    """The id of what is called so: by its id, else by its identifier, else by its name."""
    for place in range(3):
        found = [named.id for named in known if _called(named)[place : place + 1] == (word.casefold(),)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UserMistake(f"{_shown(word)} is the name of {len(found)}: write {' or '.join(found)}.")
    raise UserMistake(_unknown(word, takes, known))


def _called(named: Named) -> tuple[str, ...]:
    return tuple(each.casefold() for each in (named.id, *named.others))


def _unknown(word: str, takes: Takes, known: Sequence[Named]) -> str:
    if not known:
        return f"This box has no {takes} yet: the provisioning file sets them up."
    if takes is Takes.PRINTER:  # few, and Mews has them by name
        return f"There is no printer {_shown(word)}: write {_either(_written(known))}."
    near = nearest(word, (each for named in known for each in (named.id, *named.others)))
    listed = ", ".join(named.id for named in known[:_LISTED])
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return f"There is no {takes} {_shown(word)}: " + (
        f"did you mean {near}?" if near else f"write {listed}{more}."
    )


def _written(known: Sequence[Named]) -> list[str]:
    """Their names, as a shell and the console take them."""
    names = [named.others[-1] for named in known[:_LISTED]]
    more = [f"one of {len(known) - _LISTED} more"] if len(known) > _LISTED else []
    return [*(f'"{name}"' if " " in name else name for name in names), *more]


def _either(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _shown(word: str) -> str:
    return quoted(plain(word, _SHOWN))
