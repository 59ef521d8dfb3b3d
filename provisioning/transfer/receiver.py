"""The end of a transfer that receives: a state machine without I/O and without a clock. Pure.

Its owner hands over all that comes in, with b"" every half second where nothing does, and writes what it is given:

    while not receiver.is_over:
        line.write(receiver.heard(line.read(), now()))

What it ends with is exactly what was sent, or one sentence why there is nothing. `result` is there before it is
over: it stays a moment for a sender that missed the last word.
"""

import hashlib
import re

from provisioning.transfer.frames import LAST_WORDS, PAYLOAD_BYTES, Frame, Frames, Kind, written
from provisioning.transfer.outcome import MOST_BYTES, SILENCE_SECONDS, Failure, Progress, Received, Why
from provisioning.transfer.sender import RESEND_SECONDS
from provisioning.transfer.window import LOOK_AHEAD, bits_of

LINGER_SECONDS = RESEND_SECONDS + 1.0  # s; a sender that missed the last word asks once more within that
_DIGEST_BYTES = hashlib.sha256().digest_size
_UNPRINTABLE = re.compile(r"[^ -~]")
_OF_THE_SENDER = (Kind.HEAD, Kind.DATA, Kind.END, Kind.CANCEL)  # the others are our own words, which a line echoes


class Receiver:
    """Receives one blob of at most `most_bytes`."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._frames = Frames()
        self._coming: _Coming | None = None
        self._heard_at: float | None = None
        self._has_parted = False
        self._result: Received | Failure | None = None
        self._last_words = b""

    @property
    def is_over(self) -> bool:
        """Whether there is a result, and the sender knows of it or had the time to ask."""
        return self._has_parted

    @property
    def result(self) -> Received | Failure | None:
        """What came, or why nothing did; None before."""
        return self._result

    @property
    def progress(self) -> Progress:
        """What is there of the whole."""
        return self._coming.progress if self._coming else Progress(0, 0)

    def heard(self, data: bytes, now: float) -> bytes:
        """Take in whatever came from the line, and give what has to be written. `now` never goes back."""
        if self._heard_at is None:
            self._heard_at = now
        answer = b""  # the last one says it all
        for frame in self._frames.heard(data):
            if frame.kind in _OF_THE_SENDER:
                answer = self._answer(frame, now) or answer
        self._look_at_clock(now - self._heard_at)
        return answer

    def cancel(self, reason: str) -> bytes:
        """Give up, for a reason of this side's in a few words of ASCII. Gives what has to be written."""
        if self._result is None:
            self._end(Failure(Why.CANCELLED, "The transfer was broken off here."), Kind.REFUSED, reason)
        self._has_parted = True
        return self._last_words

    def _answer(self, frame: Frame, now: float) -> bytes:
        if frame.kind is Kind.HEAD and self._result is None:
            self._begin(frame)
        if self._coming is None or frame.mark != self._coming.mark:
            return b""
        self._heard_at = now
        if frame.kind in (Kind.END, Kind.CANCEL):
            self._part()
            return b""
        if self._result is None:
            self._take(self._coming, frame)
        return self._last_words or self._coming.acknowledgement

    def _begin(self, head: Frame) -> None:
        """A head that is another one begins again: its sender may be another one by now."""
        is_known = self._coming is not None and self._coming.mark == head.mark
        if len(head.payload) >= _DIGEST_BYTES and not is_known:
            self._coming = _Coming(head)

    def _part(self) -> None:
        if self._result is None:
            self._result = Failure(Why.CANCELLED, "The sender broke the transfer off.")
        self._has_parted = True

    def _take(self, coming: "_Coming", frame: Frame) -> None:
        if coming.total > self._most_bytes:
            self._refuse(Why.REFUSED, f"{coming.total} bytes are more than the {self._most_bytes} that are taken")
            return
        if frame.kind is Kind.DATA:
            coming.take(frame.number, frame.payload)
        if not coming.is_whole:
            return
        if (content := coming.content) is None:
            self._refuse(Why.DAMAGED, "the pieces do not add up to what was announced")
        else:
            self._end(Received(coming.name, content), Kind.DONE)

    def _refuse(self, why: Why, words: str) -> None:
        self._end(Failure(why, f"Nothing was taken: {words}."), Kind.REFUSED, words)

    def _end(self, result: Received | Failure, word: Kind, reason: str = "") -> None:
        self._result = result
        payload = _UNPRINTABLE.sub("?", reason).encode()[:PAYLOAD_BYTES]
        if self._coming:
            self._last_words = written(Frame(word, self._coming.mark, 0, payload)) * LAST_WORDS

    def _look_at_clock(self, silent: float) -> None:
        if self._result is None and silent >= SILENCE_SECONDS:
            words = "The sender fell silent" if self._coming else "Nothing came"
            self._result, self._has_parted = Failure(Why.SILENT, f"{words}: nothing was taken."), True
        elif self._result is not None and silent >= LINGER_SECONDS:
            self._has_parted = True


class _Coming:
    """A blob whose head has come: its pieces, in whatever order they come."""

    def __init__(self, head: Frame) -> None:
        self.mark = head.mark
        self.total = head.number
        self.name = _UNPRINTABLE.sub("?", head.payload[_DIGEST_BYTES:].decode("ascii", "replace"))
        self._digest = head.payload[:_DIGEST_BYTES]
        self._count = -(-head.number // PAYLOAD_BYTES)
        self._content = bytearray()  # with gaps for pieces that are missing
        self._missing = 0
        self._behind: set[int] = set()

    @property
    def is_whole(self) -> bool:
        """Whether every piece is there."""
        return self._missing == self._count

    @property
    def content(self) -> bytes | None:
        """The whole; None if it is not what was announced."""
        content = bytes(self._content)
        return content if hashlib.sha256(content).digest() == self._digest else None

    @property
    def progress(self) -> Progress:
        """Pieces that are there, in bytes."""
        there = (self._missing + len(self._behind)) * PAYLOAD_BYTES
        return Progress(min(there, self.total), self.total)

    @property
    def acknowledgement(self) -> bytes:
        """What the sender has to know of it."""
        bits = bits_of(self._missing, self._behind)
        return written(Frame(Kind.ACK, self.mark, self._missing, bits))

    def take(self, at: int, payload: bytes) -> None:
        """Keep the piece, unless it is there already, or none of this blob's."""
        begin = at * PAYLOAD_BYTES
        is_near = self._missing <= at <= min(self._missing + LOOK_AHEAD, self._count - 1)
        if not is_near or len(payload) != min(PAYLOAD_BYTES, self.total - begin):
            return
        self._content.extend(bytes(max(0, begin - len(self._content))))
        self._content[begin : begin + len(payload)] = payload
        self._behind.add(at)
        while self._missing in self._behind:
            self._behind.remove(self._missing)
            self._missing += 1
