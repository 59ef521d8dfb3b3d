"""The numbers of cut cards at Mews: written once, over restarts and lost answers, and taken back with the key.

First alone, then in the whole agent.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import trio
import trio.testing
from msgspec.structs import replace

from agent.commands.driver import KeyJob
from agent.commands.issued import IssuedKey
from agent.control.words.told import End
from agent.health.health import Health
from agent.hotel.card_numbers import AGAIN_SECONDS, LONGEST_SECONDS, CardNumbers
from agent.mews.calls import Busy, Changed, Failed, MewsError, Refused
from agent.mews.records import KeptCard, NewCard
from agent.pipeline.issued_keys import IssuedKeys
from agent.simulators.base.presence import Absence
from agent.simulators.mews.switches import Dialect
from provisioning.secret import Secret
from tests.control.fake_mews import Today, enquiries
from tests.faults.desk import ended, holds
from tests.faults.test_desk_secrets import AtDesk
from tests.hotel.guests import IN_STEP, Disk, arrive, house, leave, now, provision, set_clocks
from tests.whole_hotel import Hotel

START, END = datetime(2026, 11, 26, 12, tzinfo=UTC), datetime(2026, 11, 27, 10, tzinfo=UTC)
JOB = KeyJob("1", ("101",), (), START, END, 1, 1, reservation="r1")


class Mews(Today):
    """A Mews that keeps cards. The answer of each that is added may be lost, or a refusal."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, KeptCard] = {}
        self.refusal: MewsError | None = None
        self.end_refusal: MewsError | None = None
        self.is_deaf = False
        self.added = 0
        self.broken: dict[str, MewsError] = {}  # reservations of which it cannot tell the cards
        self.looks: list[tuple[float, str]] = []
        self.is_free = trio.Event()  # once it is, a card is added
        self.is_free.set()

    async def add_card(self, token: Secret, card: NewCard) -> str:
        await self.is_free.wait()
        if self.refusal is not None:
            raise self.refusal
        self.added += 1
        id = f"card-{self.added}"
        self.kept[id] = KeptCard(id, card.stay, card.number, is_active=True)
        if self.is_deaf:
            raise Failed("the answer was lost")
        return id

    async def end_card(self, token: Secret, card: str) -> None:
        if self.end_refusal is not None:
            raise self.end_refusal
        if card not in self.kept or not self.kept[card].is_active:
            raise Refused(400, "Invalid ResourceAccessTokenIds")
        self.kept[card] = replace(self.kept[card], is_active=False)

    async def cards(self, token: Secret, stay: str) -> tuple[KeptCard, ...]:
        self.looks.append((trio.current_time(), stay))
        if stay in self.broken:
            raise self.broken[stay]
        return tuple(card for card in self.kept.values() if card.stay == stay)


class Box:
    """The keys of one box, whose rows outlive it."""

    def __init__(self, mews: Mews, rows: dict[str, IssuedKey] | None = None) -> None:
        self.mews, self.rows = mews, {} if rows is None else rows
        self.health = Health(trio.current_time)
        self.issued = IssuedKeys(self._keep, lambda: 1_800_000_000, lambda: {"lock-server:coder-bridge"})
        self.issued.remember(row for row in self.rows.values() if not row.is_over)

    def _keep(self, row: IssuedKey) -> None:
        self.rows[row.id] = row

    def cut(self, order: str = "o1", key: str = "4711", stay: str = "r1") -> None:
        job = replace(JOB, reservation=stay)
        self.issued.add(order, "lock-server:coder-bridge", job, key)

    @property
    def faults(self) -> list[str]:
        return [f"{fault.kind.code}: {fault.text}" for fault in self.health.active()]

    async def run(self, seconds: float = 1.0) -> None:
        with trio.move_on_after(seconds):
            await CardNumbers(self.issued, enquiries(self.mews), self.health).run()

    @property
    def numbers(self) -> list[str]:
        return sorted(card.number for card in self.mews.kept.values() if card.is_active)


@pytest.fixture
def mews() -> Mews:
    return Mews()


async def test_a_card_is_written_to_its_reservation_and_taken_back_with_the_key(
    mews: Mews, autojump_clock: object
) -> None:
    box = Box(mews)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 10.0)
        await trio.testing.wait_all_tasks_blocked()
        box.cut()
        await trio.sleep(1)
        assert box.numbers == ["4711"]
        box.issued.end("o1/1")
        await trio.sleep(1)
        assert box.numbers == []
    assert box.rows["o1/1"].is_over
    assert mews.added == 1


@pytest.mark.parametrize("is_deaf", [False, True])
async def test_a_restart_neither_repeats_nor_loses_a_number(
    mews: Mews, is_deaf: bool, autojump_clock: object
) -> None:
    box, mews.is_deaf = Box(mews), is_deaf
    box.cut()
    await box.run()
    mews.is_deaf = False
    again = Box(mews, box.rows)
    await again.run()
    assert (again.numbers, mews.added) == (["4711"], 1)
    again.issued.end("o1/1")  # while no one writes
    last = Box(mews, again.rows)
    await last.run()
    assert (last.numbers, last.rows["o1/1"].is_over) == ([], True)


async def test_what_mews_does_not_want_is_asked_once_and_said(mews: Mews, autojump_clock: object) -> None:
    box, mews.refusal = Box(mews), Refused(403, "no right to write tokens")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 3600.0)
        box.cut()
        await trio.sleep(10)
        assert [fault.kind.code for fault in box.health.active()] == ["E-MEWS-CARD"]
        mews.refusal = None
        box.cut("o2", "4712")
        await trio.sleep(10)
        assert not box.health.active()
    assert box.numbers == ["4712"]


async def test_a_mews_that_does_not_answer_is_asked_again(mews: Mews, autojump_clock: object) -> None:
    box, mews.refusal = Box(mews), Failed("Mews answered 502")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 300.0)
        box.cut()
        await trio.sleep(1)
        mews.refusal = None
        await trio.sleep(AGAIN_SECONDS)
        assert box.numbers == ["4711"]


async def test_one_reservation_for_which_mews_fails_stops_no_other_and_is_told(
    mews: Mews, autojump_clock: object
) -> None:
    box, mews.broken = Box(mews), {"r1": Failed("Mews answered 404")}
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 4 * AGAIN_SECONDS)
        box.cut()
        box.cut("o2", "4712", "r2")
        await trio.sleep(1)
        assert (box.numbers, box.faults) == (["4712"], [])  # once may be a chance
        await trio.sleep(AGAIN_SECONDS)
        assert box.faults == ["E-MEWS-CARD: 1 card is tried again and again: Mews answered 404."]
        box.cut("o3", "4713", "r3")
        await trio.sleep(1)
        assert (box.numbers, len(box.faults)) == (["4712", "4713"], 1)
        mews.broken = {}
        await trio.sleep(2 * AGAIN_SECONDS)
        assert (box.numbers, box.faults) == (["4711", "4712", "4713"], [])


async def test_it_is_tried_again_with_growing_pauses(mews: Mews, autojump_clock: object) -> None:
    box, mews.broken = Box(mews), {"r1": Failed("Mews answered 404")}
    box.cut()
    await box.run(48 * 3600.0)
    at = [moment for moment, _ in mews.looks]
    pauses = [round(later - sooner) for sooner, later in pairwise(at)]
    assert pauses[:3] == [AGAIN_SECONDS, 2 * AGAIN_SECONDS, 4 * AGAIN_SECONDS]
    assert pauses[-1] == LONGEST_SECONDS


async def test_what_is_told_of_a_key_ends_with_the_key(mews: Mews, autojump_clock: object) -> None:
    box, mews.broken = Box(mews), {"r1": Failed("Mews answered 404")}
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 3 * AGAIN_SECONDS)
        box.cut()
        await trio.sleep(AGAIN_SECONDS + 1)
        assert box.faults
        box.issued.end("o1/1")
        box.cut("o2", "4712", "r2")
        await trio.sleep(1)
        assert box.faults == []


@pytest.mark.parametrize("error", [Changed(409, "try again"), Busy(429, None)])
async def test_what_passes_is_tried_again(mews: Mews, error: MewsError, autojump_clock: object) -> None:
    box, mews.refusal = Box(mews), error
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 3 * AGAIN_SECONDS)
        box.cut()
        await trio.sleep(1)
        mews.refusal = None
        await trio.sleep(AGAIN_SECONDS)
        assert (box.numbers, box.faults) == (["4711"], [])


async def test_a_number_that_mews_does_not_take_back_is_told_and_tried_until_it_does(
    mews: Mews, autojump_clock: object
) -> None:
    box, mews.end_refusal = Box(mews), Refused(403, "no right to delete tokens")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 10 * AGAIN_SECONDS)
        box.cut()
        await trio.sleep(1)
        box.issued.end("o1/1")
        await trio.sleep(2 * AGAIN_SECONDS)
        assert box.faults == ["E-MEWS-CARD: 1 card is tried again and again: no right to delete tokens."]
        mews.end_refusal = None
        await trio.sleep(4 * AGAIN_SECONDS)
        assert (box.numbers, box.faults, box.rows["o1/1"].is_over) == ([], [], True)


async def test_a_card_that_mews_has_lost_is_over_all_the_same(mews: Mews, autojump_clock: object) -> None:
    box = Box(mews)
    box.cut()
    await box.run()
    mews.kept.clear()
    box.issued.end("o1/1")
    await box.run()
    assert box.rows["o1/1"].is_over


@pytest.mark.parametrize("is_deaf", [False, True], ids=["answered", "answer lost"])
async def test_a_key_that_is_over_while_its_number_is_written_is_taken_back(
    mews: Mews, is_deaf: bool, autojump_clock: object
) -> None:
    box, mews.is_free, mews.is_deaf = Box(mews), trio.Event(), is_deaf
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 300.0)
        box.cut()
        await trio.sleep(1)
        box.issued.end("o1/1")
        mews.is_free.set()
    assert (box.numbers, box.rows["o1/1"].is_over, mews.added) == ([], True, 1)


async def test_a_kill_while_the_number_of_a_key_that_is_over_is_written_leaves_none(
    mews: Mews, autojump_clock: object
) -> None:
    box, mews.is_free = Box(mews), trio.Event()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 300.0)
        box.cut()
        await trio.sleep(1)
        box.issued.end("o1/1")
        nursery.cancel_scope.cancel()
    mews.is_free.set()
    await mews.add_card(Secret("token"), NewCard("r1", "", "4711", START, END))  # what was sent arrives
    again = Box(mews, box.rows)
    await again.run()
    assert (again.numbers, again.rows["o1/1"].is_over) == ([], True)


async def test_a_refused_number_of_a_key_that_is_over_meanwhile_owes_nothing(
    mews: Mews, autojump_clock: object
) -> None:
    box, mews.is_free, mews.refusal = Box(mews), trio.Event(), Refused(403, "no right to write tokens")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 10.0)
        box.cut()
        await trio.sleep(1)
        box.issued.end("o1/1")
        mews.is_free.set()
    assert (mews.kept, box.rows["o1/1"].is_over) == ({}, True)


async def test_a_key_that_is_over_before_its_number_is_sent_is_not_told(
    mews: Mews, autojump_clock: object
) -> None:
    box = Box(mews)
    box.cut()
    [key] = box.issued.unnumbered
    box.issued.end(key.id)
    assert not box.issued.numbering(key.id)
    await box.run()
    assert mews.added == 0


@pytest.mark.parametrize("is_told", [True, False], ids=["both told", "the second not yet"])
async def test_a_number_stays_until_the_last_key_of_the_stay_that_has_it_is_over(
    mews: Mews, is_told: bool, autojump_clock: object
) -> None:
    box = Box(mews)
    box.cut()
    await box.run()
    box.cut("o2")
    if is_told:
        await box.run()
    box.issued.end("o1/1")
    await box.run()
    assert (box.numbers, box.rows["o1/1"].is_over, mews.added) == (["4711"], True, 1)
    again = Box(mews, box.rows)
    again.issued.end("o2/1")
    await again.run()
    assert (again.numbers, again.rows["o2/1"].is_over) == ([], True)


async def test_a_number_is_left_to_a_key_that_could_not_be_told_itself(mews: Mews, autojump_clock: object) -> None:
    box = Box(mews)
    box.cut()
    await box.run()
    endless = KeyJob("1", ("101",), (), START, None, 1, 1, reservation="r1")
    box.issued.add("o2", "lock-server:coder-bridge", endless, "4711")
    box.issued.end("o1/1")
    await box.run()
    assert box.numbers == ["4711"]
    box.issued.end("o2/1")
    await box.run()
    assert box.numbers == []


async def test_the_same_number_is_written_again_after_a_cancel(mews: Mews, autojump_clock: object) -> None:
    box = Box(mews)
    box.cut()
    await box.run()
    box.issued.end("o1/1")
    await box.run()
    box.cut("o2")
    await box.run()
    assert (box.numbers, mews.added) == (["4711"], 2)


@pytest.mark.parametrize(
    ("job", "key"),
    [
        (KeyJob("1", ("101",), (), START, END, 1, 1), "4711"),
        (KeyJob("1", ("101",), (), START, None, 1, 1, reservation="r1"), "4711"),
        (JOB, ""),
    ],
    ids=["no reservation", "no end", "no number"],
)
async def test_what_cannot_be_told_is_not(mews: Mews, job: KeyJob, key: str, autojump_clock: object) -> None:
    box = Box(mews)
    box.issued.add("o1", "lock-server:coder-bridge", job, key)
    await box.run()
    assert mews.kept == {}


# -- the whole agent ----------------------------------------------------------------------------------------------

ADD, END_CARD = "resourceAccessTokens/add", "resourceAccessTokens/delete"


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    """A hotel that writes numbers, in the dialect that keeps them."""
    hotel = Hotel(tmp_path, dialect=Dialect.CURRENT)
    provision(hotel, more="", mews="card_numbers = true", poll_seconds=5.0)
    return hotel


def at_mews(hotel: Hotel) -> list[tuple[str, str, str, bool]]:
    """Reservation, type, number and whether it is good, of each card that Mews keeps."""
    cards = house(hotel).cards.values()
    return [(card.reservation, card.type, card.value, card.is_active) for card in cards]


async def cut(hotel: Hotel, stay: str, copies: int = 1) -> list[str]:
    """Cut keys for a stay in room 101; their numbers."""
    before = len(hotel.bridge.cuts)
    await ended(hotel, hotel.mews.add_key("1", ["101"], copies, stay=stay))
    return [cut.tid for cut in hotel.bridge.cuts[before:]]


async def test_each_card_is_written_to_its_reservation_once_over_restarts(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        stay = arrive(hotel)
        numbers = await cut(hotel, stay, 2)
        await trio.sleep(10)
        wanted = [(stay, "RfidTag", number, True) for number in numbers]
        assert at_mews(hotel) == wanted
    for stops in (True, False):
        async with hotel.agent(stops=stops):
            await trio.sleep(120)
    assert (at_mews(hotel), hotel.mews.calls[ADD]) == (wanted, 2)


@pytest.mark.parametrize("number", range(1, 7))
async def test_a_kill_after_any_commit_neither_loses_nor_repeats_a_number(
    hotel: Hotel, autojump_clock: object, number: int
) -> None:
    hotel.run_sync = disk = Disk()
    async with hotel.agent(stops=False):
        stay = arrive(hotel)
        await trio.sleep(20)
        disk.last = disk.commits + number
        hotel.mews.add_key("1", ["101"], stay=stay)
        with trio.move_on_after(60):
            await disk.is_down.wait()
    async with hotel.agent():
        await trio.sleep(120)
        kept = hotel.app.pipeline.issued.of_stay(stay) if hotel.app else ()
    assert [value for _, _, value, _ in at_mews(hotel)] == [key.key for key in kept]


@pytest.mark.parametrize("moment", [0.0, 0.3, 0.7, 1.2, 2.0])
async def test_a_kill_at_any_moment_of_a_slow_answer_repeats_no_number(
    hotel: Hotel, autojump_clock: object, moment: float
) -> None:
    hotel.mews.switch(latency_seconds=0.5)
    async with hotel.agent(stops=False):
        stay = arrive(hotel)
        hotel.mews.add_key("1", ["101"], stay=stay)
        with trio.fail_after(60):
            await hotel.mews.wait_calls(ADD, 1)
        await trio.sleep(moment)
    async with hotel.agent():
        await trio.sleep(120)
    assert at_mews(hotel) == [(stay, "RfidTag", hotel.bridge.cuts[0].tid, True)]


@pytest.mark.parametrize("how", ["at the desk", "at check-out", "with the stay"])
async def test_it_is_taken_back_when_the_key_is_over(hotel: Hotel, autojump_clock: object, how: str) -> None:
    provision(hotel, more=IN_STEP, cancels_keys=True, mews="card_numbers = true", poll_seconds=5.0)
    async with hotel.agent():
        stay = arrive(hotel)
        [number] = await cut(hotel, stay)
        await trio.sleep(70)
        assert at_mews(hotel) == [(stay, "RfidTag", number, True)]
        if how == "at the desk":
            assert (await AtDesk(hotel).ask("lock", "cancel", "101", number, "--sure")).end is not End.FAILED
        elif how == "at check-out":
            leave(hotel, stay)
        else:
            set_clocks(hotel, now(hotel) + timedelta(days=3))
        await trio.sleep(900)
        assert at_mews(hotel) == [(stay, "RfidTag", number, False)]
    async with hotel.agent():
        await trio.sleep(120)
    assert hotel.mews.calls[END_CARD] == 1


async def test_one_that_is_over_while_mews_is_away_is_taken_back_after_a_kill(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent(stops=False):
        stay = arrive(hotel)
        [number] = await cut(hotel, stay)
        await trio.sleep(70)
        hotel.mews.presence.leave(Absence.REFUSE)
        await AtDesk(hotel).ask("lock", "cancel", "101", number, "--sure")
        await trio.sleep(120)
    hotel.mews.presence.come_back()
    async with hotel.agent():
        await trio.sleep(120)
    assert at_mews(hotel) == [(stay, "RfidTag", number, False)]


async def test_what_mews_refuses_is_a_warning_and_stops_no_key(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        stay = arrive(hotel)
        hotel.mews.fail("403", ADD)
        await cut(hotel, stay)
        await trio.sleep(10)
        assert holds(hotel, "E-MEWS-CARD")
        assert hotel.mews.calls[ADD] == 1
        hotel.mews.heal()
        await cut(hotel, stay)
        await trio.sleep(10)
        assert not holds(hotel, "E-MEWS-CARD")


async def test_it_is_off_by_default(hotel: Hotel, autojump_clock: object) -> None:
    provision(hotel, more="", poll_seconds=5.0)
    async with hotel.agent():
        await cut(hotel, arrive(hotel))
        await trio.sleep(120)
    assert (at_mews(hotel), hotel.mews.calls[ADD]) == ([], 0)
