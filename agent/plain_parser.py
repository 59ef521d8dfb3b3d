"""Arguments of the command line: a mistake is one sentence with what was probably meant, never a page of usage."""

import argparse
from collections.abc import Sequence
from difflib import get_close_matches
from typing import NoReturn

from agent.errors import UserMistake


class PlainParser(argparse.ArgumentParser):
    """Says in one sentence what is wrong, with the flag that was probably meant."""

    def parse_known_args(  # type: ignore[override] # the base class has overloads that say the same
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            raise UserMistake(self._objection(unknown[0].partition("=")[0][:60]))
        return known, unknown

    def _objection(self, unknown: str) -> str:
        if not unknown.startswith("-"):
            return f"{unknown!r} is one word too many: see --help for what can be written here"
        flags = [name for action in self._actions for name in action.option_strings]
        near = get_close_matches(unknown, flags, n=1, cutoff=0)
        return f"there is no flag {unknown!r}: did you mean {near[0]!r}?"

    def error(self, message: str) -> NoReturn:
        """Raise it as it is, without the usage."""
        raise UserMistake(message)
