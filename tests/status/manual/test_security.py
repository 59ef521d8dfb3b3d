"""What the manual, the command line and SECURITY.md say is the same."""

import argparse
from pathlib import Path

from agent.__main__ import _parser
from agent.control.words.verbs import TABLE
from agent.status.manual.verbs import COMMANDS
from agent.status.snapshot.support_until import SUPPORTED_UNTIL


def test_security_md_says_the_same_date_as_the_manual() -> None:
    text = (Path(__file__).parents[3] / "SECURITY.md").read_text()
    assert f"until {SUPPORTED_UNTIL}" in text


def test_the_manual_lists_each_command_with_the_words_of_the_command_line() -> None:
    [commands] = [each for each in _parser(["help"])._actions if isinstance(each, argparse._SubParsersAction)]
    told = {each.dest: each.help for each in commands._choices_actions}
    groups = {verb.name.split()[0] for verb in TABLE} - {"bundle"}
    assert {name: about for name, about in told.items() if name not in groups} == COMMANDS
