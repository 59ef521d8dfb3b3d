"""What the page says about the lock server: true while keys are cut, true while no one cuts any."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from agent.commands.driver import TokenLife
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.drivers.lock_server.looks import AWAY_SECONDS, CHECK_SECONDS
from agent.foundation.errors import CallFailed
from agent.health.catalogue import CATALOGUE
from agent.health.kind import Level
from agent.simulators.base.presence import Absence
from tests.drivers.coder_bridge.bridge_bench import HOP, BridgeBench, bridge_bench
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, all_confirmed, changed

PROVEN = all_confirmed()
MEASURED = (
    "E-LOCK-UNREACHABLE",
    "E-LOCK-SILENT",
    "E-LOCK-CERTIFICATE",
    "E-LOCK-ADDRESS",
    "E-LOCK-AUTH",
    "E-LOCK-ANSWER",
)


async def watched(bench: BridgeBench, seconds: float = 30.0) -> set[str]:
    """The server's faults after it was watched for so long."""
    with trio.move_on_after(seconds):
        await bench.driver.watch()
    return bench.faults()


async def test_a_well_server_has_no_fault(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        assert await watched(bench) == set()


async def test_only_harmless_calls_are_made(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        await watched(bench, 3600.0)
        assert set(bench.simulator.calls) == {"auth", "config_rooms"}
        assert (bench.simulator.calls["auth"], bench.simulator.calls["config_rooms"]) == (1, 60)


async def test_what_is_used_without_proof_stands_as_a_warning_by_name(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        assert await watched(bench) == {"E-LOCK-UNCONFIRMED"}
        assert bench.health.active()[0].kind.level is Level.WARNING
        for name in ("guest_key: method, path", "encoder", "dates: pattern", "areas: use", "duplicates: how"):
            assert name in bench.text("E-LOCK-UNCONFIRMED")


async def test_a_profile_that_lets_no_key_be_cut_stands_as_a_fault_by_name(autojump_clock: MockClock) -> None:
    async with bridge_bench(allow_unconfirmed=False) as bench:
        assert await watched(bench) == {"E-LOCK-PROFILE"}
        assert "guest_key: method, path" in bench.text("E-LOCK-PROFILE")


async def test_while_switched_off_that_is_all_there_is_to_say_and_nothing_is_sent(
    autojump_clock: MockClock,
) -> None:
    async with bridge_bench(active=False) as bench:
        assert await watched(bench, 600.0) == {"E-LOCK-INACTIVE"}
        assert not bench.simulator.calls


async def test_faults_of_an_earlier_provisioning_file_do_not_stay(autojump_clock: MockClock) -> None:
    async with bridge_bench(active=False) as bench:
        for code in ("E-LOCK-UNREACHABLE", "E-LOCK-UNCONFIRMED", "E-LOCK-KEY-ANSWER", "E-LOCK-ROOMS"):
            bench.health.raise_fault(CATALOGUE[code], HOP)
        assert await watched(bench) == {"E-LOCK-INACTIVE"}


@pytest.mark.parametrize(
    ("kind", "operation", "code"),
    [
        ("403", "auth", "E-LOCK-AUTH"),
        ("html-200", "auth", "E-LOCK-ANSWER"),
        ("hang", "auth", "E-LOCK-SILENT"),
        ("hang", "*", "E-LOCK-SILENT"),
        ("drop", "*", "E-LOCK-SILENT"),
        ("garbage", "auth", "E-LOCK-ANSWER"),
        ("redirect", "auth", "E-LOCK-ADDRESS"),
        ("html-500", "config_rooms", "E-LOCK-ROOMS"),
        ("hang", "config_rooms", "E-LOCK-ROOMS"),
        ("drop", "config_rooms", "E-LOCK-ROOMS"),
        ("404", "config_rooms", "E-LOCK-ROOMS"),
        ("401", "config_rooms", "E-LOCK-ROOMS"),
        ("endless", "config_rooms", "E-LOCK-ROOMS"),
    ],
)
async def test_a_fault_shows_at_the_next_look_and_goes_when_it_is_over(
    autojump_clock: MockClock, kind: str, operation: str, code: str
) -> None:
    async with bridge_bench(profile=PROVEN) as bench, trio.open_nursery() as nursery:
        nursery.start_soon(bench.driver.watch)
        await trio.sleep(1)
        bench.simulator.tokens.end_all()
        bench.simulator.fail(kind, operation, seconds=0.01)
        await trio.sleep(85)
        assert bench.faults() == {code}
        bench.simulator.heal()
        await trio.sleep(85)
        assert bench.faults() == set()
        nursery.cancel_scope.cancel()


async def test_a_server_that_goes_away_and_comes_back_is_seen_doing_so(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=PROVEN) as bench, trio.open_nursery() as nursery:
        nursery.start_soon(bench.driver.watch)
        await trio.sleep(1)
        bench.simulator.presence.leave(Absence.REFUSE)
        await trio.sleep(70)
        assert bench.faults() == {"E-LOCK-UNREACHABLE"}
        bench.simulator.presence.come_back()
        await trio.sleep(6)  # not the minute of a server that is well
        assert bench.faults() == set()
        nursery.cancel_scope.cancel()


async def test_a_server_that_stays_away_is_said_once_and_takes_no_other_fault_with_it(
    autojump_clock: MockClock,
) -> None:
    async with bridge_bench() as bench:
        await watched(bench)
        bench.simulator.presence.leave(Absence.REFUSE)
        told: list[str] = []
        bench.health.on_change = lambda fault, holds: told.append(fault.kind.code)
        assert await watched(bench, 300.0) == {"E-LOCK-UNCONFIRMED", "E-LOCK-UNREACHABLE"}
        assert told == ["E-LOCK-UNREACHABLE"]


async def test_a_frozen_server_is_told_from_one_without_a_list_of_rooms(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        await bench.driver.list_doors()
        bench.simulator.presence.leave(Absence.HANG)
        assert await watched(bench) == {"E-LOCK-SILENT"}


async def test_bad_credentials_are_tried_once_a_look_and_not_in_a_loop(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=PROVEN, password="wrong-password") as bench:
        assert await watched(bench, 179.0) == {"E-LOCK-AUTH"}
        assert bench.simulator.refused_log_ins == 3


async def test_a_bridge_that_lets_others_wait_for_a_card_is_not_at_fault(autojump_clock: MockClock) -> None:
    async with bridge_bench({"card_seconds": 80.0}, profile=PROVEN) as bench, trio.open_nursery() as nursery:
        await bench.driver.list_doors()
        bench.simulator.fail("hang", "config_rooms")
        nursery.start_soon(bench.cut)
        await trio.sleep(1)
        assert await watched(bench, 70.0) == set()
        nursery.cancel_scope.cancel()


async def test_a_look_during_which_a_key_began_says_nothing(autojump_clock: MockClock) -> None:
    async with bridge_bench({"card_seconds": 80.0}, profile=PROVEN) as bench, trio.open_nursery() as nursery:
        await bench.driver.list_doors()
        bench.simulator.fail("hang", "config_rooms")
        nursery.start_soon(bench.driver.watch)
        await trio.sleep(1)
        nursery.start_soon(bench.cut)
        await trio.sleep(50)
        assert bench.faults() == set()
        nursery.cancel_scope.cancel()


async def test_a_server_that_never_answered_is_said_not_to_before_the_log_in_is_given_up(
    autojump_clock: MockClock,
) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        bench.simulator.presence.leave(Absence.HANG)
        assert await watched(bench, 4.9) == set()
        assert await watched(bench, 5.1) == {"E-LOCK-SILENT"}
        assert bench.text("E-LOCK-SILENT") == "No answer within 5 s."


async def test_a_slow_server_is_no_longer_silent_once_it_answered(autojump_clock: MockClock) -> None:
    async with bridge_bench({"latency_seconds": 7.0}, profile=PROVEN) as bench, trio.open_nursery() as nursery:
        nursery.start_soon(bench.driver.watch)
        await trio.sleep(6)
        assert bench.faults() == {"E-LOCK-SILENT"}
        await trio.sleep(9)  # the log-in and the list
        assert bench.faults() == set()
        await trio.sleep(66)  # the next look: it has answered before, and is as slow as ever
        assert bench.faults() == set()
        nursery.cancel_scope.cancel()


async def test_a_first_look_says_nothing_of_a_server_that_began_a_key_meanwhile(autojump_clock: MockClock) -> None:
    async with bridge_bench({"latency_seconds": 8.0}, profile=PROVEN) as bench, trio.open_nursery() as nursery:
        nursery.start_soon(bench.driver.watch)
        await trio.sleep(1)
        nursery.start_soon(bench.cut)
        await trio.sleep(6)
        assert bench.faults() == set()
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize(
    "kind", ["unknown-room", "unknown-encoder", "encoder-offline", "no-card", "database-down"]
)
async def test_one_refusal_says_nothing_of_the_encoder_however_often_the_room_is_tried(
    autojump_clock: MockClock, kind: str
) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        bench.simulator.fail(kind, "guest_key")
        for _ in range(4):
            await bench.cut(rooms=("1O1",))
        assert bench.faults("encoder:1") == set()


async def test_an_encoder_that_refuses_one_room_after_the_other_is_marked_until_its_next_card(
    autojump_clock: MockClock,
) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        bench.simulator.fail("encoder-offline", match={"encoder": "1"}, calls=2)
        for room in ("101", "102"):
            await bench.cut(rooms=(room,))
            await bench.cut(encoder="2", rooms=(room,))
        assert (bench.faults("encoder:1"), bench.faults("encoder:2")) == ({"E-ENCODER"}, set())
        assert bench.text("E-ENCODER") == (
            "Keys for 2 rooms in a row were refused, the last one with: The encoder does not respond"
        )
        await bench.cut()
        assert bench.faults("encoder:1") == set()


async def test_a_card_between_two_refusals_shows_that_the_encoder_works(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        for room in ("1O1", "1O2", "1O3"):
            bench.simulator.fail("unknown-room", calls=1)
            await bench.cut(rooms=(room,))
            await bench.cut()
        assert bench.faults("encoder:1") == set()


async def test_an_encoder_that_keeps_a_key_waiting_for_ever_is_marked_until_its_next_card(
    autojump_clock: MockClock,
) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        bench.simulator.fail("hang", "guest_key", match={"encoder": "1"}, calls=1)
        await bench.cut()
        assert (bench.faults("encoder:1"), bench.faults()) == ({"E-ENCODER"}, set())
        assert bench.text("E-ENCODER") == "The last key was not answered: no whole answer within 90 s"
        await bench.cut()
        assert bench.faults("encoder:1") == set()


@pytest.mark.parametrize(
    ("kind", "operation"), [("hang", "auth"), ("404", "guest_key"), ("html-500", "guest_key")]
)
async def test_a_fault_of_the_server_is_not_blamed_on_the_encoder(
    autojump_clock: MockClock, kind: str, operation: str
) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        bench.simulator.fail(kind, operation)
        await bench.cut()
        assert bench.faults("encoder:1") == set()


SPOILED = ("404", "html-500", "redirect", "drop", "reset", "garbage", "truncated", "brace")


@pytest.mark.parametrize("kind", SPOILED)
async def test_one_key_without_a_bridges_answer_is_a_warning_until_the_next_is_answered(
    autojump_clock: MockClock, kind: str
) -> None:
    async with bridge_bench(profile=PROVEN) as bench, trio.open_nursery() as nursery:
        nursery.start_soon(bench.driver.watch)
        await trio.sleep(1)
        bench.simulator.fail(kind, "guest_key", calls=1)
        await bench.cut()
        await trio.sleep(200)  # a look at the server proves nothing about keys
        assert bench.faults() == {"E-LOCK-KEY-ANSWER"}
        assert bench.health.active()[0].kind.level is Level.WARNING
        assert bench.faults("encoder:1") == set()
        await bench.cut()
        assert bench.faults() == set()
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize("answered", ["cut", "refused"])
async def test_key_after_key_without_a_bridges_answer_is_a_fault_until_one_is_answered(
    autojump_clock: MockClock, answered: str
) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        bench.simulator.fail("html-500", "guest_key", calls=3)
        seen = []
        for encoder in ("1", "2", "1"):
            await bench.cut(encoder=encoder)
            seen.append(bench.faults())
        assert seen == [{"E-LOCK-KEY-ANSWER"}, {"E-LOCK-KEY-ANSWER"}, {"E-LOCK-KEYS"}]
        assert bench.health.active()[0].kind.level is Level.FAULT
        assert bench.text("E-LOCK-KEYS").startswith("3 keys in a row. To the last key it answered: HTTP 500")
        if answered == "refused":
            bench.simulator.fail("unknown-room", "guest_key")
        await bench.cut()
        assert bench.faults() == set()


async def test_keys_that_fail_now_and_then_never_add_up_to_a_fault(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        for _ in range(5):
            bench.simulator.fail("drop", "guest_key", calls=1)
            await bench.cut()
            assert bench.faults() == {"E-LOCK-KEY-ANSWER"}
            await bench.cut()


async def test_a_new_profile_begins_without_the_old_ones_keys(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        bench.simulator.fail("404", "guest_key")
        for _ in range(3):
            await bench.cut()
        assert await watched(bench) == set()


@pytest.mark.parametrize("ending", ["cut", "refused", "perhaps"])
async def test_any_key_that_went_out_shows_that_server_and_account_are_well(
    autojump_clock: MockClock, ending: str
) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        for code in MEASURED:
            bench.health.raise_fault(CATALOGUE[code], HOP)
        if ending != "cut":
            bench.simulator.fail({"refused": "unknown-room", "perhaps": "hang"}[ending], "guest_key")
        await bench.cut()
        assert bench.faults() == set()


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        ("403", {"E-LOCK-AUTH"}),  # who refuses a log-in is there, and answers as it should
        ("html-500", {"E-LOCK-ANSWER", "E-LOCK-AUTH"}),  # whether the account is well is not known yet
        ("garbage", {"E-LOCK-ANSWER", "E-LOCK-AUTH"}),
        ("redirect", {"E-LOCK-ADDRESS", "E-LOCK-ANSWER", "E-LOCK-AUTH"}),
        ("drop", {"E-LOCK-SILENT", "E-LOCK-ADDRESS", "E-LOCK-ANSWER", "E-LOCK-AUTH"}),
    ],
)
async def test_a_new_fault_ends_those_that_it_disproves(
    autojump_clock: MockClock, kind: str, left: set[str]
) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        for code in MEASURED:
            bench.health.raise_fault(CATALOGUE[code], HOP)
        bench.simulator.fail(kind, "auth")
        await bench.cut()
        assert {code for code in MEASURED if bench.health.holds(CATALOGUE[code], HOP)} == left


@pytest.mark.parametrize(("wins", "status"), [("first", "0"), ("last", "9")])
async def test_rooms_come_with_the_status_that_the_site_says_counts(
    autojump_clock: MockClock, wins: str, status: str
) -> None:
    async with bridge_bench(profile=changed(BUILT_IN, answers__duplicate_names=wins)) as bench:
        rooms = await bench.driver.list_doors()
        assert [(room.name, room.state) for room in rooms[:2]] == [("101", status), ("102", status)]


async def test_rooms_with_one_status_are_read_as_well(autojump_clock: MockClock) -> None:
    async with bridge_bench({"two_status_keys": False, "rooms": ("7", "8")}) as bench:
        assert [room.name for room in await bench.driver.list_doors()] == ["7", "8"]


async def test_rooms_that_cannot_be_read_are_a_typed_error_with_words(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        bench.simulator.fail("database-down", "config_rooms")
        with pytest.raises(CallFailed, match="database cannot be reached"):
            await bench.driver.list_doors()


async def checked_out(bench: BridgeBench, **changes: Any) -> tuple[str, str]:
    wanted = {"room": "101", "key": bench.simulator.cuts[0].tid} | changes
    outcome = await bench.driver.cancel_key(**wanted)
    return outcome.verdict.value, outcome.code


async def test_a_key_is_cancelled_by_its_room_and_id(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        await bench.cut()
        assert await checked_out(bench) == ("done", "")


async def test_a_key_that_cannot_be_cancelled_says_why(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        await bench.cut()
        outcome = await bench.driver.cancel_key("101", "4711")
        assert outcome.code == "E-KEY-OUT-NOT-DONE"
        assert "There is no such key" in outcome.note


@pytest.mark.parametrize(
    ("kind", "operation", "outcome"),
    [
        ("drop", "guest_key_checkout", ("unknown", "E-KEY-OUT-PERHAPS")),
        ("html-500", "guest_key_checkout", ("unknown", "E-KEY-OUT-PERHAPS")),
        ("404", "guest_key_checkout", ("failed", "E-KEY-OUT-NOT-DONE")),
        ("403", "auth", ("failed", "E-KEY-OUT-NOT-DONE")),
    ],
)
async def test_cancelling_a_key_ends_as_honestly_as_cutting_one(
    autojump_clock: MockClock, kind: str, operation: str, outcome: tuple[str, str]
) -> None:
    async with bridge_bench() as bench:
        await bench.cut()
        bench.simulator.tokens.end_all()
        bench.simulator.fail(kind, operation)
        assert await checked_out(bench) == outcome


async def test_while_switched_off_no_key_is_cancelled(autojump_clock: MockClock) -> None:
    async with bridge_bench(active=False) as bench:
        assert (await bench.driver.cancel_key("1", "2")).code == "E-KEY-OUT-INACTIVE"


async def test_cancelling_needs_proof_too(autojump_clock: MockClock) -> None:
    profile = changed(BUILT_IN)
    profile.calls[Slot.GUEST_KEY_CHECKOUT] = profile.calls[Slot.ROOM_CHECKOUT]
    async with bridge_bench(profile=profile, allow_unconfirmed=False) as bench:
        assert (await bench.driver.cancel_key("1", "2")).code == "E-KEY-OUT-UNCONFIRMED"


def next_try(bench: BridgeBench) -> float | None:
    return bench.driver.next_try


async def test_the_next_look_is_told_while_a_server_is_away_and_at_no_other_time(
    autojump_clock: MockClock,
) -> None:
    async with bridge_bench(profile=PROVEN) as bench, trio.open_nursery() as nursery:
        nursery.start_soon(bench.driver.watch)
        await trio.sleep(1)
        assert next_try(bench) is None
        bench.simulator.presence.leave(Absence.REFUSE)
        await trio.sleep(CHECK_SECONDS)
        due = next_try(bench)
        assert due is not None
        assert 0 < due - trio.current_time() <= AWAY_SECONDS
        bench.simulator.presence.come_back()
        await trio.sleep(2 * AWAY_SECONDS)
        assert next_try(bench) is None
        nursery.cancel_scope.cancel()


def token_life(bench: BridgeBench) -> TokenLife | None:
    return bench.driver.token_life


async def test_since_when_a_token_is_used_is_told_and_nothing_before(autojump_clock: MockClock) -> None:
    async with bridge_bench(profile=PROVEN) as bench:
        assert token_life(bench) is None
        await trio.sleep(5)
        began = trio.current_time()
        await watched(bench, 1.0)
        life = token_life(bench)
        assert life is not None
        assert began <= life.since <= began + 1
