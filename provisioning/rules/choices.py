"""Settings that take one of a few words, and lists in which nothing may stand twice."""

from enum import StrEnum
from typing import TypeVar

from provisioning.ledger import Once
from provisioning.problems import Wrong
from provisioning.spelling import nearest
from provisioning.table import Rule, Table, plain

W = TypeVar("W", bound=StrEnum)


def read_choice(table: Table, name: str, usual: W) -> W:
    """One of the words that `usual` is one of; `usual` where the file has none, or a wrong one."""
    words = type(usual)
    found = table.optional(name, one_of(words), usual)
    return words(found) if found else usual


def one_of(words: type[StrEnum]) -> Rule:
    """The rule for one of some words, spelled as they are here. The rule raises `Wrong`."""

    def rule(text: str) -> str:
        if text in tuple(words):
            return text
        meant = nearest(text, tuple(words))
        known = " or ".join(f'"{word}"' for word in words)
        raise Wrong(f"is not {known}", f'Write "{meant}"' if meant else f"Write {known}")

    return rule


def read_once_each(table: Table, name: str, example: str) -> tuple[str, ...]:
    """A list of texts that each stand there once; mistakes go into the table's ledger."""
    found = table.texts(name, plain, example)
    once = Once(table.ledger, "Take one of the two out")
    for at, text in enumerate(found):
        once.note(text, table.place_in(name, at))
    return found
