"""What the page is told in each case: whole sentences, hints that can be followed to the letter, nothing twice."""

import pytest

from agent.drivers.coder_bridge.bridge_faults import SERVER_HOP, BridgeFaults
from agent.drivers.coder_bridge.protocol.session import NoRooms
from agent.drivers.lock_server.log_in import LogInRefused, StrangeAnswer, Unanswered
from agent.drivers.lock_server.redirects import Moved, Redirected
from agent.foundation.errors import (
    CallFailed,
    CertificateRefused,
    Flaw,
    NoAnswer,
    NotSent,
    OtherSpeech,
    Silence,
    Speech,
)
from agent.health.health import Fault, Health

PIN = "ab" * 32
LONG_ADDRESS = f"https://{'x' * 60}:65535"
EVERY_ERROR: list[CallFailed] = [
    NotSent("it refused the connection"),
    *(CertificateRefused("it signed its certificate itself", flaw, PIN) for flaw in Flaw),
    *(OtherSpeech("it speaks something else", speech, LONG_ADDRESS, PIN) for speech in Speech),
    OtherSpeech("it speaks TLS, and its address says http", Speech.TLS, LONG_ADDRESS),
    Redirected(Moved(LONG_ADDRESS, True)),
    Redirected(Moved("", False)),
    Unanswered("no whole answer within 10 s", is_heard=False),
    Unanswered("its answer broke off", is_heard=True),
    LogInRefused("HTTP 401"),
    StrangeAnswer("HTTP 200, without a token"),
    NoRooms("HTTP 404, without a list of rooms"),
    NoAnswer("its answer broke off", is_heard=True),
    Silence("no whole answer within 10 s"),
]


def told(error: CallFailed) -> Fault:
    health = Health(lambda: 0.0)
    BridgeFaults(health).found(error)
    [fault] = health.active()
    assert fault.hop == SERVER_HOP
    return fault


@pytest.mark.parametrize("error", EVERY_ERROR, ids=repr)
def test_every_failure_is_told_in_whole_sentences_that_are_not_cut_off(error: CallFailed) -> None:
    fault = told(error)
    assert fault.text[0].isupper()
    assert fault.text.endswith((".", PIN))
    assert (fault.hint or fault.kind.hint).endswith((".", "?"))
    assert "…" not in fault.text + fault.hint


@pytest.mark.parametrize("error", EVERY_ERROR, ids=repr)
def test_only_what_was_heard_is_called_an_answer(error: CallFailed) -> None:
    fault = told(error)
    claims = "answered:" in fault.text or "answers" in fault.kind.title
    is_heard = isinstance(error, LogInRefused | StrangeAnswer | NoRooms) or getattr(error, "is_heard", False)
    assert not claims or is_heard


@pytest.mark.parametrize("error", EVERY_ERROR, ids=repr)
def test_a_text_does_not_say_its_title_again(error: CallFailed) -> None:
    fault = told(error)
    assert fault.kind.title.lower() not in fault.text.lower()


@pytest.mark.parametrize(
    ("flaw", "advice"),
    [
        (Flaw.NOT_PINNED, "Compare the SHA-256"),
        (Flaw.SELF_SIGNED, "Compare the SHA-256"),
        (Flaw.UNKNOWN_ISSUER, "Compare the SHA-256"),
        (Flaw.OTHER_NAME, "Write the name"),
        (Flaw.EXPIRED, "Is the box's clock right?"),
        (Flaw.NOT_YET_VALID, "Is the box's clock right?"),
        (Flaw.CLOCK, "Set the box's clock first"),
        (Flaw.OTHER, ""),
    ],
)
def test_each_flaw_of_a_certificate_has_its_own_advice(flaw: Flaw, advice: str) -> None:
    fault = told(CertificateRefused("its certificate expired on 3 May 2026", flaw, PIN))
    assert fault.hint.startswith(advice)
    assert fault.text == f"Its certificate expired on 3 May 2026. SHA-256 seen: {PIN}"


def test_a_certificate_that_could_not_be_had_has_no_fingerprint() -> None:
    assert told(CertificateRefused("it signed its certificate itself", Flaw.SELF_SIGNED)).text == (
        "It signed its certificate itself."
    )
