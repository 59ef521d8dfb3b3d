"""A verb of the desk on the command line: its flags, what is told as text or as JSON, and the exit code.

The verbs about the lock systems and the printers also work without an agent: with `--config FILE` the desk is
opened here. Printers are looked for without a file, too, for it is to be written after that.
"""

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import msgspec

from agent.control import client
from agent.control.words import sentences
from agent.control.words.told import End, Progress, Result, StepTested, Table
from agent.control.words.verbs import TABLE, TextOption, Verb
from agent.foundation import streams
from agent.foundation.errors import NightPorterError, UserMistake
from agent.foundation.reading.text import LONG_TEXT, plain

COLUMNS = 80
LOCK, PRINT = "lock", "print"
BUNDLE = "bundle"  # whose command writes a file, and also works without an agent: `agent/hotel/bundle_command.py`
FIND = [PRINT, "find"]
_SURE = "--sure"
_AUDIT = "audit"  # of one word, and a table all the same
_GROUPS = {
    LOCK: "the lock systems: list, test, cut, cancel, read, learn",
    "mews": "Mews: test it, list what it has, order a key there",
    PRINT: "the printers: find, test (print PRINTER is short for that), how they are",
}
_SHORT = {PRINT: "test"}  # the verb of a group that its name alone stands for, as the table has it

OwnDesk = Callable[[Path | None, Path | None, list[str], client.Show], Result]
Learn = Callable[[Path, Path | None, Path | None], bool]  # file, site's profile, state directory


def add_verbs(commands: Any, environment: Any, own_desk: OwnDesk, learn: Learn) -> None:
    """The verbs of the desk, as its table has them; those of two words below their first one."""
    groups: dict[str, Any] = {}
    for verb in TABLE:
        group, _, name = verb.name.rpartition(" ")
        if verb.name in _SHORT or verb.name == BUNDLE:
            continue
        if group and group not in groups:
            parser = commands.add_parser(
                group, help=_GROUPS[group], description=_GROUPS[group], short_for=_SHORT.get(group, "")
            )
            groups[group] = parser.add_subparsers(required=True, metavar="VERB")
        place = groups[group] if group else commands
        parser = place.add_parser(name, help=verb.help, description=verb.help, is_discreet=verb.is_discreet)
        _add_verb(parser, verb, environment, own_desk)
    _add_learn(groups[LOCK], learn)


def _add_learn(verbs: Any, learn: Learn) -> None:
    """The one that asks a person questions, and never goes through an agent."""
    about = "prove what is not confirmed of a Coder Bridge, with a person at the encoder"
    parser = verbs.add_parser("learn", help=about, description=about)
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="the provisioning file")
    parser.add_argument("--site", type=Path, metavar="FILE", help="where proofs go; left out: site.toml beside it")
    parser.add_argument("--state", type=Path, metavar="DIR", help="the state directory; no agent may run there")
    parser.set_defaults(command=lambda options: 0 if learn(options.config, options.site, options.state) else 1)


def _add_verb(parser: argparse.ArgumentParser, verb: Verb, environment: Any, own_desk: OwnDesk) -> None:
    for option in verb.options:
        is_required = isinstance(option, TextOption) and option.is_required
        parser.add_argument(
            option.flag, dest=option.field, metavar=option.name, help=option.help, required=is_required
        )
    for switch in verb.switches:
        parser.add_argument(switch.flag, switch.short, dest=switch.field, action="store_true", help=switch.help)
    for argument in verb.arguments:
        parser.add_argument(argument.field, metavar=argument.name, nargs="?" if argument.is_optional else None)
    parser.add_argument("--state", type=Path, metavar="DIR", help="the agent's directory")
    if verb.name.startswith((f"{LOCK} ", f"{PRINT} ")):
        parser.add_argument("--config", type=Path, metavar="FILE", help="without an agent: the provisioning file")
    if " " in verb.name or verb.name == _AUDIT:
        parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(command=lambda options: act(verb, options, environment, own_desk), config=None, json=False)


def act(verb: Verb, options: argparse.Namespace, environment: Any, own_desk: OwnDesk) -> int:
    """Have it done, and show it. Raises `NightPorterError` for what was not done as asked."""
    words = client.words(verb, vars(options))
    face: _Face = _AsJson() if options.json else _AsText()
    result = _done(options, environment, own_desk, words, face.show)
    if result.end is End.UNSURE:
        _make_sure(result.text)
        result = _done(options, environment, own_desk, _surely(verb, words), face.show)
    return face.end(result)


def _done(
    options: argparse.Namespace, environment: Any, own_desk: OwnDesk, words: list[str], show: client.Show
) -> Result:
    """By the agent; where there is none, by a desk of our own, if a file was named."""
    try:
        return client.ask(client.state_folder(options.state, environment), words, show)
    except client.NoAgent as trouble:
        if options.config is None and words[:2] != FIND:
            can_here = words[0] in (LOCK, PRINT)
            hint = " Or name the provisioning file with --config FILE, to do it from here." if can_here else ""
            raise client.NoAgent(f"{trouble}{hint}") from None
    result = own_desk(options.config, options.state, words, show)
    if result.end is End.MISTAKE:
        raise UserMistake(result.text)
    return result


def _make_sure(doubts: str) -> None:
    """Have the person at the terminal say yes, beside what a program may read.

    Raises `UserMistake` where there is no terminal, `NightPorterError` for anything but a yes.
    """
    if not (sys.stdin and sys.stdin.isatty()):
        raise UserMistake(f"{doubts} Write it again with {_SURE} to go on.")
    doubts = streams.fitted(sys.stderr, plain(doubts, LONG_TEXT))
    print(f"{doubts}\nGo on? (yes/no) ", end="", file=sys.stderr, flush=True)
    if _typed_line().strip().casefold() not in ("y", "yes"):
        raise NightPorterError("Nothing was done.")


def _typed_line() -> str:
    """What is typed; "" where the input ends, or Ctrl-C comes, and the cursor is on a new line then too."""
    typed = b""
    with suppress(KeyboardInterrupt):
        typed = sys.stdin.buffer.readline()
    if not typed.endswith(b"\n"):
        print(file=sys.stderr)
    return typed.decode(errors="replace")


def _surely(verb: Verb, words: list[str]) -> list[str]:
    """The same words, with the switch behind the verb's own."""
    own = len(verb.name.split())
    return [*words[:own], _SURE, *words[own:]]


class _Face(Protocol):
    def show(self, told: Progress) -> bool: ...
    def end(self, result: Result) -> int: ...


class _AsText:
    """Line by line, as wide as the terminal."""

    def show(self, told: Progress) -> bool:
        """Show it; whether anyone reads."""
        for line in sentences.lines(told, streams.columns(sys.stdout, COLUMNS)):
            print(line if isinstance(told, Table) else streams.fitted(sys.stdout, plain(line, LONG_TEXT)))
        return streams.loss(sys.stdout) is None

    def end(self, result: Result) -> int:
        """The last word."""
        if result.end is not End.DONE:
            raise NightPorterError(result.text)
        if result.text:
            print(streams.fitted(sys.stdout, result.text))
        return 0


class _AsJson:
    """One object at the end: how it ended, in words, and the rows of tables or the steps of a test. What a person
    has to know meanwhile, to present a card say, goes to standard error."""

    def __init__(self) -> None:
        self._rows: list[dict[str, str | float]] = []

    def show(self, told: Progress) -> bool:
        """Keep what is a row."""
        if isinstance(told, Table):
            self._rows += [dict(zip(_names(told), row, strict=True)) for row in told.rows]
        elif isinstance(told, StepTested):
            self._rows.append(msgspec.structs.asdict(told))
        else:
            print(plain(sentences.line(told), LONG_TEXT), file=sys.stderr)
        return True

    def end(self, result: Result) -> int:
        """Print all of it, in letters that every encoding has."""
        print(json.dumps({"end": result.end, "text": result.text, "rows": self._rows}, indent=2))
        return client.exit_code(result)


def _names(table: Table) -> list[str]:
    return [name.casefold().replace(" ", "_") for name in table.columns]
