"""Looks at commands, in virtual time: together where calls are few, each with its own answer."""

from collections.abc import Sequence

import pytest
import trio

from agent.commands.model import Ack, Listed, Reply, Standing
from agent.health.health import Health
from agent.mews.account.account import Account
from agent.mews.account.budget import UNLIMITED, Budget, Rank
from agent.mews.account.sign_in import SignIn
from agent.mews.calls import Busy, Failed, Listing, MewsError, Refused, Unauthorised
from agent.mews.contact import Contact
from agent.mews.look_ups import LookUps
from provisioning.secret import Secret

TOKEN = Secret("the-token")


def listed(id: str) -> Listed:
    return Listed(id, Standing.NEW, None, "", "", None, None)


class Mews:
    """Knows all commands but those that it is told not to know."""

    def __init__(self, *errors: MewsError | None, unknown: Sequence[str] = (), seconds: float = 0.1) -> None:
        self.errors, self.unknown, self.seconds = list(errors), unknown, seconds
        self.asked: list[tuple[str, ...]] = []
        self.unreadable = 0

    async def look_up(self, token: Secret, ids: Sequence[str]) -> Listing:
        self.asked.append(tuple(sorted(ids)))
        await trio.sleep(self.seconds)
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
        known = tuple(listed(id) for id in ids if id not in self.unknown)
        return Listing(known, self.unreadable, not self.unreadable)


def looks(mews: Mews, *, calls: float = UNLIMITED, token: Secret | None = TOKEN) -> LookUps:
    sign_in = SignIn(connector_token=None if token else Secret("long"), access_token=token)
    account = Account(sign_in, 2.0, trio.current_time(), spread=float)
    return LookUps(mews, Contact(account, Budget(calls, 30.0), Health(trio.current_time)))


async def all_of(look_ups: LookUps, *ids: str) -> dict[str, Listed | Reply | None]:
    """What is found by as many tasks at once."""
    found: dict[str, Listed | Reply | None] = {}

    async def look(id: str) -> None:
        found[id] = await look_ups.look(id, Rank.CLAIM)

    async with trio.open_nursery() as nursery:
        for id in ids:
            nursery.start_soon(look, id)
    return found


async def test_a_command_is_found_as_it_stands_and_one_that_mews_lacks_is_not(autojump_clock: object) -> None:
    mews = Mews(unknown=["b"])
    assert await all_of(looks(mews), "a", "b") == {"a": listed("a"), "b": None}


async def test_lanes_that_are_free_at_once_share_a_call(autojump_clock: object) -> None:
    mews = Mews()
    await all_of(looks(mews), "a", "b", "c")
    assert mews.asked == [("a", "b", "c")]


async def test_those_who_wait_for_a_free_call_share_it(autojump_clock: object) -> None:
    mews = Mews()
    look_ups = looks(mews, calls=1)
    await look_ups.look("a", Rank.WORD)
    began = trio.current_time()
    async with trio.open_nursery() as nursery:
        for number in range(20):
            nursery.start_soon(look_ups.look, f"b{number}", Rank.WORD)
            await trio.sleep(0.5)
    assert [len(ids) for ids in mews.asked] == [1, 20]
    assert trio.current_time() - began == pytest.approx(30.1, abs=0.1)


async def test_two_who_ask_for_the_same_command_get_one_answer(autojump_clock: object) -> None:
    mews = Mews()
    look_ups = looks(mews)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(look_ups.look, "a", Rank.CLAIM)
        nursery.start_soon(look_ups.look, "a", Rank.REPORT)
    assert mews.asked == [("a",)]


@pytest.mark.parametrize(
    ("error", "ack"),
    [
        (Failed("the connection broke"), Ack.UNANSWERED),
        (Busy(429, 5.0), Ack.UNANSWERED),
        (Unauthorised(""), Ack.UNAUTHORISED),
        (Refused(400, "no"), Ack.REFUSED),
    ],
)
async def test_without_an_answer_the_reply_says_that_nothing_was_changed(
    autojump_clock: object, error: MewsError, ack: Ack
) -> None:
    found = await looks(Mews(error)).look("a", Rank.CLAIM)
    assert isinstance(found, Reply)
    assert (found.ack, found.is_sent) == (ack, False)


async def test_one_that_mews_refuses_spoils_no_other(autojump_clock: object) -> None:
    mews = Mews(Refused(400, "Invalid CommandIds"), None, Refused(400, "Invalid CommandIds"))
    found = await all_of(looks(mews), "a", "b", "c")
    assert sorted(type(value).__name__ for value in found.values()) == ["Listed", "Listed", "Reply"]
    assert [len(ids) for ids in mews.asked] == [3, 1, 1, 1]


async def test_what_cannot_be_read_is_not_taken_for_absent(autojump_clock: object) -> None:
    mews = Mews(unknown=["b"])
    mews.unreadable = 1
    found = await all_of(looks(mews), "a", "b")
    assert found["a"] == listed("a")
    assert isinstance(found["b"], Reply)
    assert (found["b"].ack, found["b"].is_sent) == (Ack.UNANSWERED, False)


async def test_before_a_sign_in_no_one_is_asked(autojump_clock: object) -> None:
    mews = Mews()
    found = await looks(mews, token=None).look("a", Rank.CLAIM)
    assert isinstance(found, Reply)
    assert (found.ack, mews.asked) == (Ack.UNANSWERED, [])


async def test_a_look_that_is_broken_off_leaves_no_one_waiting(autojump_clock: object) -> None:
    mews = Mews(seconds=10.0)
    look_ups = looks(mews)
    found: list[Listed | Reply | None] = []
    asker = trio.CancelScope()

    async def ask(scope: trio.CancelScope) -> None:
        with scope:
            found.append(await look_ups.look("a", Rank.CLAIM))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(ask, asker)
        await trio.sleep(1)
        nursery.start_soon(look_ups.look, "b", Rank.CLAIM)
        asker.cancel()
    assert found == []
    assert mews.asked == [("a",), ("b",)]
