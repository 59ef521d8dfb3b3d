"""The sign-in at Mews, second by second: who may call with which token, and when to keep away."""

from collections.abc import Callable

import pytest

from agent.health.asking_again import YOUNG_SECONDS
from agent.mews.account.sign_in import REFUSED_PAUSES, RIVAL_PAUSES, RIVAL_SECONDS, SignIn
from provisioning.secret import Secret


def signing_in() -> SignIn:
    return SignIn(connector_token=Secret("long-lived"), access_token=None)


def plain() -> SignIn:
    return SignIn(connector_token=None, access_token=Secret("as-it-is"))


def test_a_session_that_signs_in_has_no_token_at_first() -> None:
    sign_in = signing_in()
    assert (sign_in.token, sign_in.connector_token, sign_in.generation) == (None, Secret("long-lived"), 0)


def test_a_plain_token_is_used_as_it_is() -> None:
    assert plain().token == Secret("as-it-is")


def test_a_plain_token_signs_in_nowhere() -> None:
    with pytest.raises(ValueError, match="does not sign in"):
        _ = plain().connector_token


def test_a_new_session_may_sign_in_at_once() -> None:
    assert signing_in().pause(0.0) == 0


def test_each_sign_in_begins_a_generation() -> None:
    sign_in = signing_in()
    sign_in.signed_in(Secret("first"), 0.0)
    sign_in.signed_in(Secret("second"), 5.0)
    assert (sign_in.token, sign_in.generation) == (Secret("second"), 2)


def test_a_401_of_the_present_generation_ends_the_token() -> None:
    sign_in = signing_in()
    sign_in.signed_in(Secret("first"), 0.0)
    sign_in.refused(1, 100.0)
    assert sign_in.token is None


def test_a_401_of_an_older_generation_means_use_the_newer_token() -> None:
    sign_in = signing_in()
    sign_in.signed_in(Secret("first"), 0.0)
    sign_in.signed_in(Secret("second"), 100.0)
    sign_in.refused(1, 101.0)
    assert (sign_in.token, sign_in.has_rival) == (Secret("second"), False)


def begin(sign_in: SignIn, token: str, now: float) -> None:
    """Sign in, and have a first call let in."""
    sign_in.signed_in(Secret(token), now)
    sign_in.worked(sign_in.generation, now)


def test_a_second_401_of_the_same_generation_says_nothing_new() -> None:
    sign_in = signing_in()
    begin(sign_in, "first", 0.0)
    sign_in.refused(1, 10.0)
    sign_in.refused(1, 10.5)
    assert sign_in.pause(10.5) == pytest.approx(RIVAL_PAUSES[0] - 0.5)


def test_a_session_that_lasted_is_signed_in_anew_without_a_pause() -> None:
    sign_in = signing_in()
    begin(sign_in, "first", 0.0)
    sign_in.refused(1, RIVAL_SECONDS)
    assert (sign_in.has_rival, sign_in.pause(RIVAL_SECONDS)) == (False, 0)


def test_a_session_that_ends_a_moment_too_soon_means_a_rival() -> None:
    sign_in = signing_in()
    begin(sign_in, "first", 0.0)
    sign_in.refused(1, RIVAL_SECONDS - 0.001)
    assert sign_in.has_rival


def test_each_early_end_makes_the_box_keep_away_longer() -> None:
    sign_in, now, pauses = signing_in(), 0.0, []
    for generation in range(1, len(RIVAL_PAUSES) + 2):
        begin(sign_in, "token", now)
        sign_in.refused(generation, now + 1)
        pauses.append(sign_in.pause(now + 1))
        now += 1 + pauses[-1]
    assert pauses == [*RIVAL_PAUSES, RIVAL_PAUSES[-1]]


def test_a_pause_runs_out_to_the_second() -> None:
    sign_in = signing_in()
    begin(sign_in, "first", 0.0)
    sign_in.refused(1, 1.0)
    begin(sign_in, "second", 2.0)
    sign_in.refused(2, 3.0)
    assert [sign_in.pause(now) for now in (3.0, 62.0, 63.0, 500.0)] == [60.0, 1.0, 0.0, 0.0]


def early_end() -> SignIn:
    sign_in = signing_in()
    begin(sign_in, "first", 0.0)
    sign_in.refused(1, 1.0)
    begin(sign_in, "second", 20.0)
    return sign_in


def test_a_rival_is_not_forgotten_as_soon_as_a_call_works() -> None:
    sign_in = early_end()
    sign_in.worked(2, 20.0 + RIVAL_SECONDS - 0.001)
    assert sign_in.has_rival


def test_a_rival_is_gone_when_the_session_has_lasted() -> None:
    sign_in = early_end()
    sign_in.worked(2, 20.0 + RIVAL_SECONDS)
    assert not sign_in.has_rival


def test_a_late_answer_for_an_older_token_does_not_speak_for_the_present_one() -> None:
    sign_in = early_end()
    sign_in.worked(1, 1000.0)
    assert sign_in.has_rival


def test_after_a_rival_the_pauses_begin_small_again() -> None:
    sign_in = early_end()
    sign_in.worked(2, 100.0)
    sign_in.refused(2, 200.0)
    begin(sign_in, "third", 200.0)
    sign_in.refused(3, 201.0)
    assert sign_in.pause(201.0) == RIVAL_PAUSES[0]


def test_a_person_can_take_over_at_once() -> None:
    sign_in = early_end()
    sign_in.refused(2, 21.0)
    sign_in.take_over()
    assert (sign_in.has_rival, sign_in.pause(21.0)) == (False, 0)


@pytest.mark.parametrize("seconds", [0.0, 1000.0])
def test_a_session_that_never_worked_says_nothing_of_a_rival(seconds: float) -> None:
    sign_in, now, pauses = signing_in(), 0.0, []
    for generation in range(1, len(REFUSED_PAUSES) + 2):
        sign_in.signed_in(Secret("token"), now)
        sign_in.refused(generation, now + seconds)
        pauses.append(sign_in.pause(now + seconds))
        now += seconds + pauses[-1]
    assert (sign_in.has_rival, sign_in.is_refused) == (False, True)
    assert pauses == [*REFUSED_PAUSES, REFUSED_PAUSES[-1]]
    begin(sign_in, "good", now)
    assert not sign_in.is_refused


def test_a_refused_connector_token_is_asked_for_ever_more_rarely() -> None:
    sign_in, pauses = signing_in(), []
    for _ in range(len(REFUSED_PAUSES) + 1):
        sign_in.not_signed_in(0.0)
        pauses.append(sign_in.pause(0.0))
    assert pauses == [*REFUSED_PAUSES, REFUSED_PAUSES[-1]]


def test_a_sign_in_that_works_ends_the_refusal() -> None:
    sign_in = signing_in()
    sign_in.not_signed_in(0.0)
    sign_in.signed_in(Secret("first"), 30.0)
    assert not sign_in.is_refused


@pytest.mark.parametrize("how", [signing_in, plain])
def test_a_token_that_worked_until_a_moment_ago_is_tried_again_at_the_pace_of_the_polls(
    how: Callable[[], SignIn],
) -> None:
    sign_in = worked(how, 1000.0)
    sign_in.not_signed_in(1001.0)
    assert sign_in.pause(1001.0) == 2.0
    sign_in.not_signed_in(1000.0 + YOUNG_SECONDS)
    assert sign_in.pause(1000.0 + YOUNG_SECONDS) == 2.0


@pytest.mark.parametrize("how", [signing_in, plain])
def test_one_that_worked_long_ago_is_tried_less_and_less_often(how: Callable[[], SignIn]) -> None:
    sign_in, pauses = worked(how, 1000.0), []
    for beyond in (30.0, 200.0, 9999.0):
        sign_in.not_signed_in(1000.0 + YOUNG_SECONDS + beyond)
        pauses.append(sign_in.pause(1000.0 + YOUNG_SECONDS + beyond))
    assert pauses == [30.0, 200.0, REFUSED_PAUSES[-1]]


def test_sessions_that_do_not_list_any_more_are_signed_in_for_at_the_pace_of_the_polls_at_first() -> None:
    sign_in = signing_in()
    begin(sign_in, "first", 0.0)
    sign_in.refused(1, RIVAL_SECONDS)
    sign_in.signed_in(Secret("second"), RIVAL_SECONDS)
    sign_in.refused(2, RIVAL_SECONDS)
    assert (sign_in.is_refused, sign_in.pause(RIVAL_SECONDS)) == (True, 2.0)


def worked(how: Callable[[], SignIn], now: float) -> SignIn:
    """One with which a call was let in at that time."""
    sign_in = how()
    if sign_in.token is None:
        sign_in.signed_in(Secret("first"), now)
    sign_in.worked(sign_in.generation, now)
    return sign_in


def test_a_refused_plain_token_is_kept_and_tried_again_later() -> None:
    sign_in = plain()
    sign_in.refused(0, 5.0)
    assert (sign_in.token, sign_in.is_refused, sign_in.pause(5.0)) == (Secret("as-it-is"), True, REFUSED_PAUSES[0])


def test_a_refused_plain_token_is_no_rival() -> None:
    sign_in = plain()
    sign_in.refused(0, 5.0)
    assert not sign_in.has_rival


def test_a_plain_token_that_works_again_is_refused_no_longer() -> None:
    sign_in = plain()
    sign_in.refused(0, 5.0)
    sign_in.worked(0, 40.0)
    assert not sign_in.is_refused


def test_no_token_is_shown_by_what_keeps_it() -> None:
    sign_in = signing_in()
    sign_in.signed_in(Secret("first"), 0.0)
    shown = repr(vars(sign_in)) + repr(sign_in)
    assert ("long-lived" in shown, "first" in shown, "hidden" in shown) == (False, False, True)
