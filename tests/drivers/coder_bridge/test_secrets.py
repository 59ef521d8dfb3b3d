"""A canary: password and token are in no note, fault, error or repr, even when the bridge repeats them."""

import traceback

import pytest
from trio.testing import MockClock

from agent.foundation.errors import CallFailed
from tests.drivers.coder_bridge.bridge_bench import PASSWORD, BridgeBench, bridge_bench

SWITCHES = {"echo_secrets": True}


def assert_silent(bench: BridgeBench, *texts: str) -> None:
    issued = bench.simulator.tokens.issued
    shown = " ".join((*texts, repr(bench.health.active()), repr(bench.driver)))
    assert issued, "nothing was logged in, so nothing could be told"
    assert PASSWORD not in shown
    assert "eyJ" not in shown


@pytest.mark.parametrize("kind", ["encoder-offline", "unknown-room", "database-down"])
@pytest.mark.parametrize("status", [200, 400, 500])
async def test_a_refused_key_hides_what_the_bridge_repeats_and_keeps_its_words(
    kind: str, status: int, autojump_clock: MockClock
) -> None:
    async with bridge_bench({**SWITCHES, "failure_status": status}) as bench:
        bench.simulator.fail(kind, message="Gesagt")
        note = (await bench.cut()).note
        assert "Gesagt (Bearer (hidden) (hidden))" in note
        assert_silent(bench, note)


async def test_the_token_before_the_present_one_is_hidden_too(autojump_clock: MockClock) -> None:
    async with bridge_bench() as bench:
        await bench.cut()
        old = bench.driver._bridge._session.tokens[0].reveal()
        bench.simulator.tokens.end_all()
        await bench.cut()
        bench.simulator.fail("encoder-offline", message=f"not {old[10:]} nor {old}")
        note = (await bench.cut()).note
        assert old not in note
        assert_silent(bench, note)


async def test_a_list_of_rooms_that_fails_hides_them_in_its_error_and_traceback(autojump_clock: MockClock) -> None:
    async with bridge_bench(SWITCHES) as bench:
        bench.simulator.fail("database-down", "config_rooms")
        with pytest.raises(CallFailed) as caught:
            await bench.driver.list_doors()
        assert "(hidden)" in str(caught.value)
        assert_silent(bench, repr(caught.value), *traceback.format_exception(caught.value))


async def test_a_key_that_cannot_be_cancelled_hides_them(autojump_clock: MockClock) -> None:
    async with bridge_bench(SWITCHES) as bench:
        outcome = await bench.driver.cancel_key("101", "4711")
        assert "(hidden)" in outcome.note
        assert_silent(bench, outcome.note)
