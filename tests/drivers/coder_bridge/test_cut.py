"""One request, one card, one honest outcome: the driver against the simulated bridge, in virtual time."""

import math
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from agent.commands.model import Outcome, Verdict
from agent.commands.notes import TRY_AGAIN
from agent.drivers.coder_bridge.protocol.notes import KeyCode
from agent.simulators.base.presence import Absence
from tests.drivers.coder_bridge.bridge_bench import BridgeBench, bridge_bench
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, all_confirmed, changed, job

DONE = Outcome(Verdict.DONE)


async def outcome(bench: BridgeBench, **changes: Any) -> tuple[Verdict, str]:
    ended = await bench.cut(**changes)
    return ended.verdict, ended.code


async def test_a_key_is_cut_for_the_room_and_the_dates_that_were_ordered(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        assert await bench.cut(areas=("3", "1")) == DONE
        (cut,) = bench.simulator.cuts
        assert (cut.encoder, cut.room, cut.areas) == ("1", "101", "3,1")
        assert (cut.start, cut.end) == ("07/01/2026", "07/04/2026")


async def test_many_keys_need_one_log_in(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        outcomes = await bench.cut_all(*(job(encoder=str(number)) for number in range(20)))
        assert outcomes == [DONE] * 20
        assert bench.simulator.tokens.issued == 1


async def test_encoders_work_side_by_side(autojump_clock: MockClock) -> None:
    async with bridge_bench({"card_seconds": 5.0}) as bench:
        await bench.cut_all(*(job(encoder=str(number)) for number in range(8)))
        assert trio.current_time() == pytest.approx(5.0)


async def test_a_site_may_cap_the_calls_at_once(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=changed(BUILT_IN, limits__calls_at_once=2)) as bench:
        assert bench.driver.calls_at_once == 2
    async with bridge_bench() as bench:
        assert bench.driver.calls_at_once == math.inf


async def test_three_copies_are_three_cards(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        assert [await bench.cut(copy=copy, copies=3) for copy in (1, 2, 3)] == [DONE] * 3
        assert len(bench.simulator.cuts) == 3


@pytest.mark.parametrize("status", [200, 400, 500])
async def test_the_lock_systems_own_words_reach_the_desk(autojump_clock: MockClock, status: int) -> None:
    async with bridge_bench({"failure_status": status}) as bench:
        bench.simulator.fail("encoder-offline", message="Codierer stumm")
        assert await bench.cut() == Outcome(
            Verdict.FAILED,
            "E-KEY-REFUSED",
            "Key not cut",
            "the lock system says “Codierer stumm”",
            TRY_AGAIN,
        )
        assert bench.simulator.cuts == ()


async def test_a_success_on_http_500_is_a_success(autojump_clock: MockClock) -> None:
    async with bridge_bench({"success_status": 500}) as bench:
        assert await bench.cut() == DONE


async def test_nobody_presents_a_card(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail("no-card", seconds=60.0, calls=1)
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.REFUSED)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("drop", KeyCode.NO_ANSWER),
        ("reset", KeyCode.NO_ANSWER),
        ("truncated", KeyCode.NO_ANSWER),
        ("garbage", KeyCode.NO_ANSWER),
        ("hang", KeyCode.NO_ANSWER),
        ("drip", KeyCode.NO_ANSWER),
        ("endless", KeyCode.NO_ANSWER),
        ("gzip-bomb", KeyCode.NO_ANSWER),
        ("html-500", KeyCode.ANSWER_UNREADABLE),
        ("html-200", KeyCode.ANSWER_UNREADABLE),
        ("redirect", KeyCode.ANSWER_UNREADABLE),
        ("brace", KeyCode.ANSWER_UNREADABLE),
        ("empty", KeyCode.ANSWER_UNREADABLE),
        ("500", KeyCode.ANSWER_UNREADABLE),
        ("503", KeyCode.ANSWER_UNREADABLE),
        ("408", KeyCode.ANSWER_UNREADABLE),
    ],
)
@pytest.mark.parametrize(("when", "cards"), [("before", 0), ("after", 1)])
async def test_without_a_readable_answer_the_key_was_perhaps_cut_and_is_never_asked_for_again(
    autojump_clock: MockClock, kind: str, code: KeyCode, when: str, cards: int
) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail(kind, "guest_key", when=when, calls=1, seconds=60.0)
        assert await outcome(bench) == (Verdict.UNKNOWN, code)
        assert bench.simulator.calls["guest_key"] == 1
        await trio.sleep(300)
        assert len(bench.simulator.cuts) == cards


@pytest.mark.parametrize("kind", ["400", "404", "409", "429"])
async def test_a_request_that_the_server_did_not_take_is_surely_not_cut(
    autojump_clock: MockClock, kind: str
) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail(kind, "guest_key", calls=1)
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.NOT_ACCEPTED)


async def test_the_note_of_a_perhaps_cut_key_sends_people_to_the_encoder_by_its_name(
    autojump_clock: MockClock,
) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail("drop", "guest_key")
        assert "Front desk left" in (await bench.cut()).note


@pytest.mark.parametrize("encoder", ["2", "77"])
async def test_an_encoder_without_a_name_is_called_by_its_identifier(
    autojump_clock: MockClock, encoder: str
) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail("drop", "guest_key")
        assert {"2": "Front desk right", "77": "77"}[encoder] in (await bench.cut(encoder=encoder)).note


async def test_a_hang_ends_at_the_keys_deadline(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail("hang", "guest_key")
        await bench.cut()
        assert trio.current_time() == pytest.approx(90.0)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("drop", KeyCode.SILENT),
        ("reset", KeyCode.SILENT),
        ("hang", KeyCode.SILENT),
        ("drip", KeyCode.LOG_IN_ANSWER),
        ("garbage", KeyCode.LOG_IN_ANSWER),
        ("truncated", KeyCode.LOG_IN_ANSWER),
        ("redirect", KeyCode.ADDRESS),
        ("html-500", KeyCode.LOG_IN_ANSWER),
        ("empty", KeyCode.LOG_IN_ANSWER),
        ("404", KeyCode.LOG_IN_ANSWER),
        ("403", KeyCode.LOG_IN),
    ],
)
async def test_trouble_at_the_log_in_is_surely_not_cut(
    autojump_clock: MockClock, kind: str, code: KeyCode
) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail(kind, "auth")
        assert await outcome(bench) == (Verdict.FAILED, code)
        assert bench.simulator.calls["guest_key"] == 0


@pytest.mark.parametrize("denial", ["401-empty", "401-json", "403-empty", "500-json"])
async def test_bad_credentials_are_told_whatever_the_bridge_answers_to_them(
    autojump_clock: MockClock, denial: str
) -> None:
    async with bridge_bench({"bad_credentials": denial}, password="wrong-password") as bench:
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.LOG_IN)
        assert bench.faults() == {"E-LOCK-AUTH"}


async def test_a_server_that_is_away_is_surely_not_cut(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        bench.simulator.presence.leave(Absence.REFUSE)
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.UNREACHABLE)
        assert bench.faults() == {"E-LOCK-UNREACHABLE"}


@pytest.mark.parametrize("denial", ["401-empty", "401-json", "403-empty", "403-json"])
async def test_a_token_that_ended_between_two_keys_costs_one_log_in_and_no_key(
    autojump_clock: MockClock, denial: str
) -> None:
    async with bridge_bench({"bad_token": denial}) as bench:
        assert await bench.cut() == DONE
        bench.simulator.tokens.end_all()
        assert await bench.cut() == DONE
        assert bench.simulator.tokens.issued == 2
        assert len(bench.simulator.cuts) == 2


async def test_a_token_that_ended_for_eight_encoders_at_once_costs_one_log_in(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        await bench.cut()
        bench.simulator.tokens.end_all()
        outcomes = await bench.cut_all(*(job(encoder=str(number)) for number in range(8)))
        assert outcomes == [DONE] * 8
        assert bench.simulator.tokens.issued == 2


async def test_a_token_that_ended_in_words_only_fails_one_key_and_not_the_next(autojump_clock: MockClock) -> None:
    async with bridge_bench({"bad_token": "500-json"}) as bench:
        await bench.cut()
        bench.simulator.tokens.end_all()
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.REFUSED)
        assert await bench.cut() == DONE


async def test_a_bridge_that_takes_no_token_is_asked_twice_and_no_more(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail("401", "guest_key")
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.NOT_ACCEPTED)
        assert (bench.simulator.calls["guest_key"], bench.simulator.tokens.issued) == (2, 2)


async def test_a_refused_call_that_finds_the_log_in_broken_is_surely_not_cut(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        await bench.cut()
        bench.simulator.tokens.end_all()
        bench.simulator.fail("403", "auth")
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.LOG_IN)


async def test_the_repeat_after_a_refusal_gets_what_is_left_of_the_keys_time(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail("401", "guest_key", calls=1)
        bench.simulator.fail("hang", "guest_key")
        bench.simulator.switch(latency_seconds=4.0)
        assert await outcome(bench) == (Verdict.UNKNOWN, KeyCode.NO_ANSWER)
        assert trio.current_time() == pytest.approx(94.0)


@pytest.mark.parametrize("claim", ["true", "past", "future"])
async def test_whatever_a_token_claims_about_its_end_keys_are_cut(autojump_clock: MockClock, claim: str) -> None:
    async with bridge_bench({"token_exp": claim, "token_seconds": 60.0}) as bench:
        for _ in range(3):
            assert await bench.cut() == DONE
            await trio.sleep(50)


async def test_a_token_that_says_it_has_ended_is_replaced_before_the_key(autojump_clock: MockClock) -> None:
    async with bridge_bench({"token_exp": "true", "token_seconds": 60.0}) as bench:
        await bench.cut()
        await trio.sleep(61)
        await bench.cut()
        assert (bench.simulator.tokens.issued, bench.simulator.refused_tokens) == (2, 0)


@pytest.mark.parametrize(("shift", "unit"), [(-10, "years back"), (10, "years ahead")])
async def test_a_wrong_clock_at_the_bridge_costs_nothing(autojump_clock: MockClock, shift: int, unit: str) -> None:
    async with bridge_bench({"token_exp": "true"}) as bench:
        bench.simulator.clock.shift(shift * 365 * 86_400)
        assert [await bench.cut() for _ in range(3)] == [DONE] * 3, unit
        assert bench.simulator.tokens.issued == 1


@pytest.mark.parametrize("failing", ["html-500", "drop", "404"])
async def test_after_a_failed_key_the_next_one_logs_in_anew(autojump_clock: MockClock, failing: str) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail(failing, "guest_key", calls=1)
        await bench.cut()
        assert await bench.cut() == DONE
        assert bench.simulator.tokens.issued == 2


async def test_eight_encoders_share_one_failing_log_in(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail("hang", "auth")
        outcomes = await bench.cut_all(*(job(encoder=str(number)) for number in range(8)))
        assert {ended.code for ended in outcomes} == {KeyCode.SILENT}
        assert bench.simulator.calls["auth"] == 1
        assert trio.current_time() == pytest.approx(10.0)


async def test_a_log_in_that_failed_for_one_key_is_tried_again_for_the_next(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail("hang", "auth", calls=1)
        await bench.cut()
        assert await bench.cut() == DONE


async def test_a_cancelled_log_in_is_carried_on_by_the_next_in_line(autojump_clock: MockClock) -> None:
    async with bridge_bench({"latency_seconds": 2.0}) as bench:
        outcomes: list[Outcome] = []

        async def second() -> None:
            await trio.sleep(0.5)
            outcomes.append(await bench.cut(encoder="2"))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(second)
            with trio.move_on_after(1.0):
                await bench.cut()
        assert outcomes == [DONE]


@pytest.mark.parametrize(
    "switches",
    [
        {"tid": "empty"},
        {"tid": "null"},
        {"ids_as_numbers": True},
        {"result_as": "text"},
        {"result_as": "float"},
        {"name_case": "pascal"},
        {"name_case": "upper"},
        {"success_msg": "null"},
        {"success_msg": "missing"},
        {"unknown_fields": True},
    ],
    ids=str,
)
async def test_every_way_to_word_a_success_is_a_success(
    autojump_clock: MockClock, switches: dict[str, Any]
) -> None:
    async with bridge_bench(switches) as bench:
        assert await bench.cut() == DONE


async def test_while_switched_off_nothing_is_sent(autojump_clock: MockClock) -> None:
    async with bridge_bench(active=False) as bench:
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.INACTIVE)
        assert not bench.simulator.calls


async def test_without_proof_and_permission_nothing_is_sent(autojump_clock: MockClock) -> None:
    async with bridge_bench(allow_unconfirmed=False) as bench:
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.UNCONFIRMED)
        assert not bench.simulator.calls


async def test_with_proof_keys_are_cut_without_permission(autojump_clock: MockClock) -> None:
    async with bridge_bench(allow_unconfirmed=False, profile=all_confirmed()) as bench:
        assert await bench.cut() == DONE


async def test_an_order_for_two_rooms_is_refused_before_anything_is_sent(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        assert await outcome(bench, rooms=("101", "102")) == (Verdict.FAILED, KeyCode.SEVERAL_ROOMS)
        assert not bench.simulator.calls
