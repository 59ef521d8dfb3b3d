"""`helper`: one request over the socket on its standard input, carried out as root, told of, and over.

systemd starts one for each connection. Nothing is done that is not a row of `table.py`; whatever a caller sends,
what comes of it is one sentence. A bug ends this process alone, and systemd's journal has it.
"""

import socket

from agent.box.helper import table
from agent.box.helper.caller import Caller
from agent.box.helper.effects import Effects
from agent.foundation.errors import NightPorterError, UserMistake, reason_of
from agent.handover.helper import End

STDIN = 0


def main() -> None:
    """Answer the connection that systemd has put on standard input."""
    with socket.socket(fileno=STDIN) as line:
        answer(line, Effects())


def answer(line: socket.socket, effects: Effects) -> None:
    """Read the request, do it, and say how it ended."""
    caller = Caller(line, effects.user)
    try:
        table.carry_out(caller.request(), caller, effects)
    except UserMistake as mistake:
        caller.done(End.REFUSED, str(mistake))
    except NightPorterError as trouble:
        caller.done(End.FAILED, str(trouble))
    except OSError as error:  # a disk that is sick, or /run that is full
        caller.done(End.FAILED, f"The box's disk or memory does not take it ({reason_of(error)}): see faults.")
    caller.part()
