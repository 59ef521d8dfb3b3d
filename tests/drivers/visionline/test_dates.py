"""The date is read once for each call: signed and sent are one text, however the clock ticks."""

import hmac
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import md5

import httpx
import pytest
from trio.testing import MockClock

from agent.commands.model import Verdict
from agent.drivers.visionline.protocol import requests
from agent.drivers.visionline.protocol.signing import Rules
from agent.drivers.visionline.web_api import Means, WebApi
from agent.foundation.http import Peer
from agent.foundation.reach import server_at
from provisioning.model import DateHeader
from tests.drivers.visionline.jobs import account
from tests.drivers.visionline.lock_bench import SERVER, replied, scripted_bench

KEY = b"canary-key"


def is_signed(request: httpx.Request, body: bytes) -> bool:
    """Whether the five lines fit, made here from what came over the wire."""
    headers = request.headers
    date = f"X-Aah-Date:{headers['x-aah-date']}" if "x-aah-date" in headers else headers.get("date", "")
    digest = b64encode(md5(body).digest()).decode() if body else ""
    lines = (
        request.method,
        headers.get("content-md5", ""),
        headers.get("content-type", ""),
        date,
        request.url.raw_path.decode(),
    )
    signature = b64encode(hmac.digest(KEY, "\n".join(lines).encode(), "sha1")).decode()
    return headers.get("content-md5", "") == digest and headers["authorization"].endswith(f":{signature}")


def ticking() -> Iterator[datetime]:
    """A clock that shows another second each time that it is read."""
    moment = datetime(2026, 11, 21, 14, tzinfo=UTC)
    while True:
        moment += timedelta(seconds=1)
        yield moment


@pytest.mark.parametrize("rules", [Rules(), Rules(DateHeader.AAH)], ids=["Date", "X-Aah-Date"])
async def test_a_thousand_signed_calls_fit_with_a_clock_that_ticks_at_every_look(
    rules: Rules, autojump_clock: MockClock
) -> None:
    judged: list[bool] = []
    seconds = ticking()

    async def answer(request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        if not request.url.path.endswith("/sessions"):
            judged.append(is_signed(request, body))
            assert parsedate_to_datetime(request.headers[str(rules.date_header)]).year == 2026
        return replied(201, b'{"id": "s-1", "accessKey": "canary-key"}')

    class Judging(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return await answer(request)

    async with Peer(SERVER, transport=Judging()) as peer:
        means = Means(lambda: 0.0, lambda: next(seconds))
        api = WebApi(peer, server_at(SERVER), account(SERVER), rules, means)
        for _ in range(500):
            async with api.visit() as visit:
                await visit.ask(requests.DOORS, deadline=10.0)
    assert len(judged) == 1000
    assert all(judged)


async def test_a_card_s_body_is_hashed_as_it_is_sent(autojump_clock: MockClock) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return replied(201, b'{"id": "card-1"}')

    async with scripted_bench(answer) as (bench, _server):
        assert (await bench.cut(encoder="Front desk ü", rooms=("Süd 1",))).verdict is Verdict.DONE
    [request] = asked
    assert is_signed(request, await request.aread())
    assert request.url.raw_path == (
        b"/api/v1/cards?action=encode&encoder=Front%20desk%20%C3%BC&override=true&overwriteValidCard=true"
    )
