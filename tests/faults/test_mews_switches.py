"""What the v1 page leaves open, in both positions: a key is cut once, a refusal reaches staff, the next works."""

from itertools import cycle, product

import pytest
import trio

from agent.health.lock_kinds import KEY_UNWANTED
from agent.simulators.mews.commands import State
from tests.faults.desk import assert_next_key_works, cards, ended, holds, note, order
from tests.whole_hotel import Hotel

STRICTNESS = [
    {"transitions": transitions, "direct_processing": direct, "early_end": early}
    for transitions, direct, early in product(("strict", "lenient"), (True, False), (True, False))
    if transitions == "strict" or (direct and early)
]
LISTS = [
    {"mark_received": marks, "include_processing": shows} for marks, shows in product((True, False), repeat=2)
]
RULES = [
    (strictness, lists, status)
    for (strictness, lists), status in zip(product(STRICTNESS, LISTS), cycle((400, 403, 409)), strict=False)
]
LOOKS: list[dict[str, object]] = [
    {"unknown_fields": True},
    {"type_member": True},
    {"creator_null": True},
    {"float_counts": True},
    {"details": True},
    {"date_header": False},
    {"plain_token": False},
    {"unknown_fields": True, "type_member": True, "creator_null": True, "float_counts": True, "details": True},
]


@pytest.mark.parametrize(("strictness", "lists", "status"), RULES, ids=str)
async def test_a_key_is_cut_once_and_a_refusal_is_told_by_every_rule_of_states(
    hotel: Hotel, autojump_clock: object, strictness: dict[str, object], lists: dict[str, object], status: int
) -> None:
    hotel.mews.switch(**strictness, **lists, bad_transition_status=status)
    async with hotel.agent():
        good = hotel.mews.add_key("1", ["101"], 2)
        bad = hotel.mews.add_key("77", ["102"])
        assert ((await ended(hotel, good)).state, cards(hotel)) == (State.PROCESSED, 2)
        refused = await ended(hotel, bad)
        assert (refused.state, "“77” is not set up" in note(refused)) == (State.ERROR, True)
        await assert_next_key_works(hotel)


@pytest.mark.parametrize("looks", LOOKS, ids=str)
async def test_what_an_answer_looks_like_makes_no_difference(
    hotel: Hotel, autojump_clock: object, looks: dict[str, object]
) -> None:
    hotel.mews.switch(**looks)
    async with hotel.agent():
        command = await ended(hotel, hotel.mews.add_key("1", ["101"], 2))
        assert (command.state, cards(hotel)) == (State.PROCESSED, 2)
        await assert_next_key_works(hotel)


async def test_a_device_of_a_new_type_is_refused_by_its_name(hotel: Hotel, autojump_clock: object) -> None:
    hotel.mews.switch(unknown_device_type=True)
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, "“Teleporter”" in note(command)) == (State.ERROR, True)
        hotel.mews.switch(unknown_device_type=False)
        await assert_next_key_works(hotel)


async def test_an_order_in_a_new_state_is_left_alone_and_cut_when_it_is_in_a_known_one(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(unknown_state=True)
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        await trio.sleep(30)
        assert (hotel.mews.command(id).state, cards(hotel)) == (State.PENDING, 0)
        assert holds(hotel, "E-MEWS-STATE")
        hotel.mews.switch(unknown_state=False)
        assert ((await ended(hotel, id)).state, cards(hotel)) == (State.PROCESSED, 1)
        assert not holds(hotel, "E-MEWS-STATE")


@pytest.mark.parametrize(
    ("rule", "status"), [("refuse", 400), ("refuse", 403), ("refuse", 409), ("ignore", 400), ("overwrite", 400)]
)
async def test_an_order_that_staff_cancel_while_it_is_cut_is_cut_once_and_reported_without_end(
    hotel: Hotel, autojump_clock: object, rule: str, status: int
) -> None:
    hotel.mews.switch(finished_update=rule, bad_transition_status=status)
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        hotel.mews.cancel(id)
        await assert_next_key_works(hotel)
        await trio.sleep(650)
        late = len(hotel.mews.command(id).late)
        await trio.sleep(100)
        assert len(hotel.mews.command(id).late) == late <= 60
        assert cards(hotel) == 1
        assert hotel.app is not None
        assert hotel.app.health.holds(KEY_UNWANTED, "encoder:1") == (rule == "refuse")


async def test_a_restart_between_the_claims_row_and_the_claim_is_told_even_to_a_mews_that_wants_every_step(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(early_end=False, direct_processing=False)
    hotel.mews.fail("hang", "commands/update")
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.mews.wait_calls("commands/update", 1)
    hotel.mews.heal()
    async with hotel.agent():
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert "the box restarted before the encoder was asked" in note(command)
        await assert_next_key_works(hotel)
