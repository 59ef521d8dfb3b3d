"""A bundle fetched over the console, by value: a console of a few lines, in a time that the test moves."""

import os

import pytest

from agent.laptop.conversation.conversation import Conversation
from agent.laptop.conversation.fetching import FETCH, Fetch, file_name
from provisioning.transfer.outcome import Failure, Progress, Received
from provisioning.transfer.sender import Sender

CONTENT = os.urandom(5_000)
NAME = "aurora-20261127-1105"
PROMPT = b"nightporter> "
TICK = 0.1  # s


class Console:
    """Answers `bundle --send` after `silence` seconds, and may lose its last word or give up."""

    def __init__(self, silence: float = 0.0, *, loses_end: bool = False, gives_up_after: int = 10**6) -> None:
        self.calls = 0
        self._silence, self._loses_end, self._left = silence, loses_end, gives_up_after
        self._sender: Sender | None = None
        self._ready_at: float | None = None

    def heard(self, data: bytes, now: float) -> bytes:
        said = b""
        if b"\x03" in data and self._sender is None:
            self._ready_at = None
            said += b"\r\n" + PROMPT
        if b"bundle --send\r" in data:
            self.calls += 1
            self._ready_at = now + self._silence
            said += b"bundle --send\r\nThe hops are tested.\r\n"
        if self._ready_at is not None and now >= self._ready_at and self._sender is None:
            self._sender, self._ready_at = Sender(CONTENT, NAME, "k7mp"), None
            said += b"ready to send\r\n"
        return said + self._sent(data, now)

    def _sent(self, data: bytes, now: float) -> bytes:
        if self._sender is None:
            return b""
        self._sender.heard(data)
        self._left -= 1
        if self._left < 0:
            self._sender = None
            return b"\r\n" + PROMPT
        said = self._sender.frames_due(now)
        if self._sender.is_over:
            self._sender = None
            return (b"" if self._loses_end else said) + b"\r\nThe laptop has all of it.\r\n" + PROMPT
        return said


def talk(console: Console, seconds: float = 300.0) -> tuple[Conversation, Fetch]:
    """Hold the conversation to its end."""
    fetch = Fetch()
    conversation, now = Conversation(fetch, "", FETCH), 0.0
    while conversation.result is None and now < seconds:
        conversation.heard(console.heard(conversation.due(now), now), now)
        now += TICK
    return conversation, fetch


@pytest.mark.parametrize("silence", [0.0, 15.0, 60.0])
def test_it_comes_whole_however_long_the_box_packs(silence: float) -> None:
    console = Console(silence)
    conversation, fetch = talk(console)
    assert conversation.result is not None
    assert conversation.result.is_done
    assert fetch.result == Received(NAME, CONTENT)
    assert console.calls == 1
    assert fetch.progress == Progress(len(CONTENT), len(CONTENT))


def test_the_boxs_last_word_may_be_lost() -> None:
    conversation, fetch = talk(Console(loses_end=True))
    assert conversation.result is not None
    assert conversation.result.is_done
    assert isinstance(fetch.result, Received)


def test_a_box_that_stops_sending_is_said_to_have_stopped() -> None:
    conversation, fetch = talk(Console(gives_up_after=5))
    assert conversation.result is not None
    assert not conversation.result.is_done
    assert conversation.result.text == "The box has stopped sending: begin again."
    assert fetch.result is None


def test_a_broken_off_one_tells_the_box() -> None:
    sender, fetch = Sender(CONTENT, NAME, "k7mp"), Fetch()
    fetch.heard(sender.frames_due(0.0))
    sender.heard(fetch.frames_due(0.0))
    fetch.cancel()
    sender.heard(fetch.frames_due(0.1))
    assert isinstance(sender.result, Failure)
    assert "broken off" in sender.result.text
    assert fetch.is_over


@pytest.mark.parametrize(("name", "file"), [(NAME, NAME), ("../x", "support"), ("", "support")])
def test_its_name_is_no_path(name: str, file: str) -> None:
    assert file_name(name) == f"{file}.nightporter.tar.gz"
