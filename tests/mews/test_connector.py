"""The connector against scripted answers in virtual time: faults, what orders wait for, when it polls again."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import pairwise

import pytest
import trio

from agent.commands.model import Ack, Verdict, WaitsFor
from agent.foundation.timing import MewsClock, utc_now
from agent.health import mews_kinds
from agent.health.health import Health
from agent.mews.account.account import Account
from agent.mews.account.budget import UNLIMITED, Budget, Rank
from agent.mews.account.sign_in import RIVAL_PAUSES, SignIn
from agent.mews.calls import (
    Busy,
    Failed,
    Listing,
    MewsError,
    NewState,
    NotReached,
    NotTrusted,
    Refused,
    SignInRefused,
    Silent,
    Unauthorised,
)
from agent.mews.connector import Connector
from agent.mews.contact import HOP, Contact
from provisioning.secret import Secret
from tests.mews.scripted_calls import EMPTY, Answer, ScriptedCalls

PACE = 2.0  # s between polls
RECEIVED, PROCESSING, PROCESSED, ERROR = NewState
SILENT = Silent("nothing came back for 3 s")
LOST = Failed("the connection broke")
OUT = NotReached("it refused the connection")
NO_CERTIFICATE = NotTrusted("it has expired")
NO = Refused(403, "Mrs Quaxelby has not paid")


class Desk:
    """A connector, what it is given and what it tells."""

    def __init__(self, calls: ScriptedCalls, *, budget: Budget | None = None, signs_in: bool = True) -> None:
        self.calls = calls
        self.health = Health(trio.current_time)
        self.mews_clock = MewsClock()
        self.mews_clock.heard(utc_now())
        token = Secret("long-lived")
        sign_in = SignIn(connector_token=token if signs_in else None, access_token=None if signs_in else token)
        self.account = Account(sign_in, PACE, trio.current_time(), spread=float)
        contact = Contact(self.account, budget or Budget(UNLIMITED, 30.0), self.health)
        self.connector = Connector(calls, contact, self.mews_clock)
        self.lists: list[tuple[Listing, float]] = []

    def faults(self) -> dict[str, str]:
        """Codes and texts, as the page shows them."""
        return {fault.kind.code: fault.text for fault in self.health.active()}

    async def poll(self) -> None:
        await self.connector.poll_forever(lambda: {"known"}, self._take)

    async def _take(self, listing: Listing, asked_at: float) -> None:
        self.lists.append((listing, asked_at))


@asynccontextmanager
async def polling(*answers: Answer, calls: ScriptedCalls | None = None) -> AsyncIterator[Desk]:
    """A desk whose first polls get these answers."""
    calls = calls or ScriptedCalls()
    calls.lists.extend(answers)
    desk = Desk(calls)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.poll)
        yield desk
        nursery.cancel_scope.cancel()


async def ready() -> Desk:
    """One whose first poll was answered, and which polls no more."""
    async with polling() as desk:
        await desk.connector.polled.wait()
        await desk.connector.wait_reached()
    return desk


# -- polls --------------------------------------------------------------------------------------------------------


async def test_a_list_is_handed_on_with_the_time_it_was_asked_for_and_the_next_comes_at_the_pace(
    autojump_clock: object,
) -> None:
    async with polling(calls=ScriptedCalls(seconds=0.5)) as desk:
        began = trio.current_time()
        await trio.sleep(5.9)
        assert [poll - began for poll in desk.calls.polls] == pytest.approx([0.5, 3.0, 5.5])
        assert [(listing, asked - began) for listing, asked in desk.lists] == [(EMPTY, 0.0), (EMPTY, 3.0)]
        assert (desk.connector.is_reached, desk.connector.obstacle, desk.faults()) == (True, None, {})
        assert desk.connector.last_answer == pytest.approx(began + 3.5)
        assert desk.connector.reached_since == pytest.approx(began + 1.0)


@pytest.mark.parametrize(
    ("error", "code", "obstacle", "next_poll"),
    [
        (OUT, "E-MEWS-UNREACHABLE", WaitsFor.MEWS, 2.0),
        (NO_CERTIFICATE, "E-MEWS-CERTIFICATE", WaitsFor.MEWS, 2.0),
        (LOST, "E-MEWS-ANSWER", WaitsFor.MEWS, 2.0),
        (Refused(403, "Not here"), "E-MEWS-ANSWER", WaitsFor.MEWS, 2.0),
        (Busy(429, 47.0), "E-MEWS-BUSY", WaitsFor.PAUSE, 47.0),
        (Busy(429, 0.5), "E-MEWS-BUSY", WaitsFor.PAUSE, 2.0),
        (Busy(429, None), "E-MEWS-BUSY", WaitsFor.PAUSE, 10.0),
        (Unauthorised("Who?"), "E-MEWS-RIVAL", WaitsFor.PAUSE, RIVAL_PAUSES[0]),
    ],
)
async def test_each_answer_to_a_poll_is_told_makes_orders_wait_and_has_its_next_poll(
    autojump_clock: object, error: MewsError, code: str, obstacle: WaitsFor, next_poll: float
) -> None:
    async with polling(None, error) as desk:
        began = trio.current_time()
        await trio.sleep(PACE + 0.001)
        assert (set(desk.faults()), desk.connector.is_reached) == ({code}, False)
        assert desk.connector.obstacle is obstacle
        assert desk.connector.reached_since == pytest.approx(began + PACE)
        with trio.fail_after(next_poll + 0.1):
            await desk.connector.wait_reached()
        assert desk.calls.polls[2] - desk.calls.polls[1] == pytest.approx(next_poll)
        assert set(desk.faults()) <= {"E-MEWS-RIVAL"}  # it is one until our session has lasted
        assert desk.connector.overdue == 0


async def test_after_a_first_silence_the_next_poll_comes_at_once_and_after_a_second_it_rests(
    autojump_clock: object,
) -> None:
    async with polling(None, SILENT, SILENT) as desk:
        began = trio.current_time()
        await trio.sleep(PACE + 0.001)
        text = "Mews does not answer: nothing came back for 3 s."
        assert (desk.faults(), desk.connector.obstacle) == ({"E-MEWS-SILENT": text}, WaitsFor.MEWS)
        await desk.connector.wait_reached()
        assert [poll - began for poll in desk.calls.polls] == pytest.approx([0.0, PACE, PACE, 2 * PACE])
        assert not desk.faults()


async def test_a_refused_sign_in_is_told_and_tried_again_after_half_a_minute(autojump_clock: object) -> None:
    calls = ScriptedCalls()
    calls.sign_ins.append(SignInRefused("Invalid token"))
    async with polling(calls=calls) as desk:
        began = trio.current_time()
        await trio.sleep(29)
        text = "Mews refuses the connector token at sign-in: “Invalid token”."
        assert (desk.faults(), desk.connector.obstacle, calls.polls) == (
            {"E-MEWS-TOKEN": text},
            WaitsFor.PAUSE,
            [],
        )
        await desk.connector.wait_reached()
        assert trio.current_time() - began == pytest.approx(30.0)
        assert not desk.faults()


async def test_a_session_that_was_over_is_begun_again_at_once_and_without_a_fault(autojump_clock: object) -> None:
    async with polling() as desk:
        await trio.sleep(61)
        desk.calls.lists.append(Unauthorised("Session expired"))
        await trio.sleep(PACE)
        assert desk.calls.tokens[-2:] == ["session-1", "session-2"]
        assert desk.calls.polls[-1] == desk.calls.polls[-2]
        assert (desk.faults(), desk.connector.is_reached) == ({}, True)


async def test_news_cut_the_rest_short_and_a_pause_does_not_give_way_to_them(autojump_clock: object) -> None:
    async with polling(None, None, Busy(429, 47.0)) as desk:
        await trio.sleep(0.5)
        desk.connector.poll_now()
        await trio.sleep(0.1)
        assert len(desk.calls.polls) == 2
        await trio.sleep(PACE)
        desk.connector.poll_now()
        await trio.sleep(40)
        assert len(desk.calls.polls) == 3


async def test_the_loop_says_beforehand_how_long_it_may_take_and_is_late_after_that(
    autojump_clock: object,
) -> None:
    async with polling(calls=ScriptedCalls(seconds=100.0)) as desk:
        await trio.sleep(45)
        assert desk.connector.overdue == 0
        await trio.sleep(5)
        assert desk.connector.overdue == pytest.approx(5.0)


async def test_a_plain_token_is_used_without_a_sign_in_and_where_there_is_none(autojump_clock: object) -> None:
    desk = Desk(ScriptedCalls(signs_in=False), signs_in=False)
    with trio.move_on_after(1):
        await desk.poll()
    assert (desk.calls.tokens, desk.connector.is_reached) == (["long-lived"], True)


async def test_a_token_that_signs_in_needs_a_dialect_that_does() -> None:
    with pytest.raises(ValueError, match="does not sign in"):
        await Desk(ScriptedCalls(signs_in=False)).poll()


async def test_answers_without_a_date_are_told(autojump_clock: object) -> None:
    desk = Desk(ScriptedCalls())
    vars(desk.mews_clock)["_ahead"].clear()
    with trio.move_on_after(1):
        await desk.poll()
    assert desk.faults() == {"E-MEWS-NO-DATE": "Mews' answers carry no date"}


async def test_the_first_list_ends_what_the_connector_of_an_older_file_had_found(autojump_clock: object) -> None:
    async with polling() as desk:
        desk.health.raise_fault(mews_kinds.TOKEN, HOP, "The old token was refused.")
        desk.health.raise_fault(mews_kinds.SHARED, HOP, "What others found is theirs to end.")
        await desk.connector.wait_reached()
        assert set(desk.faults()) == {"E-MEWS-SHARED"}


# -- updates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "ack", "is_sent", "codes", "obstacle"),
    [
        (None, Ack.YES, True, set(), None),
        (NO, Ack.REFUSED, True, set(), None),
        (LOST, Ack.UNANSWERED, True, set(), None),
        (SILENT, Ack.UNANSWERED, True, set(), None),
        (OUT, Ack.UNANSWERED, False, set(), None),
        (NO_CERTIFICATE, Ack.UNANSWERED, False, set(), None),
        (Busy(429, 47.0), Ack.UNANSWERED, True, {"E-MEWS-BUSY"}, WaitsFor.PAUSE),
        (Unauthorised(""), Ack.UNAUTHORISED, True, {"E-MEWS-RIVAL"}, WaitsFor.PAUSE),
    ],
)
async def test_each_answer_to_a_claim_is_a_reply_and_what_it_says_of_mews_is_told(
    autojump_clock: object,
    error: Answer,
    ack: Ack,
    is_sent: bool,
    codes: set[str],
    obstacle: WaitsFor | None,
) -> None:
    desk = await ready()
    desk.calls.updates.append(error)
    reply = await desk.connector.claim("c1", is_received=True)
    assert (reply.ack, reply.is_sent, set(desk.faults())) == (ack, is_sent, codes)
    assert (desk.connector.obstacle, desk.calls.states()) == (obstacle, [PROCESSING])


@pytest.mark.parametrize(
    ("error", "next_poll"),
    [
        *((error, PACE) for error in (None, NO, LOST, SILENT, OUT, NO_CERTIFICATE, Busy(429, 0.5))),
        (Busy(429, 47.0), 48.0),
        (Busy(429, None), 11.0),
        (Unauthorised(""), 1.0 + RIVAL_PAUSES[0]),  # a session that ended after a second has a rival
    ],
)
async def test_only_a_pause_and_a_session_that_is_over_move_the_next_poll(
    autojump_clock: object, error: Answer, next_poll: float
) -> None:
    async with polling() as desk:
        began = trio.current_time()
        await trio.sleep(1)
        desk.calls.updates.append(error)
        await desk.connector.claim("c1", is_received=True)
        await trio.sleep(next_poll - 1.1)
        assert desk.connector.overdue == 0
        await trio.sleep(1.1)
        assert desk.calls.polls[1] - began == pytest.approx(next_poll)


async def test_before_the_first_sign_in_nothing_is_told() -> None:
    desk = Desk(ScriptedCalls())
    reply = await desk.connector.claim("c1", is_received=True)
    assert (reply.ack, reply.is_sent, desk.calls.told) == (Ack.UNANSWERED, False, [])


async def test_a_401_on_an_update_has_the_loop_sign_in_at_once_without_a_word(autojump_clock: object) -> None:
    async with polling() as desk:
        await trio.sleep(61)
        desk.calls.updates.append(Unauthorised(""))
        assert (await desk.connector.claim("c1", is_received=True)).ack is Ack.UNAUTHORISED
        assert desk.connector.obstacle is WaitsFor.MEWS
        began = trio.current_time()
        await desk.connector.wait_reached()
        assert (trio.current_time(), desk.faults(), desk.calls.tokens[-1]) == (began, {}, "session-2")


@pytest.mark.parametrize(
    ("answers", "is_received", "ack", "told"),
    [
        ([None], False, Ack.YES, [PROCESSING]),
        ([NO], True, Ack.REFUSED, [PROCESSING]),
        ([NO, None, None], False, Ack.YES, [PROCESSING, RECEIVED, PROCESSING]),
        ([NO, None, LOST], False, Ack.UNANSWERED, [PROCESSING, RECEIVED, PROCESSING]),
        ([NO, LOST], False, Ack.REFUSED, [PROCESSING, RECEIVED]),
        ([LOST], False, Ack.UNANSWERED, [PROCESSING]),
    ],
)
async def test_a_refused_claim_is_made_once_more_after_the_receipt_that_mews_may_have_missed(
    autojump_clock: object, answers: list[Answer], is_received: bool, ack: Ack, told: list[NewState]
) -> None:
    desk = await ready()
    desk.calls.updates.extend(answers)
    assert (await desk.connector.claim("c1", is_received=is_received)).ack is ack
    assert desk.calls.states() == told


@pytest.mark.parametrize(
    ("verdict", "end"), [(Verdict.DONE, PROCESSED), (Verdict.FAILED, ERROR), (Verdict.UNKNOWN, ERROR)]
)
async def test_an_end_is_told_as_mews_calls_it(autojump_clock: object, verdict: Verdict, end: NewState) -> None:
    desk = await ready()
    assert (await desk.connector.report("c1", verdict, "", is_claimed=True)).ack is Ack.YES
    assert desk.calls.states() == [end]


@pytest.mark.parametrize(
    ("answers", "is_claimed", "ack", "told"),
    [
        ([NO], True, Ack.REFUSED, [ERROR]),
        ([LOST], False, Ack.UNANSWERED, [ERROR]),
        ([NO, None, None], False, Ack.YES, [ERROR, PROCESSING, ERROR]),
        ([NO, NO, None, None, None], False, Ack.YES, [ERROR, PROCESSING, RECEIVED, PROCESSING, ERROR]),
        ([NO, LOST], False, Ack.REFUSED, [ERROR, PROCESSING]),
        ([NO, NO, NO], False, Ack.REFUSED, [ERROR, PROCESSING, RECEIVED]),
    ],
)
async def test_a_refused_end_of_what_was_never_claimed_is_told_again_after_the_steps_that_were_left_out(
    autojump_clock: object, answers: list[Answer], is_claimed: bool, ack: Ack, told: list[NewState]
) -> None:
    desk = await ready()
    desk.calls.updates.extend(answers)
    assert (await desk.connector.report("c1", Verdict.FAILED, "", is_claimed=is_claimed)).ack is ack
    assert desk.calls.states() == told


async def test_receipts_and_progress_are_told_as_they_are(autojump_clock: object) -> None:
    desk = await ready()
    await desk.connector.receive("c1")
    await desk.connector.progress("c1", 0.5)
    assert desk.calls.states() == [RECEIVED, PROCESSING]


async def test_claims_refused_in_a_row_are_a_fault_in_our_words_until_one_is_granted(
    autojump_clock: object,
) -> None:
    desk = await ready()
    desk.calls.updates.extend([NO] * 3)
    for _ in range(3):
        assert (await desk.connector.claim("c1", is_received=True)).words == "Mrs Quaxelby has not paid"
    assert desk.faults() == {"E-MEWS-CLAIM": "The last 3 claims were refused."}
    await desk.connector.claim("c2", is_received=True)
    assert desk.faults() == {}


async def test_updates_without_an_answer_are_a_fault_while_lists_come_and_an_answer_ends_it(
    autojump_clock: object,
) -> None:
    async with polling() as desk:
        await desk.connector.wait_reached()
        desk.calls.updates.extend([LOST, LOST])
        for _ in range(2):
            await desk.connector.progress("c1", 0.5)
        await trio.sleep(5)
        assert desk.faults() == {"E-MEWS-UPDATE": "The last 2 updates failed: the connection broke."}
        assert desk.connector.obstacle is None
        await desk.connector.progress("c1", 0.5)
        assert desk.faults() == {}


async def test_who_waits_for_mews_from_the_beginning_goes_on_with_the_first_list(autojump_clock: object) -> None:
    async with polling(OUT, LOST) as desk:
        began = trio.current_time()
        await desk.connector.wait_reached()
        assert trio.current_time() - began == pytest.approx(2 * PACE)  # no rest grows while nothing reaches Mews


async def test_who_waits_for_mews_waits_for_the_end_of_the_pause_as_well(autojump_clock: object) -> None:
    async with polling() as desk:
        await trio.sleep(1)
        desk.calls.updates.append(Busy(429, 47.0))
        await desk.connector.progress("c1", 0.5)
        began = trio.current_time()
        await desk.connector.wait_reached()
        assert trio.current_time() - began == pytest.approx(47.0)


async def test_a_list_during_the_pause_of_an_update_lets_nobody_through_too_early(autojump_clock: object) -> None:
    calls = ScriptedCalls(seconds=3.0)  # the list is under way as the pause begins
    async with polling(calls=calls) as desk:
        await desk.connector.wait_reached()
        await trio.sleep(PACE + 1)
        calls.seconds = 0.0
        calls.updates.append(Busy(429, 20.0))
        await desk.connector.progress("c1", 0.5)
        began = trio.current_time()
        await trio.sleep(5)
        assert (desk.connector.is_reached, desk.connector.obstacle) == (True, WaitsFor.PAUSE)
        await desk.connector.wait_reached()
        assert trio.current_time() - began == pytest.approx(20.0)


# -- the budget ---------------------------------------------------------------------------------------------------


async def test_while_calls_are_scarce_claims_go_results_and_polls_wait_and_words_are_left_out(
    autojump_clock: object,
) -> None:
    """Ten calls in 30 s: one is a poll's, three are for results, four for claims; two are left over."""
    desk = Desk(ScriptedCalls(), budget=Budget(10, 30.0), signs_in=False)
    for _ in range(2):
        assert (await desk.connector.progress("c1", 0.5)).ack is Ack.YES
    reply = await desk.connector.progress("c1", 0.5)
    assert (reply.ack, reply.is_sent, len(desk.calls.told)) == (Ack.UNANSWERED, False, 2)
    for _ in range(4):
        assert (await desk.connector.claim("c1", is_received=True)).ack is Ack.YES
    for _ in range(3):
        await desk.connector.report("c1", Verdict.DONE, "", is_claimed=True)
    assert trio.current_time() == desk.calls.told[0][1]
    began = trio.current_time()
    await desk.connector.report("c1", Verdict.DONE, "", is_claimed=True)
    assert trio.current_time() - began == pytest.approx(30.0)


async def test_no_window_of_the_budget_is_ever_exceeded_and_keys_do_not_wait_for_results(
    autojump_clock: object,
) -> None:
    calls = ScriptedCalls(signs_in=False, seconds=0.1)
    desk = Desk(calls, budget=Budget(200, 30.0), signs_in=False)
    waits: dict[Rank, list[float]] = {Rank.CLAIM: [], Rank.REPORT: []}

    async def lane(number: int) -> None:
        for key in range(60):
            began = trio.current_time()
            await desk.connector.claim(f"{number}-{key}", is_received=True)
            waits[Rank.CLAIM].append(trio.current_time() - began)
            nursery.start_soon(report, f"{number}-{key}")
            await desk.connector.progress(f"{number}-{key}", 0.5)

    async def report(id: str) -> None:
        began = trio.current_time()
        await desk.connector.report(id, Verdict.DONE, "", is_claimed=True)
        waits[Rank.REPORT].append(trio.current_time() - began)

    async with trio.open_nursery() as polls:
        polls.start_soon(desk.poll)
        async with trio.open_nursery() as nursery:
            for number in range(8):
                nursery.start_soon(lane, number)
        polls.cancel_scope.cancel()
    times = sorted([*calls.polls, *(when for _, when in calls.told)])
    assert 190 <= max(sum(begin <= time <= begin + 30.0 for time in times) for begin in times) <= 200
    assert Counter(calls.states())[PROCESSED] == 480
    assert max(waits[Rank.CLAIM]) < max(waits[Rank.REPORT])
    assert (
        max(later - earlier for earlier, later in pairwise(calls.polls)) < 10
    )  # the polls have a share that nothing else uses up


async def test_a_poll_that_waits_for_the_budget_is_not_late(autojump_clock: object) -> None:
    desk = Desk(ScriptedCalls(signs_in=False, seconds=40.0), budget=Budget(1, 30.0), signs_in=False)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.poll)
        for _ in range(300):
            await trio.sleep(1)
            assert desk.connector.overdue == 0
        assert [later - earlier for earlier, later in pairwise(desk.calls.polls)] == pytest.approx([70.0] * 4)
        nursery.cancel_scope.cancel()


async def test_who_waits_for_the_budget_keeps_the_pause_that_mews_asks_for_meanwhile(
    autojump_clock: object,
) -> None:
    desk = Desk(ScriptedCalls(signs_in=False, seconds=5.0), budget=Budget(2, 30.0), signs_in=False)
    desk.calls.updates.extend([None, Busy(429, 60.0)])
    began = trio.current_time()
    async with trio.open_nursery() as nursery:
        for id in ("c1", "c2", "c3"):
            nursery.start_soon(partial(desk.connector.claim, id, is_received=True))
    assert [when - began for _, when in desk.calls.told] == pytest.approx([0.0, 0.0, 65.0])


# -- when it asks again -------------------------------------------------------------------------------------------


def next_try(desk: Desk) -> float | None:
    return desk.connector.next_try


async def test_the_next_try_is_told_while_mews_is_waited_for_and_at_no_other_time(autojump_clock: object) -> None:
    async with polling(OUT, calls=ScriptedCalls(seconds=0.5)) as desk:
        assert next_try(desk) is None  # it was not asked yet
        await trio.sleep(1.1)  # the sign-in took half a second, and so did the list
        due = next_try(desk)
        assert due is not None
        await trio.sleep_until(due + 0.1)
        assert next_try(desk) is None  # it is being asked
        await trio.sleep(1)
        assert (desk.connector.is_reached, next_try(desk)) == (True, None)


async def test_a_pause_that_mews_wants_is_the_next_try(autojump_clock: object) -> None:
    async with polling(Busy(429, 47.0)) as desk:
        began = trio.current_time()
        await trio.sleep(1)
        assert desk.connector.next_try == pytest.approx(began + 47.0)
