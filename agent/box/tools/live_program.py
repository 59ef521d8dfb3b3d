"""Runs a program whose lines are wanted as they come: it may take minutes, and a person waits.

For the rest as `agent.box.tools.programs`: no shell, a time limit, typed trouble.
"""

import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from agent.box.tools.programs import ENVIRONMENT, ProgramTrouble
from agent.foundation.errors import reason_of
from agent.foundation.reading.text import plain

_LINE = 400  # characters


class Follow(Protocol):
    """The shape of `follow`."""

    def __call__(self, argv: Sequence[str], hear: Callable[[str], None], *, timeout: float) -> int: ...


def follow(argv: Sequence[str], hear: Callable[[str], None], *, timeout: float) -> int:
    """Run `argv`, hand each line that it writes to `hear`, and give its exit code.

    Raises `ProgramTrouble` if it cannot be started, or had to be killed after `timeout` seconds.
    """
    program = os.path.basename(argv[0])  # noqa: PTH119 - a name, not yet a path
    try:
        process = subprocess.Popen(  # noqa: S603 - arguments of our own, and no shell
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=ENVIRONMENT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise ProgramTrouble(program, None, reason_of(error)) from None
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    limit = threading.Timer(timeout, end)
    limit.start()
    with process:
        try:
            for line in process.stdout or ():
                hear(plain(line, _LINE))
        except BaseException:  # what hears may fail or be stopped: the program must not outlive it
            process.kill()
            raise
        finally:
            limit.cancel()
    if late.is_set():
        raise ProgramTrouble(program, None, f"did not end within {timeout:.0f} s")
    return process.returncode
