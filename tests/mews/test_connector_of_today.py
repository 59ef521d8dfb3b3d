"""The connector in a dialect that looks commands up: before a claim, after a restart, whenever Mews refuses."""

from collections import deque
from collections.abc import Sequence

import pytest
import trio

from agent.commands.model import Ack, Ending, Listed, Standing, Verdict
from agent.foundation.timing import MewsClock
from agent.health.health import Health
from agent.mews.account.account import Account
from agent.mews.account.budget import UNLIMITED, Budget
from agent.mews.account.sign_in import SignIn
from agent.mews.calls import Changed, Failed, Listing, MewsError, NewState, Refused, Unauthorised
from agent.mews.connector import Connector
from agent.mews.contact import Contact
from agent.mews.reading.commands import STANDINGS
from provisioning.secret import Secret
from tests.mews.scripted_calls import ScriptedCalls

RECEIVED, PROCESSING, PROCESSED, ERROR = NewState
NO, CHANGED = Refused(403, "Mrs Quaxelby has not paid"), Changed(409, "It has changed")


class Today(ScriptedCalls):
    """Tells how the command stands: one state after the other, the last again and again; "" is none."""

    def __init__(self, *states: str | MewsError, updates: Sequence[MewsError | None] = ()) -> None:
        super().__init__(signs_in=False)
        self.states_there = list(states)
        self.updates = deque(updates)
        self.looks = 0

    async def look_up(self, token: Secret, ids: Sequence[str]) -> Listing:
        self.looks += 1
        state = self.states_there.pop(0) if len(self.states_there) > 1 else self.states_there[0]
        if isinstance(state, MewsError):
            raise state
        if not state:
            return Listing((), 0)
        standing = STANDINGS.get(state, Standing.STRANGE)
        return Listing(tuple(Listed(id, standing, None, "", "", None, None, word=state) for id in ids), 0)


def connector(calls: ScriptedCalls) -> Connector:
    sign_in = SignIn(connector_token=None, access_token=Secret("the-token"))
    account = Account(sign_in, 2.0, trio.current_time(), spread=float)
    contact = Contact(account, Budget(UNLIMITED, 30.0), Health(trio.current_time))
    return Connector(calls, contact, MewsClock())


@pytest.mark.parametrize("state", ["Pending", "Received"])
async def test_an_open_command_is_claimed_after_a_look(state: str) -> None:
    calls = Today(state)
    reply = await connector(calls).claim("c1", is_received=False)
    assert (reply.ack, calls.looks, calls.states()) == (Ack.YES, 1, [PROCESSING])


@pytest.mark.parametrize("state", ["Processing", "Processed", "Cancelled", "Error", "Parked"])
async def test_one_that_is_not_open_is_not_claimed(state: str) -> None:
    calls = Today(state)
    reply = await connector(calls).claim("c1", is_received=False)
    assert (reply.ack, calls.states()) == (Ack.REFUSED, [])


@pytest.mark.parametrize(("state", "ack"), [("Processing", Ack.YES), ("Cancelled", Ack.REFUSED), ("", Ack.ABSENT)])
async def test_one_that_may_be_ours_already_is_claimed_once_more(state: str, ack: Ack) -> None:
    reply = await connector(Today(state)).claim("c1", is_received=False, is_in_doubt=True)
    assert reply.ack is ack


async def test_one_that_is_listed_and_not_yet_found_by_its_id_is_neither_claimed_nor_refused() -> None:
    calls = Today("")
    reply = await connector(calls).claim("c1", is_received=False)
    assert (reply.ack, calls.states()) == (Ack.ABSENT, [])


@pytest.mark.parametrize(
    ("error", "ack"), [(Failed("Mews answered 500"), Ack.UNANSWERED), (Unauthorised(""), Ack.UNAUTHORISED)]
)
async def test_without_an_answer_to_the_look_nothing_is_claimed(error: MewsError, ack: Ack) -> None:
    calls = Today(error)
    reply = await connector(calls).claim("c1", is_received=False)
    assert (reply.ack, reply.is_sent, calls.states()) == (ack, False, [])


async def test_where_the_data_changed_meanwhile_it_is_looked_and_asked_once_more() -> None:
    calls = Today("Pending", updates=[CHANGED])
    assert (await connector(calls).claim("c1", is_received=True)).ack is Ack.YES
    assert (calls.looks, calls.states()) == (2, [PROCESSING, PROCESSING])


async def test_what_was_cancelled_meanwhile_is_not_asked_for_again() -> None:
    calls = Today("Pending", "Cancelled", updates=[CHANGED])
    assert (await connector(calls).claim("c1", is_received=True)).ack is Ack.REFUSED
    assert calls.states() == [PROCESSING]


@pytest.mark.parametrize(
    ("state", "ack"), [("Processed", Ack.YES), ("Error", Ack.REFUSED), ("Cancelled", Ack.REFUSED)]
)
async def test_a_refused_result_counts_as_told_where_it_stands_there_already(state: str, ack: Ack) -> None:
    reply = await connector(Today(state, updates=[NO])).report("c1", Verdict.DONE, "", is_claimed=True)
    assert reply.ack is ack


@pytest.mark.parametrize(("state", "ack"), [("Processing", Ack.UNANSWERED), ("Cancelled", Ack.REFUSED)])
async def test_progress_that_is_refused_ends_no_order_that_is_still_ours(state: str, ack: Ack) -> None:
    assert (await connector(Today(state, updates=[NO])).progress("c1", 0.5)).ack is ack


@pytest.mark.parametrize(
    ("state", "verdict", "ending"),
    [
        ("Processed", Verdict.DONE, Ending.TOLD),
        ("Error", Verdict.FAILED, Ending.TOLD),
        ("Error", Verdict.UNKNOWN, Ending.TOLD),
        ("Error", Verdict.DONE, Ending.OTHER),
        ("Cancelled", Verdict.FAILED, Ending.OTHER),
        ("Processing", Verdict.DONE, Ending.OPEN),
        ("Pending", Verdict.DONE, Ending.OPEN),
        ("Parked", Verdict.DONE, Ending.OPEN),
        ("", Verdict.DONE, Ending.NOT_TOLD),
        (NO, Verdict.DONE, Ending.NOT_TOLD),
        (Failed("Mews answered 500"), Verdict.DONE, None),
    ],
)
async def test_how_an_ended_command_stands_at_mews(
    state: str | MewsError, verdict: Verdict, ending: Ending | None
) -> None:
    assert await connector(Today(state)).ending("c1", verdict) is ending


async def test_a_dialect_that_cannot_look_says_so_and_asks_nothing_more() -> None:
    calls = ScriptedCalls(signs_in=False)
    here = connector(calls)
    assert await here.ending("c1", Verdict.DONE) is Ending.NOT_TOLD
    await here.claim("c1", is_received=True)
    assert calls.states() == [PROCESSING]
