"""What origins are told, by value: repeated until they have it, in order, and never more than was so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio

from agent.commands.bond import Receipt
from agent.commands.model import Ending, Outcome, Reply, Verdict
from agent.commands.record import Record
from agent.health.health import Health
from agent.pipeline.orders import Order
from agent.pipeline.outbox import LAST_WORD_SECONDS, Outbox
from tests.pipeline.orders_by_value import LOST, NOT_SENT, REFUSED, YES, ScriptedOrigin, order

DONE = Outcome(Verdict.DONE)
FAILED = Outcome(Verdict.FAILED, "E-X", "Key not cut", "no card came", "Order it again.")


class Desk:
    """What the outbox hands back."""

    def __init__(self) -> None:
        self.reported: list[Order] = []
        self.remembered: list[Order] = []
        self.remembers = True
        self.health = Health(trio.current_time)
        self.outbox = Outbox(self.health, self.reported.append, self._remember, self._amend)

    async def _remember(self, order: Order) -> bool:
        self.remembered.append(order)
        return self.remembers

    def _amend(self, order: Order, record: Record) -> None:
        order.record = record


@asynccontextmanager
async def running() -> AsyncIterator[Desk]:
    desk = Desk()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.outbox.run)
        yield desk
        nursery.cancel_scope.cancel()


def ended(outcome: Outcome, *answers: Reply, copies: int = 1, dispatched: int = 1) -> tuple[Order, ScriptedOrigin]:
    origin = ScriptedOrigin(*answers)
    ours = order("a", origin, copies=copies)
    ours.record = ours.record.claim(1)
    if dispatched:
        ours.record = ours.record.dispatch(dispatched)
    ours.record = ours.record.end(outcome, 2)
    return ours, origin


def reports(origin: ScriptedOrigin) -> list[tuple[object, ...]]:
    return [words[2:] for words in origin.heard if words[0] == "report"]


@pytest.mark.parametrize("answers", [(), (LOST,), (NOT_SENT,), (LOST, NOT_SENT, LOST, NOT_SENT)])
async def test_a_result_is_repeated_until_its_origin_has_it(
    answers: tuple[Reply, ...], autojump_clock: object
) -> None:
    async with running() as desk:
        ours, origin = ended(DONE, *answers)
        desk.outbox.report(ours)
        await desk.outbox.wait_reported()
    assert reports(origin) == [(Verdict.DONE, "", True)] * (len(answers) + 1)
    assert desk.reported == [ours]


async def test_a_refused_repetition_shows_that_the_first_arrived(autojump_clock: object) -> None:
    async with running() as desk:
        ours, origin = ended(DONE, LOST, REFUSED)
        desk.outbox.report(ours)
        await desk.outbox.wait_reported()
    assert (len(reports(origin)), desk.health.active(), ours.record.code) == (2, (), "")


async def test_a_result_that_is_refused_for_long_is_a_fault_and_its_card_is_named(autojump_clock: object) -> None:
    async with running() as desk:
        ours, origin = ended(DONE, *[REFUSED] * 500)
        began = trio.current_time()
        desk.outbox.report(ours)
        await desk.outbox.wait_reported()
        assert trio.current_time() - began >= LAST_WORD_SECONDS
    assert ours.record.code == "E-KEY-UNWANTED"
    assert reports(origin)[-1][1] == ours.record.note


async def test_a_refusal_that_was_never_claimed_is_remembered_before_its_claim(autojump_clock: object) -> None:
    origin = ScriptedOrigin(REFUSED)
    ours = order("a", origin)
    ours.record = ours.record.refuse(FAILED, 2)
    async with running() as desk:
        desk.outbox.report(ours)
        await desk.outbox.wait_reported()
    assert [words[-1] for words in reports(origin)] == [True, False]
    assert desk.remembered == [ours]


async def test_what_cannot_be_remembered_is_not_claimed(autojump_clock: object) -> None:
    origin = ScriptedOrigin(REFUSED, REFUSED)
    ours = order("a", origin)
    ours.record = ours.record.refuse(FAILED, 2)
    async with running() as desk:
        desk.remembers = False
        desk.outbox.report(ours)
        await desk.outbox.wait_reported()
    assert {words[-1] for words in reports(origin)} == {True}


async def test_mews_words_go_back_with_the_note_and_nowhere_else(autojump_clock: object) -> None:
    ours, origin = ended(FAILED)
    ours.said = "Mr Smith has not paid"
    async with running() as desk:
        desk.outbox.report(ours)
        await desk.outbox.wait_reported()
    assert "Smith" in str(reports(origin)[0][1])
    assert "Smith" not in ours.record.note


@pytest.mark.parametrize(
    ("answer", "then"), [(YES, Receipt.TOLD), (REFUSED, Receipt.UNTOLD), (LOST, Receipt.UNTOLD)]
)
async def test_a_receipt_is_said_once_and_believed_when_it_was_taken(
    answer: Reply, then: Receipt, autojump_clock: object
) -> None:
    origin = ScriptedOrigin(answer)
    ours = order("a", origin)
    async with running() as desk:
        desk.outbox.receive(ours)
        desk.outbox.receive(ours)
        assert ours.receipt is Receipt.OWED
        await trio.testing.wait_all_tasks_blocked()
    assert (origin.heard, ours.receipt) == ([("receive", "a")], then)


async def test_an_order_that_waits_no_more_is_not_received(autojump_clock: object) -> None:
    ours = order("a")
    async with running() as desk:
        desk.outbox.receive(ours)
        ours.record = ours.record.claim(1)
        await trio.testing.wait_all_tasks_blocked()
    assert ours.receipt is Receipt.UNTOLD


async def test_progress_is_never_told_after_the_end(autojump_clock: object) -> None:
    origin = ScriptedOrigin()
    ours = order("a", origin, copies=2)
    ours.record = ours.record.claim(1).dispatch(1).make()
    async with running() as desk:
        desk.outbox.progress(ours)
        ours.record = ours.record.dispatch(2).end(DONE, 2)
        desk.outbox.report(ours)
        await desk.outbox.wait_reported()
    assert [words[0] for words in origin.heard] == ["progress", "report"]


@pytest.mark.parametrize("is_closed", [True, False])
async def test_an_origin_that_called_an_order_over_and_takes_its_result_is_believed_less(
    is_closed: bool, autojump_clock: object
) -> None:
    ours, _ = ended(DONE)
    if is_closed:
        ours.close("cancelled")
    async with running() as desk:
        desk.outbox.report(ours)
        await desk.outbox.wait_reported()
    assert desk.outbox.believes(ours.origin) is not is_closed


def recovered(outcome: Outcome, *endings: Ending | None) -> tuple[Order, ScriptedOrigin]:
    """An order that ended before a restart, and that an origin tells of in this way."""
    ours, origin = ended(outcome)
    ours.is_recovered = True
    origin.endings = list(endings)
    return ours, origin


@pytest.mark.parametrize(
    ("endings", "is_told"),
    [
        ((Ending.TOLD,), False),
        ((Ending.OPEN,), True),
        ((Ending.NOT_TOLD,), True),
        ((None, None, Ending.TOLD), False),
        ((None, Ending.OPEN), True),
    ],
)
async def test_after_a_restart_it_is_looked_first_what_the_origin_has(
    endings: tuple[Ending | None, ...], is_told: bool, autojump_clock: object
) -> None:
    async with running() as desk:
        ours, origin = recovered(DONE, *endings)
        desk.outbox.report(ours)
        await desk.outbox.wait_reported()
    assert [words[0] for words in origin.heard] == ["ending"] * len(endings) + ["report"] * is_told
    assert (desk.reported, desk.health.active(), ours.record.code) == ([ours], (), "")


@pytest.mark.parametrize(
    ("outcome", "code"), [(DONE, "E-KEY-UNWANTED"), (FAILED, "E-X"), (Outcome(Verdict.UNKNOWN), "E-KEY-UNWANTED")]
)
async def test_what_somebody_else_ended_otherwise_is_not_overwritten_and_its_cards_are_named(
    outcome: Outcome, code: str, autojump_clock: object
) -> None:
    async with running() as desk:
        ours, origin = recovered(outcome, Ending.OTHER)
        desk.outbox.report(ours)
        await desk.outbox.wait_reported()
    assert (reports(origin), desk.reported, ours.record.code) == ([], [ours], code)
