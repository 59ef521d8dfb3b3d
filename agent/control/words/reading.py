"""Words into a typed request: a mistake is one sentence that says what to write instead. Pure.

What encoders, hops and orders there are is handed in. Must never guess: the nearest name is said, not taken.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from agent.control.words.requests import Request
from agent.control.words.verbs import VERBS, Argument, Option, Takes, Verb
from agent.foundation.errors import UserMistake
from agent.foundation.reading.text import plain, quoted
from provisioning.spelling import nearest

MOST_WORDS = 40
WORD_LIMIT = 200  # characters; the longest name that a provisioning file may give is shorter
ROOM_LIMIT = 60  # characters
_SHOWN = 60  # characters of a word that is repeated
_LISTED = 8  # names in a sentence


class Named(msgspec.Struct, frozen=True):
    """Something with an id (`encoder:1`), and what else it is called: its identifier first, then its name."""

    id: str
    others: tuple[str, ...] = ()


class Names(msgspec.Struct, frozen=True):
    """What there is to name. `orders` are the ids of those with a card to be looked after."""

    hops: tuple[Named, ...] = ()
    encoders: tuple[Named, ...] = ()
    lanes: tuple[Named, ...] = ()
    orders: tuple[str, ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """What was asked: the verb, the request, and the words as they may be repeated."""

    verb: Verb
    request: Request
    text: str


def read(words: Sequence[str], names: Names) -> Asked:
    """The request that these words are. Raises `UserMistake`."""
    if not words:
        raise UserMistake(f"A verb is missing: write one of {', '.join(VERBS)}.")
    if len(words) > MOST_WORDS or any(len(word) > WORD_LIMIT for word in words):
        raise UserMistake(f"That is too long: at most {MOST_WORDS} words of {WORD_LIMIT} characters each.")
    verb = _verb(words)
    given, values = _options(verb, words[len(verb.name.split()) :])
    values |= _arguments(verb, given, names)
    text = " ".join(plain(word, WORD_LIMIT) for word in words)
    return Asked(verb, verb.request(**values), text)


def completions(words: Sequence[str], names: Names) -> tuple[str, ...]:
    """What the last of these words, begun or empty, may become."""
    *before, begun = words or [""]
    return tuple(each for each in _expected(before, names) if each.casefold().startswith(begun.casefold()))


def _expected(before: Sequence[str], names: Names) -> Iterable[str]:
    if not before:
        return VERBS
    verb = VERBS.get(before[0])
    if verb is None:
        return ()
    flags = [option.flag for option in verb.options]
    if before[-1] in flags:
        return ()
    given = sum(last not in flags and word not in flags for last, word in pairwise(before))
    argument = verb.arguments[given] if given < len(verb.arguments) else None
    return [*_known(argument, names), *(flag for flag in flags if flag not in before)]


def _known(argument: Argument | None, names: Names) -> Iterable[str]:
    if argument is None or argument.takes is Takes.ROOM:
        return ()
    if argument.takes is Takes.ORDER:
        return names.orders
    return (named.id for named in _named(argument.takes, names))


def _verb(words: Sequence[str]) -> Verb:
    """The verb that the words begin with; the longest, where one is the beginning of another."""
    for count in range(min(len(words), 2), 0, -1):
        verb = VERBS.get(" ".join(words[:count]))
        if verb is not None:
            return verb
    near = nearest(words[0], VERBS)
    hint = f"did you mean {near}?" if near else f"write one of {', '.join(VERBS)}."
    raise UserMistake(f"There is no verb {_shown(words[0])}: {hint}")


def _options(verb: Verb, words: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """The words that are no options, and the options' values."""
    given: list[str] = []
    values: dict[str, Any] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            return given + rest, values
        if not word.startswith("--"):
            given.append(word)
            continue
        flag, has_value, value = word.partition("=")
        option = _option(verb, flag)
        if not has_value and not rest:
            raise UserMistake(f"{flag} needs a value: write {verb.usage}.")
        values[option.field] = _number(option, value if has_value else rest.pop(0))
    return given, values


def _option(verb: Verb, flag: str) -> Option:
    by_flag = {option.flag: option for option in verb.options}
    if flag in by_flag:
        return by_flag[flag]
    near = nearest(flag, by_flag)
    hint = f"did you mean {near}?" if near else f"write {verb.usage}."
    raise UserMistake(f"There is no flag {_shown(flag)} for {verb.name}: {hint}")


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
    pairs = zip(verb.arguments, given, strict=False)
    return {argument.field: _value(argument, word, names) for argument, word in pairs}


def _value(argument: Argument, word: str, names: Names) -> str:
    text = plain(word, WORD_LIMIT)
    if not text or (argument.takes is Takes.ROOM and len(text) > ROOM_LIMIT):
        raise UserMistake(f"{argument.name} has to be a text of 1 to {ROOM_LIMIT} characters.")
    if argument.takes in (Takes.ROOM, Takes.ORDER):
        if text != word.strip():  # another room may be called as what is left
            raise UserMistake(f"{argument.name} has characters that no name has: write it again in plain letters.")
        return text
    return _found(text, argument.takes, _named(argument.takes, names))


def _named(takes: Takes, names: Names) -> tuple[Named, ...]:
    return {Takes.HOP: names.hops, Takes.ENCODER: names.encoders, Takes.LANE: names.lanes}[takes]


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
    near = nearest(word, (each for named in known for each in (named.id, *named.others)))
    listed = ", ".join(named.id for named in known[:_LISTED])
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return f"There is no {takes} {_shown(word)}: " + (
        f"did you mean {near}?" if near else f"write {listed}{more}."
    )


def _shown(word: str) -> str:
    return quoted(plain(word, _SHOWN))
