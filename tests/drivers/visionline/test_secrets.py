"""A canary: passwords, session ids and signing keys are in no note, fault, error or repr, even when repeated."""

import json
import traceback
from typing import Any

import httpx
import pytest
from trio.testing import MockClock

from agent.foundation.errors import CallFailed
from tests.drivers.visionline.jobs import account
from tests.drivers.visionline.lock_bench import (
    PASSWORD,
    SERVER,
    SimulatedBench,
    lock_bench,
    replied,
    scripted_bench,
)

ECHO = {"echo_secrets": True}


def assert_silent(bench: SimulatedBench, *texts: str) -> None:
    sessions = bench.simulator.access.sessions
    assert sessions.opened or bench.simulator.access.refused_log_ins, (
        "nothing was logged in, so nothing could be told"
    )
    shown = " ".join((*texts, bench.shown(), repr(bench.driver), repr(vars(bench.driver))))
    for secret in (PASSWORD, "mews-password", "mews-operator", "AWS s"):
        assert secret not in shown


@pytest.mark.parametrize("kind", ["bad-request", "encoder-offline", "server-error", "interrupted"])
@pytest.mark.parametrize("form", ["json", "text"])
async def test_a_refusal_hides_what_the_server_repeats(autojump_clock: MockClock, kind: str, form: str) -> None:
    async with lock_bench({**ECHO, "error_as": form}) as bench:
        bench.simulator.fail(kind, "cards", message="Gesagt")
        note = (await bench.cut()).note
        assert_silent(bench, note)
        if kind == "bad-request":
            assert "Gesagt (AWS (hidden) (hidden) (hidden))" in note


@pytest.mark.parametrize("operation", ["log-in", "cards", "log-out", "doors"])
async def test_a_refused_call_hides_them_in_its_error_and_traceback(
    autojump_clock: MockClock, operation: str
) -> None:
    async with lock_bench(ECHO, password=PASSWORD if operation != "log-in" else "canary-wrong-word") as bench:
        if operation != "log-in":
            bench.simulator.fail("bad-request", operation)
        texts = [(await bench.cut()).note]
        try:
            await bench.driver.list_doors()
        except CallFailed as error:
            texts += [repr(error), *traceback.format_exception(error)]
        await bench.watched()
        assert_silent(bench, *texts)
        assert "canary-wrong-word" not in "".join(texts) + bench.shown()


async def test_an_order_s_own_account_is_hidden(autojump_clock: MockClock) -> None:
    async with lock_bench({**ECHO, "more_accounts": ("mews-operator:mews-password",)}) as bench:
        bench.simulator.fail("bad-request", "cards", message="mews-password of mews-operator")
        note = (await bench.cut(account=account(SERVER))).note
        assert "(hidden) of (hidden)" in note
        assert_silent(bench, note)


async def test_the_signing_key_is_hidden_however_it_comes_back(autojump_clock: MockClock) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        words = f"bad canary-key in {request.headers['authorization']}"
        return replied(400, json.dumps({"message": words}).encode())

    async with scripted_bench(answer) as (bench, server):
        note = (await bench.cut()).note
        [card] = [request for request in server.asked if request.url.path.endswith("/cards")]
        assert "canary-key" not in note
        assert card.headers["authorization"].partition(":")[2] not in note


async def test_no_order_carries_a_guest(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        changes: dict[str, Any] = {"contact": "guest@example.com"}
        note = (await bench.cut(**changes)).note
        assert "guest@" not in note + bench.shown()
