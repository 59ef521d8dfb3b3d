"""Which verbs the page offers, and the fields of their forms: all of it from the desk's own table.

Turns a form into the words that a person would have typed. Has no logic of its own: the desk judges the words.
"""

from collections.abc import Mapping

import msgspec

from agent.control.words.reading import Named, Names
from agent.control.words.verbs import VERBS, Argument, Option, Takes, Verb
from agent.foundation.errors import UserMistake
from agent.status.snapshot.stations import title

OFFERED = ("test", "key", "print test", "lock settle", "seen", "takeover", "reload", "bundle")
ASKED_TWICE = ("key", "takeover")
OF_A_LANE = ("pause", "resume")
_TITLES = {
    "test": "Test",
    "key": "Test key",
    "print test": "Test page",
    "lock settle": "Read a card that was perhaps cut",
    "seen": "A card was looked after",
    "takeover": "Take over at Mews",
    "reload": "Read the provisioning file again",
    "bundle": "Support bundle",
    "pause": "Pause",
    "resume": "Go on",
}
_ABOUT = {
    "test": "Looks step by step at one hop or at all of them: cable, address, name, connection, log-in, clock.",
    "key": "Has a key cut by the same way as any other, to try it. It locks no guest out.",
    "print test": "Has a page printed with the box, the time and a ruler on it.",
    "lock settle": "Reads the card at its encoder, and says whether it is the key of that order.",
    "seen": "Takes the card off the page, once somebody has looked at it and at its door.",
    "takeover": "Signs in at Mews now, though another connector is at work. Stop that one.",
    "reload": "Takes what was changed in the file on the box itself. A bad file is refused.",
    "bundle": "Packs how the box is and was into one file, without guests and secrets.",
}


class Choice(msgspec.Struct, frozen=True):
    """What a field may be, and what it is called."""

    value: str
    title: str
    is_ours: bool = False  # and so in the reader's language; a name is not translated


class Field(msgspec.Struct, frozen=True):
    """One input. With `choices` it is one of them, with `least` and `most` a number, else a text."""

    name: str
    title: str
    choices: tuple[Choice, ...] = ()
    hints: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    value: str = ""


class Offer(msgspec.Struct, frozen=True):
    """A form. It is not `possible` where there is nothing to name."""

    verb: str
    title: str
    about: str
    fields: tuple[Field, ...]
    possible: bool


def offers(names: Names) -> tuple[Offer, ...]:
    """The forms of the page, for what there is to name just now."""
    return tuple(_offer(VERBS[name], names) for name in OFFERED)


def lane_choices(names: Names) -> tuple[Choice, ...]:
    """The lanes with what they are called."""
    return tuple(map(_named, names.lanes))


def title_of(verb: str) -> str:
    """What a form is called."""
    return _TITLES.get(verb, verb)


def told(verb: Verb, form: Mapping[str, str], names: Names) -> tuple[tuple[str, Choice], ...]:
    """What a form says, for people: the titles of its fields that say something, and what they say."""
    given = ((field, form.get(field.name, "").strip()) for field in _offer(verb, names).fields)
    return tuple((field.title, _chosen(field, value)) for field, value in given if value)


def words_of(form: Mapping[str, str]) -> list[str]:
    """The words that a form stands for. Raises `UserMistake` for a verb that the page does not offer."""
    name = form.get("verb", "")
    verb = VERBS.get(name)
    if verb is None or name not in (*OFFERED, *OF_A_LANE):
        raise UserMistake("That is no act of this page: choose one of its forms.")
    given = [form.get(argument.field, "").strip() for argument in verb.arguments]
    while given and not given[-1]:
        given.pop()
    options = [(each.flag, form.get(each.field, "").strip()) for each in verb.options]
    flags = [f"{flag}={value}" for flag, value in options if value]
    sure = ["--sure"] if form.get("sure") and any(each.flag == "--sure" for each in verb.switches) else []
    return [*name.split(), *given, *flags, *sure]


def _offer(verb: Verb, names: Names) -> Offer:
    fields = (
        *(_argument(each, names) for each in verb.arguments),
        *(_option(each) for each in verb.options if isinstance(each, Option)),
    )
    possible = all(field.choices or _is_free(each) for field, each in zip(fields, verb.arguments, strict=False))
    return Offer(verb.name, title_of(verb.name), _ABOUT[verb.name], fields, possible)


def _chosen(field: Field, value: str) -> Choice:
    return next((choice for choice in field.choices if choice.value == value), Choice(value, value))


def _is_free(argument: Argument) -> bool:
    return argument.is_optional or argument.takes in (Takes.ROOM, Takes.TEXT)


def _argument(argument: Argument, names: Names) -> Field:
    title = argument.name.capitalize()
    if argument.takes is Takes.ROOM:
        return Field(argument.field, title, hints=tuple(names.rooms))
    named = {
        Takes.HOP: names.hops,
        Takes.ENCODER: names.encoders,
        Takes.LANE: names.lanes,
        Takes.PRINTER: names.printers,
    }.get(argument.takes, ())
    every = (Choice("", "all", is_ours=True),) if argument.is_optional else ()
    choices = (*every, *map(_named, named))
    if argument.takes is Takes.ORDER:
        title, choices = "Card", tuple(Choice(id, names.called.get(id, id), is_ours=True) for id in names.orders)
    return Field(argument.field, title, choices=choices)


def _option(option: Option) -> Field:
    default = {"copies": "1", "hours": "2"}.get(option.field, "")
    return Field(option.field, option.field.capitalize(), least=option.least, most=option.most, value=default)


def _named(named: Named) -> Choice:
    """By its own name, or by what the page calls such a hop."""
    own = named.others[-1] if named.others else ""
    return Choice(named.id, own or title(named.id), is_ours=not own)
