"""The words that the units call the box's programs by."""

import ast
from pathlib import Path

import pytest

import agent.box
from agent.box.__main__ import VERBS, main

ROOM = Path(agent.box.__file__).parent


@pytest.mark.parametrize("words", [[], ["dance"], ["stick"], ["prepare", "now"], ["stick", "/dev/sda", "x"]])
def test_a_word_that_means_nothing_is_a_wrong_call(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    said = capsys.readouterr().err
    assert said.startswith("agent.box: write one of down, ended, helper, ")
    assert said.endswith(", or stick DEVICE.\n")


def test_a_verb_runs_its_program_once() -> None:
    ran: list[str] = []
    verbs = {"prepare": lambda: ran.append("prepare"), "down": lambda: ran.append("down")}
    assert main(["prepare"], verbs) == 0
    assert ran == ["prepare"]


@pytest.mark.parametrize("verb", sorted({*VERBS, "stick"} - {"ended"}))
def test_each_program_is_there_with_a_main(verb: str) -> None:
    (program,) = ROOM.rglob(f"{verb.replace('-', '_')}.py")
    tree = ast.parse(program.read_text())
    assert "main" in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_verb_loads_its_own_module_only_when_it_is_called() -> None:
    tree = ast.parse((ROOM / "__main__.py").read_text())
    modules = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert modules == {"collections.abc"}
