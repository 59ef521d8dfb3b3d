"""The first steps to a server, over real sockets of the loopback: what each sees, and where they end."""

import hashlib
import ssl
from collections.abc import Sequence

import pytest
import trio
import trustme

from agent.commands.probe import Finding, Mark, Step
from agent.control.reach_steps import ReachSteps
from agent.foundation.reach import server_at
from tests.free_port import free_port as free_port_now
from tests.raw_server import RawServer, Stream, answer, answering, raw_server

CERTIFICATE = trustme.CA().issue_cert("lock-server.example")
PIN = hashlib.sha256(ssl.PEM_cert_to_DER_cert(CERTIFICATE.cert_chain_pems[0].bytes().decode())).hexdigest()


def reaching(base: str, pin: str | None = None, near: bool | None = True) -> ReachSteps:
    return ReachSteps(server_at(base, pin), "E-LOCK-UNREACHABLE", "E-LOCK-CERTIFICATE", lambda address: near)


async def taken(steps: Sequence[Step]) -> dict[str, Finding]:
    """All steps up to the first that fails."""
    found: dict[str, Finding] = {}
    for step in steps:
        found[step.name] = await step.take()
        if found[step.name].mark is Mark.BAD:
            break
    return found


@pytest.fixture
def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CERTIFICATE.configure_cert(context)
    return context


@pytest.fixture
def free_port() -> int:
    return free_port_now()


async def test_a_server_that_is_there_takes_every_step(nursery: trio.Nursery) -> None:
    server = await raw_server(nursery, answering(answer()))
    found = await taken(reaching(f"{server.base}/mst/enc").steps())
    assert list(found) == ["name", "network", "connection"]
    assert {finding.mark for finding in found.values()} == {Mark.GOOD}
    assert found["name"].text == "It is given by its IP address, 127.0.0.1."


async def test_a_name_is_looked_up(nursery: trio.Nursery) -> None:
    server = await raw_server(nursery, answering(answer()))
    found = await taken(reaching(server.base.replace("127.0.0.1", "localhost")).steps())
    assert found["name"].text.startswith("localhost is ")


async def test_a_name_that_nobody_knows_ends_the_test() -> None:
    found = await taken(reaching("http://no-such-host.invalid:1").steps())
    assert list(found) == ["name"]
    assert (found["name"].mark, found["name"].code) == (Mark.BAD, "E-LOCK-UNREACHABLE")


@pytest.mark.parametrize(("near", "mark"), [(True, Mark.GOOD), (False, Mark.DOUBT), (None, Mark.OPEN)])
async def test_a_server_in_another_network_is_worth_a_look_and_no_failure(near: bool | None, mark: Mark) -> None:
    steps = reaching("http://127.0.0.1:1", near=near).steps()
    assert [(await step.take()).mark for step in steps if step.name == "network"] == [mark]


async def test_where_it_does_not_matter_the_network_is_not_looked_at() -> None:
    steps = ReachSteps(server_at("https://demo.mews.li"), "E-MEWS-UNREACHABLE", "E-MEWS-CERTIFICATE").steps()
    assert [step.name for step in steps] == ["name", "connection", "TLS"]


async def test_a_port_that_refuses_is_named_by_what_it_did(free_port: int) -> None:
    found = await taken(reaching(f"http://127.0.0.1:{free_port}").steps())
    assert found["connection"] == Finding(Mark.BAD, "It refused the connection.", "E-LOCK-UNREACHABLE")


async def test_a_pinned_certificate_is_told_with_its_days(nursery: trio.Nursery, tls: ssl.SSLContext) -> None:
    server = await raw_server(nursery, answering(answer()), tls=tls)
    found = await taken(reaching(server.base, PIN).steps())
    assert found["TLS"].mark is Mark.GOOD
    assert found["TLS"].text.startswith("Its certificate is the pinned one; it is good for ")


@pytest.mark.parametrize(
    ("pin", "words"), [("00" * 32, "Its certificate is not the pinned one."), (None, "certificate")]
)
async def test_a_certificate_that_a_call_would_refuse_ends_the_test(
    nursery: trio.Nursery, tls: ssl.SSLContext, pin: str | None, words: str
) -> None:
    server = await raw_server(nursery, answering(answer()), tls=tls)
    found = await taken(reaching(server.base, pin).steps())
    assert (found["TLS"].mark, found["TLS"].code) == (Mark.BAD, "E-LOCK-CERTIFICATE")
    assert words in found["TLS"].text


async def in_clear(server: RawServer, stream: Stream) -> None:
    """Answer whatever comes in plain HTTP."""
    await stream.receive_some(1000)
    await stream.send_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")


async def test_a_server_without_tls_is_told_what_it_speaks(nursery: trio.Nursery) -> None:
    server = await raw_server(nursery, in_clear)
    found = await taken(reaching(server.base.replace("http:", "https:"), PIN).steps())
    words = "It speaks plain HTTP, and its address says https."
    assert found["TLS"] == Finding(Mark.BAD, words, "E-LOCK-UNREACHABLE")
