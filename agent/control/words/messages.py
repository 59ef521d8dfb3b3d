"""What goes over the control socket: one JSON object a line; a greeting, one request, then what is told.

Pure. A line that is no message of ours is answered in a sentence; nothing in it is taken for granted.
"""

from enum import StrEnum
from typing import cast

import msgspec

from agent.control.words.told import Told
from agent.foundation.errors import UserMistake

PROTOCOL = 1  # raised when an older client could no longer talk to the agent


class Face(StrEnum):
    """By which face somebody acts, as the table of acts has it."""

    COMMAND_LINE = "command line"
    CONSOLE = "console"
    PAGE = "page"


class Greeting(msgspec.Struct, frozen=True):
    """The agent's first line."""

    control: int
    version: str


class Ask(msgspec.Struct, frozen=True, omit_defaults=True):
    """The one line that a client sends: the protocol it speaks, and the words of the verb.

    `place` is where the person is, a serial line say. `is_begun`: the last word is being typed, and the result is
    a line for each word that it may become.
    """

    control: int
    words: tuple[str, ...]
    face: Face = Face.COMMAND_LINE
    place: str = ""
    is_begun: bool = False

    def __repr__(self) -> str:
        return f"Ask({self.words[:2]!r}, {self.face})"  # what follows may be a guest's number


def encode(message: Greeting | Ask | Told) -> bytes:
    """A message as a line."""
    return msgspec.json.encode(message) + b"\n"


def ask(line: bytes, version: str) -> Ask:
    """A client's line. Raises `UserMistake` for what cannot be a request to this `version` of the box."""
    try:
        asked = msgspec.json.decode(line, type=_Version)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise UserMistake(_NO_REQUEST) from None
    if asked.control != PROTOCOL:
        raise UserMistake(
            f"This box ({version}) speaks version {PROTOCOL} of its control protocol, and not {asked.control}: "
            "use the nightporter command that came with it."
        )
    try:
        return msgspec.json.decode(line, type=Ask)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise UserMistake(_NO_REQUEST) from None


def greeting(line: bytes) -> Greeting | None:
    """The agent's first line; None for one that no agent sends."""
    try:
        return msgspec.json.decode(line, type=Greeting)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def told(line: bytes) -> Told | None:
    """What an agent tells; None for a line that this version does not understand."""
    try:
        return cast(Told, msgspec.json.decode(line, type=Told))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


class _Version(msgspec.Struct):
    control: int


_NO_REQUEST = (
    f'That is no request: send one line with a JSON object, like {{"control": {PROTOCOL}, "words": ["test"]}}.'
)
