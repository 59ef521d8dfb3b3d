"""A support bundle fetched from the console: this side's end of the transfer, as a conversation wants it. Pure."""

import re

from agent.laptop.conversation.conversation import Purpose
from provisioning.transfer.outcome import MOST_BYTES, Failure, Progress, Received
from provisioning.transfer.receiver import Receiver

ENDING = ".nightporter.tar.gz"  # of a bundle's name; the box sends the rest of it
FETCH = Purpose(
    call="bundle --send",
    ready="ready to send",
    is_judged=False,
    stopped="The box has stopped sending: begin again.",
    not_called="The console sends no bundle",
    patience=70.0,  # s; the test of the hops has ten, and packing without an agent a minute
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,60}")


class Fetch:
    """The receiving end, spoken to as a sending one."""

    def __init__(self) -> None:
        self._receiver = Receiver(MOST_BYTES)
        self._came = self._last_words = b""

    @property
    def is_over(self) -> bool:
        """Whether there is a result, and the box knows of it or had the time to ask."""
        return self._receiver.is_over

    @property
    def result(self) -> Received | Failure | None:
        """The bundle, or why there is none; None before."""
        return self._receiver.result

    @property
    def progress(self) -> Progress:
        """What is there of it."""
        return self._receiver.progress

    def heard(self, data: bytes) -> None:
        """Take in whatever came from the line."""
        self._came += data

    def frames_due(self, now: float) -> bytes:
        """What has to be written now."""
        came, self._came = self._came, b""
        last_words, self._last_words = self._last_words, b""
        return self._receiver.heard(came, now) + last_words

    def cancel(self) -> None:
        """Give up: what `frames_due` gives next tells the box."""
        self._last_words = self._receiver.cancel("broken off")


def file_name(name: str) -> str:
    """The file's name of what a box sent under `name`, which may be anything."""
    return f"{name if _NAME.fullmatch(name) else 'support'}{ENDING}"
