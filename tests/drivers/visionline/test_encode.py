"""One request, one card, one honest outcome: the driver against the simulated VisiOnline, in virtual time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from agent.commands.driver import PrintJob
from agent.commands.model import Outcome, Verdict
from agent.commands.notes import TRY_AGAIN
from agent.drivers.visionline.protocol.notes import KeyCode
from agent.drivers.visionline.protocol.requests import CardRules
from agent.drivers.visionline.protocol.signing import Rules
from agent.simulators.base.presence import Absence
from provisioning.model import DateHeader, FirstCard, SignedTarget
from tests.drivers.visionline.jobs import account, job
from tests.drivers.visionline.lock_bench import HOP, SERVER, VIENNA, SimulatedBench, lock_bench


async def outcome(bench: SimulatedBench, **changes: Any) -> tuple[Verdict, str]:
    ended = await bench.cut(**changes)
    return ended.verdict, ended.code


async def settled(bench: SimulatedBench) -> int:
    """The cards there are once nothing is on its way any more."""
    await trio.sleep(300)
    return len(bench.simulator.cards)


async def test_a_card_is_made_for_the_doors_and_the_hotel_s_times_that_were_ordered(
    autojump_clock: MockClock,
) -> None:
    async with lock_bench() as bench:
        ended = await bench.cut(areas=("POOL",))
        (card,) = bench.simulator.cards
        assert ended == Outcome(Verdict.DONE, key=card.id)
        assert (card.order.encoder, card.order.doors) == ("FrontDesk1", ("101", "POOL"))
        assert (card.order.start, card.order.expire) == ("20261121T1500", "20261124T1100")
        assert card.order.format == "rfid48"


async def test_each_card_has_a_session_of_its_own_and_each_session_is_closed(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        for _ in range(3):
            await bench.cut()
        counts = bench.simulator.counts()
        assert (counts["log_ins"], counts["log_outs"], counts["open_sessions"]) == (3, 3, 0)


async def test_a_new_stay_locks_the_guests_before_it_out_and_its_copies_join(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        await bench.cut(reservation="before")
        await bench.cut(reservation="now", copy=1, copies=3)
        for copy in (2, 3):
            await bench.cut(reservation="now", copy=copy, copies=3, joins=True)
        assert bench.simulator.good_for("101") == (2, 3, 4)


async def test_a_copy_joins_also_where_the_pass_does_not_say_so(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        await bench.cut(copy=1, copies=2)
        await bench.cut(copy=2, copies=2)
        assert bench.simulator.good_for("101") == (1, 2)


async def test_a_later_order_for_the_same_stay_joins(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        await bench.cut()
        await bench.cut(joins=True)
        assert bench.simulator.good_for("101") == (1, 2)


async def test_a_site_may_have_no_card_lock_anyone_out(autojump_clock: MockClock) -> None:
    async with lock_bench(cards=CardRules(VIENNA, first_card=FirstCard.JOIN)) as bench:
        await bench.cut(reservation="before")
        await bench.cut(reservation="now")
        assert bench.simulator.good_for("101") == (1, 2)


async def test_a_card_that_is_still_valid_is_written_over(autojump_clock: MockClock) -> None:
    async with lock_bench({"presented": "valid"}) as bench:
        assert (await bench.cut()).verdict is Verdict.DONE


async def test_encoders_work_side_by_side(autojump_clock: MockClock) -> None:
    async with lock_bench({"card_seconds": 5.0}) as bench:
        async with trio.open_nursery() as nursery:
            for number in range(8):
                nursery.start_soon(lambda name: bench.cut(encoder=name), f"E{number}")
        assert trio.current_time() == pytest.approx(5.0)
        assert len(bench.simulator.cards) == 8


@pytest.mark.parametrize(
    ("switches", "rules"),
    [
        ({"signed_target": "escaped", "unsorted_query": "refuse"}, Rules()),
        ({"signed_target": "raw"}, Rules(signed_target=SignedTarget.PLAIN)),
        ({"signed_date": "x-aah-date"}, Rules(DateHeader.AAH)),
        ({"signed_date": "date"}, Rules()),
        ({"card_status": 200, "close_status": 201}, Rules()),
        ({"unknown_fields": True, "close_status": 204}, Rules()),
    ],
    ids=str,
)
async def test_what_a_site_s_server_expects_of_a_signature_can_be_set(
    autojump_clock: MockClock, switches: dict[str, Any], rules: Rules
) -> None:
    async with lock_bench(switches, rules=rules) as bench:
        assert (await bench.cut(encoder="Front desk/ü 1")).verdict is Verdict.DONE
        assert await bench.watched() == set()


async def test_with_the_other_form_of_an_encoder_s_blank_no_key_is_made_and_the_page_says_what_to_write(
    autojump_clock: MockClock,
) -> None:
    async with lock_bench({"signed_target": "raw"}) as bench:
        assert await outcome(bench, encoder="Front desk") == (Verdict.FAILED, KeyCode.RIGHTS)
        assert bench.faults() == {"E-LOCK-RIGHTS"}
        assert (await bench.cut(encoder="FrontDesk1")).verdict is Verdict.DONE
        assert bench.faults() == set()


@pytest.mark.parametrize(
    ("kind", "code", "cards"),
    [
        ("no-card", KeyCode.NO_CARD, 0),
        ("wrong-format", KeyCode.CARD_FORMAT, 0),
        ("no-sectors", KeyCode.CARD_CHIP, 0),
        ("not-reissuable", KeyCode.CARD_VALID, 0),
        ("still-valid", KeyCode.CARD_VALID, 0),
        ("unknown-encoder", KeyCode.ENCODER_UNKNOWN, 0),
        ("encoder-offline", KeyCode.ENCODER_OFFLINE, 0),
        ("encoder-busy", KeyCode.ENCODER_BUSY, 0),
        ("unknown-door", KeyCode.DOOR_UNKNOWN, 0),
        ("too-many-doors", KeyCode.REFUSED, 0),
        ("bad-request", KeyCode.REFUSED, 0),
    ],
)
@pytest.mark.parametrize("form", ["json", "text"])
async def test_each_kind_of_failure_has_its_own_words(
    autojump_clock: MockClock, kind: str, code: KeyCode, cards: int, form: str
) -> None:
    async with lock_bench({"error_as": form}) as bench:
        bench.simulator.fail(kind, "cards", calls=1)
        assert await outcome(bench) == (Verdict.FAILED, code)
        assert await settled(bench) == cards
        assert (await bench.cut()).verdict is Verdict.DONE


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("interrupted", KeyCode.INTERRUPTED),
        ("encoder-timeout", KeyCode.ENCODER_SILENT),
        ("server-error", KeyCode.ANSWER_UNREADABLE),
    ],
)
@pytest.mark.parametrize("written", [False, True])
async def test_a_card_that_may_have_been_written_is_perhaps_made(
    autojump_clock: MockClock, kind: str, code: KeyCode, written: bool
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail(kind, "cards", calls=1, written=written)
        assert await outcome(bench) == (Verdict.UNKNOWN, code)
        assert bench.simulator.calls["cards"] == 1


async def test_words_that_no_kind_is_known_for_reach_the_desk(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail("bad-request", "cards", message="Kartenleser verklemmt")
        assert await bench.cut() == Outcome(
            Verdict.FAILED,
            "E-KEY-REFUSED",
            "Key not cut",
            "the lock system says “401: Kartenleser verklemmt”",
            TRY_AGAIN,
        )


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
        ("error-200", KeyCode.ANSWER_UNREADABLE),
        ("redirect", KeyCode.ANSWER_UNREADABLE),
        ("brace", KeyCode.ANSWER_UNREADABLE),
        ("empty", KeyCode.ANSWER_UNREADABLE),
        ("500", KeyCode.ANSWER_UNREADABLE),
        ("502", KeyCode.ANSWER_UNREADABLE),
        ("503", KeyCode.ANSWER_UNREADABLE),
        ("408", KeyCode.ANSWER_UNREADABLE),
    ],
)
@pytest.mark.parametrize(("when", "cards"), [("before", 0), ("after", 1)])
async def test_without_a_readable_answer_the_key_was_perhaps_made_and_is_never_asked_for_again(
    autojump_clock: MockClock, kind: str, code: KeyCode, when: str, cards: int
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail(kind, "cards", when=when, calls=1, seconds=60.0)
        assert await outcome(bench) == (Verdict.UNKNOWN, code)
        assert bench.simulator.calls["cards"] == 1
        assert await settled(bench) == cards


@pytest.mark.parametrize("kind", ["400", "404", "409", "429"])
async def test_a_request_that_the_server_did_not_take_is_surely_not_made(
    autojump_clock: MockClock, kind: str
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail(kind, "cards", calls=1)
        verdict, code = await outcome(bench)
        assert verdict is Verdict.FAILED
        assert code in (KeyCode.NOT_ACCEPTED, KeyCode.REFUSED)


async def test_a_hang_ends_at_the_key_s_deadline(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail("hang", "cards")
        assert "Front desk" in (await bench.cut()).note
        assert trio.current_time() == pytest.approx(90.0)


async def test_a_session_that_is_never_closed_delays_a_key_by_two_seconds(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail("hang", "log-out")
        assert (await bench.cut()).verdict is Verdict.DONE
        assert trio.current_time() == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("kind", "code", "fault"),
    [
        ("drop", KeyCode.SILENT, "E-LOCK-SILENT"),
        ("reset", KeyCode.SILENT, "E-LOCK-SILENT"),
        ("hang", KeyCode.SILENT, "E-LOCK-SILENT"),
        ("drip", KeyCode.LOG_IN_ANSWER, "E-LOCK-ANSWER"),
        ("garbage", KeyCode.LOG_IN_ANSWER, "E-LOCK-ANSWER"),
        ("truncated", KeyCode.LOG_IN_ANSWER, "E-LOCK-ANSWER"),
        ("redirect", KeyCode.ADDRESS, "E-LOCK-ADDRESS"),
        ("html-500", KeyCode.LOG_IN_ANSWER, "E-LOCK-ANSWER"),
        ("empty", KeyCode.LOG_IN_ANSWER, "E-LOCK-ANSWER"),
        ("404", KeyCode.LOG_IN_ANSWER, "E-LOCK-ANSWER"),
        ("403", KeyCode.LOG_IN, "E-LOCK-AUTH"),
        ("401", KeyCode.LOG_IN, "E-LOCK-AUTH"),
    ],
)
async def test_trouble_at_the_log_in_is_surely_not_made(
    autojump_clock: MockClock, kind: str, code: KeyCode, fault: str
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail(kind, "log-in", seconds=60.0)
        assert await outcome(bench) == (Verdict.FAILED, code)
        assert bench.simulator.calls["cards"] == 0
        assert bench.faults() == {fault}


@pytest.mark.parametrize("status", [401, 403])
async def test_a_wrong_password_is_asked_for_once_and_told(autojump_clock: MockClock, status: int) -> None:
    async with lock_bench({"log_in_status": status}, password="wrong-password") as bench:
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.LOG_IN)
        assert bench.simulator.calls["log-in"] == 1
        assert bench.faults() == {"E-LOCK-AUTH"}


async def test_a_server_that_is_away_is_surely_not_made(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        bench.simulator.presence.leave(Absence.REFUSE)
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.UNREACHABLE)
        assert bench.faults() == {"E-LOCK-UNREACHABLE"}


async def test_a_closed_web_api_of_a_server_that_is_up_is_told_from_one_that_is_down(
    autojump_clock: MockClock,
) -> None:
    async with lock_bench() as bench:
        bench.simulator.presence.leave(Absence.REFUSE)
        bench.network.open_ports = {4000}
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.WEB_API)
        assert bench.faults() == {"E-LOCK-WEB-API"}
        assert bench.text("E-LOCK-WEB-API") == "Port 443 takes no connection, and its PMS port 4000 does."
        bench.network.open_ports = set()
        assert await bench.watched() == {"E-LOCK-UNREACHABLE"}


async def test_a_port_that_takes_connections_again_is_not_called_closed(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        bench.simulator.presence.leave(Absence.REFUSE)
        bench.network.open_ports = {443, 4000}
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.UNREACHABLE)


@pytest.mark.parametrize("switches", [{"session_requests": 1}, {"session_seconds": 1.0}], ids=str)
async def test_a_session_that_ends_too_soon_costs_a_log_in_and_no_key(
    autojump_clock: MockClock, switches: dict[str, Any]
) -> None:
    async with lock_bench(switches) as bench:
        assert (await bench.cut()).verdict is Verdict.DONE
        assert len(bench.simulator.cards) == 1


@pytest.mark.parametrize("status", ["401", "403"])
async def test_a_refused_signature_costs_one_log_in_and_no_key(autojump_clock: MockClock, status: str) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail(status, "cards", calls=1)
        assert (await bench.cut()).verdict is Verdict.DONE
        assert (bench.simulator.calls["log-in"], bench.simulator.calls["cards"]) == (2, 2)
        assert bench.simulator.counts()["open_sessions"] == 0


@pytest.mark.parametrize("status", ["401", "403"])
async def test_a_server_that_takes_no_signature_is_asked_twice_and_no_more(
    autojump_clock: MockClock, status: str
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail(status, "cards")
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.RIGHTS)
        assert bench.simulator.calls["cards"] == 2


async def test_a_refused_card_that_finds_the_log_in_broken_is_surely_not_made(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail("401", "cards", calls=1)
        async with trio.open_nursery() as nursery:

            async def break_log_in() -> None:
                await trio.sleep(0.25)
                bench.simulator.fail("403", "log-in")

            bench.simulator.switch(latency_seconds=0.2)
            nursery.start_soon(break_log_in)
            assert await outcome(bench) == (Verdict.FAILED, KeyCode.LOG_IN)
        assert len(bench.simulator.cards) == 0


async def test_the_repeat_after_a_refusal_gets_what_is_left_of_the_key_s_time(autojump_clock: MockClock) -> None:
    async with lock_bench({"latency_seconds": 1.0}) as bench:
        bench.simulator.fail("401", "cards", calls=1)
        bench.simulator.fail("hang", "cards")
        assert await outcome(bench) == (Verdict.UNKNOWN, KeyCode.NO_ANSWER)
        assert trio.current_time() == pytest.approx(1.0 + 90.0 + 1.0 + 2 * 1.0)  # log-in, card, log-in, two ends


@pytest.mark.parametrize("off", [-315_360_000.0, -3600.0, -60.0, 60.0, 86_400.0])
@pytest.mark.parametrize("at_log_in", [True, False])
async def test_a_wrong_clock_of_the_box_costs_nothing_but_one_more_log_in(
    autojump_clock: MockClock, off: float, at_log_in: bool
) -> None:
    switches = {"date_skew_seconds": 30.0, "date_skew_at_log_in": at_log_in}
    async with lock_bench(switches, clock_off=off) as bench:
        assert [(await bench.cut()).verdict for _ in range(3)] == [Verdict.DONE] * 3
        assert bench.simulator.calls["log-in"] == (4 if at_log_in else 3)
        assert bench.simulator.counts()["refused_signatures"] == 0
        assert await bench.watched() == set()


async def test_a_box_whose_clock_is_right_is_refused_once_where_its_password_is_wrong(
    autojump_clock: MockClock,
) -> None:
    async with lock_bench({"date_skew_seconds": 30.0}, password="wrong-password") as bench:
        assert await outcome(bench) == (Verdict.FAILED, KeyCode.LOG_IN)
        assert bench.simulator.calls["log-in"] == 1


async def test_a_clock_that_jumps_between_two_keys_is_followed(autojump_clock: MockClock) -> None:
    async with lock_bench({"date_skew_seconds": 30.0}) as bench:
        await bench.cut()
        bench.simulator.clock.shift(7200.0)
        assert (await bench.cut()).verdict is Verdict.DONE


async def test_a_cancelled_key_closes_its_session(autojump_clock: MockClock) -> None:
    async with lock_bench({"card_seconds": 30.0}) as bench:
        with trio.move_on_after(5.0):
            await bench.cut()
        assert bench.simulator.counts()["open_sessions"] == 0
        assert bench.simulator.calls["cards"] == 1


async def test_a_print_is_none_of_its_business(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        ended = await bench.driver.carry_out(PrintJob("Office", "c", b"", "Pdf", 1))
        assert (ended.verdict, ended.code) == (Verdict.FAILED, "E-PRINT-UNSUPPORTED")


async def test_what_it_objects_to_is_never_sent(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        assert await outcome(bench, end=None) == (Verdict.FAILED, KeyCode.NO_END)
        assert await outcome(bench, contact="guest@example.com") == (Verdict.FAILED, KeyCode.MOBILE)
        assert not bench.simulator.calls


async def test_its_encoders_are_its_lanes(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        assert [(lane.id, lane.identifier, lane.name, lane.driver) for lane in bench.driver.lanes] == [
            ("encoder:FrontDesk1", "FrontDesk1", "Front desk", HOP),
            ("encoder:Bar", "Bar", "Bar", HOP),
        ]
        assert bench.driver.calls_at_once == float("inf")


@pytest.mark.parametrize(
    ("server", "hop"),
    [
        ("https://10.4.5.7:8443/api/v1", "lock-server:10.4.5.7:8443"),
        ("https://[fd00::5]/api/v1", "lock-server:[fd00::5]"),
        ("https://lock.example/api/v1", "lock-server:lock.example"),
    ],
)
async def test_a_server_s_place_on_the_page_is_its_address_in_the_file(
    autojump_clock: MockClock, server: str, hop: str
) -> None:
    async with lock_bench(server=server) as bench:
        assert bench.driver.hop == hop


async def test_the_account_that_an_order_brings_along_is_used_at_the_file_s_server(
    autojump_clock: MockClock,
) -> None:
    async with lock_bench({"more_accounts": ("mews-operator:mews-password",)}, password="wrong") as bench:
        assert (await bench.cut(account=account("https://10.4.5.7:443/"))).verdict is Verdict.DONE


@pytest.mark.parametrize(
    "theirs",
    [account(SERVER, ""), account(SERVER, password=""), account(""), account("  ")],
    ids=["no user", "no password", "no server", "blank"],
)
async def test_half_an_account_is_none_so_the_box_s_own_is_used(autojump_clock: MockClock, theirs: Any) -> None:
    async with lock_bench() as bench:
        assert (await bench.cut(account=theirs)).verdict is Verdict.DONE


async def test_an_order_s_account_that_is_refused_is_told_as_the_order_s(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        assert await outcome(bench, account=account(SERVER)) == (Verdict.FAILED, KeyCode.LOG_IN)
        assert bench.faults() == {"E-LOCK-ORDER-LOG-IN"}
        assert await bench.watched() == {"E-LOCK-ORDER-LOG-IN"}
        bench.simulator.switch(more_accounts=("mews-operator:mews-password",))
        await bench.cut(account=account(SERVER))
        assert bench.faults() == set()


async def test_an_order_for_another_server_ends_before_a_byte_is_sent_and_the_page_names_it(
    autojump_clock: MockClock,
) -> None:
    async with lock_bench() as bench:
        theirs = account("https://mews-operator:mews-password@evil.example/api/v1")
        refused = bench.driver.objection(job(account=theirs))
        assert refused is not None
        assert refused.code == KeyCode.OTHER_SERVER
        assert await bench.cut(account=theirs) == refused
        assert not bench.simulator.calls
        assert bench.network.asked == []
        assert bench.text("E-LOCK-OTHER-SERVER") == "The last one asked for https://evil.example."
        assert "mews-" not in refused.note + bench.shown()
        await bench.cut(account=account(SERVER))
        assert "E-LOCK-OTHER-SERVER" not in bench.faults()


@pytest.mark.parametrize(
    "url", ["https://mews-operator@10.4.5.7", "https://10.4.5.7/api/v2", "https://10.4.5.7?x", " 10.4.5.7"]
)
async def test_the_file_s_server_with_something_around_it_is_told_as_such(
    autojump_clock: MockClock, url: str
) -> None:
    async with lock_bench() as bench:
        assert await outcome(bench, account=account(url)) == (Verdict.FAILED, KeyCode.OTHER_SERVER)
        assert bench.text("E-LOCK-OTHER-SERVER").endswith("10.4.5.7 with something around it.")
        assert not bench.simulator.calls


async def test_times_follow_the_hotel_s_zone_over_the_end_of_summer_time(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        start = datetime(2026, 10, 24, 13, tzinfo=UTC)
        await bench.cut(start=start, end=start + timedelta(days=1))
        (card,) = bench.simulator.cards
        assert (card.order.start, card.order.expire) == ("20261024T1500", "20261025T1400")
