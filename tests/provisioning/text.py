"""Provisioning files for tests, put together from the shipped examples, filled in as an installer does it."""

import re
from importlib.resources import files

from provisioning.model import Provisioning
from provisioning.problems import Problem
from provisioning.read import read

EXAMPLES = files("provisioning") / "examples"
PASSWORD = "copper lamp 2093"
PIN = "1d5a0c7e94b2f386" * 4


def filled_in(example: str) -> str:
    """The text of a shipped example with passwords and certificate of a hotel's own."""
    text = (EXAMPLES / example).read_text()
    for old, new in (("blue kettle 4711", PASSWORD), ("green teapot 1742", "silver spoon 5518")):
        text = text.replace(old, new)
    return re.sub(r'(?<=certificate_sha256 = ")[0-9a-f:]+', PIN, text)


MINIMAL = filled_in("minimal.toml")
COMPLETE = filled_in("provisioning.toml")


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


TRUSTING = minimal(
    add="""
[page]
acting = "0.0.0.0:443"
password = "wicker boat 33"

[console]
code = "k7mp-3xqd"

[signing]
key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
number = 7
"""
)
