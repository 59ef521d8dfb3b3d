"""Arguments of the command line: a mistake is one sentence with what to write instead, never a page of usage."""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any, NoReturn

from agent.foundation.errors import UserMistake
from provisioning.spelling import nearest

_LONGEST = 60  # characters of a word that is repeated
_NUMBER = re.compile(r"-\d")  # a value, whatever it begins with
# argparse's own sentences, and ours.
_NO_VALUE = re.compile(r"argument (?P<flag>-\S+): expected .*")
_VALUE = re.compile(r"argument (?P<flags>-\S+): ignored explicit argument .*")
_MISSING = "the following arguments are required: "


class PlainParser(argparse.ArgumentParser):
    """Says in one sentence what is wrong. A word that is misspelt is named before one that is missing.

    No flag can be shortened: a later one would make the short form mean something else. A parser that has commands
    takes flags without a value only. Flags and words may stand in any order; `is_discreet`: no word but a flag is
    repeated, because one of them may be a guest's. `short_for` is the command that is meant
    where the first word is none.
    """

    def __init__(self, *, is_discreet: bool = False, short_for: str = "", **settings: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **settings})
        self._short_for = short_for
        self._is_discreet = is_discreet
        self._commands: Mapping[str, argparse.ArgumentParser] = {}

    def add_subparsers(self, **settings: Any) -> Any:
        """As the base class has it."""
        action = super().add_subparsers(**settings)
        self._commands = action.choices
        return action

    def parse_known_args(  # type: ignore[override] # the base class has overloads that say the same
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        words = self._spelled_out(sys.argv[1:] if args is None else list(args))
        self._refuse_unknown(words)
        known, unknown = super().parse_known_args(words if self._commands else self._flags_first(words), namespace)
        unknown = [word for word in unknown if word != "--"]
        if unknown:
            extra = "that" if self._is_discreet else _quoted(unknown[0])
            raise UserMistake(f"{extra} is one word too many: see {self.prog} --help")
        return known, unknown

    def error(self, message: str) -> NoReturn:
        """Raise it in our words, without the usage."""
        if message.startswith(_MISSING) and self._commands:
            raise UserMistake(self._choice())
        if message.startswith(_MISSING):
            names = message.removeprefix(_MISSING).split(", ")
            verb = "is" if len(names) == 1 else "are"
            raise UserMistake(f"{' and '.join(names)} {verb} missing: write {self.prog} {self._required()}")
        if match := _NO_VALUE.fullmatch(message):
            raise UserMistake(f"{match['flag']} needs a value: write {self._written(match['flag'])}")
        if match := _VALUE.fullmatch(message):
            raise UserMistake(f"{match['flags'].replace('/', ' or ')} takes no value: write it alone")
        raise UserMistake(message.removeprefix("argument "))

    def _spelled_out(self, words: list[str]) -> list[str]:
        is_short = self._short_for and words and not _is_flag(words[0]) and words[0] not in self._commands
        return [self._short_for, *words] if is_short else words

    def _flags_first(self, words: Sequence[str]) -> list[str]:
        """The flags with their values, then all other words: argparse takes an optional word only beside the one
        before it."""
        flags, others, rest = list[str](), list[str](), list(words)
        while rest:
            word = rest.pop(0)
            if word == "--":
                others += rest
                break
            if not _is_flag(word):
                others.append(word)
                continue
            flags.append(word)
            if self._has_value_behind(word) and rest and rest[0] != "--" and not _is_flag(rest[0]):
                flags.append(rest.pop(0))
        return [*flags, *(["--", *others] if others else [])]

    def _has_value_behind(self, flag: str) -> bool:
        return "=" not in flag and self._option_string_actions[flag].nargs is None

    def _refuse_unknown(self, words: Sequence[str]) -> None:
        for word in takewhile(lambda word: word != "--", words):
            if _is_flag(word):
                flag = word.partition("=")[0]
                if flag not in self._option_string_actions:
                    raise UserMistake(self._no_flag(flag))
            elif self._commands:
                if word not in self._commands:
                    raise UserMistake(self._no_command(word))
                return  # what follows is for that command to judge

    def _no_flag(self, flag: str) -> str:
        owners = [
            f"{parser.prog} {flag}" for parser in self._commands.values() if flag in parser._option_string_actions
        ]
        if owners:
            return f"{flag} is not for {self.prog} itself: write {' or '.join(owners)}"
        near = nearest(flag, self._option_string_actions)
        return f"there is no flag {_quoted(flag)}: " + (
            f"did you mean {near!r}?" if near else f"see {self.prog} --help"
        )

    def _no_command(self, word: str) -> str:
        near = nearest(word, (*self._commands, *self._option_string_actions))
        hint = f"did you mean '{self.prog} {near}'?" if near else self._choice()
        return f"there is no '{self.prog} {_quoted(word)[1:-1]}': {hint}"

    def _choice(self) -> str:
        return f"write {self.prog} and one of {', '.join(self._commands)}"

    def _required(self) -> str:
        """What has to be given, as it is written."""
        return " ".join(
            self._written(action.option_strings[0]) if action.option_strings else str(action.metavar)
            for action in self._actions
            if action.required
        )

    def _written(self, flag: str) -> str:
        return f"{flag} {self._option_string_actions[flag].metavar}"


def _is_flag(word: str) -> bool:
    is_like_one = word.startswith("-") and word not in ("-", "--")
    return is_like_one and " " not in word.partition("=")[0] and not _NUMBER.match(word)


def _quoted(word: str) -> str:
    return repr(word[:_LONGEST])
