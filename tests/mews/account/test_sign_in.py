"""The session with Mews, second by second: who may call with which token, and when to keep away."""

import pytest

from agent.mews.account.sign_in import REFUSED_PAUSES, RIVAL_PAUSES, RIVAL_SECONDS, Session


def signing_in() -> Session:
    return Session(connector_token="long-lived", access_token=None)


def plain() -> Session:
    return Session(connector_token=None, access_token="as-it-is")


def test_a_session_that_signs_in_has_no_token_at_first() -> None:
    session = signing_in()
    assert (session.token, session.connector_token, session.generation) == (None, "long-lived", 0)


def test_a_plain_token_is_used_as_it_is() -> None:
    assert plain().token == "as-it-is"


def test_a_plain_token_signs_in_nowhere() -> None:
    with pytest.raises(ValueError, match="does not sign in"):
        _ = plain().connector_token


def test_a_new_session_may_sign_in_at_once() -> None:
    assert signing_in().pause(0.0) == 0


def test_each_sign_in_begins_a_generation() -> None:
    session = signing_in()
    session.signed_in("first", 0.0)
    session.signed_in("second", 5.0)
    assert (session.token, session.generation) == ("second", 2)


def test_a_401_of_the_present_generation_ends_the_token() -> None:
    session = signing_in()
    session.signed_in("first", 0.0)
    session.refused(1, 100.0)
    assert session.token is None


def test_a_401_of_an_older_generation_means_use_the_newer_token() -> None:
    session = signing_in()
    session.signed_in("first", 0.0)
    session.signed_in("second", 100.0)
    session.refused(1, 101.0)
    assert (session.token, session.has_rival) == ("second", False)


def begin(session: Session, token: str, now: float) -> None:
    """Sign in, and have a first call let in."""
    session.signed_in(token, now)
    session.worked(session.generation, now)


def test_a_second_401_of_the_same_generation_says_nothing_new() -> None:
    session = signing_in()
    begin(session, "first", 0.0)
    session.refused(1, 10.0)
    session.refused(1, 11.0)
    assert session.pause(11.0) == RIVAL_PAUSES[0] - 1


def test_a_session_that_lasted_is_signed_in_anew_without_a_pause() -> None:
    session = signing_in()
    begin(session, "first", 0.0)
    session.refused(1, RIVAL_SECONDS)
    assert (session.has_rival, session.pause(RIVAL_SECONDS)) == (False, 0)


def test_a_session_that_ends_a_moment_too_soon_means_a_rival() -> None:
    session = signing_in()
    begin(session, "first", 0.0)
    session.refused(1, RIVAL_SECONDS - 0.001)
    assert session.has_rival


def test_each_early_end_makes_the_box_keep_away_longer() -> None:
    session, now, pauses = signing_in(), 0.0, []
    for generation in range(1, len(RIVAL_PAUSES) + 2):
        begin(session, "token", now)
        session.refused(generation, now + 1)
        pauses.append(session.pause(now + 1))
        now += 1 + pauses[-1]
    assert pauses == [*RIVAL_PAUSES, RIVAL_PAUSES[-1]]


def test_a_pause_runs_out_to_the_second() -> None:
    session = signing_in()
    begin(session, "first", 0.0)
    session.refused(1, 1.0)
    assert [session.pause(now) for now in (1.0, 10.0, 11.0, 500.0)] == [10.0, 1.0, 0.0, 0.0]


def early_end() -> Session:
    session = signing_in()
    begin(session, "first", 0.0)
    session.refused(1, 1.0)
    begin(session, "second", 20.0)
    return session


def test_a_rival_is_not_forgotten_as_soon_as_a_call_works() -> None:
    session = early_end()
    session.worked(2, 20.0 + RIVAL_SECONDS - 0.001)
    assert session.has_rival


def test_a_rival_is_gone_when_the_session_has_lasted() -> None:
    session = early_end()
    session.worked(2, 20.0 + RIVAL_SECONDS)
    assert not session.has_rival


def test_a_late_answer_for_an_older_token_does_not_speak_for_the_present_one() -> None:
    session = early_end()
    session.worked(1, 1000.0)
    assert session.has_rival


def test_after_a_rival_the_pauses_begin_small_again() -> None:
    session = early_end()
    session.worked(2, 100.0)
    session.refused(2, 200.0)
    begin(session, "third", 200.0)
    session.refused(3, 201.0)
    assert session.pause(201.0) == RIVAL_PAUSES[0]


def test_a_person_can_take_over_at_once() -> None:
    session = early_end()
    session.refused(2, 21.0)
    session.take_over()
    assert (session.has_rival, session.pause(21.0)) == (False, 0)


@pytest.mark.parametrize("seconds", [0.0, 1000.0])
def test_a_session_that_never_worked_says_nothing_of_a_rival(seconds: float) -> None:
    session, now, pauses = signing_in(), 0.0, []
    for generation in range(1, len(REFUSED_PAUSES) + 2):
        session.signed_in("token", now)
        session.refused(generation, now + seconds)
        pauses.append(session.pause(now + seconds))
        now += seconds + pauses[-1]
    assert (session.has_rival, session.is_refused) == (False, True)
    assert pauses == [*REFUSED_PAUSES, REFUSED_PAUSES[-1]]
    begin(session, "good", now)
    assert not session.is_refused


def test_a_refused_connector_token_is_asked_for_ever_more_rarely() -> None:
    session, pauses = signing_in(), []
    for _ in range(len(REFUSED_PAUSES) + 1):
        session.sign_in_refused(0.0)
        pauses.append(session.pause(0.0))
    assert pauses == [*REFUSED_PAUSES, REFUSED_PAUSES[-1]]


def test_a_sign_in_that_works_ends_the_refusal() -> None:
    session = signing_in()
    session.sign_in_refused(0.0)
    session.signed_in("first", 30.0)
    assert not session.is_refused


def test_a_refused_plain_token_is_kept_and_tried_again_later() -> None:
    session = plain()
    session.refused(0, 5.0)
    assert (session.token, session.is_refused, session.pause(5.0)) == ("as-it-is", True, REFUSED_PAUSES[0])


def test_a_refused_plain_token_is_no_rival() -> None:
    session = plain()
    session.refused(0, 5.0)
    assert not session.has_rival


def test_a_plain_token_that_works_again_is_refused_no_longer() -> None:
    session = plain()
    session.refused(0, 5.0)
    session.worked(0, 40.0)
    assert not session.is_refused


def test_every_token_that_mews_might_repeat_is_known_as_a_secret() -> None:
    session = signing_in()
    session.signed_in("first", 0.0)
    session.signed_in("second", 100.0)
    assert {"long-lived", "first", "second"} <= set(session.secrets)


def test_a_plain_token_is_a_secret_too() -> None:
    assert "as-it-is" in plain().secrets


def test_tokens_are_not_collected_for_ever() -> None:
    session = signing_in()
    for number in range(1000):
        session.signed_in(f"token {number}", float(number))
    assert (len(session.secrets) < 20, "token 999" in session.secrets) == (True, True)
