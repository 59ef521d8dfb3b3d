"""The log of the box's own units, the last lines or on and on, for as long as the caller is there."""

import os
import select
import subprocess

from agent.box.helper.caller import Caller
from agent.box.helper.effects import Effects
from agent.box.tools.programs import ENVIRONMENT
from agent.foundation.errors import NightPorterError, UserMistake, reason_of
from agent.handover.helper import End, ReadLog

MOST_LINES = 2000
_UNITS = ("-u", "nightporter*", "-u", "rauc.service", "-u", "systemd-networkd.service", "-u", "chrony.service")
_PIECE = 64 * 1024  # bytes
_LOOK_SECONDS = 5.0  # s between two looks whether the caller is there, which select also tells of


def argv(request: ReadLog) -> tuple[str, ...]:
    """The program to run."""
    follows = ("--follow",) if request.follows else ()
    return ("journalctl", *_UNITS, "-n", str(request.lines), "-o", "short-iso", "--no-pager", "-q", *follows)


def read(request: ReadLog, caller: Caller, effects: Effects) -> None:
    """Tell line by line."""
    if not 0 <= request.lines <= MOST_LINES:
        raise UserMistake(f"Ask for 0 to {MOST_LINES} lines.")
    tell(argv(request), caller)
    caller.done(End.DONE, "That is the end of the log.")


def tell(program: tuple[str, ...], caller: Caller) -> None:
    """Run a program and say each of its lines, until it ends or the caller goes. Raises `NightPorterError`."""
    try:
        process = subprocess.Popen(  # noqa: S603 - arguments of our own, and no shell
            program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT
        )
    except OSError as error:
        raise NightPorterError(f"The log cannot be read ({reason_of(error)}).") from None
    with process:
        try:
            _follow(process, caller)
        finally:
            process.kill()


def _follow(process: "subprocess.Popen[bytes]", caller: Caller) -> None:
    assert process.stdout is not None
    out, rest = process.stdout.fileno(), b""
    while not caller.has_left():
        ready = select.select([out, caller.fileno()], [], [], _LOOK_SECONDS)[0]
        if out not in ready:
            continue
        piece = os.read(out, _PIECE)
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines if piece else [rest] if rest else []:
            caller.say(line.decode(errors="replace"))
        if not piece:
            return
