"""What an answer means, and in which words a receptionist and the page are told."""

import re

import pytest

from agent.commands.model import Verdict
from agent.drivers.coder_bridge.protocol import verdicts
from agent.drivers.coder_bridge.protocol.act_notes import Act, End, act_ended
from agent.drivers.coder_bridge.protocol.notes import (
    PERHAPS,
    TEXTS,
    KeyCode,
    ended,
    tells_contact,
    without_contacts,
)
from agent.drivers.coder_bridge.protocol.session import NoRooms
from agent.drivers.coder_bridge.protocol.verdicts import Ending
from agent.drivers.coder_bridge.protocol.wire import Reading, Result, Room
from agent.drivers.lock_server.log_in import LogInRefused, StrangeAnswer
from agent.drivers.lock_server.words import cleaned
from agent.foundation.reading.text import sentence
from provisioning.secret import Secret
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, changed

EVERY_STATUS = (200, 204, 301, 400, 401, 403, 404, 408, 429, 500, 502, 503)
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"


def as_it_is(words: str) -> str:
    return words


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_a_result_of_zero_is_done_on_every_status(status: int) -> None:
    assert verdicts.ending(status, Reading(Result.SUCCESS)) is Ending.DONE


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_another_result_is_surely_not_cut_on_every_status(status: int) -> None:
    assert verdicts.ending(status, Reading(Result.FAILURE)) is Ending.REFUSED


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_an_unreadable_result_is_perhaps_cut_on_every_status(status: int) -> None:
    assert verdicts.ending(status, Reading(Result.UNREADABLE)) is Ending.UNREADABLE


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_without_a_result_only_a_request_that_was_not_taken_is_surely_not_cut(status: int) -> None:
    is_sure = status in (400, 401, 403, 404, 429)
    wanted = Ending.NOT_ACCEPTED if is_sure else Ending.UNREADABLE
    assert verdicts.ending(status, Reading(Result.ABSENT)) is wanted


def test_a_site_may_have_http_500_taken_for_silence() -> None:
    answers = changed(BUILT_IN, answers__read_http_500=False).answers
    assert verdicts.read(500, b'{"result": 0}', answers).result is Result.UNREADABLE
    assert verdicts.read(200, b'{"result": 0}', answers).result is Result.SUCCESS


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Reading(Result.FAILURE, "6", "No card"), "No card"),
        (Reading(Result.FAILURE, "6"), "error 6, without a reason"),
        (Reading(Result.UNREADABLE), "HTTP 500, with a result that makes no sense"),
        (Reading(Result.ABSENT), "HTTP 500, without a result"),
    ],
)
def test_the_reason_is_the_bridges_own_if_it_has_one(said: Reading, reason: str) -> None:
    assert verdicts.reason(500, said) == reason


def test_a_log_in_that_went_well_gives_the_token() -> None:
    assert verdicts.token(200, b'{"value": "abc"}', BUILT_IN, as_it_is) == Secret("abc")


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, b"", "HTTP 401"),
        (403, b"", "HTTP 403"),
        (400, b'{"msg": "wrong"}', "wrong"),
        (401, b'{"result": 1, "msg": "bad password"}', "bad password"),
        (500, b'{"result": 1, "msg": "bad password"}', "bad password"),
        (200, b'{"result": 1, "value": "abc"}', "error 1, without a reason"),
        (401, b'{"value": "abc"}', "HTTP 401"),
    ],
)
def test_a_refused_log_in_is_told_from_a_broken_server(status: int, body: bytes, reason: str) -> None:
    with pytest.raises(LogInRefused, match=reason):
        verdicts.token(status, body, BUILT_IN, as_it_is)


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b""), (200, b"<html>"), (500, b"<html>"), (404, b""), (500, b'{"value": "abc"}'), (302, b"")],
)
def test_a_log_in_without_token_or_refusal_is_a_strange_answer(status: int, body: bytes) -> None:
    with pytest.raises(StrangeAnswer, match=f"HTTP {status}"):
        verdicts.token(status, body, BUILT_IN, as_it_is)


def test_a_list_of_rooms_counts_whatever_its_status() -> None:
    assert verdicts.rooms(500, b'{"rooms": [{"rm": "1"}]}', BUILT_IN.answers, as_it_is) == (Room("1", "", ""),)


@pytest.mark.parametrize("body", [b"<html>", b'{"result": 9, "msg": "db", "rooms": []}'])
def test_no_list_of_rooms_is_a_typed_error(body: bytes) -> None:
    with pytest.raises(NoRooms):
        verdicts.rooms(200, body, BUILT_IN.answers, as_it_is)


@pytest.mark.parametrize("code", list(KeyCode))
@pytest.mark.parametrize("mobile", [False, True])
def test_every_code_has_a_note_that_says_what_happened_and_what_to_do(code: KeyCode, mobile: bool) -> None:
    note = ended(code, sentence("w" * 160), "e" * 200, mobile=mobile).note
    head = "Mobile key" if mobile else "Key"
    assert note.startswith(f"{head} perhaps" if code in PERHAPS else f"{head} not")
    assert note.endswith(".")
    assert len(note) <= 400
    assert any(verb in note for verb in ("rder", "Call", "Cancel", "cancel it", "Check", "Try"))


def test_every_text_belongs_to_a_code() -> None:
    assert set(TEXTS) == set(KeyCode)


@pytest.mark.parametrize("code", list(KeyCode))
def test_the_note_of_a_mobile_key_speaks_of_no_encoder_and_of_no_card_that_was_cut(code: KeyCode) -> None:
    note = ended(code, "words", "Front desk", mobile=True).note
    assert not {"encoder", "Front desk", "cut"} & set(re.findall(r"[A-Z]?[a-z]+(?: desk)?", note))


@pytest.mark.parametrize(("act", "end"), [(act, end) for act in Act for end in End])
def test_every_other_act_has_a_note_for_each_of_its_ends(act: Act, end: End) -> None:
    outcome = act_ended(act, end, "the lock system says no")
    assert outcome.code == f"E-{act}-{end}"
    assert outcome.note.startswith(outcome.head + ": ")
    assert outcome.note.endswith(".")
    assert "{" not in outcome.note
    is_unknown = end is End.PERHAPS and act is not Act.READ_CARD
    wanted = Verdict.DONE if end is End.ALREADY else Verdict.UNKNOWN if is_unknown else Verdict.FAILED
    assert outcome.verdict is wanted


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("no phone at +43 660 123 45 67 found", "no phone at (hidden) found"),
        ("0043/660/1234567", "(hidden)"),
        ("mail to Anna.Muster@example.com failed", "mail to (hidden) failed"),
        ("room 101 is full since 11:00", "room 101 is full since 11:00"),
    ],
)
def test_what_looks_like_a_telephone_number_or_an_address_is_hidden(words: str, left: str) -> None:
    assert without_contacts(words) == left


def test_the_contact_itself_is_hidden_whatever_it_looks_like() -> None:
    assert without_contacts("unknown: anna at home", "anna at home") == "unknown: (hidden)"


@pytest.mark.parametrize(
    ("text", "contact", "told"),
    [
        ("00436601234567", "+43 660 1234567", True),
        ("Anna@Example.com-1", "anna@example.com", True),
        ("100001", "+43 660 1234567", False),
        ("100001", "", False),
        ("4711", "4711", False),
    ],
)
def test_a_key_number_that_holds_the_contact_is_told_from_one_that_does_not(
    text: str, contact: str, told: bool
) -> None:
    assert tells_contact(text, contact) is told


def test_what_was_perhaps_done_is_unknown_and_everything_else_failed() -> None:
    unknown = {code for code in TEXTS if ended(code).verdict is Verdict.UNKNOWN}
    assert unknown == PERHAPS


def test_braces_in_the_bridges_words_are_only_words() -> None:
    assert "{encoder} {0}" in ended(KeyCode.REFUSED, "{encoder} {0}").note


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("No card\r\n\x1b[31mpresented\u202e", "No card [31mpresented"),
        ("token s3cret-word expired", "token (hidden) expired"),
        (f"token {JWT} expired", "token (hidden) expired"),
        (f"token {JWT[:30]}", "token (hidden)"),
        (" " * 5000 + "s3cret-word", "(hidden)"),
        ('echo {"client_pw": "p\\u00e4ss\\"word"}', 'echo {"client_pw": "(hidden)"}'),
    ],
)
def test_the_bridges_words_are_cleaned_of_controls_and_secrets(words: str, shown: str) -> None:
    assert cleaned(words, (Secret("s3cret-word"), Secret('päss"word'))) == shown


def test_the_bridges_words_are_cut_to_what_can_be_read_at_a_glance() -> None:
    assert len(cleaned("x" * 100_000, ())) == 160


@pytest.mark.parametrize(("words", "text"), [("No card", "No card."), ("No card!", "No card!"), ("x…", "x…")])
def test_words_end_like_a_sentence(words: str, text: str) -> None:
    assert sentence(words) == text
