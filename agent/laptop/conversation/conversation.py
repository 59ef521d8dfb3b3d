"""What the laptop says to the serial console so that the box takes a file: a state machine without I/O. Pure.

    wake it > its code, if it asks > `provision receive` > transfer > what changes > yes or no > what came of it

Its owner writes what `due` gives, hands over what comes in, asks the person what is `wanted`, and shows `lines`.
"""

from enum import StrEnum
from typing import Protocol

import msgspec

from agent.laptop.conversation.console_text import ConsoleText
from provisioning.transfer.outcome import Failure, Progress, Received

PROMPT = "nightporter>"
CODE = "Code:"
READY = "ready to receive"
QUESTION = "(yes/no)"
CALL = "provision receive"
AGAIN = "type it again."  # how a line ends that says that a code was damaged on the way
TAKEN = "taken."  # how the line begins that says that the box has the file
NOT_DONE = ("refused", "not taken")  # how one begins that says that it does not

WAKE_SECONDS = 2.0  # s; between two tries to wake it
WAKE_LIMIT = 20.0  # s; a console that starts is there by then
AGAIN_SECONDS = 3.0  # s of silence after which what was typed, or its answer, counts as lost on the way
MOST_ENTERS = 4  # that are typed for what was lost behind the transfer
MOST_CALLS = 3  # times that the console is woken and called
QUIET_SECONDS = 0.3  # s; a prompt that nothing follows for so long is one that waits
ANSWER_LIMIT = 130.0  # s; longer than the two minutes in which the box tries a new file
_WAKE = b"\x03\r"  # Ctrl-C ends what runs, Enter brings a prompt


class Purpose(msgspec.Struct, frozen=True):
    """What the console is called for: the verb, the line with which its end of the transfer begins, what to say
    where that fails. `is_judged`: a question and an answer follow the transfer. `patience`: s of silence that may
    come before that line."""

    call: str = CALL
    ready: str = READY
    is_judged: bool = True
    stopped: str = "The box has stopped receiving: its old file stays."
    not_called: str = "The console takes no file"
    patience: float = AGAIN_SECONDS


GIVE = Purpose()  # a provisioning file


class End(Protocol):
    """This side's end of a transfer, as `Sender` has it."""

    @property
    def is_over(self) -> bool: ...
    @property
    def result(self) -> object: ...
    @property
    def progress(self) -> Progress: ...
    def heard(self, data: bytes) -> None: ...
    def frames_due(self, now: float) -> bytes: ...
    def cancel(self) -> None: ...


class Wanted(StrEnum):
    """What the person has to say."""

    CODE = "code"
    ANSWER = "answer"  # to the question that was the last line


class Step(StrEnum):
    """Where the conversation is."""

    WAKING = "waking"
    LOGGING_IN = "logging in"
    CALLING = "calling"
    SENDING = "sending"
    JUDGING = "judging"  # the box reads the file, and says what will change
    ENDING = "ending"  # the box does what was answered


class Ended(msgspec.Struct, frozen=True):
    """`text` is one sentence, "" where the console's own lines have said it all."""

    is_done: bool
    text: str = ""


class Conversation:
    """Holds one transfer: `sender` is this side's end of it. `code` is what the person has given before, or ""."""

    def __init__(self, sender: End, code: str = "", purpose: Purpose = GIVE) -> None:
        self._sender, self._purpose = sender, purpose
        self._code = code
        self._is_code_given = False  # since the console was called
        self._text = ConsoleText()
        self._step = Step.WAKING
        self._lines: list[str] = []
        self._said: list[str] = []  # what the console says while it is called
        self._going = b""
        self._typed = ""
        self._wanted: Wanted | None = None
        self._is_agreed = False
        self._is_refused = self._is_taken = False
        self._result: Ended | None = None
        self._woken_at: float | None = None
        self._began_at = 0.0  # this step
        self._heard_at = 0.0
        self._calls = self._enters = 0
        self._patience = AGAIN_SECONDS

    @property
    def result(self) -> Ended | None:
        """How it ended; None before."""
        return self._result

    @property
    def wanted(self) -> Wanted | None:
        """What `give` has to be called with before anything goes on; None for nothing."""
        return self._wanted

    @property
    def progress(self) -> Progress | None:
        """How far the transfer is; None while there is none."""
        return self._sender.progress if self._step is Step.SENDING else None

    def lines(self) -> list[str]:
        """What the console has said to the person since this was asked last."""
        lines, self._lines = self._lines, []
        return lines

    def heard(self, data: bytes, now: float) -> None:
        """Take in what came from the line."""
        if not data:
            return
        self._heard_at, self._patience = now, AGAIN_SECONDS
        if self._step is Step.SENDING:
            self._sender.heard(data)
        for line in self._text.heard(data):
            if self._line(line, now):
                self._sender.heard(data)  # whose first words may have come with the console's last ones

    def due(self, now: float) -> bytes:
        """What has to be written now; `now` is in seconds and never goes back."""
        if self._result is None and self._wanted is None:
            self._go_on(now)
        going, self._going = self._going, b""
        return going

    def give(self, text: str, now: float) -> None:
        """What the person says."""
        wanted, self._wanted = self._wanted, None
        self._heard_at = now
        self._text.forget()
        self._type(text)
        if wanted is Wanted.CODE:  # a console asks for it once it is called; an answer to the wake may be one, too
            self._code, self._is_code_given = text, True
            self._enter(Step.CALLING if self._step is Step.CALLING else Step.LOGGING_IN, now)
        else:
            self._is_agreed = text.strip().casefold() in ("y", "yes")
            self._enter(Step.ENDING, now)

    def cancel(self) -> bytes:
        """What has to be written so that the box gives up, too."""
        if self._step is not Step.SENDING:
            return b"\x03"
        self._sender.cancel()
        return self._sender.frames_due(self._heard_at) + b"\x03"

    def _line(self, line: str, now: float) -> bool:
        """Take in a line; whether the transfer begins with it."""
        if self._is_echo(line):
            return False
        if self._step is Step.CALLING and line.endswith(self._purpose.ready):
            self._enter(Step.SENDING, now)
            return True
        if self._step in (Step.CALLING, Step.LOGGING_IN):
            self._said.append(line)
        elif self._step in (Step.JUDGING, Step.ENDING):
            self._is_refused |= line.casefold().startswith(NOT_DONE)
            self._is_taken |= self._is_agreed and line.casefold().startswith(TAKEN)
            self._lines.append(line)
        return False

    def _is_echo(self, line: str) -> bool:
        """Whether the line is what was typed at a prompt or a question."""
        return line.startswith(PROMPT) or line == self._typed or line.endswith(f"{QUESTION} {self._typed}")

    def _go_on(self, now: float) -> None:
        if self._step is Step.SENDING:
            self._send(now)
            return
        if self._is_quiet(now):
            self._look(self._text.unfinished, now)
        if self._result is not None or self._wanted is not None:
            return
        if self._step is Step.WAKING:
            self._wake(now)
        else:
            self._watch_silence(now)

    def _send(self, now: float) -> None:
        self._going += self._sender.frames_due(now)
        if not self._sender.is_over:
            if self._is_quiet(now) and self._text.unfinished.endswith(PROMPT):
                has_all = isinstance(self._sender.result, Received)  # and only the box's last word was lost
                self._end(is_done=has_all, text="" if has_all else self._purpose.stopped)
            return
        result = self._sender.result
        if isinstance(result, Failure):
            self._end(is_done=False, text=result.text)
        elif self._purpose.is_judged:
            self._enter(Step.JUDGING, now)
        else:
            self._end(is_done=True)

    def _look(self, shown: str, now: float) -> None:
        """What the console waits for, once nothing follows it any more."""
        if shown.endswith(CODE) and self._step in (Step.WAKING, Step.LOGGING_IN, Step.CALLING):
            self._log_in(now)
        elif shown.endswith(PROMPT):
            self._at_prompt(now)
        elif shown.endswith(QUESTION) and self._step in (Step.JUDGING, Step.ENDING):
            self._lines.append(shown)
            self._wanted = Wanted.ANSWER

    def _log_in(self, now: float) -> None:
        self._is_code_given &= not (self._said and self._said[-1].endswith(AGAIN))
        self._lines.extend(self._said)
        self._said.clear()
        self._wanted = Wanted.CODE
        if self._code and not self._is_code_given:
            self.give(self._code, now)

    def _at_prompt(self, now: float) -> None:
        match self._step:
            case Step.WAKING | Step.LOGGING_IN:
                self._said.clear()
                self._text.forget()
                self._calls += 1
                self._type(self._purpose.call)
                self._enter(Step.CALLING, now)
            case Step.CALLING:
                said = " ".join(self._said) or "it gave no reason"
                self._end(is_done=False, text=f"{self._purpose.not_called}: {said}")
            case Step.JUDGING:
                self._end(is_done=False, text="The box did not take the file: its old one stays.")
            case _ if self._is_agreed and not self._is_refused and not self._is_taken:
                text = "The box did not say that it took the file: look there what it has."
                self._end(is_done=False, text=text)
            case _:
                self._end(is_done=self._is_taken and not self._is_refused)

    def _wake(self, now: float) -> None:
        if self._woken_at is None:
            self._began_at = now
        if now - self._began_at >= WAKE_LIMIT:
            text = "Nothing answers on this line: look at the cable, the box's power, and --speed."
            self._end(is_done=False, text=text)
        elif self._woken_at is None or now - self._woken_at >= WAKE_SECONDS:
            self._woken_at = now
            self._going += _WAKE

    def _watch_silence(self, now: float) -> None:
        limit = ANSWER_LIMIT if self._step in (Step.JUDGING, Step.ENDING) else WAKE_LIMIT + self._purpose.patience
        patience = max(self._patience, self._purpose.patience if self._step is Step.CALLING else 0.0)
        if now - max(self._began_at, self._heard_at) >= limit:
            text = "The console fell silent: look there what the box has made of the file."
            self._end(is_done=False, text=text)
        elif now - max(self._began_at, self._heard_at) >= patience:
            self._try_again(now)

    def _try_again(self, now: float) -> None:
        """Something was lost on the way. Before the transfer all begins again; after it Enter brings the question
        or the prompt once more, and is an answer to neither."""
        self._patience *= 2
        if self._step in (Step.JUDGING, Step.ENDING):
            self._enters += 1
            self._going += b"\r" if self._enters <= MOST_ENTERS else b""
        elif self._calls < MOST_CALLS:
            self._woken_at, self._is_code_given = None, False
            self._text.forget()
            self._enter(Step.WAKING, now)

    def _is_quiet(self, now: float) -> bool:
        return now - self._heard_at >= QUIET_SECONDS

    def _type(self, text: str) -> None:
        self._typed = text.strip()
        self._going += text.encode(errors="replace") + b"\r"

    def _enter(self, step: Step, now: float) -> None:
        self._step, self._began_at = step, now

    def _end(self, *, is_done: bool, text: str = "") -> None:
        self._result = Ended(is_done, text)
