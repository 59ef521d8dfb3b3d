"""A server that the file gives by name: looked up once for a card, and called at that one address."""

import httpx
import pytest
from trio.testing import MockClock

from agent.commands.model import Verdict
from agent.drivers.visionline.protocol.notes import KeyCode
from tests.drivers.visionline.lock_bench import replied, scripted_bench

NAMED = "https://lock.hotel.example/api/v1"


def card(_request: httpx.Request) -> httpx.Response:
    return replied(201, b'{"id": "card-1"}')


async def test_all_calls_of_a_card_go_to_the_address_that_was_found_and_name_the_host(
    autojump_clock: MockClock,
) -> None:
    async with scripted_bench(card, server=NAMED) as (bench, server):
        bench.network.names = {"lock.hotel.example": ("10.4.5.7",)}
        assert (await bench.cut()).verdict is Verdict.DONE
        assert bench.network.asked == ["lock.hotel.example"]
        assert [request.url.host for request in server.asked] == ["10.4.5.7"] * 3
        assert {request.headers["host"] for request in server.asked} == {"lock.hotel.example"}
        assert {request.extensions["sni_hostname"] for request in server.asked} == {"lock.hotel.example"}


async def test_an_address_that_moves_between_two_calls_of_a_card_is_not_followed(
    autojump_clock: MockClock,
) -> None:
    async with scripted_bench(card, server=NAMED) as (bench, server):
        bench.network.names = {"lock.hotel.example": ("10.4.5.7",)}

        def rebound(request: httpx.Request) -> httpx.Response:
            bench.network.names = {"lock.hotel.example": ("127.0.0.1",)}
            return card(request)

        server._answer = rebound
        await bench.cut()
        assert {request.url.host for request in server.asked} == {"10.4.5.7"}


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "169.254.7.7", "fe80::1%eth0", "0.0.0.0", "::ffff:127.0.0.1"]
)
async def test_a_name_that_leads_to_the_box_itself_is_never_called(
    autojump_clock: MockClock, address: str
) -> None:
    async with scripted_bench(card, server=NAMED) as (bench, server):
        bench.network.names = {"lock.hotel.example": (address,)}
        ended = await bench.cut()
        assert (ended.verdict, ended.code) == (Verdict.FAILED, KeyCode.UNREACHABLE)
        assert not server.asked
        assert bench.faults() == {"E-LOCK-UNREACHABLE"}
        assert "leads to the box itself" in bench.text("E-LOCK-UNREACHABLE")


async def test_of_several_addresses_the_first_that_may_be_called_is(autojump_clock: MockClock) -> None:
    async with scripted_bench(card, server=NAMED) as (bench, server):
        bench.network.names = {"lock.hotel.example": ("fe80::1", "fd00::7", "10.4.5.7")}
        await bench.cut()
        assert {request.url.host for request in server.asked} == {"fd00::7"}


async def test_a_name_that_no_one_knows_is_surely_not_made(autojump_clock: MockClock) -> None:
    async with scripted_bench(card, server=NAMED) as (bench, server):
        ended = await bench.cut()
        assert (ended.verdict, ended.code) == (Verdict.FAILED, KeyCode.UNREACHABLE)
        assert not server.asked


async def test_an_address_in_the_file_is_not_looked_up_and_may_be_the_loopback(autojump_clock: MockClock) -> None:
    async with scripted_bench(card, server="https://127.0.0.1:8443/api/v1") as (bench, server):
        assert (await bench.cut()).verdict is Verdict.DONE
        assert bench.network.asked == []
        assert {str(request.url.netloc, "ascii") for request in server.asked} == {"127.0.0.1:8443"}


async def test_a_redirect_is_never_followed(autojump_clock: MockClock) -> None:
    def moved(request: httpx.Request) -> httpx.Response:
        return replied(307, headers={"Location": f"https://evil.example{request.url.raw_path.decode()}"})

    async with scripted_bench(moved) as (bench, server):
        ended = await bench.cut()
        assert (ended.verdict, ended.code) == (Verdict.FAILED, KeyCode.ADDRESS)
        assert "HTTP 307, it sends callers on to https://evil.example:443" in ended.note
        assert {request.url.host for request in server.asked} == {"10.4.5.7"}
        assert server.card_calls == 1
