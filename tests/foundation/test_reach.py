"""Names and ports, looked up and tried by themselves."""

import socket

import pytest
import trio

from agent.foundation import reach
from agent.foundation.errors import NotSent


async def test_all_addresses_of_a_name_are_found_and_the_first_is_the_best() -> None:
    found = await reach.look_up_all("localhost")
    assert set(found) <= {"127.0.0.1", "::1"}
    assert await reach.look_up("localhost") == found[0]


async def test_an_address_is_its_own_name() -> None:
    assert await reach.look_up_all("10.4.5.7") == ("10.4.5.7",)


async def test_a_name_that_cannot_be_a_name_is_not_found() -> None:
    with pytest.raises(NotSent):
        await reach.look_up_all("x" * 64 + ".invalid")


async def test_a_port_is_open_while_something_listens_there() -> None:
    [listener] = await trio.open_tcp_listeners(0, host="127.0.0.1")
    port = listener.socket.getsockname()[1]
    assert await reach.is_open("127.0.0.1", port)
    await listener.aclose()
    assert not await reach.is_open("127.0.0.1", port)


async def test_a_port_that_does_not_accept_in_time_is_closed(autojump_clock: trio.testing.MockClock) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        with socket.socket() as first, socket.socket() as second:
            for waiting in (first, second):
                waiting.setblocking(False)
                waiting.connect_ex(full.getsockname())
            assert not await reach.is_open("127.0.0.1", full.getsockname()[1])
