"""`nightporter provision send`: a conversation with the box's serial console, over a real line."""

from collections.abc import Callable
from typing import Protocol

from agent.foundation.errors import NightPorterError, reason_of
from agent.laptop.conversation.conversation import Conversation, Ended, Wanted
from provisioning.transfer.outcome import Progress

READ_BYTES = 4096


class Line(Protocol):
    """A serial line."""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes, after a moment none."""
        ...

    def write(self, data: bytes, /) -> object:
        """All of it."""
        ...


class Face(Protocol):
    """The person's side."""

    def ask(self, wanted: Wanted) -> str:
        """What is wanted."""
        ...

    def say(self, line: str) -> None:
        """Show a line of the console."""
        ...

    def show(self, progress: Progress) -> None:
        """How far the transfer is."""
        ...


def send(line: Line, conversation: Conversation, face: Face, clock: Callable[[], float]) -> Ended:
    """Hold the conversation to its end. Raises `NightPorterError` when the line is lost; Ctrl-C tells the box."""
    try:
        while conversation.result is None:
            _step(line, conversation, face, clock)
    except OSError as error:
        words = (
            f"The serial line is lost ({reason_of(error)}): plug the cable in again, and look what the box has."
        )
        raise NightPorterError(words) from None
    except KeyboardInterrupt:
        _leave(line, conversation)
        raise
    for each in conversation.lines():
        face.say(each)
    return conversation.result


def _step(line: Line, conversation: Conversation, face: Face, clock: Callable[[], float]) -> None:
    if going := conversation.due(clock()):
        line.write(going)
    conversation.heard(line.read(READ_BYTES), clock())
    for each in conversation.lines():
        face.say(each)
    if progress := conversation.progress:
        face.show(progress)
    if wanted := conversation.wanted:
        conversation.give(face.ask(wanted), clock())


def _leave(line: Line, conversation: Conversation) -> None:
    try:
        line.write(conversation.cancel())
    except OSError:
        return  # a box that hears nothing more gives up by itself
