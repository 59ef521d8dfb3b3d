"""The end of a transfer that sends: a state machine without I/O and without a clock. Pure.

Its owner writes what `frames_due` gives, hands over all that comes in, and asks again every tenth of a second:

    while not sender.is_over:
        line.write(sender.frames_due(now()))
        sender.heard(line.read())

A piece is sent again when a later one arrived and it did not, or when nothing was heard for a while.
"""

import hashlib
import re

from provisioning.transfer.frames import MARK, PAYLOAD_BYTES, Frame, Frames, Kind, written
from provisioning.transfer.outcome import MOST_BYTES, SILENCE_SECONDS, Failure, Progress, Sent, Why
from provisioning.transfer.window import Window

RESEND_SECONDS = 2.0  # s; a whole window and its answer at 9600 baud, and as much again
NAME_BYTES = PAYLOAD_BYTES - hashlib.sha256().digest_size
_CONTROL = re.compile(r"[^ -~]")


class Sender:
    """Sends `blob` under `name`, of at most 37 printable ASCII characters.

    `mark` is of four small letters or digits, best random ones: it keeps what is left of an earlier transfer out
    of this one. Raises ValueError for a name, a mark or a size that cannot be sent.
    """

    def __init__(self, blob: bytes, name: str, mark: str = "0000") -> None:
        if len(blob) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES} bytes are not sent over a serial line")
        if not 0 < len(name) <= NAME_BYTES or _CONTROL.search(name) or not MARK.fullmatch(mark):
            raise ValueError(f"a name has 1 to {NAME_BYTES} printable characters, a mark 4 letters or digits")
        self._mark = mark
        self._total = len(blob)
        self._head = Frame(Kind.HEAD, mark, len(blob), hashlib.sha256(blob).digest() + name.encode())
        self._pieces = [blob[at : at + PAYLOAD_BYTES] for at in range(0, len(blob), PAYLOAD_BYTES)]
        self._window = Window(len(self._pieces))
        self._frames = Frames()
        self._is_greeted = False
        self._is_heard = True  # since `frames_due` was asked last; silence counts from the first time
        self._heard_at = 0.0
        self._sent_at: float | None = None
        self._last_words = b""
        self._result: Sent | Failure | None = None

    @property
    def is_over(self) -> bool:
        """Whether there is a result, and nothing more to be written."""
        return self._result is not None and not self._last_words

    @property
    def result(self) -> Sent | Failure | None:
        """How it ended; None before."""
        return self._result

    @property
    def progress(self) -> Progress:
        """What the receiver has said that it has."""
        if isinstance(self._result, Sent):
            return Progress(self._total, self._total)
        pieces = self._window.missing + len(self._window.there)
        return Progress(min(pieces * PAYLOAD_BYTES, self._total), self._total)

    def heard(self, data: bytes) -> None:
        """Take in whatever came from the line."""
        for frame in self._frames.heard(data):
            if frame.mark == self._mark and self._result is None:
                self._take(frame)

    def frames_due(self, now: float) -> bytes:
        """What has to be written now; `now` is in seconds and never goes back."""
        if self._result is not None:
            last_words, self._last_words = self._last_words, b""
            return last_words
        if self._is_heard:
            self._heard_at, self._is_heard = now, False
        if now - self._heard_at >= SILENCE_SECONDS:
            self._result = self._silence()
            return b""
        return self._due(now)

    def cancel(self) -> None:
        """Give up: what `frames_due` gives next tells the receiver."""
        if self._result is None:
            self._end(Failure(Why.CANCELLED, "The transfer was broken off here."), Kind.CANCEL)

    def _take(self, frame: Frame) -> None:
        if frame.kind is Kind.ACK and frame.number <= len(self._pieces):
            self._is_heard = self._is_greeted = True
            self._window.acknowledged(frame.number, frame.payload)
        elif frame.kind is Kind.DONE:
            self._end(Sent(), Kind.END)
        elif frame.kind is Kind.REFUSED:
            words = _CONTROL.sub("?", frame.payload.decode("ascii", "replace"))
            self._end(Failure(Why.REFUSED, f"The other side does not take it: {words}."), Kind.END)

    def _due(self, now: float) -> bytes:
        is_late = self._sent_at is None or now - self._sent_at >= RESEND_SECONDS
        if not self._is_greeted or self._window.is_empty:  # where all is there, the head asks for the last word
            frames = [self._head] if is_late else []
        else:
            due = self._window.due(again=is_late)
            frames = [Frame(Kind.DATA, self._mark, at, self._pieces[at]) for at in due]
        if frames:
            self._sent_at = now
        return b"".join(map(written, frames))

    def _end(self, result: Sent | Failure, last_word: Kind) -> None:
        """Said once, and without a line break: what came behind it would be typed at the console's next question.
        A receiver that misses it waits a moment, and is over, too."""
        self._result = result
        self._last_words = written(Frame(last_word, self._mark)).strip()

    def _silence(self) -> Failure:
        if not self._is_greeted:
            return Failure(Why.SILENT, "No answer came: is the other side waiting for a file?")
        if self._window.is_empty:
            words = "The other side has every piece, and fell silent before it said so: look there what it has."
            return Failure(Why.IN_DOUBT, words)
        return Failure(Why.SILENT, "The other side fell silent: look at the cable, and begin again.")
