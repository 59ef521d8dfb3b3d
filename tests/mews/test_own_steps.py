"""The steps at Mews: an answer, the clock, access; and never a sign-in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import trio

from agent.commands.probe import Finding, Mark
from agent.foundation.http import Peer
from agent.health import mews_kinds
from agent.health.health import Health
from agent.mews.own_steps import MewsSteps
from tests.raw_server import RawServer, answer, answering, raw_server

NOW = datetime(2026, 11, 26, 12, 0, 0, tzinfo=UTC)
DATE = "Date: Thu, 26 Nov 2026 12:00:00 GMT"


class Known:
    """What a connector knows."""

    def __init__(self, is_reached: bool = True, last_answer: float | None = 90.0) -> None:
        self.is_reached, self.last_answer = is_reached, last_answer


async def taken(
    base: str,
    known: Known | None = None,
    health: Health | None = None,
    wall: Callable[[], datetime] = lambda: NOW,
) -> dict[str, Finding]:
    async with Peer(base) as peer:
        steps = MewsSteps(peer, known or Known(), health or Health(lambda: 0.0), wall, lambda: 100.0).steps()
        return {step.name: await step.take() for step in steps}


@pytest.fixture
async def mews(nursery: trio.Nursery) -> RawServer:
    """A server with a clock, which knows no page of that name."""
    return await raw_server(nursery, answering(answer(b"", DATE, status="404 Not Found")))


@pytest.fixture
async def timeless(nursery: trio.Nursery) -> RawServer:
    """A server without a clock."""
    return await raw_server(nursery, answering(answer(b"")))


async def test_one_harmless_request_shows_an_answer_and_the_clock(mews: RawServer) -> None:
    found = await taken(mews.base)
    assert [request.partition(b" HTTP")[0] for request in mews.asked] == [b"HEAD /"]
    assert found == {
        "answer": Finding(Mark.GOOD, "It answers in HTTP (status 404)."),
        "clock": Finding(Mark.GOOD, "The box's clock and its clock agree."),
        "access": Finding(Mark.GOOD, "It lets the box in: it has listed the commands 10 seconds ago."),
    }


@pytest.mark.parametrize(
    ("seconds", "mark", "words"),
    [
        (30, Mark.GOOD, "30 seconds ahead of"),
        (600, Mark.DOUBT, "10 minutes ahead of"),
        (-90, Mark.DOUBT, "behind"),
    ],
)
async def test_a_clock_that_is_off_is_worth_a_look(mews: RawServer, seconds: int, mark: Mark, words: str) -> None:
    found = await taken(mews.base, wall=lambda: NOW + timedelta(seconds=seconds))
    assert (found["clock"].mark, words in found["clock"].text) == (mark, True)


async def test_an_answer_without_a_date_leaves_the_clock_open(timeless: RawServer) -> None:
    assert (await taken(timeless.base))["clock"].mark is Mark.OPEN


async def test_no_answer_is_a_failure() -> None:
    found = await taken("http://127.0.0.1:9")
    assert (found["answer"].mark, found["answer"].code) == (Mark.BAD, "E-MEWS-SILENT")


async def test_who_is_not_let_in_hears_the_words_of_the_fault(timeless: RawServer) -> None:
    health = Health(lambda: 0.0)
    health.raise_fault(mews_kinds.TOKEN, "mews", "Mews refuses the access token.")
    found = await taken(timeless.base, Known(is_reached=False), health)
    assert found["access"] == Finding(Mark.BAD, "Mews refuses the access token.", "E-MEWS-TOKEN")


async def test_before_the_first_poll_nothing_is_known(timeless: RawServer) -> None:
    found = await taken(timeless.base, Known(is_reached=False, last_answer=None))
    assert found["access"].mark is Mark.OPEN
