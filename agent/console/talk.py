"""What a verb has of the line that it was typed on: it says, it asks, it can be broken off. A protocol."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

import trio

YES_NO = "(yes/no) "


class Raw(Protocol):
    """The line byte for byte, for a file that comes over it. Nothing else is said meanwhile."""

    async def receive(self) -> bytes:
        """What came. Raises what ends the verb when the line is gone."""
        ...

    def send(self, data: bytes) -> None:
        """Put bytes on the line."""
        ...

    async def wait_sent(self) -> None:
        """Wait until the line has taken them."""
        ...


class Talk(Protocol):
    """A line with a person at its other end. A verb that is cancelled was broken off by Ctrl-C."""

    @property
    def place(self) -> str:
        """The name of the line."""
        ...

    @property
    def columns(self) -> int:
        """How long a line of text may be."""
        ...

    @property
    def broken_off(self) -> trio.Event:
        """Set at Ctrl-C, for what has to end in order; `gives_last_words` says that it does."""
        ...

    def gives_last_words(self) -> None:
        """From now on Ctrl-C only sets `broken_off`, and the verb ends by itself."""
        ...

    async def say(self, text: str) -> None:
        """Show text, once the line has taken what was said before."""
        ...

    def show(self, text: str) -> None:
        """The same at once, where nothing can wait."""
        ...

    def progress(self, text: str) -> None:
        """Show a line that the next one takes the place of; empty: it is over."""
        ...

    async def ask(self, question: str, *, is_secret: bool = False, is_fresh: bool = False) -> str:
        """Ask for a line. Ctrl-C breaks the verb off. `is_fresh`: what was typed before does not count."""
        ...

    def raw(self) -> AbstractAsyncContextManager[Raw]:
        """The line byte for byte, as long as the block runs."""
        ...


async def confirm(talk: Talk, question: str) -> bool:
    """Ask until it is yes or no."""
    while True:
        answer = (await talk.ask(f"{question} {YES_NO}", is_fresh=True)).strip().lower()
        if answer in ("yes", "y"):
            return True
        if answer in ("no", "n"):
            return False
        await talk.say("Type yes or no.")
