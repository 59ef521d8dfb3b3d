"""A person at the serial line: types when the console asks, reads what it says, and notes both for the record.

What is typed in secret is noted as that. A question that does not come ends the scenario, with what came instead.
"""

from collections.abc import Callable, Sequence

import msgspec

from agent.console.session import CODE
from tests.image.emulator import rows
from tests.image.emulator.patience import BOOT_SECONDS
from tests.image.emulator.serial_line import SerialLine

VERB_SECONDS = 60.0  # s; a verb on an emulated processor
YES_NO = "(yes/no)"


class Step(msgspec.Struct, frozen=True):
    """An answer, and the beginning of the question that it is for; `seconds` until that is asked."""

    question: str
    answer: str
    is_secret: bool = False
    seconds: float = VERB_SECONDS


class Console:
    """`note` gets a line for each question and its answer."""

    def __init__(self, line: SerialLine, note: Callable[[str], None]) -> None:
        self._line, self._note = line, note
        self._typed_at = 0

    @property
    def shown(self) -> list[str]:
        """The rows since a line was typed last."""
        return rows.rows(self._line.raw(self._typed_at))

    def wait_ready(self, seconds: float = BOOT_SECONDS, since: int = 0) -> None:
        """Wait until it waits for a verb: at a start, or (`since` a mark of the line) after one in between."""
        self._typed_at = since
        self._wait(rows.is_ready, seconds, "a prompt")

    def obey(self, verb: str, seconds: float = VERB_SECONDS) -> str:
        """Type a verb that asks nothing; what it says, on one line."""
        self.begin(verb)
        self._wait(lambda shown: rows.is_answered(shown, verb), seconds, f"the end of {verb}")
        return self._told()

    def begin(self, verb: str) -> None:
        """Type a verb, and wait for nothing."""
        self._type(verb)
        self._note(f"typed: {verb}")

    def answer(self, step: Step) -> None:
        """Answer a question once it is asked."""
        shown = self._wait(lambda shown: rows.asks(shown, step.question), step.seconds, step.question)
        self._type(step.answer)
        typed = "(typed in secret)" if step.is_secret else step.answer or "(Enter)"
        self._note(f"{rows.told(shown)} {typed}")

    def ends(self, seconds: float = VERB_SECONDS) -> str:
        """Wait for the prompt after the last answer; what came before it, on one line."""
        self._wait(rows.is_ready, seconds, "the end of the verb")
        return self._told()

    def says(self, words: str, seconds: float = VERB_SECONDS) -> str:
        """Wait for words behind the last line that was typed, whatever comes after them; all of it."""
        return rows.told(self._wait(lambda shown: words in rows.told(shown), seconds, words))

    def log_in(self, code: str) -> None:
        """Give the console code. Raises `NeverCame` for a wrong one: it is asked for again."""
        self.begin("login")
        self.answer(Step(CODE.rstrip(), code, is_secret=True))
        self.ends()

    def _told(self) -> str:
        said = rows.told(self.shown[:-1])
        self._note(f"said: {said}")
        return said

    def _type(self, text: str) -> None:
        self._typed_at = self._line.mark()
        self._line.send(f"{text}\r")

    def _wait(self, is_so: Callable[[Sequence[str]], bool], seconds: float, what: str) -> list[str]:
        return self._line.wait_until(lambda: self.shown, is_so, seconds, f"{what!r} on the console")
