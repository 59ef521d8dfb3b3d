"""How the box stands with Mews, answer by answer: what is wrong, what orders wait for, when the next poll is."""

from collections.abc import Callable
from itertools import chain

import pytest

from agent.commands.model import Ack, Reply, WaitsFor
from agent.health import mews_kinds
from agent.health.asking_again import YOUNG_SECONDS
from agent.health.catalogue import CATALOGUE
from agent.health.kind import FaultKind
from agent.mews.account.account import CLAIM_REFUSALS, FAULTS, LONGEST_REST, UPDATE_FAILURES, Account
from agent.mews.account.pauses import BARRED_SECONDS, OVER_SECONDS
from agent.mews.account.sign_in import REFUSED_PAUSES, RIVAL_PAUSES, RIVAL_SECONDS, SignIn
from agent.mews.calls import (
    Busy,
    Discontinued,
    Failed,
    MewsError,
    NotReached,
    NotTrusted,
    Portfolio,
    Refused,
    SignInRefused,
    Silent,
    Unauthorised,
)
from provisioning.secret import Secret

PACE = 2.0  # s between polls
SILENT = Silent("nothing came back for 3 s")
LOST = Failed("the connection broke")
OUT = NotReached("it refused the connection")
NO_CERTIFICATE = NotTrusted("it has expired")


def account(*, signs_in: bool = True, pace: float = PACE, spread: Callable[[float], float] = float) -> Account:
    token = Secret("long-lived")
    sign_in = SignIn(connector_token=token if signs_in else None, access_token=None if signs_in else token)
    return Account(sign_in, pace, 0.0, spread=spread)


def signed_in(now: float = 0.0) -> Account:
    """One that has had its first list."""
    here = account()
    here.sign_in.signed_in(Secret("first"), now)
    listed(here, now)
    return here


def listed(here: Account, now: float) -> float:
    return here.listed(here.sign_in.generation, now, has_date=True)


def not_listed(here: Account, error: MewsError, now: float) -> float:
    return here.not_listed(error, here.sign_in.generation, now)


def not_updated(here: Account, error: MewsError, now: float) -> Reply:
    return here.not_updated(error, here.sign_in.generation, now)


def test_the_faults_of_the_account_are_in_the_catalogue_each_once() -> None:
    assert len(set(FAULTS)) == len(FAULTS)
    assert set(FAULTS) <= set(CATALOGUE.values())


# -- polls --------------------------------------------------------------------------------------------------------


def test_before_the_first_poll_mews_is_not_reached_and_nothing_is_wrong() -> None:
    here = account()
    assert (here.is_reached, here.obstacle(0.0), here.faults, here.last_answer) == (
        False,
        WaitsFor.MEWS,
        {},
        None,
    )


def test_a_list_says_that_mews_is_reached_and_since_when() -> None:
    here = account()
    here.sign_in.signed_in(Secret("first"), 4.0)
    assert listed(here, 5.0) == PACE
    listed(here, 7.0)
    assert (here.is_reached, here.reached_since, here.last_answer, here.obstacle(7.0)) == (True, 5.0, 7.0, None)


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (OUT, mews_kinds.UNREACHABLE, "No connection to Mews: it refused the connection."),
        (NO_CERTIFICATE, mews_kinds.CERTIFICATE, "No connection: it has expired."),
        (SILENT, mews_kinds.SILENT, "Mews does not answer: nothing came back for 3 s."),
        (LOST, mews_kinds.ANSWER, "Mews' answer cannot be used: the connection broke."),
        (Refused(403, ""), mews_kinds.ANSWER, "Mews' answer cannot be used: Mews answered 403."),
        (Refused(403, "Not here."), mews_kinds.ANSWER, "Mews' answer cannot be used: “Not here”."),
        (SignInRefused(""), mews_kinds.TOKEN, "Mews refuses the connector token at sign-in."),
        (SignInRefused("Who?"), mews_kinds.TOKEN, "Mews refuses the connector token at sign-in: “Who?”."),
        (Busy(429, 47.0), mews_kinds.BUSY, "Mews takes no more calls for now. Next try in 47 s."),
        (Busy(503, 5000.0), mews_kinds.BUSY, "Mews takes no more calls for now. Next try in 900 s."),
        (Busy(429, None), mews_kinds.BUSY, "Mews takes no more calls for now. Next try in 10 s."),
    ],
)
def test_each_way_of_getting_no_list_is_told_and_a_list_ends_it(
    error: MewsError, code: FaultKind, text: str
) -> None:
    here = signed_in()
    not_listed(here, error, 2.0)
    assert (here.faults, here.is_reached, here.reached_since) == ({code: text}, False, 2.0)
    listed(here, 1000.0)
    assert (here.faults, here.is_reached, here.reached_since) == ({}, True, 1000.0)


def test_a_session_that_mews_ends_at_once_is_not_let_in() -> None:
    here = account()
    here.sign_in.signed_in(Secret("first"), 0.0)
    not_listed(here, Unauthorised("The integration is disabled."), 0.1)
    text = "Mews signs the box in, and then refuses to list commands: “The integration is disabled”."
    assert (here.faults, here.pause(0.1)) == ({mews_kinds.DISABLED: text}, REFUSED_PAUSES[0])


def test_a_plain_token_that_is_refused_is_told_as_such() -> None:
    here = account(signs_in=False)
    not_listed(here, Unauthorised("Invalid AccessToken"), 0.1)
    text = "Mews refuses the access token: “Invalid AccessToken”."
    assert (here.faults, here.pause(0.1)) == ({mews_kinds.TOKEN: text}, REFUSED_PAUSES[0])


def test_a_session_that_ends_soon_is_a_rival_and_stays_one_until_ours_has_lasted() -> None:
    here = signed_in()
    not_listed(here, Unauthorised(""), 5.0)
    text = "A sign-in by another connector ended this box's session. Next try in 1 s."
    assert (here.faults, here.pause(5.0)) == ({mews_kinds.RIVAL: text}, RIVAL_PAUSES[0])
    here.sign_in.signed_in(Secret("second"), 15.0)
    listed(here, 15.0)
    assert (here.faults, here.is_reached) == ({mews_kinds.RIVAL: text}, True)
    listed(here, 15.0 + RIVAL_SECONDS)
    assert here.faults == {}


def test_a_session_that_had_lasted_ends_without_a_word() -> None:
    here = signed_in()
    not_listed(here, Unauthorised(""), RIVAL_SECONDS)
    assert (here.faults, here.is_reached, here.pause(RIVAL_SECONDS)) == ({}, False, 0.0)


def test_answers_without_a_date_are_told_until_there_is_one() -> None:
    here = account(signs_in=False)
    here.listed(0, 1.0, has_date=False)
    assert here.faults == {mews_kinds.NO_DATE: ""}
    here.listed(0, 3.0, has_date=True)
    assert here.faults == {}


@pytest.mark.parametrize("first", [OUT, NO_CERTIFICATE, SILENT, LOST, SignInRefused("")])
@pytest.mark.parametrize("second", [OUT, NO_CERTIFICATE, SILENT, LOST, SignInRefused("")])
def test_only_the_newest_reason_for_a_missing_list_is_told(first: MewsError, second: MewsError) -> None:
    here = signed_in()
    not_listed(here, first, 2.0)
    not_listed(here, second, 40.0)
    assert len(here.faults) == 1
    alone = signed_in()
    not_listed(alone, second, 40.0)
    assert here.faults.keys() == alone.faults.keys()


# -- when to poll next --------------------------------------------------------------------------------------------


def test_a_trouble_that_just_began_is_asked_about_at_the_usual_pace() -> None:
    here = signed_in()
    ages = (0.0, 1.0, 60.0, YOUNG_SECONDS)
    assert {not_listed(here, LOST, 1.0 + age) for age in ages} == {PACE}


def test_an_old_one_is_asked_about_less_and_less_often_up_to_half_a_minute_and_a_list_ends_that() -> None:
    here = signed_in()
    not_listed(here, LOST, 1.0)
    rests = [
        not_listed(here, LOST, 1.0 + YOUNG_SECONDS + beyond) for beyond in (1.0, 4.0, 8.0, 16.0, 64.0, 9999.0)
    ]
    assert rests == [PACE, 4.0, 8.0, 16.0, LONGEST_REST, LONGEST_REST]
    assert listed(here, 20_000.0) == PACE
    assert not_listed(here, LOST, 20_001.0) == PACE


@pytest.mark.parametrize("first", [Failed("Mews answered 500"), Refused(403, ""), Silent("nothing came")])
def test_it_is_one_trouble_whatever_each_poll_shows(first: MewsError) -> None:
    here = signed_in()
    not_listed(here, first, 1.0)
    assert not_listed(here, LOST, 1.0 + YOUNG_SECONDS + 16.0) == 16.0


def test_what_cannot_be_reached_is_asked_at_the_usual_pace_for_a_rest_would_spare_no_one() -> None:
    here = signed_in()
    assert [not_listed(here, OUT, now) for now in range(1, 8)] == [PACE] * 7


def test_a_slow_pace_is_not_made_quicker_by_failures() -> None:
    here = account(pace=60.0)
    assert [not_listed(here, OUT, float(now)) for now in range(3)] == [60.0, 60.0, 60.0]


def test_after_a_first_silence_there_is_no_rest_because_a_new_connection_may_do() -> None:
    here = signed_in()
    assert [not_listed(here, SILENT, float(now)) for now in range(2, 5)] == [0.0, PACE, PACE]
    was_silent = here.is_silent
    listed(here, 60.0)
    assert (was_silent, here.is_silent) == (True, False)
    assert not_listed(here, SILENT, 70.0) == 0.0


def test_a_mews_that_never_answered_is_not_asked_twice_at_once() -> None:
    assert not_listed(account(), SILENT, 1.0) == PACE


def test_every_rest_has_its_jitter_and_a_named_pause_has_none() -> None:
    here = account(spread=lambda seconds: seconds * 1.1)
    assert listed(here, 0.0) == PACE * 1.1
    assert not_listed(here, OUT, 1.0) == PACE * 1.1
    not_listed(here, Busy(429, 47.0), 2.0)
    assert here.pause(2.0) == 47.0
    other = account(spread=lambda seconds: seconds * 1.1)
    not_listed(other, Busy(429, None), 2.0)
    assert other.pause(2.0) == pytest.approx(11.0)


# -- pauses -------------------------------------------------------------------------------------------------------


def test_during_a_pause_that_is_what_orders_wait_for() -> None:
    here = signed_in()
    not_listed(here, Busy(429, 47.0), 2.0)
    listed(here, 3.0)
    assert [here.obstacle(now) for now in (3.0, 48.9, 49.0)] == [WaitsFor.PAUSE, WaitsFor.PAUSE, None]


def test_a_pause_without_end_is_a_closed_door() -> None:
    here = signed_in()
    for now in range(0, int(BARRED_SECONDS), 10):
        not_listed(here, Busy(429, 10.0), float(now))
    assert mews_kinds.BARRED not in here.faults
    not_listed(here, Busy(429, 10.0), BARRED_SECONDS)
    assert here.faults.keys() == {mews_kinds.BUSY, mews_kinds.BARRED}
    listed(here, BARRED_SECONDS + 10.0)
    assert here.faults == {}


def test_lists_do_not_end_the_pauses_that_updates_are_asked_for() -> None:
    here = signed_in()
    not_updated(here, Busy(429, 0.0), 10.0)
    listed(here, 10.0 + OVER_SECONDS)
    assert (set(here.faults), here.is_reached) == ({mews_kinds.BUSY}, True)
    listed(here, 10.1 + OVER_SECONDS)
    assert here.faults == {}


def test_an_update_that_is_let_in_ends_the_pauses() -> None:
    here = signed_in()
    not_updated(here, Busy(429, 0.0), 10.0)
    here.updated()
    assert here.faults == {}
    not_updated(here, Busy(429, 0.0), 10.0 + BARRED_SECONDS)
    assert set(here.faults) == {mews_kinds.BUSY}


# -- updates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "reply"),
    [
        (Refused(403, "Too late"), Reply(Ack.REFUSED, "Too late")),
        (Unauthorised("x"), Reply(Ack.UNAUTHORISED, "Mews refused the token (401)")),
        (Busy(429, None), Reply(Ack.UNANSWERED, "Mews asked for a pause (429)")),
        (SILENT, Reply(Ack.UNANSWERED, "nothing came back for 3 s")),
        (LOST, Reply(Ack.UNANSWERED, "the connection broke")),
        (OUT, Reply(Ack.UNANSWERED, "it refused the connection", is_sent=False)),
        (NO_CERTIFICATE, Reply(Ack.UNANSWERED, "it has expired", is_sent=False)),
    ],
)
def test_each_answer_to_an_update_is_a_reply_that_tells_whether_it_may_have_had_effect(
    error: MewsError, reply: Reply
) -> None:
    assert not_updated(signed_in(), error, 1.0) == reply


def test_an_acknowledged_update_is_a_yes() -> None:
    assert signed_in().updated() == Reply(Ack.YES)


def test_updates_without_an_answer_are_told_from_the_second_on_and_an_answer_ends_that() -> None:
    here = signed_in()
    for number, error in enumerate([LOST] * UPDATE_FAILURES, start=1):
        not_updated(here, error, float(number))
        assert (mews_kinds.UPDATE in here.faults) == (number == UPDATE_FAILURES)
    assert here.faults[mews_kinds.UPDATE] == "The last 2 updates failed: the connection broke."
    assert here.is_reached
    not_updated(here, Refused(403, "Too late"), 9.0)
    assert here.faults == {}


def test_failed_updates_count_in_a_row_only() -> None:
    here = signed_in()
    for now in range(6):
        not_updated(here, LOST, float(now))
        assert here.faults == {}
        here.updated()


def test_mews_words_about_a_command_are_in_no_trouble() -> None:
    here = signed_in()
    for now in range(9):
        reply = not_updated(here, Refused(403, "Mrs Quaxelby has not paid"), float(now))
        here.claimed(reply.ack)
    not_updated(here, Unauthorised("Mrs Quaxelby"), 10.0)
    assert here.faults.keys() == {mews_kinds.CLAIM, mews_kinds.RIVAL}
    assert "Quaxelby" not in repr(here.faults)


def test_a_401_for_an_older_token_ends_no_session() -> None:
    here = signed_in()
    here.sign_in.signed_in(Secret("second"), 1.0)
    here.not_updated(Unauthorised(""), 1, 2.0)
    assert (here.sign_in.token, here.faults, here.is_reached) == (Secret("second"), {}, False)


def test_claims_that_are_refused_in_a_row_are_told_and_one_that_is_granted_ends_that() -> None:
    here = signed_in()
    for number in range(1, CLAIM_REFUSALS + 1):
        here.claimed(Ack.REFUSED)
        assert (mews_kinds.CLAIM in here.faults) == (number == CLAIM_REFUSALS)
    assert here.faults[mews_kinds.CLAIM] == "The last 3 claims were refused."
    here.claimed(Ack.UNANSWERED)
    assert mews_kinds.CLAIM in here.faults  # no claim was granted yet
    here.claimed(Ack.YES)
    assert here.faults == {}


@pytest.mark.parametrize("between", [Ack.YES, Ack.UNANSWERED, Ack.UNAUTHORISED])
def test_claims_between_which_another_went_otherwise_are_no_row(between: Ack) -> None:
    here = signed_in()
    for ack in chain.from_iterable([(Ack.REFUSED, Ack.REFUSED, between)] * 4):
        here.claimed(ack)
    assert here.faults == {}


GONE = Discontinued("Mews offers this operation no more (410)")


def numbered(error: MewsError) -> MewsError:
    error.request_id = "r-1"
    return error


@pytest.mark.parametrize(
    "error",
    [
        *(Unauthorised(""), SignInRefused(""), Busy(429, 5.0), Failed("Mews answered 500"), Refused(403, "no")),
        *(Portfolio(), Discontinued("gone")),
    ],
)
def test_mews_number_of_the_request_is_told_with_what_went_wrong(error: MewsError) -> None:
    here = account(signs_in=False)
    not_listed(here, numbered(error), 0.0)
    [text] = here.faults.values()
    assert text.count("(request r-1)") == 1


@pytest.mark.parametrize("error", [Failed("Mews answered 500"), Discontinued("gone")])
def test_so_it_is_of_updates(error: MewsError) -> None:
    here = signed_in()
    for _ in range(UPDATE_FAILURES):
        not_updated(here, numbered(error), 0.0)
    [text] = here.faults.values()
    assert text.endswith("(request r-1).")


def test_a_token_for_several_hotels_is_told_until_a_list_comes() -> None:
    here = account(signs_in=False)
    not_listed(here, Portfolio(), 0.0)
    assert (list(here.faults), here.is_reached) == ([mews_kinds.PORTFOLIO], False)
    listed(here, 1.0)
    assert here.faults == {}


def test_lists_that_mews_offers_no_more_are_told_until_one_comes_or_something_else_is_wrong() -> None:
    here = account(signs_in=False)
    not_listed(here, GONE, 0.0)
    assert list(here.faults) == [mews_kinds.DISCONTINUED]
    not_listed(here, OUT, 1.0)
    assert list(here.faults) == [mews_kinds.UNREACHABLE]
    not_listed(here, GONE, 2.0)
    listed(here, 3.0)
    assert here.faults == {}


def test_updates_that_mews_offers_no_more_are_told_at_once_and_although_lists_come() -> None:
    here = signed_in()
    reply = not_updated(here, GONE, 0.0)
    assert (reply.ack, reply.is_sent) == (Ack.UNANSWERED, False)
    listed(here, 1.0)
    assert list(here.faults) == [mews_kinds.DISCONTINUED]
    here.updated()
    assert here.faults == {}
