"""What a key is checked and completed with: areas, the hotel's usual end, several rooms, the day of arrival."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from agent.commands.model import Verdict
from agent.drivers.coder_bridge.lists import RETRY_SECONDS
from agent.drivers.coder_bridge.protocol.notes import KeyCode
from tests.drivers.coder_bridge.bridge_bench import BridgeBench, bridge_bench
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, START, all_confirmed, changed, job

AREAS, TIMES = "config_special_areas", "config_checkout_times"
STANDARD = changed(BUILT_IN, lists__checkout_times__standard="Standard")
WITH_TIME = changed(STANDARD, dates__pattern="yyyy-MM-dd HH:mm", dates__precision="minute")
HOURS = 14_400.0  # s; for which the built-in profile keeps a list


async def cut(bench: BridgeBench, **changes: Any) -> tuple[Verdict, str]:
    ended = await bench.cut(**changes)
    return ended.verdict, ended.code


async def test_an_area_that_the_lock_system_does_not_have_is_refused_with_those_that_it_has(
    autojump_clock: MockClock,
) -> None:
    async with bridge_bench() as bench:
        ended = await bench.cut(areas=("1", "9"))
        assert (ended.verdict, ended.code) == (Verdict.FAILED, KeyCode.AREA_UNKNOWN)
        assert "door 9; it has 1 (Pool), 2 (Spa), 3 (Garage)" in ended.note
        assert bench.simulator.calls["guest_key"] == 0


async def test_areas_are_read_once_for_many_keys_and_again_after_hours(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        await bench.cut_all(*(job(encoder=str(number), areas=("1",)) for number in range(8)))
        assert (bench.simulator.calls[AREAS], len(bench.simulator.cuts)) == (1, 8)
        await trio.sleep(HOURS - 60)
        await bench.cut(areas=("1",))
        assert bench.simulator.calls[AREAS] == 1
        await trio.sleep(120)
        await bench.cut(areas=("1",))
        assert bench.simulator.calls[AREAS] == 2


async def test_a_key_without_areas_and_with_an_end_reads_no_list(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=STANDARD) as bench:
        await bench.cut()
        assert (bench.simulator.calls[AREAS], bench.simulator.calls[TIMES]) == (0, 0)


async def test_an_area_that_is_new_since_the_list_was_read_is_found(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        await bench.cut(areas=("1",))
        bench.simulator.switch(special_areas=["1=Pool", "9=Roof"])
        await trio.sleep(600)
        assert await cut(bench, areas=("9",)) == (Verdict.DONE, "")


async def test_an_area_is_not_looked_up_again_for_each_of_many_wrong_orders(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        for _ in range(5):
            assert await cut(bench, areas=("9",)) == (Verdict.FAILED, KeyCode.AREA_UNKNOWN)
        assert bench.simulator.calls[AREAS] == 1


@pytest.mark.parametrize("kind", ["404", "html-500", "hang", "drop", "database-down", "brace"])
async def test_a_list_that_cannot_be_read_stops_no_key_and_is_a_warning(
    autojump_clock: MockClock, kind: str
) -> None:
    async with bridge_bench(profile=STANDARD) as bench:
        bench.simulator.fail(kind, AREAS)
        bench.simulator.fail(kind, TIMES)
        assert await cut(bench, areas=("9",), end=None) == (Verdict.DONE, "")
        assert bench.faults() == {"E-LOCK-LISTS"}
        asked = bench.simulator.calls[AREAS]
        assert await cut(bench, areas=("9",)) == (Verdict.DONE, "")
        assert bench.simulator.calls[AREAS] == asked == 1
        bench.simulator.heal()
        await trio.sleep(RETRY_SECONDS)
        assert await cut(bench, areas=("1",), end=None) == (Verdict.DONE, "")
        assert bench.faults() == set()


async def test_an_empty_list_of_areas_proves_nothing(autojump_clock: MockClock) -> None:
    async with bridge_bench({"special_areas": []}) as bench:
        assert await cut(bench, areas=("9",)) == (Verdict.DONE, "")


async def test_a_list_without_proof_and_permission_is_not_asked_for(autojump_clock: MockClock) -> None:
    document = all_confirmed()
    document.calls.update({slot: BUILT_IN.calls[slot] for slot in document.calls if slot in (AREAS, TIMES)})
    async with bridge_bench(allow_unconfirmed=False, profile=document) as bench:
        assert await cut(bench, areas=("9",), end=None) == (Verdict.DONE, "")
        assert (bench.simulator.calls[AREAS], bench.simulator.calls[TIMES]) == (0, 0)
        assert bench.faults() == set()


async def test_an_order_without_an_end_ends_at_the_hotels_usual_time_on_the_next_day(
    autojump_clock: MockClock,
) -> None:
    async with bridge_bench(profile=WITH_TIME) as bench:
        assert await cut(bench, end=None) == (Verdict.DONE, "")
        assert [cut.end for cut in bench.simulator.cuts] == ["2026-07-02 11:00"]


@pytest.mark.parametrize(
    ("begun", "end"),
    [
        (timedelta(days=1), "2026-07-02 11:00"),  # it is after eleven o'clock already
        (timedelta(days=9), "2026-07-02 11:00"),
    ],
)
async def test_no_key_ends_before_it_is_cut_because_the_order_tells_no_end(
    autojump_clock: MockClock, begun: timedelta, end: str
) -> None:
    async with bridge_bench(profile=WITH_TIME) as bench:
        assert await cut(bench, start=START - begun, end=None) == (Verdict.DONE, "")
        assert [cut.end for cut in bench.simulator.cuts] == [end]


async def test_a_usual_end_that_is_still_to_come_today_is_taken(autojump_clock: MockClock) -> None:
    morning = START.replace(hour=5)
    async with bridge_bench(profile=WITH_TIME, now=lambda: morning) as bench:
        for begun in (timedelta(days=1), timedelta(days=9)):
            assert await cut(bench, start=morning - begun, end=None) == (Verdict.DONE, "")
        assert [cut.end for cut in bench.simulator.cuts] == ["2026-07-01 11:00"] * 2


@pytest.mark.parametrize("standard", ["2", "Late"])
async def test_the_usual_time_is_known_by_its_id_or_its_name(autojump_clock: MockClock, standard: str) -> None:
    profile = changed(WITH_TIME, lists__checkout_times__standard=standard)
    async with bridge_bench(profile=profile) as bench:
        await bench.cut(end=None)
        assert [cut.end for cut in bench.simulator.cuts] == ["2026-07-02 14:00"]


@pytest.mark.parametrize(
    ("profile", "calls"),
    [(BUILT_IN, 0), (changed(WITH_TIME, lists__checkout_times__standard="Brunch"), 1)],
)
async def test_without_a_known_usual_time_the_end_is_left_to_the_bridge(
    autojump_clock: MockClock, profile: Any, calls: int
) -> None:
    async with bridge_bench(profile=profile) as bench:
        assert await cut(bench, end=None) == (Verdict.DONE, "")
        assert [cut.end for cut in bench.simulator.cuts] == [""]
        assert bench.simulator.calls[TIMES] == calls


async def test_a_usual_end_beyond_the_calendar_is_refused(autojump_clock: MockClock) -> None:
    last = datetime(9999, 12, 31, 12, tzinfo=UTC)
    async with bridge_bench(profile=WITH_TIME, allow_precheckin=True) as bench:
        assert await cut(bench, start=last, end=None) == (Verdict.FAILED, KeyCode.DATES)
        assert bench.simulator.calls["guest_key"] == 0


async def test_several_rooms_go_onto_one_key_where_the_profile_says_how(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=changed(BUILT_IN, several_rooms__separator="+")) as bench:
        assert await cut(bench, rooms=("101", "102")) == (Verdict.DONE, "")
        assert [cut.room for cut in bench.simulator.cuts] == ["101+102"]
        assert await cut(bench, rooms=("1+1", "102")) == (Verdict.FAILED, KeyCode.SEVERAL_ROOMS)


async def test_an_area_that_holds_the_sign_between_areas_is_refused(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        assert await cut(bench, areas=("1,2",)) == (Verdict.FAILED, KeyCode.AREAS)


async def test_a_stay_that_begins_later_is_refused_unless_the_hotel_wants_such_keys(
    autojump_clock: MockClock,
) -> None:
    tomorrow = START + timedelta(days=1)
    async with bridge_bench() as bench:
        ended = await bench.cut(start=tomorrow)
        assert (ended.verdict, ended.code) == (Verdict.FAILED, KeyCode.EARLY)
        assert "the stay begins on 2 July 2026" in ended.note
        assert not bench.simulator.calls
    async with bridge_bench(allow_precheckin=True) as bench:
        assert await cut(bench, start=tomorrow) == (Verdict.DONE, "")
        assert [cut.slot for cut in bench.simulator.cuts] == ["guest_key_precheckin"]
        assert [cut.start for cut in bench.simulator.cuts] == ["07/02/2026"]


@pytest.mark.parametrize(
    ("now", "start", "slot"),
    [
        (datetime(2026, 7, 1, 5, 0, tzinfo=UTC), datetime(2026, 7, 1, 21, 59, tzinfo=UTC), "guest_key"),
        (datetime(2026, 7, 1, 5, 0, tzinfo=UTC), datetime(2026, 7, 1, 22, 0, tzinfo=UTC), "guest_key_precheckin"),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), datetime(2026, 7, 1, 13, 0, tzinfo=UTC), "guest_key"),
        (datetime(2026, 7, 3, 5, 0, tzinfo=UTC), datetime(2026, 7, 1, 13, 0, tzinfo=UTC), "guest_key"),
    ],
)
async def test_the_day_of_arrival_is_one_of_the_hotels_calendar(
    autojump_clock: MockClock, now: datetime, start: datetime, slot: str
) -> None:
    async with bridge_bench(allow_precheckin=True, now=lambda: now) as bench:
        assert await cut(bench, start=start) == (Verdict.DONE, "")
        assert [cut.slot for cut in bench.simulator.cuts] == [slot]


async def test_a_key_before_check_in_says_its_start_even_where_others_do_not(autojump_clock: MockClock) -> None:
    profile = changed(BUILT_IN, dates__send_start=False)
    async with bridge_bench(profile=profile, allow_precheckin=True) as bench:
        await bench.cut(start=START + timedelta(days=1))
        await bench.cut()
        assert [cut.start for cut in bench.simulator.cuts] == ["07/02/2026", ""]


@pytest.mark.parametrize("kind", ["drop", "hang", "html-500"])
async def test_a_key_before_check_in_is_never_asked_for_twice_either(autojump_clock: MockClock, kind: str) -> None:
    async with bridge_bench(allow_precheckin=True) as bench:
        bench.simulator.fail(kind, "guest_key_precheckin", when="after", calls=1)
        ended = await bench.cut(start=START + timedelta(days=1))
        assert ended.verdict is Verdict.UNKNOWN
        await trio.sleep(300)
        assert (bench.simulator.calls["guest_key_precheckin"], len(bench.simulator.cuts)) == (1, 1)
