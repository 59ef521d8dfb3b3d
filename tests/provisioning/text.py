"""Provisioning files for tests, put together from the shipped minimal example."""

from importlib.resources import files

from provisioning.model import Provisioning
from provisioning.problems import Problem
from provisioning.read import read

MINIMAL = (files("provisioning") / "examples" / "minimal.toml").read_text()
COMPLETE = (files("provisioning") / "examples" / "provisioning.toml").read_text()


def minimal(old: str = "", new: str = "", add: str = "") -> str:
    """The minimal file with `old` (which must be there) replaced by `new`, and `add` at its end."""
    assert old in MINIMAL
    return (MINIMAL.replace(old, new, 1) if old else MINIMAL) + add


def good(text: str) -> Provisioning:
    """The values of a file that must be without errors."""
    provisioning = read(text.encode()).provisioning
    assert provisioning is not None, read(text.encode()).problems
    return provisioning


def problems(text: str) -> tuple[Problem, ...]:
    """All problems of a file."""
    return read(text.encode()).problems


def the_problem(text: str) -> Problem:
    """The one problem of a file that must have exactly one."""
    [problem] = problems(text)
    return problem
