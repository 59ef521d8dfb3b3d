"""What the lock system can do beside keys: cancel one, keep rooms, read a card, list what it has."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from agent.commands.driver import (
    CancelsKeys,
    CardRead,
    FreesRooms,
    KeepsRooms,
    ListsAreas,
    ListsDoors,
    ListsTimes,
    LockArea,
    LockTime,
    ReadsCards,
)
from agent.commands.model import Outcome, Verdict
from agent.drivers.coder_bridge.protocol.verdicts import is_cancelled_already
from agent.drivers.coder_bridge.protocol.wire import reading
from agent.foundation.errors import CallFailed
from tests.drivers.coder_bridge.bridge_bench import BridgeBench, bridge_bench
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, all_confirmed, changed

WITH_RMS = changed(BUILT_IN, rms__send=True)
CAPABILITIES = (CancelsKeys, KeepsRooms, ReadsCards, ListsDoors, ListsAreas, ListsTimes)


def short(outcome: object) -> tuple[str, str]:
    assert isinstance(outcome, Outcome)
    return outcome.verdict.value, outcome.code


async def test_the_driver_has_every_capability_of_the_vendor() -> None:
    async with bridge_bench() as bench:
        assert all(isinstance(bench.driver, capability) for capability in CAPABILITIES)


async def test_the_number_of_a_key_cancels_it_once(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        await bench.cut()
        [key] = bench.keys
        assert key == bench.simulator.cuts[0].tid
        assert short(await bench.driver.cancel_key("101", key)) == ("done", "")
        again = await bench.driver.cancel_key("101", key)
        assert short(again) == ("failed", "E-KEY-OUT-NOT-DONE")  # what its code means, no one has said
        assert "cancelled already" in again.note


@pytest.mark.parametrize("switch", [{}, {"result_as": "text"}, {"failure_status": 200}])
@pytest.mark.parametrize("code", [8, "8"])
async def test_a_key_that_is_cancelled_already_is_cancelled_where_the_site_knows_the_code(
    autojump_clock: MockClock, code: int | str, switch: dict[str, Any]
) -> None:
    profile = changed(BUILT_IN, answers__cancelled_already=[code])
    async with bridge_bench(switch, profile=profile) as bench:
        await bench.cut()
        [key] = bench.keys
        bench.simulator.fail("drop", "guest_key_checkout", calls=1, when="after")
        assert short(await bench.driver.cancel_key("101", key)) == ("unknown", "E-KEY-OUT-PERHAPS")
        assert bench.simulator.is_cancelled(key)
        again = await bench.driver.cancel_key("101", key)
        assert short(again) == ("done", "E-KEY-OUT-ALREADY")
        assert "the lock system says that it was so already" in again.note
        assert short(await bench.driver.cancel_key("101", "77")) == ("failed", "E-KEY-OUT-NOT-DONE")


async def test_the_code_of_a_cancelled_key_says_nothing_of_another_request(autojump_clock: MockClock) -> None:
    profile = changed(BUILT_IN, answers__cancelled_already=[2], rms__send=True)
    async with bridge_bench({"rooms": ["102"]}, profile=profile) as bench:
        assert short(await bench.driver.check_in_room("101")) == ("failed", "E-ROOM-IN-NOT-DONE")


async def test_a_text_for_a_cancelled_key_is_understood_where_the_site_knows_it() -> None:
    answers = changed(BUILT_IN, answers__cancelled_already=["GONE"]).answers
    assert is_cancelled_already(reading(b'{"result": "GONE"}', answers), answers)
    for body in (b'{"result": "LATE"}', b'{"result": 0}', b"{}", b"no JSON"):
        assert not is_cancelled_already(reading(body, answers), answers)


@pytest.mark.parametrize("switch", [{"tid": "empty"}, {"tid": "null"}])
async def test_a_key_without_a_number_cannot_be_cancelled_and_says_so(
    autojump_clock: MockClock, switch: dict[str, Any]
) -> None:
    async with bridge_bench(switch) as bench:
        await bench.cut()
        assert bench.keys == [""]
        asked = bench.simulator.calls.total()
        assert short(await bench.driver.cancel_key("101", "")) == ("failed", "E-KEY-OUT-NAMELESS")
        assert bench.simulator.calls.total() == asked


async def test_rooms_are_checked_in_and_out_at_the_room_management(autojump_clock: MockClock) -> None:
    async with bridge_bench({"rms_coupling": True}, profile=WITH_RMS) as bench:
        assert short(await bench.driver.check_in_room("101")) == ("done", "")
        assert bench.simulator.occupied["101"]
        assert short(await bench.driver.check_out_room("101")) == ("done", "")
        assert not bench.simulator.occupied["101"]


@pytest.mark.parametrize(
    ("sends", "ends", "frees"), [(True, True, True), (True, False, False), (False, True, False)]
)
async def test_a_key_s_check_out_may_free_its_room_as_the_site_says(sends: bool, ends: bool, frees: bool) -> None:
    profile = changed(BUILT_IN, rms__send=sends, rms__key_checkout_ends_occupancy=ends)
    async with bridge_bench(profile=profile) as bench:
        assert isinstance(bench.driver, FreesRooms)
        assert bench.driver.frees_rooms is frees


async def test_where_both_are_coupled_a_cancelled_key_frees_its_room(autojump_clock: MockClock) -> None:
    async with bridge_bench({"rms_coupling": True}, profile=WITH_RMS) as bench:
        await bench.driver.check_in_room("101")
        await bench.cut()
        assert bench.simulator.occupied["101"]
        await bench.driver.cancel_key("101", bench.keys[0])
        assert (bench.simulator.occupied["101"], bench.driver.frees_rooms) == (False, True)


async def test_without_room_management_no_room_is_told(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        outcomes = [await bench.driver.check_in_room("101"), await bench.driver.check_out_room("101")]
        assert [short(outcome) for outcome in outcomes] == [
            ("failed", "E-ROOM-IN-OFF"),
            ("failed", "E-ROOM-OUT-OFF"),
        ]
        assert all("rms.send" in outcome.note for outcome in outcomes)
        assert not bench.simulator.calls


async def test_each_room_call_needs_its_own_proof(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=WITH_RMS, allow_unconfirmed=False) as bench:
        assert short(await bench.driver.check_in_room("101")) == ("done", "")
        assert short(await bench.driver.check_out_room("101")) == ("failed", "E-ROOM-OUT-UNCONFIRMED")


async def test_a_room_that_is_not_known_is_told_in_the_lock_systems_words(autojump_clock: MockClock) -> None:
    async with bridge_bench({"rooms": ["102"]}, profile=WITH_RMS) as bench:
        outcome = await bench.driver.check_in_room("101")
        assert short(outcome) == ("failed", "E-ROOM-IN-NOT-DONE")
        assert "The room is not known" in outcome.note


@pytest.mark.parametrize(
    ("kind", "when", "end"),
    [("drop", "after", ("unknown", "E-ROOM-IN-PERHAPS")), ("404", "before", ("failed", "E-ROOM-IN-NOT-DONE"))],
)
async def test_a_room_call_ends_as_honestly_as_a_key(
    autojump_clock: MockClock, kind: str, when: str, end: tuple[str, str]
) -> None:
    async with bridge_bench(profile=WITH_RMS) as bench:
        bench.simulator.fail(kind, "room_checkin", when=when)
        assert short(await bench.driver.check_in_room("101")) == end


async def test_a_card_is_read_back_with_all_that_it_says(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        await bench.cut(areas=("1", "3"))
        assert await bench.driver.read_card("1") == CardRead(
            ("101",), ("1", "3"), "07/04/2026", "07/01/2026", "100001", "900001"
        )


async def test_no_card_in_time_is_an_outcome_in_words(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail("no-card", "read_card")
        outcome = await bench.driver.read_card("1")
        assert isinstance(outcome, Outcome)
        assert short(outcome) == ("failed", "E-CARD-NOT-DONE")
        assert "No card was presented in time" in outcome.note


@pytest.mark.parametrize("kind", ["hang", "drop", "html-500"])
async def test_a_card_that_was_not_surely_read_can_be_read_once_more(autojump_clock: MockClock, kind: str) -> None:
    async with bridge_bench() as bench:
        await bench.cut()
        bench.simulator.fail(kind, "read_card", calls=1)
        assert short(await bench.driver.read_card("1")) == ("failed", "E-CARD-PERHAPS")
        assert isinstance(await bench.driver.read_card("1"), CardRead)


async def test_an_answer_that_says_nothing_of_a_card_is_told_as_that(autojump_clock: MockClock) -> None:
    profile = changed(BUILT_IN, **{f"card__{name}": "nothing" for name in BUILT_IN.card.__struct_fields__})
    async with bridge_bench(profile=profile) as bench:
        await bench.cut()
        outcome = await bench.driver.read_card("1")
        assert short(outcome) == ("failed", "E-CARD-NOT-DONE")


async def test_where_mobile_keys_come_from_no_card_is_read(autojump_clock: MockClock) -> None:
    async with bridge_bench(mobile=("3",)) as bench:
        assert short(await bench.driver.read_card("3")) == ("failed", "E-CARD-NOT-DONE")
        assert not bench.simulator.calls


async def test_a_look_during_the_reading_of_a_card_blames_no_one(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench, trio.open_nursery() as nursery:
        bench.simulator.fail("no-card", "read_card", seconds=80.0)
        nursery.start_soon(bench.driver.read_card, "1")
        await trio.sleep(1)
        bench.simulator.fail("hang", "config_rooms")
        with trio.move_on_after(60):
            await bench.driver.watch()
        assert bench.faults() <= {"E-LOCK-UNCONFIRMED"}
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize("shape", ["array", "wrapped", "enveloped"])
async def test_lists_are_read_in_every_shape(autojump_clock: MockClock, shape: str) -> None:
    async with bridge_bench({"list_shape": shape}) as bench:
        assert (await bench.driver.list_areas())[:2] == (LockArea("1", "Pool"), LockArea("2", "Spa"))
        assert await bench.driver.list_times() == (
            LockTime("1", "Standard", "11:00"),
            LockTime("2", "Late", "14:00"),
        )


async def test_lists_of_plain_texts_are_read_too(autojump_clock: MockClock) -> None:
    async with bridge_bench({"list_shape": "names"}) as bench:
        assert (await bench.driver.list_areas())[0] == LockArea("1", "1")
        assert (await bench.driver.list_times())[0] == LockTime("11:00", "11:00", "11:00")


@pytest.mark.parametrize("kind", ["404", "html-200", "hang", "drop", "database-down", "empty"])
async def test_a_list_that_cannot_be_read_says_why(autojump_clock: MockClock, kind: str) -> None:
    async with bridge_bench() as bench:
        for slot, ask in (
            ("config_special_areas", bench.driver.list_areas),
            ("config_checkout_times", bench.driver.list_times),
        ):
            bench.simulator.fail(kind, slot)
            with pytest.raises(CallFailed) as caught:
                await ask()
            assert caught.value.reason
        assert bench.faults() == {"E-LOCK-LISTS"}
        bench.simulator.heal()
        await bench.driver.list_areas()
        assert bench.faults() == {"E-LOCK-LISTS"}
        await bench.driver.list_times()
        assert bench.faults() == set()


async def asked_without_permission(bench: BridgeBench) -> list[str]:
    reasons = []
    for ask in (bench.driver.list_areas, bench.driver.list_times, bench.driver.list_doors):
        try:
            await ask()
        except CallFailed as error:
            reasons.append(error.reason)
    return reasons


async def test_lists_need_proof_and_an_active_link(autojump_clock: MockClock) -> None:
    async with bridge_bench(allow_unconfirmed=False) as bench:
        reasons = await asked_without_permission(bench)
        assert len(reasons) == 2
        assert all("has not been confirmed" in reason for reason in reasons)
        assert bench.faults() == set()
    async with bridge_bench(allow_unconfirmed=False, profile=all_confirmed()) as bench:
        assert await asked_without_permission(bench) == []
    async with bridge_bench(active=False) as bench:
        assert len(await asked_without_permission(bench)) == 3
        assert not bench.simulator.calls


@pytest.mark.parametrize(
    "act",
    [
        lambda driver: driver.cancel_key("101", "1"),
        lambda driver: driver.check_in_room("101"),
        lambda driver: driver.check_out_room("101"),
        lambda driver: driver.read_card("1"),
    ],
)
async def test_while_switched_off_nothing_is_asked(autojump_clock: MockClock, act: Any) -> None:
    async with bridge_bench(active=False, profile=WITH_RMS) as bench:
        outcome = await act(bench.driver)
        assert outcome.verdict is Verdict.FAILED
        assert outcome.code.endswith("-INACTIVE")
        assert not bench.simulator.calls
