"""Mews answering wrongly or not at all, to polls, sign-ins and updates: every key is cut once, in the end."""

import re

import msgspec
import pytest
import trio

from agent.simulators.base.presence import Absence
from agent.simulators.base.replies import AnyReply, Reply, Request, Upgrade
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import GET_ALL_ACTIVE, SIGN_IN, UPDATE
from agent.simulators.mews.simulator import MewsSimulator
from tests.faults.desk import assert_next_key_works, cards, ended, holds, note, order
from tests.in_process import SimulatorTransport
from tests.whole_hotel import Hotel

AT_ONCE = (
    "500", "502", "503", "404", "408", "error-200", "html-200", "html-500", "redirect", "brace", "empty",
    "truncated", "drop", "reset", "garbage", "endless",
)  # fmt: skip
SLOW = ("hang", "drip")


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("kind", [*AT_ONCE, "gzip-bomb", *SLOW])
async def test_trouble_with_polls_is_on_the_page_and_the_key_is_cut_when_it_is_over(
    hotel: Hotel, autojump_clock: object, kind: str, is_first: bool
) -> None:
    operation = SIGN_IN if is_first and not hotel.mews.is_current else GET_ALL_ACTIVE
    hotel.mews.fail(kind, operation, calls=3)
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(200):
            await hotel.mews.wait_calls(operation, 3)
        code = "E-MEWS-SILENT" if kind == "hang" else "E-MEWS-ANSWER"
        assert holds(hotel, code)
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        assert not holds(hotel, code)
        await assert_next_key_works(hotel)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", [*AT_ONCE, "gzip-bomb", *SLOW])
async def test_a_lost_answer_to_the_claim_is_asked_for_again_and_the_key_is_cut_once(
    hotel: Hotel, autojump_clock: object, kind: str, when: str
) -> None:
    hotel.mews.fail(kind, UPDATE, match={"State": "Processing"}, calls=2, when=when, seconds=20)
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        await assert_next_key_works(hotel)


@pytest.mark.parametrize("kind", ["error-200", "html-200", "brace", "empty"])
async def test_no_key_is_cut_before_a_real_acknowledgement_whatever_the_status_says(
    hotel: Hotel, autojump_clock: object, kind: str
) -> None:
    hotel.mews.fail(kind, UPDATE, match={"State": "Processing"})
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(100):
            await hotel.mews.wait_calls(UPDATE, 5)
        assert (hotel.mews.command(id).state, cards(hotel)) == (State.PENDING, 0)
        assert holds(hotel, "E-MEWS-UPDATE")
        hotel.mews.heal()
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)


@pytest.mark.parametrize("around", [(b"\xef\xbb\xbf", b""), (b"\0", b"\0"), (b"\0 \xef\xbb\xbf\r\n", b"\n\0")])
async def test_what_stands_around_mews_answers_changes_nothing(
    hotel: Hotel, autojump_clock: object, around: tuple[bytes, bytes]
) -> None:
    hotel.mews_line = SimulatorTransport(Wrapping(hotel.mews, *around))
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, command.notes, cards(hotel)) == (State.PROCESSED, None, 1)
        hotel.mews.fail("403", UPDATE, match={"State": "Processing"})
        assert "Something went wrong (invented)" in note(await order(hotel, "102"))
        assert not holds(hotel, "E-MEWS-ANSWER")


class Wrapping:
    """Mews behind something that puts more around each answer."""

    def __init__(self, mews: MewsSimulator, before: bytes, after: bytes) -> None:
        self._mews, self._before, self._after = mews, before, after
        self.presence, self.date = mews.presence, mews.date

    async def handle(self, request: Request) -> AnyReply:
        reply = await self._mews.handle(request)
        if isinstance(reply, Upgrade):
            return reply
        assert isinstance(reply, Reply)
        return msgspec.structs.replace(reply, body=self._before + reply.body + self._after)


@pytest.mark.parametrize("rule", ["refuse", "ignore", "overwrite"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", ["500", "404", "html-200", "brace", "drop", "hang"])
async def test_a_lost_answer_to_the_result_repeats_the_words_and_never_the_card(
    hotel: Hotel, autojump_clock: object, kind: str, when: str, rule: str
) -> None:
    hotel.mews.switch(finished_update=rule)
    hotel.mews.fail(kind, UPDATE, match={"State": "Processed"}, calls=2, when=when)
    async with hotel.agent():
        command = await order(hotel)
        await assert_next_key_works(hotel)
        await trio.sleep(120)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)


async def test_a_401_on_the_claim_gives_the_order_back_and_the_next_listing_has_it_cut_once(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.fail("401", UPDATE, match={"State": "Processing"}, calls=1)
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        await assert_next_key_works(hotel)
    assert hotel.mews.sessions.generation == (0 if hotel.mews.is_current else 2)


@pytest.mark.parametrize("status", ["400", "403", "409"])
async def test_a_claim_refused_once_is_made_again_after_the_next_listing(
    hotel: Hotel, autojump_clock: object, status: str
) -> None:
    hotel.mews.fail(status, UPDATE, match={"State": "Processing"}, calls=2)  # one asking, one after `Received`
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        await assert_next_key_works(hotel)


@pytest.mark.parametrize("status", ["400", "403", "409"])
async def test_a_claim_that_stays_refused_ends_in_error_with_mews_words_and_no_card(
    hotel: Hotel, autojump_clock: object, status: str
) -> None:
    hotel.mews.fail(status, UPDATE, match={"State": "Processing"})
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert command.notes is not None
        assert "Mews did not let the box take the order" in command.notes
        assert command.notes.endswith("Mews says: “Something went wrong (invented)”.")
        hotel.mews.heal()
        await assert_next_key_works(hotel)


@pytest.mark.parametrize("is_silent", [True, False])
async def test_without_a_connection_the_page_says_so_and_the_waiting_key_is_cut_afterwards(
    hotel: Hotel, autojump_clock: object, is_silent: bool
) -> None:
    async with hotel.agent():
        await order(hotel, "100")
        hotel.mews_line.is_silent = is_silent
        if not is_silent:
            hotel.mews.presence.leave(Absence.REFUSE)
        id = hotel.mews.add_key("1", ["101"])
        await trio.sleep(60)
        assert holds(hotel, "E-MEWS-UNREACHABLE")
        hotel.mews_line.is_silent = False
        hotel.mews.heal()
        command = await ended(hotel, id, within=70)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        assert not holds(hotel, "E-MEWS-UNREACHABLE")


async def test_waiting_results_go_out_when_an_outage_has_ended_the_session_too(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        first = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        hotel.mews.fail("500")
        await trio.sleep(90)
        hotel.mews.heal()
        hotel.mews.sessions.sign_in()  # whatever it was, our token is no longer good
        command = await ended(hotel, first, within=120)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        await assert_next_key_works(hotel)


async def test_a_claim_in_doubt_whose_session_ended_is_not_left_in_processing(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.fail("drop", UPDATE, match={"State": "Processing"}, calls=1, when="after")
    hotel.mews.fail("401", UPDATE, match={"State": "Processing"}, calls=1)
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert "Key not cut" in (command.notes or "")
        await assert_next_key_works(hotel)


async def test_a_connection_that_dies_without_a_word_costs_seconds_and_is_said(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent() as app:
        await order(hotel, "100")
        await trio.sleep(60)
        hotel.mews.fail("hang", calls=1)  # what was kept is dead; a new connection works
        with trio.fail_after(30):
            await hotel.mews.wait_calls(GET_ALL_ACTIVE, hotel.mews.calls[GET_ALL_ACTIVE] + 1)
        began = trio.current_time()
        await trio.sleep(2.5)
        text = next(hop.text for hop in app.snapshot().hops if hop.id == "mews")
        id = hotel.mews.add_key("1", ["101"])
        assert ((await ended(hotel, id)).state, cards(hotel)) == (State.PROCESSED, 1)
        assert trio.current_time() - began < 10
        ago = "[0-9]+ s" if hotel.has_push else "[34] s"
        assert re.fullmatch(
            rf"Mews was asked [23] s ago and has not answered yet; its last answer came {ago} ago\.", text
        )
        assert not holds(hotel, "E-MEWS-SILENT")
