"""A user's mistake that comes out of the agent's nurseries is still one sentence; anything else is not hidden."""

from copy import copy

import pytest

from agent.drivers.lock_server.log_in import Unanswered
from agent.drivers.lock_server.redirects import Moved, Redirected
from agent.foundation.errors import (
    CallFailed,
    CertificateRefused,
    Flaw,
    NightPorterError,
    NoAnswer,
    NotSent,
    OtherSpeech,
    Silence,
    Speech,
    UserMistake,
    mistake_in,
    reason_of,
)

MISTAKE = UserMistake("Write a port.")
BUG = KeyError("bug")


@pytest.mark.parametrize(
    "errors",
    [
        [MISTAKE],
        [ExceptionGroup("nursery", [MISTAKE])],
        [ExceptionGroup("nursery", [ExceptionGroup("nursery", [MISTAKE])])],
        [MISTAKE, UserMistake("Another.")],
    ],
)
def test_a_mistake_is_found_however_deep(errors: list[Exception]) -> None:
    assert mistake_in(ExceptionGroup("nursery", errors)) is MISTAKE


@pytest.mark.parametrize(
    "errors", [[BUG], [MISTAKE, BUG], [BUG, MISTAKE], [MISTAKE, ExceptionGroup("nursery", [MISTAKE, BUG])]]
)
def test_a_mistake_hides_no_bug_beside_it(errors: list[Exception]) -> None:
    assert mistake_in(ExceptionGroup("nursery", errors)) is None


@pytest.mark.parametrize("error", [NotSent("it refused"), NoAnswer("it refused")])
def test_a_failed_call_is_expected_trouble_with_a_reason(error: CallFailed) -> None:
    assert isinstance(error, NightPorterError)
    assert (error.reason, str(error)) == ("it refused", "it refused")


@pytest.mark.parametrize(
    "error",
    [
        NotSent("a"),
        CertificateRefused("a", Flaw.EXPIRED, "seen"),
        OtherSpeech("a", Speech.TLS, "https://x:1", "seen"),
        NoAnswer("a", is_heard=True),
        Silence("a", is_heard=True),
        Unanswered("a", is_heard=True),
        Redirected(Moved("https://x:1", True)),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_failed_call_can_be_told_to_several_tasks_each_with_a_traceback_of_its_own(error: CallFailed) -> None:
    def traced(one: CallFailed) -> CallFailed:
        with pytest.raises(CallFailed) as caught:
            raise one
        return caught.value

    twin = copy(traced(error))
    assert (type(twin), twin.__dict__, str(twin)) == (type(error), error.__dict__, str(error))
    assert twin.__traceback__ is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "no space left on device"),
        (OSError(), "no reason given"),
        (NightPorterError("mount: wrong fs type"), "mount: wrong fs type"),
    ],
)
def test_a_reason_goes_on_a_sentence(error: Exception, words: str) -> None:
    assert reason_of(error) == words
