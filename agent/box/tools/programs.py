"""How the box's root services run the system's own programs: no shell, a time limit, typed trouble.

What runs programs takes `run` as an argument, so that a test can give another one.
"""

import os
import subprocess
from collections.abc import Collection, Sequence
from typing import Protocol

import msgspec

from agent.foundation.errors import NightPorterError, reason_of
from agent.foundation.reading.text import plain

ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


class Finished(msgspec.Struct, frozen=True):
    """A program that ended as it should: its exit code, and what it wrote."""

    code: int
    out: str
    err: str


class ProgramTrouble(NightPorterError):
    """A program could not be started, did not end in time, or ended in a way that its caller does not take.

    `code` is its exit code, negative for a signal, None if it never ended by itself.
    """

    def __init__(self, program: str, code: int | None, words: str) -> None:
        super().__init__(f"{program}: {words}")
        self.code = code


class Run(Protocol):
    """The shape of `run`."""

    def __call__(
        self, argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)
    ) -> Finished: ...


def run(argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)) -> Finished:
    """Run `argv` to its end, at most `timeout` seconds. Raises `ProgramTrouble` unless its exit code is `fine`."""
    program = os.path.basename(argv[0])  # noqa: PTH119 - a name, not yet a path
    try:
        ended = subprocess.run(  # noqa: S603 - arguments of our own, and no shell
            argv, input=stdin.encode(), capture_output=True, timeout=timeout, env=ENVIRONMENT, check=False
        )
    except subprocess.TimeoutExpired:
        raise ProgramTrouble(program, None, f"did not end within {timeout:.0f} s") from None
    except OSError as error:  # a sick disk shows here too
        raise ProgramTrouble(program, None, reason_of(error)) from None
    finished = Finished(ended.returncode, _text(ended.stdout), _text(ended.stderr))
    if finished.code not in fine:
        raise ProgramTrouble(program, finished.code, _last_words(finished))
    return finished


def _text(output: bytes) -> str:
    return output.decode(errors="replace")


def _last_words(finished: Finished) -> str:
    said = (finished.err.strip() or finished.out.strip()).splitlines()
    while len(said) > 1 and said[-1][0].isspace():  # a long sentence goes on in an indented line
        said[-2:] = [f"{said[-2]} {said[-1].strip()}"]
    return plain(said[-1], 200) if said else f"ended with code {finished.code}"
