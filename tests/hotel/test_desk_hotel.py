"""The desk at the running agent, in virtual time: what it orders, pauses, takes over and reads again is real."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio

from agent.control.acts import By
from agent.control.desk import Doing
from agent.control.words.messages import Face
from agent.control.words.told import End, Line, Progress, Result
from agent.hotel.app import App
from agent.simulators.base.trouble import FaultKind, When
from agent.simulators.mews.operations import GET_ALL_ACTIVE
from tests.faults.desk import ended, holds
from tests.whole_hotel import Hotel

BY = By("root", Face.COMMAND_LINE)


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path)
    hotel.provision()
    return hotel


class AtDesk:
    """Somebody at the desk of an agent."""

    def __init__(self, app: App) -> None:
        assert app.desk is not None
        self.app, self._desk = app, app.desk
        self.told: list[Progress] = []

    async def ask(self, *words: str, doing: Doing | None = None) -> Result:
        with trio.fail_after(600):
            return await self._desk.carry_out(self._desk.read(words), BY, doing or Doing(), self.told.append)

    @property
    def lines(self) -> list[str]:
        return [told.text for told in self.told if isinstance(told, Line)]


@asynccontextmanager
async def at_desk(hotel: Hotel, *, stops: bool = True) -> AsyncIterator[AtDesk]:
    async with hotel.agent(stops=stops) as app:
        with trio.fail_after(60):
            await hotel.mews.wait_calls(GET_ALL_ACTIVE, 2)
        await trio.sleep(2)
        yield AtDesk(app)


async def test_a_key_is_cut_and_its_act_ends_with_it(hotel: Hotel, autojump_clock: object) -> None:
    async with at_desk(hotel) as desk:
        result = await desk.ask("key", "Desk 2", "101", "--copies", "2")
        (act,) = desk.app.recent_acts()
    assert result == Result(End.DONE, "2 keys were cut for room 101.")
    assert desk.lines[-3:] == [
        "Present a card at Desk 2: key 1 of 2 for room 101.",
        "1 of 2 cut.",
        "Present a card at Desk 2: key 2 of 2 for room 101.",
    ]
    assert (act.words, act.end, act.note) == ("key Desk 2 101 --copies 2", "done", result.text)


async def test_a_key_whose_answer_was_lost_is_perhaps_cut_until_it_was_seen(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.fail(FaultKind.DROP, "guest_key", calls=1, when=When.AFTER)
    async with at_desk(hotel) as desk:
        result = await desk.ask("key", "1", "101")
        assert (result.end, holds(hotel, "E-KEY-PERHAPS", "encoder:1")) == (End.PERHAPS, True)
        (id,) = desk.app.loose_cards.ids
        assert (await desk.ask("seen", id)).end is End.DONE
        assert not holds(hotel, "E-KEY-PERHAPS", "encoder:1")


async def test_what_waits_at_a_paused_encoder_says_so_and_goes_on_after_it(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with at_desk(hotel) as desk:
        await desk.ask("pause", "1")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(desk.ask, "key", "1", "101")
            await trio.sleep(5)
            assert desk.lines == ["Waits for someone to let it go on: it was paused by hand."]
            assert not hotel.bridge.cuts
            await desk.ask("resume", "1")
    assert len(hotel.bridge.cuts) == 1


async def test_a_claimed_key_that_is_broken_off_is_not_cut(hotel: Hotel, autojump_clock: object) -> None:
    hotel.bridge.switch(card_seconds=10.0)
    async with at_desk(hotel) as desk:
        doing = Doing()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(desk.ask, "key", "1", "100")
            await trio.sleep(1)
            nursery.start_soon(trio.sleep, 30)

            async def second() -> None:
                result = await desk.ask("key", "1", "101", doing=doing)
                assert (result.end, "no key was cut" in result.text) == (End.FAILED, True)

            nursery.start_soon(second)
            await trio.sleep(1)
            doing.break_off()
    assert [cut.room for cut in hotel.bridge.cuts] == ["100"]


async def test_a_file_is_read_again_or_refused_with_its_words(hotel: Hotel, autojump_clock: object) -> None:
    async with at_desk(hotel) as desk:
        hotel.provision(more="[box2]")
        refused = await desk.ask("reload")
        hotel.provision(encoders=1)
        taken = await desk.ask("reload")
    assert (refused.end, "box2" in refused.text, taken.end) == (End.FAILED, True, End.DONE)


async def test_a_rival_is_taken_over_within_its_pause(hotel: Hotel, autojump_clock: object) -> None:
    async with at_desk(hotel) as desk:
        for _ in range(3):
            hotel.mews.sessions.rival_signs_in()
            await trio.sleep(15)
        assert holds(hotel, "E-MEWS-RIVAL")
        before = trio.current_time()
        id = hotel.mews.add_key("1", ["101"])
        assert (await desk.ask("takeover")).end is End.DONE
        await ended(hotel, id)
        assert trio.current_time() - before < 10


async def test_a_plain_token_has_nothing_to_take_over(hotel: Hotel, autojump_clock: object) -> None:
    hotel.provision(signs_in=False)
    async with at_desk(hotel) as desk:
        assert (await desk.ask("takeover")).end is End.FAILED


async def test_after_a_crash_the_act_ends_as_its_order_did(hotel: Hotel, autojump_clock: object) -> None:
    hotel.bridge.switch(card_seconds=10.0)
    async with at_desk(hotel, stops=False) as desk, trio.open_nursery() as nursery:
        nursery.start_soon(desk.ask, "key", "1", "101")
        await trio.sleep(5)
        nursery.cancel_scope.cancel()
    async with at_desk(hotel) as desk:
        (act,) = desk.app.recent_acts()
    assert (act.end, "the box restarted while the encoder was at work" in act.note) == ("perhaps", True)
    assert len(hotel.bridge.cuts) <= 1


async def test_a_stop_ends_what_waits_at_the_desk(hotel: Hotel, autojump_clock: object) -> None:
    async with trio.open_nursery() as nursery:
        async with at_desk(hotel) as desk:
            await desk.ask("pause", "1")
            nursery.start_soon(desk.ask, "key", "1", "101")
            await trio.sleep(1)
        key, pause = desk.app.recent_acts()
    assert (key.verb, key.end, pause.verb) == ("key", "failed", "pause")


async def test_a_box_without_a_file_knows_itself_alone(hotel: Hotel, autojump_clock: object) -> None:
    hotel.config.unlink()
    async with hotel.agent() as app:
        await trio.sleep(2)
        desk = AtDesk(app)
        assert [named.id for named in desk._desk.names().hops] == ["box"]
        assert (await desk.ask("takeover")).end is End.FAILED
        hotel.provision()
        assert (await desk.ask("reload")).end is End.DONE
        assert [named.id for named in desk._desk.names().lanes] == ["encoder:1", "encoder:2", "encoder:3"]
