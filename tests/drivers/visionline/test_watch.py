"""What the page says about a VisiOnline server: true while keys are made, true while none is."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from agent.commands.model import Verdict
from agent.drivers.visionline.faults import NotClosed, SignatureRefused, VisionlineFaults
from agent.drivers.visionline.protocol.signing import Rules
from agent.foundation.errors import CertificateRefused, Flaw
from agent.health.health import Health
from agent.simulators.base.presence import Absence
from provisioning.model import DateHeader
from tests.drivers.visionline.lock_bench import HOP, lock_bench

PIN, OTHER_PIN = "ab" * 32, "cd" * 32


async def test_a_well_server_has_no_fault_and_is_asked_once_a_minute_by_harmless_calls(
    autojump_clock: MockClock,
) -> None:
    async with lock_bench() as bench:
        assert await bench.watched(3590.0) == set()
        assert dict(bench.simulator.calls) == {"log-in": 60, "log-out": 60}
        assert bench.simulator.counts()["open_sessions"] == 0


@pytest.mark.parametrize("operator", ["sym", "SYM", " Sym "])
async def test_the_default_operator_is_a_warning(autojump_clock: MockClock, operator: str) -> None:
    async with lock_bench(
        {"more_accounts": (f"{operator}:{operator}",)}, username=operator, password=operator
    ) as bench:
        assert await bench.watched() == {"E-LOCK-OPERATOR"}
        assert (await bench.cut()).verdict == "done"


async def test_another_operator_ends_that_warning(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        VisionlineFaults(bench.health, HOP, "").stand("sym")
        assert bench.faults() == {"E-LOCK-OPERATOR"}
        assert await bench.watched() == set()


@pytest.mark.parametrize(
    ("kind", "operation", "code"),
    [
        ("403", "log-in", "E-LOCK-AUTH"),
        ("html-200", "log-in", "E-LOCK-ANSWER"),
        ("503", "log-in", "E-LOCK-ANSWER"),
        ("hang", "log-in", "E-LOCK-SILENT"),
        ("drop", "log-in", "E-LOCK-SILENT"),
        ("redirect", "log-in", "E-LOCK-ADDRESS"),
        ("401", "log-out", "E-LOCK-SESSIONS"),
        ("403", "log-out", "E-LOCK-SESSIONS"),
        ("404", "log-out", "E-LOCK-SESSIONS"),
        ("500", "log-out", "E-LOCK-SESSIONS"),
        ("hang", "log-out", "E-LOCK-SESSIONS"),
        ("drop", "log-out", "E-LOCK-SESSIONS"),
    ],
)
async def test_each_trouble_has_its_fault_which_ends_with_it(
    autojump_clock: MockClock, kind: str, operation: str, code: str
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail(kind, operation)
        assert await bench.watched() == {code}
        bench.simulator.heal()
        assert await bench.watched(70.0) == set()


@pytest.mark.parametrize("kind", ["401", "403", "hang", "drop"])
async def test_a_server_that_lets_no_other_signed_call_in_either_refuses_what_is_signed(
    autojump_clock: MockClock, kind: str
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail("403", "log-out")
        bench.simulator.fail(kind, "doors")
        assert await bench.watched() == {"E-LOCK-SIGNATURE"}
        bench.simulator.heal()
        assert await bench.watched(70.0) == set()


async def test_sessions_that_are_not_closed_stop_no_key_and_the_page_says_so(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail("401", "log-out")
        assert await bench.watched() == {"E-LOCK-SESSIONS"}
        assert (await bench.cut()).verdict is Verdict.DONE
        assert bench.simulator.calls["cards"] == 1


@pytest.mark.parametrize("kind", ["401", "403"])
async def test_looks_that_follow_close_the_session_that_was_left_and_leave_no_more(
    autojump_clock: MockClock, kind: str
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail(kind, "log-out")
        assert await bench.watched(50.0) == {"E-LOCK-SESSIONS"}
        log_ins = bench.simulator.calls["log-in"]
        assert bench.simulator.calls["log-out"] >= 20
        assert log_ins <= 2
        bench.simulator.heal()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(bench.driver.watch)
            await trio.sleep(3.0)
            assert bench.faults() == set()
            nursery.cancel_scope.cancel()
    assert bench.simulator.counts()["open_sessions"] in (0, 1)


async def test_a_session_that_can_never_be_closed_costs_the_server_one_a_minute(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail("401", "log-out")
        assert await bench.watched(3600.0) == {"E-LOCK-SESSIONS"}
        assert bench.simulator.calls["log-in"] <= 2 * 61


@pytest.mark.parametrize(
    ("absence", "code"), [(Absence.REFUSE, "E-LOCK-UNREACHABLE"), (Absence.HANG, "E-LOCK-SILENT")]
)
async def test_a_server_that_is_away_is_looked_for_more_often(
    autojump_clock: MockClock, absence: Absence, code: str
) -> None:
    async with lock_bench() as bench:
        bench.simulator.presence.leave(absence)
        assert await bench.watched() == {code}
        bench.simulator.presence.come_back()
        assert await bench.watched(5.5) == set()


async def test_a_server_that_never_answered_is_said_to_be_silent_before_its_deadline(
    autojump_clock: MockClock,
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail("hang", "log-in")
        assert await bench.watched(5.5) == {"E-LOCK-SILENT"}


async def test_a_signature_that_the_site_s_server_does_not_take_is_found_before_the_first_key(
    autojump_clock: MockClock,
) -> None:
    async with lock_bench({"signed_date": "x-aah-date"}) as bench:
        assert "E-LOCK-AUTH" in await bench.watched()  # without its header even the log-in has no date
    async with lock_bench({"signed_date": "date"}, rules=Rules(DateHeader.AAH)) as bench:
        assert await bench.watched()


async def test_while_a_card_is_awaited_a_look_says_nothing(autojump_clock: MockClock) -> None:
    async with (
        lock_bench({"card_seconds": 80.0, "card_wait_seconds": 85.0}) as bench,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(bench.cut)
        await trio.sleep(1)
        assert await bench.watched(70.0) == set()
        assert bench.simulator.calls["log-in"] == 1
        nursery.cancel_scope.cancel()


async def test_three_keys_in_a_row_without_an_answer_are_a_fault_and_a_good_one_ends_it(
    autojump_clock: MockClock,
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail("html-500", "cards")
        await bench.cut()
        assert bench.faults() == {"E-LOCK-KEY-ANSWER"}
        await bench.cut()
        await bench.cut()
        assert bench.faults() == {"E-LOCK-KEYS"}
        assert "Coder Bridge" not in "".join(fault.hint + fault.text for fault in bench.health.active())
        bench.simulator.heal()
        await bench.cut()
        assert bench.faults() == set()


@pytest.mark.parametrize("kind", ["encoder-offline", "unknown-encoder", "encoder-timeout"])
async def test_an_encoder_that_the_lock_system_blames_is_told_at_once(
    autojump_clock: MockClock, kind: str
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail(kind, "cards", calls=1)
        await bench.cut()
        assert bench.faults("encoder:FrontDesk1") == {"E-ENCODER"}
        assert bench.text("E-ENCODER").startswith("The lock system says of it: ")
        await bench.cut()
        assert bench.faults("encoder:FrontDesk1") == set()


async def test_an_encoder_is_blamed_for_refusals_of_two_rooms_and_for_no_unknown_door(
    autojump_clock: MockClock,
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail("unknown-door", "cards", calls=2)
        bench.simulator.fail("no-card", "cards", calls=2)
        for room in ("901", "902"):
            await bench.cut(rooms=(room,))
        assert bench.faults("encoder:FrontDesk1") == set()
        await bench.cut(rooms=("101",))
        assert bench.faults("encoder:FrontDesk1") == set()
        await bench.cut(rooms=("102",))
        assert bench.faults("encoder:FrontDesk1") == {"E-ENCODER"}


async def test_silence_is_an_encoder_without_a_card(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail("hang", "cards", calls=1)
        await bench.cut()
        assert bench.faults("encoder:FrontDesk1") == {"E-ENCODER"}


async def test_its_last_answer_is_known(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        assert bench.driver.last_answer is None
        await trio.sleep(7)
        await bench.cut()
        assert bench.driver.last_answer == pytest.approx(7.5)


def told(error: Any, pin: str = PIN) -> tuple[str, str, str]:
    health = Health(lambda: 0.0)
    VisionlineFaults(health, HOP, pin).found(error)
    [fault] = health.active()
    return fault.kind.code, fault.text, fault.hint


def test_a_renewed_certificate_is_told_with_both_fingerprints() -> None:
    refused = CertificateRefused("its certificate is not the pinned one", Flaw.NOT_PINNED, OTHER_PIN)
    code, text, hint = told(refused)
    assert code == "E-LOCK-CERTIFICATE"
    assert text == f"Its certificate is not the pinned one. SHA-256 seen: {OTHER_PIN}. The file has: {PIN}"
    assert hint.startswith("Compare the SHA-256")


def test_a_certificate_without_a_pin_has_one_fingerprint() -> None:
    refused = CertificateRefused("it signed its certificate itself", Flaw.SELF_SIGNED, OTHER_PIN)
    assert told(refused, "")[1] == f"It signed its certificate itself. SHA-256 seen: {OTHER_PIN}"


@pytest.mark.parametrize("error", [SignatureRefused("it answered HTTP 403"), NotClosed("nothing was said")])
def test_each_flaw_of_a_session_s_end_is_a_sentence(error: Exception) -> None:
    _, text, _ = told(error)
    assert text[0].isupper()
    assert text.endswith(".")
