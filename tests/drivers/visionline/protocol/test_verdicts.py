"""What an answer proves: a card, no card, or neither."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.model import Verdict
from agent.commands.notes import CAUSE_LIMIT, NOTE_LIMIT
from agent.drivers.lock_server.redirects import Moved
from agent.drivers.visionline.protocol.notes import OF_ENCODER, PERHAPS, TEXTS, KeyCode, ended
from agent.drivers.visionline.protocol.verdicts import Ending, ending, is_refused

CARD = b'{"id": "card-1", "serialNumbers": ["04"]}'


def said(words: str) -> bytes:
    return json.dumps({"message": words}).encode()


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_card_s_answer_is_done_with_its_id(status: int) -> None:
    assert ending(status, CARD) == Ending(key="card-1")


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (201, b"", KeyCode.ANSWER_UNREADABLE),
        (200, b"<html>", KeyCode.ANSWER_UNREADABLE),
        (204, b"", KeyCode.ANSWER_UNREADABLE),
        (200, said("No card"), KeyCode.ANSWER_UNREADABLE),
        (201, b'{"id": "c", "notIssued": true}', KeyCode.NOT_ISSUED),
        (500, b'{"id": "c", "cancelled": true}', KeyCode.NOT_ISSUED),
        (500, CARD, KeyCode.ANSWER_UNREADABLE),
        (404, CARD, KeyCode.ANSWER_UNREADABLE),
        (401, CARD, KeyCode.ANSWER_UNREADABLE),
        (500, b"", KeyCode.ANSWER_UNREADABLE),
        (500, said("Index was outside the bounds"), KeyCode.ANSWER_UNREADABLE),
        (503, b"<html>Encoder not online</html>", KeyCode.ANSWER_UNREADABLE),
        (408, b"", KeyCode.ANSWER_UNREADABLE),
        (100, b"", KeyCode.ANSWER_UNREADABLE),
        (500, said("Encoding interrupted"), KeyCode.INTERRUPTED),
        (400, said("The card was removed"), KeyCode.INTERRUPTED),
        (403, said("Encoding interrupted"), KeyCode.INTERRUPTED),
        (400, said("Encoder communication timeout"), KeyCode.ENCODER_SILENT),
    ],
)
def test_what_may_have_cut_a_card_is_perhaps_made(status: int, body: bytes, code: KeyCode) -> None:
    assert ending(status, body).code is code
    assert code in PERHAPS


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (500, said("No card on the encoder"), KeyCode.NO_CARD),
        (408, said("No card on the encoder"), KeyCode.NO_CARD),
        (400, said("Incompatible card format"), KeyCode.CARD_FORMAT),
        (503, said("Encoder not online"), KeyCode.ENCODER_OFFLINE),
        (404, said("Unknown door"), KeyCode.DOOR_UNKNOWN),
        (403, said("Unknown encoder"), KeyCode.ENCODER_UNKNOWN),
        (401, b"", KeyCode.RIGHTS),
        (403, said("You may not"), KeyCode.RIGHTS),
        (400, said("You may not"), KeyCode.REFUSED),
        (404, b"<html>404</html>", KeyCode.NOT_ACCEPTED),
        (429, b"", KeyCode.NOT_ACCEPTED),
    ],
)
def test_what_surely_cut_none_is_not_made(status: int, body: bytes, code: KeyCode) -> None:
    assert ending(status, body).code is code
    assert code not in PERHAPS


def test_a_redirect_to_the_same_request_elsewhere_is_not_made_and_any_other_perhaps() -> None:
    assert ending(307, b"", Moved("https://x:443", True)).code is KeyCode.ADDRESS
    assert ending(302, said("No card"), Moved("https://x:443", False)).code is KeyCode.ANSWER_UNREADABLE


@pytest.mark.parametrize(
    ("status", "body", "is_sure"),
    [
        (401, b"", True),
        (403, b"<html>", True),
        (403, said("Bad signature"), True),
        (401, CARD, False),
        (403, said("Encoding interrupted"), False),
        (403, said("No card"), False),
        (400, b"", False),
        (500, b"", False),
        (201, CARD, False),
    ],
)
def test_only_a_refused_session_or_signature_may_be_repeated(status: int, body: bytes, is_sure: bool) -> None:
    assert is_refused(status, body) is is_sure


@given(st.integers(100, 599), st.binary(max_size=200) | st.sampled_from([CARD, said("x"), said("No card")]))
def test_done_is_only_what_a_card_s_answer_of_success_proves(status: int, body: bytes) -> None:
    found = ending(status, body)
    assert (found.code is None) == (200 <= status < 300 and bool(found.key))


@pytest.mark.parametrize("code", KeyCode)
def test_each_ending_has_a_code_a_cause_and_an_advice_that_fit(code: KeyCode) -> None:
    outcome = ended(code, "w" * 160, "Front desk left " * 4)
    assert outcome.code == code
    assert outcome.verdict is (Verdict.UNKNOWN if code in PERHAPS else Verdict.FAILED)
    assert outcome.head == ("Key perhaps cut" if code in PERHAPS else "Key not cut")
    assert len(outcome.cause) <= CAUSE_LIMIT
    assert len(outcome.note) <= NOTE_LIMIT
    assert outcome.advice.endswith(".")


@pytest.mark.parametrize("code", sorted(PERHAPS))
def test_a_key_that_was_perhaps_cut_sends_people_to_the_encoder_by_its_name(code: KeyCode) -> None:
    assert "Look at the encoder Bar" in ended(code, encoder="Bar").note


def test_every_code_has_texts_and_no_other() -> None:
    assert set(TEXTS) == set(KeyCode)
    assert set(KeyCode) >= OF_ENCODER


def test_words_with_braces_do_no_harm() -> None:
    words: dict[str, Any] = {"words": "{encoder} {0}", "encoder": "{words}"}
    assert "{encoder} {0}" in ended(KeyCode.REFUSED, **words).note
