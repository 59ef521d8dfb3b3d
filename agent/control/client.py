"""The command line's side of the control socket: sends one request, shows what is told, and takes the last word.

Blocks on a plain socket: a verb is a short program, and starts in a tenth of the time that a loop would take.
"""

import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from agent.control.place import NAME, reachable
from agent.control.words.messages import PROTOCOL, Ask, encode, greeting, told
from agent.control.words.told import End, Progress, Result
from agent.control.words.verbs import Verb
from agent.foundation.errors import NightPorterError, UserMistake
from agent.journal.state_folder import BOX_STATE, VARIABLE

GREETING_SECONDS = 10.0  # s for the agent's first line; it may be loading
LAST_WORDS = 5.0  # s that the agent has to say what breaking off leaves behind
_MOST_BYTES = 8 * 1024 * 1024  # of one line; a table of 5,000 rows with long names has some 5 MB

Show = Callable[[Progress], bool]  # shows progress; False: no one reads any more


class NoAgent(NightPorterError):
    """There is none in that directory."""


def state_folder(named: Path | None, environment: Mapping[str, str]) -> Path:
    """Where the agent is: as named, else as the environment says, else the box's own place."""
    return named or Path(environment.get(VARIABLE) or BOX_STATE)


def words(verb: Verb, given: Mapping[str, object]) -> list[str]:
    """The words that ask for a verb with what was given for its fields; None was left out."""
    options = [(option.flag, given[option.field]) for option in verb.options if given[option.field] is not None]
    arguments = [str(given[argument.field]) for argument in verb.arguments if given[argument.field] is not None]
    flags = [str(word) for pair in options for word in pair]
    flags += [switch.flag for switch in verb.switches if given[switch.field]]
    is_like_a_flag = any(argument.startswith("-") for argument in arguments)
    return [*verb.name.split(), *flags, *(["--"] if is_like_a_flag else []), *arguments]


def ask(folder: Path, words: Sequence[str], show: Show) -> Result:
    """Have the agent in `folder` do what the words say. Ctrl-C, or a reader that went away, breaks it off.

    Raises `UserMistake` for what the agent does not understand, `NightPorterError` where no agent answers.
    """
    request = _request(words)
    with _connected(folder) as line_:
        lines = _Lines(line_)
        _greeted(folder, lines.next())
        line_.settimeout(None)
        _send(line_, request)
        result = _shown(lines, show) or _broken_off(line_, lines)
    if result.end is End.MISTAKE:
        raise UserMistake(result.text)
    return result


def exit_code(result: Result) -> int:
    """0 for what was done, 1 for what was not, or only perhaps."""
    return 0 if result.end is End.DONE else 1


def _connected(folder: Path) -> socket.socket:
    line_ = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line_.settimeout(GREETING_SECONDS)
    try:
        with reachable(folder / NAME) as address:
            line_.connect(address)
    except OSError as error:
        line_.close()
        raise _no_agent(folder, error) from None
    return line_


def _no_agent(folder: Path, error: OSError) -> NightPorterError:
    if isinstance(error, PermissionError):
        return NightPorterError(f"Only root and the box's own user may act on the agent in {folder}.")
    if isinstance(error, FileNotFoundError | ConnectionRefusedError | NotADirectoryError):
        return NoAgent(f"No agent runs in {folder}: name its state directory with --state DIR, or in {VARIABLE}.")
    reason = (error.strerror or "no reason given").lower()
    return NightPorterError(f"The agent in {folder} cannot be reached: {reason}.")


class _Lines:
    """The lines that come. `next` gives each; empty when no more will come, or none came in time."""

    def __init__(self, line_: socket.socket) -> None:
        self._line = line_
        self._rest = b""

    def next(self) -> bytes:
        """Wait for a line. May be interrupted, and called again."""
        while b"\n" not in self._rest:
            piece = self._received()
            self._rest += piece
            if not piece or len(self._rest) > _MOST_BYTES:
                return b""
        whole, _, self._rest = self._rest.partition(b"\n")
        return whole

    def _received(self) -> bytes:
        try:
            return self._line.recv(65_536)
        except OSError:  # it ended, or said nothing in time
            return b""


def _greeted(folder: Path, first: bytes) -> None:
    hello = greeting(first)
    if hello is None:
        refusal = told(first)
        words = refusal.text if isinstance(refusal, Result) else f"The agent in {folder} does not answer."
        raise NightPorterError(words)
    if hello.control != PROTOCOL:
        raise UserMistake(
            f"The agent in {folder} ({hello.version}) speaks version {hello.control} of the control protocol, and "
            f"this command {PROTOCOL}: use the one that came with it."
        )


def _request(words: Sequence[str]) -> bytes:
    try:
        return encode(Ask(PROTOCOL, tuple(words)))
    except UnicodeEncodeError:
        raise UserMistake("That has bytes which are no text, half a character say: write it again.") from None


def _send(line_: socket.socket, request: bytes) -> None:
    with suppress(OSError):  # it has ended, and may have said why
        line_.sendall(request)


def _shown(lines: _Lines, show: Show) -> Result | None:
    """Show what is told, up to the result; None where it is to be broken off."""
    try:
        while each := lines.next():
            message = told(each)
            if isinstance(message, Result):
                return message
            if message is not None and not show(message):
                return None
    except KeyboardInterrupt:
        return None
    return _LOST


def _broken_off(line_: socket.socket, lines: _Lines) -> Result:
    """End our side, and wait for what that leaves behind."""
    with suppress(OSError):
        line_.shutdown(socket.SHUT_WR)
    line_.settimeout(LAST_WORDS)
    while each := lines.next():
        message = told(each)
        if isinstance(message, Result):
            return message
    return _LOST


_LOST = Result(
    End.PERHAPS, "The agent ended, or went silent, before it said what came of it: look at its status page."
)
