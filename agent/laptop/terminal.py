"""The installer at a terminal: questions, secrets without echo, the console's lines, a bar for the transfer."""

import getpass
import io
import os
import sys

from agent.foundation.errors import UserMistake
from agent.foundation.reading.text import LONG_TEXT, plain
from agent.foundation.streams import is_screen
from agent.laptop.conversation.conversation import QUESTION, Wanted
from provisioning.transfer.outcome import Progress

CODE_VARIABLE = "NIGHTPORTER_CODE"
_BAR = 30  # characters
_CLEAR = "\r\x1b[K"


class Terminal:
    """Standard input and output. `is_agreed`: the box's question is answered by yes."""

    def __init__(self, *, is_agreed: bool = False) -> None:
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")  # what is no text is no answer, and no crash
        self._is_agreed = is_agreed
        self._is_screen = is_screen(sys.stdout, os.environ)
        self._last_line = ""
        self._shown = -1  # percent of the bar

    def known_code(self, written: str | None) -> str:
        """The code that need not be asked for."""
        return written if written is not None else os.environ.get(CODE_VARIABLE, "")

    def ask(self, words: str | Wanted, is_secret: bool = False) -> str:
        """What the person types. Raises `EOFError` at the end of the input."""
        if words is Wanted.ANSWER:
            return self._agreement()
        if words is Wanted.CODE:
            return self._code()
        if is_secret and sys.stdin.isatty():
            return getpass.getpass(words)
        sys.stdout.write(words)
        sys.stdout.flush()
        typed = sys.stdin.readline()
        if not typed:
            raise EOFError
        return typed.rstrip("\r\n")

    def say(self, line: str) -> None:
        """Show a line, which may be the box's."""
        self._end_bar()
        self._last_line = plain(line, LONG_TEXT)
        is_question = self._last_line.endswith(QUESTION)
        sys.stdout.write(self._last_line + (" " if is_question else "\n"))
        sys.stdout.flush()

    def show(self, progress: Progress) -> None:
        """How far the transfer is: a bar on a screen, a line for each quarter elsewhere."""
        percent = 100 * progress.done // progress.total if progress.total else 0
        if percent == self._shown:
            return
        if self._is_screen:
            done = _BAR * percent // 100
            sys.stdout.write(f"{_CLEAR}[{'#' * done}{'.' * (_BAR - done)}] {percent} %")
        elif percent // 25 != self._shown // 25:
            sys.stdout.write(f"{percent} % sent\n")
        self._shown = percent
        sys.stdout.flush()

    def _code(self) -> str:
        self._end_bar()
        try:
            return self.ask("The console's code: ", is_secret=True)
        except EOFError:
            words = f"The console asks for its code: put it into {CODE_VARIABLE}, or write --code."
            raise UserMistake(words) from None

    def _agreement(self) -> str:
        if self._is_agreed:
            sys.stdout.write("yes\n")
            return "yes"
        typed = sys.stdin.readline()
        if not typed:  # no one there to agree
            sys.stdout.write("no\n")
        return typed.strip() or "no"

    def _end_bar(self) -> None:
        if self._is_screen and self._shown >= 0:
            sys.stdout.write("\n")
        self._shown = -1
