"""What Mews acknowledged, or may have, is owed an end: over a reload, a refusal, a lost answer, an odd Mews."""

import pytest
import trio

from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import GET_ALL_ACTIVE, UPDATE
from tests.faults.desk import assert_next_key_works, cards, ended, holds, note, order, wait_cuts
from tests.whole_hotel import Hotel

CLAIM = {"State": "Processing"}
GUID = "63efb573-fc58-4065-b687-9bdd51568529"


@pytest.mark.parametrize("status", ["400", "401"])
async def test_a_claim_in_doubt_ends_also_when_a_new_file_comes_before_the_next_list(
    hotel: Hotel, autojump_clock: object, status: str
) -> None:
    hotel.mews.fail("drop", UPDATE, match=CLAIM, calls=1, when="after")
    hotel.mews.fail(status, UPDATE, match=CLAIM, calls=2)
    async with hotel.agent() as app:
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.mews.wait_calls(UPDATE, 2)
        await trio.sleep(0.05)
        app.reload()
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert "Key not cut" in note(command)
        await assert_next_key_works(hotel)


async def test_a_hanging_key_delays_no_other_encoder_when_a_new_file_comes(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.fail("hang", "guest_key", match={"encoder": "1"}, calls=1)
    async with hotel.agent() as app:
        hanging = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        hotel.provision(poll_seconds=1.5)
        app.reload()
        await trio.sleep(0.1)
        began = trio.current_time()
        assert (await ended(hotel, hotel.mews.add_key("2", ["102"]))).state is State.PROCESSED
        assert trio.current_time() - began < 5
        assert (await ended(hotel, hanging)).state is State.ERROR


async def test_an_encoder_that_a_new_file_leaves_out_finishes_its_key_before_a_newer_file_uses_it_again(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=20.0)
    async with hotel.agent() as app:
        ids = [hotel.mews.add_key("3", [f"10{number}"]) for number in range(3)]
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        for encoders in (2, 3):
            hotel.provision(encoders=encoders)
            app.reload()
            await trio.sleep(1)
        ends = [await ended(hotel, id) for id in ids]
    assert ends[0].state is State.PROCESSED
    assert set(hotel.bridge.encoders.most_parallel.values()) == {1}
    assert [cards(hotel, f"10{number}") for number in range(3)] == [
        command.state is State.PROCESSED for command in ends
    ]


async def test_one_command_that_mews_cannot_answer_steps_back_behind_the_good_ones(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=0.5)
    async with hotel.agent():
        bad = hotel.mews.add_key("1", ["100"])
        hotel.mews.fail("500", UPDATE, match={"CommandId": bad, **CLAIM})
        good = [hotel.mews.add_key("1", [f"10{number}"]) for number in (1, 2, 3)]
        began = trio.current_time()
        for id in good:
            assert (await ended(hotel, id)).state is State.PROCESSED
        assert trio.current_time() - began < 20
        assert (await ended(hotel, bad)).state is State.ERROR
        assert cards(hotel, "100") == 0


async def test_a_refused_repetition_of_a_result_shows_that_the_first_arrived(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.fail("drop", UPDATE, match={"State": "Processed"}, calls=1, when="after")
    async with hotel.agent() as app:
        command = await order(hotel)
        await trio.sleep(5)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        assert [fault.code for fault in app.snapshot().faults] == ["E-LOCK-UNCONFIRMED"]
        assert app.snapshot().commands.recent[0].state == "done"


async def test_mews_words_about_a_command_go_back_to_mews_and_nowhere_else(
    hotel: Hotel, autojump_clock: object, caplog: pytest.LogCaptureFixture
) -> None:
    hotel.mews.error_body = b'{"Message":"Mrs Quaxelby has not paid"}'
    hotel.mews.fail("403", UPDATE, match=CLAIM)
    async with hotel.agent() as app:
        command = await order(hotel)
        assert "Mews says: “Mrs Quaxelby has not paid”." in note(command)
        hotel.mews.heal()
        hotel.mews.fail("403", UPDATE)
        hotel.mews.add_key("2", ["102"])
        await trio.sleep(300)
        shown = repr(app.snapshot()) + repr(hotel.steps) + caplog.text
    hotel.mews.heal()
    files = b"".join(path.read_bytes() for path in hotel.state.iterdir() if path.is_file())
    assert ("Quaxelby" in shown, b"Quaxelby" in files) == (False, False)


async def test_a_list_that_mews_refuses_is_told_in_its_words_and_no_rival_is_named(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.error_body = b'{"Message":"The integration is disabled."}'
    hotel.mews.fail("401", GET_ALL_ACTIVE)
    async with hotel.agent() as app:
        await trio.sleep(600)
        faults = {fault.code: fault.text for fault in app.snapshot().faults}
        code = "E-MEWS-TOKEN" if hotel.mews.is_current else "E-MEWS-DISABLED"
        assert "“The integration is disabled”" in faults[code]
        assert "E-MEWS-RIVAL" not in faults
        hotel.mews.heal()
        await trio.sleep(310)
        await assert_next_key_works(hotel)
        assert not holds(hotel, code)


async def test_lists_without_updates_are_a_fault_because_no_key_can_be_cut(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.fail("500", UPDATE)
    async with hotel.agent() as app:
        id = hotel.mews.add_key("1", ["101"])
        await trio.sleep(5)
        summary = app.snapshot().summary
        assert (summary.level, "without its word no key is cut" in summary.text) == ("fault", True)
        hotel.mews.heal()
        assert (await ended(hotel, id)).state is State.PROCESSED
        assert not holds(hotel, "E-MEWS-UPDATE")


async def test_an_order_that_waits_for_a_pause_of_mews_says_so(hotel: Hotel, autojump_clock: object) -> None:
    hotel.mews.fail("429", UPDATE, match=CLAIM, retry_after="0")
    async with hotel.agent() as app:
        hotel.mews.add_key("1", ["101"])
        seen = []
        for _ in range(30):
            await trio.sleep(1)
            seen.append((holds(hotel, "E-MEWS-BUSY"), app.snapshot().commands.recent[0].note))
    assert all(is_said for is_said, _ in seen[1:])
    assert all(text.startswith("Waits for ") for _, text in seen)


async def test_orders_for_a_free_encoder_are_taken_from_a_list_that_is_far_too_long(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=5.0)
    for number in range(1200):
        hotel.mews.add_key("1", [f"r{number}"])
    free = hotel.mews.add_key("2", ["201"])
    async with hotel.agent():
        began = trio.current_time()
        assert (await ended(hotel, free)).state is State.PROCESSED
        assert trio.current_time() - began < 15
        assert holds(hotel, "E-MEWS-CROWD")


async def test_keys_are_counted_as_cards_also_those_of_orders_that_stopped_half_way(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent() as app:
        for room in ("201", "202"):
            await order(hotel, room)
        await ended(hotel, hotel.mews.add_key("1", ["203"], 3))
        id = hotel.mews.add_key("1", ["204"], 3)
        await wait_cuts(hotel, 7)
        hotel.bridge.fail("no-card", "guest_key", match={"room": "204"}, calls=1)
        await ended(hotel, id)
        commands = app.snapshot().commands
        assert (commands.keys, commands.done, commands.failed) == (len(hotel.bridge.cuts), 3, 1)
        assert commands.recent[0].cut < commands.recent[0].copies == 3


async def test_after_a_crash_the_sentence_says_that_a_key_was_perhaps_cut(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
    async with hotel.agent() as app:
        await ended(hotel, id)
        await trio.sleep(10)
        assert app.snapshot().summary.text.startswith("1 key perhaps cut (encoder Desk 1): look at the encoder")
        assert "Room 101 at Desk 1, " in repr(app.snapshot().faults)


async def test_each_text_has_its_own_time_and_what_runs_is_shown_first(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent() as app:
        await trio.sleep(100)
        first = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        for number in range(25):
            hotel.mews.add_key("1", [f"2{number:02}"])
        await trio.sleep(3)
        snapshot = app.snapshot()
        since = {hop.id: hop.since for hop in snapshot.hops}
        texts = {hop.id: hop.text for hop in snapshot.hops}
        assert texts["encoder:1"] == "Desk 1: present a card, key 1 of 1 for 101."
        assert since["encoder:1"] > since["box"]
        assert (snapshot.commands.recent[0].id, len(snapshot.commands.recent)) == (first, 26)


@pytest.mark.parametrize("written", [GUID, GUID.upper(), f"{{{GUID}}}"])
async def test_a_key_cutters_id_is_the_same_in_every_spelling(
    hotel: Hotel, autojump_clock: object, written: str
) -> None:
    block = f'[[coder_bridge.encoders]]\nname = "Desk"\nidentifier = "9"\nkey_cutters = ["{written}"]\n'
    hotel.provision(encoders=0, more=block)
    async with hotel.agent():
        assert (await ended(hotel, hotel.mews.add_key(GUID, ["101"]))).state is State.PROCESSED


async def test_one_front_end_of_mews_whose_clock_is_ahead_makes_no_fresh_order_stale(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(front_ends=(300.0, 0.0, 0.0))
    async with hotel.agent():
        for number in range(9):
            assert (await order(hotel, f"10{number}")).state is State.PROCESSED
            await trio.sleep(1.3)
