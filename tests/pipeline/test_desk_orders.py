"""Orders of the desk, and lanes that it pauses: the same pass, another origin, and Mews hears nothing of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trio

from agent.commands.driver import KeyJob, Lane
from agent.commands.lifecycle import State as Step
from agent.commands.model import Verdict
from agent.commands.record import Record
from agent.control.words.events import Event, OrderChanged
from agent.hotel.app import App
from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import GET_ALL_ACTIVE, UPDATE
from agent.simulators.mews.switches import Dialect
from tests.faults.desk import cards, ended, holds, wait_cuts
from tests.whole_hotel import Hotel

ID = "desk-1"
ONE_AT_A_TIME = (
    'base = "coder-bridge-v2"\n[limits]\ncalls_at_once = { value = 1, confirmed = true, source = "a test" }\n'
)


@pytest.fixture
def hotel(tmp_path: Path, dialect: Dialect) -> Hotel:
    hotel = Hotel(tmp_path, dialect=dialect)
    hotel.provision()
    return hotel


class Desk:
    """Orders test keys of an agent, and hears what becomes of them."""

    def __init__(self, hotel: Hotel, app: App) -> None:
        self._hotel, self._app = hotel, app
        self.ends: dict[str, tuple[Verdict, str]] = {}
        self.progress: list[float] = []
        self._news = trio.Event()
        app.hub.listen(self._hear)

    def order(self, id: str = ID, encoder: str = "1", rooms: Sequence[str] = ("101",), copies: int = 1) -> None:
        start = datetime.fromtimestamp(self._hotel.mews.clock.now().timestamp(), UTC)
        job = KeyJob(encoder, tuple(rooms), (), start, start + timedelta(hours=1), 1, copies)
        self._app.pipeline.order(self.lane(encoder), job, id, "uid 1000")

    def lane(self, encoder: str) -> Lane:
        site = self._app.site
        assert site is not None
        return next(lane for lane in site.lanes if lane.identifier == encoder)

    async def wait(self, id: str = ID) -> tuple[Verdict, str]:
        with trio.fail_after(400):
            while id not in self.ends:
                await self._news.wait()
        return self.ends[id]

    def _hear(self, event: Event) -> None:
        if not isinstance(event, OrderChanged) or event.record.origin != "desk":
            return
        record = event.record
        if record.state is Step.DISPATCHED and record.made and record.made / record.copies not in self.progress:
            self.progress.append(record.made / record.copies)
        if record.state is Step.REPORTED:
            self.ends[record.id] = (Verdict(record.verdict), record.note)
            self._news.set()
            self._news = trio.Event()


async def ready(hotel: Hotel) -> None:
    with trio.fail_after(60):
        await hotel.mews.wait_calls(GET_ALL_ACTIVE, 2)


def updates(hotel: Hotel) -> int:
    return hotel.mews.calls[UPDATE]


async def test_a_key_of_the_desk_is_cut_and_mews_hears_nothing_of_it(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        await ready(hotel)
        desk = Desk(hotel, app)
        desk.order(copies=2)
        assert await desk.wait() == (Verdict.DONE, "")
        (line,) = app.snapshot().commands.recent
    assert (cards(hotel), desk.progress, updates(hotel)) == (2, [0.5], 0)
    assert (line.id, line.device, line.target, line.state) == (ID, "uid 1000", "Desk 1", "done")


async def test_it_passes_the_same_rows_as_an_order_of_mews(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        await ready(hotel)
        desk = Desk(hotel, app)
        desk.order()
        await desk.wait()
    states = [record.state for record in hotel.steps if record.id == ID]
    assert states == [Step.WAITING, Step.CLAIMED, Step.DISPATCHED, Step.DONE, Step.REPORTED]
    assert {record.origin for record in hotel.steps} == {"desk"}


async def test_no_list_of_mews_takes_an_order_of_the_desk_away(hotel: Hotel, autojump_clock: object) -> None:
    hotel.bridge.switch(card_seconds=20.0)
    async with hotel.agent() as app:
        await ready(hotel)
        desk = Desk(hotel, app)
        for number in range(4):
            desk.order(f"desk-{number}", rooms=[f"10{number}"])
        for number in range(4):
            assert await desk.wait(f"desk-{number}") == (Verdict.DONE, "")
        assert not holds(hotel, "E-MEWS-SHARED")


async def test_while_mews_is_away_the_desk_can_cut_a_key_and_mews_orders_keep_their_place(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent() as app:
        await ready(hotel)
        desk = Desk(hotel, app)
        ids = [hotel.mews.add_key("1", [f"20{number}"]) for number in range(3)]
        await wait_cuts(hotel, 1)
        hotel.mews.presence.leave(Absence.REFUSE, 60)
        await trio.sleep(15)
        desk.order()
        assert await desk.wait() == (Verdict.DONE, "")
        assert hotel.mews.presence.absence is not None
        assert [(await ended(hotel, id)).state for id in ids] == [State.PROCESSED] * 3


async def test_who_leaves_takes_a_waiting_order_along(hotel: Hotel, autojump_clock: object) -> None:
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent() as app:
        await ready(hotel)
        desk = Desk(hotel, app)
        for number in range(3):
            desk.order(f"desk-{number}", rooms=[f"10{number}"])
        await trio.sleep(1)
        states = [record and record.state for record in map(app.pipeline.cancel, ["desk-0", "desk-1", "desk-2"])]
        assert states == [Step.DISPATCHED, Step.CLAIMED, Step.WITHDRAWN]
        assert await desk.wait("desk-0") == (Verdict.DONE, "")
        verdict, note = await desk.wait("desk-1")
        assert (verdict, note) == (
            Verdict.FAILED,
            "Key not cut: the order was taken back before the encoder was asked. Please order the key again.",
        )
        assert app.pipeline.cancel("desk-0") is None
    assert [cut.room for cut in hotel.bridge.cuts] == ["100"]


async def test_who_leaves_in_the_middle_gets_no_further_copy_however_often(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent() as app:
        await ready(hotel)
        desk = Desk(hotel, app)
        for number in range(3):
            desk.order(f"desk-{number}", rooms=[f"10{number}"], copies=3)
            await trio.sleep(5)
            app.pipeline.cancel(f"desk-{number}")
            verdict, note = await desk.wait(f"desk-{number}")
            assert verdict is Verdict.FAILED
            assert note.startswith("1 of 3 keys cut, the second was not: order 2 more. The order was taken back")
    assert [cut.room for cut in hotel.bridge.cuts] == ["100", "101", "102"]


async def test_nobody_at_the_desk_cancels_an_order_of_mews(hotel: Hotel, autojump_clock: object) -> None:
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent() as app:
        id = hotel.mews.add_key("1", ["101"])
        await trio.sleep(3)
        assert app.pipeline.cancel(id) is None
        assert (await ended(hotel, id)).state is State.PROCESSED


@pytest.mark.parametrize(("seconds", "verdict"), [(0.0, Verdict.FAILED), (1.0, Verdict.UNKNOWN)])
async def test_after_a_crash_the_desk_hears_what_became_of_its_key(
    hotel: Hotel, autojump_clock: object, seconds: float, verdict: Verdict
) -> None:
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent(stops=False) as app:
        await ready(hotel)
        desk = Desk(hotel, app)
        desk.order("desk-0", rooms=["100"])
        await trio.sleep(1)
        desk.order()
        await trio.sleep(12 if verdict is Verdict.UNKNOWN else 1)
    made = len(hotel.bridge.cuts)
    app = hotel.new_app()
    desk = Desk(hotel, app)
    async with hotel.running(app):
        assert (await desk.wait())[0] is verdict
        await trio.sleep(60)
    assert updates(hotel) == 0
    assert len(hotel.bridge.cuts) == made + 1  # the card that the encoder was at work on, and no other


async def test_an_order_that_no_lane_can_take_ends_with_the_reason(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        await ready(hotel)
        desk = Desk(hotel, app)
        desk.order(rooms=[])
        verdict, note = await desk.wait()
    assert (verdict, note.startswith("Key not cut: the order names no room")) == (Verdict.FAILED, True)


async def test_a_paused_lane_begins_nothing_and_says_so(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        await ready(hotel)
        app.pipeline.pause("encoder:1", "uid 1000")
        id = hotel.mews.add_key("1", ["101"])
        assert (await ended(hotel, hotel.mews.add_key("2", ["102"]))).state is State.PROCESSED
        await trio.sleep(30)
        assert holds(hotel, "E-LANE-PAUSED", "encoder:1")
        (hop,) = (hop for hop in app.snapshot().hops if hop.id == "encoder:1")
        assert (hop.level, hop.text) == ("fault", "Paused by uid 1000: it begins nothing.")
        assert app.snapshot().summary.level == "fault"
        (line,) = (line for line in app.snapshot().commands.recent if line.id == id)
        assert line.note.startswith("Waits for someone to let it go on: it was paused by hand, since ")
        assert not cards(hotel)
        app.pipeline.resume("encoder:1")
        assert not holds(hotel, "E-LANE-PAUSED", "encoder:1")
        assert (await ended(hotel, id, 5)).state is State.PROCESSED
    assert cards(hotel) == 1


async def test_a_pause_outlives_a_new_file_and_is_still_said(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        await ready(hotel)
        app.pipeline.pause("encoder:1", "uid 1000")
        app.reload()
        await trio.sleep(5)
        assert holds(hotel, "E-LANE-PAUSED", "encoder:1")
        hotel.mews.add_key("1", ["101"])
        await trio.sleep(30)
        assert not hotel.bridge.cuts
        app.pipeline.resume("encoder:1")
        await wait_cuts(hotel, 1)


async def test_a_pause_holds_the_next_copy_and_what_was_claimed_ahead(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent() as app:
        first, second = hotel.mews.add_key("1", ["101"], 2), hotel.mews.add_key("1", ["102"])
        await trio.sleep(5)
        app.pipeline.pause("encoder:1", "uid 1000")
        await trio.sleep(40)
        assert len(hotel.bridge.cuts) == 1
        app.pipeline.resume("encoder:1")
        assert [(await ended(hotel, id)).state for id in (first, second)] == [State.PROCESSED] * 2
    assert (cards(hotel, "101"), cards(hotel, "102")) == (2, 1)


async def test_a_paused_lane_keeps_no_place_at_the_lock_server_from_others(
    hotel: Hotel, autojump_clock: object
) -> None:
    (hotel.config.parent / "site.toml").write_text(ONE_AT_A_TIME)
    hotel.provision(profile='profile = "site.toml"')
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent() as app:
        held = hotel.mews.add_key("1", ["101"], 2)
        await trio.sleep(5)
        app.pipeline.pause("encoder:1", "uid 1000")
        await trio.sleep(10)  # its first card is cut, the second may not begin
        assert (await ended(hotel, hotel.mews.add_key("2", ["102"]), 30)).state is State.PROCESSED
        app.pipeline.resume("encoder:1")
        assert (await ended(hotel, held)).state is State.PROCESSED


async def test_a_paused_lane_that_a_new_file_leaves_out_ends_what_it_held(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent() as app:
        held = hotel.mews.add_key("3", ["103"], 2)
        await trio.sleep(5)
        app.pipeline.pause("encoder:3", "uid 1000")
        await trio.sleep(10)
        hotel.provision(encoders=2)
        app.reload()
        command = await ended(hotel, held, 30)
    assert (command.state, len(hotel.bridge.cuts)) == (State.ERROR, 1)
    assert (command.notes or "").startswith("1 of 2 keys cut, the second was not: order 1 more.")


async def test_what_waits_too_long_on_a_paused_lane_is_stale(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        await ready(hotel)
        app.pipeline.pause("encoder:1", "uid 1000")
        command = await ended(hotel, hotel.mews.add_key("1", ["101"]))
        assert (command.state, "had waited longer than 3 minutes" in (command.notes or "")) == (State.ERROR, True)
        app.pipeline.resume("encoder:1")
        await trio.sleep(30)
    assert not hotel.bridge.cuts


async def test_a_stop_does_not_wait_for_a_paused_lane(hotel: Hotel, autojump_clock: object) -> None:
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent() as app:
        hotel.mews.add_key("1", ["101"], 2)
        await trio.sleep(5)
        app.pipeline.pause("encoder:1", "uid 1000")
        await trio.sleep(10)
        before = trio.current_time()
    assert trio.current_time() - before < 5


async def test_a_card_that_was_looked_at_is_no_longer_named(hotel: Hotel, autojump_clock: object) -> None:
    hotel.bridge.fail("drop", "guest_key", when="after", calls=1)
    async with hotel.agent() as app:
        id = hotel.mews.add_key("1", ["101"])
        await ended(hotel, id)
        await trio.sleep(1)
        assert holds(hotel, "E-KEY-PERHAPS", "encoder:1")
        record = app.loose_cards.find(id)
        assert record is not None
        app.pipeline.see(record)
        assert not holds(hotel, "E-KEY-PERHAPS", "encoder:1")
        assert app.loose_cards.find(id) is None
    async with hotel.agent() as app:
        await ready(hotel)
        assert not holds(hotel, "E-KEY-PERHAPS", "encoder:1")
    assert [record.seen > 0 for record in hotel.steps if record.id == id][-1]
    assert isinstance(record, Record)
